//! The condition keys that AWS knows, each with the type of its values: those of single services
//! as the vendored source has them, and the global ones, which belong to no service.

use std::{collections::BTreeMap, io::Read, sync::OnceLock};

use flate2::read::DeflateDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{CatalogueError, nearest};

const BYTES: &[u8] = include_bytes!("../../../policies/actions/keys.bin");

/// The type of a condition key's values.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValues {
    /// Texts.
    Text,
    /// ARNs.
    Arn,
    /// True or false.
    Bool,
    /// Numbers.
    Number,
    /// Moments.
    Date,
    /// Addresses.
    Ip,
}

/// A condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionKey<'c> {
    /// Its name, with the source's placeholder where a part of it is free.
    pub name: &'c str,
    /// What its values are.
    pub values: KeyValues,
    /// Whether one request can have several.
    pub several: bool,
}

/// All condition keys.
#[derive(Debug)]
pub struct ConditionKeys {
    /// Lower-case name up to the placeholder, the whole name, type, several.
    keys: BTreeMap<String, (String, KeyValues, bool)>,
}

#[derive(Deserialize)]
struct Header {
    sha256: String,
}

static VENDORED: OnceLock<Result<ConditionKeys, CatalogueError>> = OnceLock::new();

impl ConditionKeys {
    /// The keys of this build, verified once.
    ///
    /// # Errors
    /// When the compiled-in bytes are not those that were vendored.
    pub fn vendored() -> Result<&'static Self, CatalogueError> {
        let read = VENDORED.get_or_init(|| Self::open(BYTES));
        read.as_ref().map_err(Clone::clone)
    }

    /// A key by its name, in any case.
    pub fn find(&self, name: &str) -> Option<ConditionKey<'_>> {
        let name = name.to_ascii_lowercase();
        let exact = self.keys.get(&name).map(|key| (&name, key));
        let exact = exact.filter(|(name, key)| name.len() == key.0.len());
        let free = || {
            let mut before = self.keys.range::<String, _>(..=&name).rev();
            let (prefix, key) = before.find(|(prefix, key)| {
                name.starts_with(prefix.as_str()) && prefix.len() < key.0.len()
            })?;
            (prefix.len() < name.len()).then_some((prefix, key))
        };
        let (_, (name, values, several)) = exact.or_else(free)?;
        Some(ConditionKey {
            name,
            values: *values,
            several: *several,
        })
    }

    /// The key most like the text, for "did you mean".
    pub fn nearest(&self, text: &str) -> Option<&str> {
        nearest(text, self.keys.values().map(|(name, ..)| name.as_str()))
    }

    fn open(bytes: &[u8]) -> Result<Self, CatalogueError> {
        let damaged = |reason: String| CatalogueError::Damaged {
            part: "keys.bin".to_owned(),
            reason,
        };
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let (line, rest) = bytes.split_at(end);
        let header: Header =
            serde_json::from_slice(line).map_err(|error| damaged(error.to_string()))?;
        let mut text = Vec::new();
        DeflateDecoder::new(rest.get(1..).unwrap_or_default())
            .read_to_end(&mut text)
            .map_err(|error| damaged(error.to_string()))?;
        verify(&text, header.sha256)?;
        let types: BTreeMap<String, String> =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let of_services = types.into_iter().filter_map(|(name, kind)| {
            let (values, several) = of_source(&kind)?;
            Some((folded(&name), (name, values, several)))
        });
        let global = GLOBAL.iter().map(|(name, values, several)| {
            let name = (*name).to_owned();
            (folded(&name), (name, *values, *several))
        });
        Ok(Self {
            keys: of_services.chain(global).collect(),
        })
    }
}

/// The name in lower case, up to its free part.
fn folded(name: &str) -> String {
    let free = name.find("${").or_else(|| name.find('<'));
    let fixed = free.and_then(|at| name.get(..at)).unwrap_or(name);
    fixed.to_ascii_lowercase()
}

fn verify(text: &[u8], expected: String) -> Result<(), CatalogueError> {
    let digest = Sha256::digest(text);
    let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    match found == expected {
        true => Ok(()),
        false => Err(CatalogueError::Tampered { expected, found }),
    }
}

fn of_source(kind: &str) -> Option<(KeyValues, bool)> {
    let (one, several) = match kind.strip_prefix("ArrayOf") {
        Some(one) => (one, true),
        None => (kind, false),
    };
    let values = match one {
        "String" => KeyValues::Text,
        "ARN" => KeyValues::Arn,
        "Bool" => KeyValues::Bool,
        "Numeric" => KeyValues::Number,
        "Date" => KeyValues::Date,
        "IPAddress" => KeyValues::Ip,
        _ => return None,
    };
    Some((values, several))
}

/// The global condition keys.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const GLOBAL: &[(&str, KeyValues, bool)] = &[
    ("aws:AssumedRoot", KeyValues::Bool, false),
    ("aws:CalledVia", KeyValues::Text, true),
    ("aws:CalledViaAWSMCP", KeyValues::Bool, false),
    ("aws:CalledViaFirst", KeyValues::Text, false),
    ("aws:CalledViaLast", KeyValues::Text, false),
    ("aws:ChatbotSourceArn", KeyValues::Arn, false),
    ("aws:CurrentTime", KeyValues::Date, false),
    ("aws:Ec2InstanceSourcePrivateIPv4", KeyValues::Ip, false),
    ("aws:Ec2InstanceSourceVpc", KeyValues::Text, false),
    ("aws:EpochTime", KeyValues::Date, false),
    ("aws:FederatedProvider", KeyValues::Text, false),
    ("aws:MultiFactorAuthAge", KeyValues::Number, false),
    ("aws:MultiFactorAuthPresent", KeyValues::Bool, false),
    ("aws:PrincipalAccount", KeyValues::Text, false),
    ("aws:PrincipalArn", KeyValues::Arn, false),
    ("aws:PrincipalIsAWSService", KeyValues::Bool, false),
    ("aws:PrincipalOrgID", KeyValues::Text, false),
    ("aws:PrincipalOrgPaths", KeyValues::Text, true),
    ("aws:PrincipalServiceName", KeyValues::Text, false),
    ("aws:PrincipalServiceNamesList", KeyValues::Text, true),
    ("aws:PrincipalTag/${TagKey}", KeyValues::Text, false),
    ("aws:PrincipalType", KeyValues::Text, false),
    ("aws:RequestedRegion", KeyValues::Text, false),
    ("aws:RequestTag/${TagKey}", KeyValues::Text, false),
    ("aws:ResourceAccount", KeyValues::Text, false),
    ("aws:ResourceOrgID", KeyValues::Text, false),
    ("aws:ResourceOrgPaths", KeyValues::Text, true),
    ("aws:ResourceTag/${TagKey}", KeyValues::Text, false),
    ("aws:SecureTransport", KeyValues::Bool, false),
    ("aws:SignInSessionArn", KeyValues::Arn, false),
    ("aws:SourceAccount", KeyValues::Text, false),
    ("aws:SourceArn", KeyValues::Arn, false),
    ("aws:SourceIdentity", KeyValues::Text, false),
    ("aws:SourceIp", KeyValues::Ip, false),
    ("aws:SourceOrgID", KeyValues::Text, false),
    ("aws:SourceOrgPaths", KeyValues::Text, true),
    ("aws:SourceOwner", KeyValues::Text, false),
    ("aws:SourceVpc", KeyValues::Text, false),
    ("aws:SourceVpcArn", KeyValues::Arn, false),
    ("aws:SourceVpce", KeyValues::Text, false),
    ("aws:TagKeys", KeyValues::Text, true),
    ("aws:TokenIssueTime", KeyValues::Date, false),
    ("aws:UserAgent", KeyValues::Text, false),
    ("aws:Referer", KeyValues::Text, false),
    ("aws:userid", KeyValues::Text, false),
    ("aws:username", KeyValues::Text, false),
    ("aws:ViaAWSMCPService", KeyValues::Bool, false),
    ("aws:ViaAWSService", KeyValues::Bool, false),
    ("aws:VpceAccount", KeyValues::Text, false),
    ("aws:VpceOrgID", KeyValues::Text, false),
    ("aws:VpceOrgPaths", KeyValues::Text, true),
    ("aws:VpcSourceIp", KeyValues::Ip, false),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn find(name: &str) -> Option<ConditionKey<'static>> {
        ConditionKeys::vendored().unwrap().find(name)
    }

    #[test]
    fn keys_are_found_in_any_case_and_with_their_free_part() {
        let tag = find("AWS:resourcetag/Department").unwrap();
        assert_eq!(tag.name, "aws:ResourceTag/${TagKey}");
        let key = find("kms:EncryptionContext:aws:s3:arn").unwrap();
        assert_eq!((key.values, key.several), (KeyValues::Text, false));
        assert_eq!(find("aws:SourceIp").unwrap().values, KeyValues::Ip);
        assert!(find("aws:TagKeys").unwrap().several);
        assert_eq!(find("aws:SourceIpp"), None);
        assert_eq!(find("aws:ResourceTag/"), None);
    }

    #[test]
    fn a_misspelled_key_suggests_the_nearest() {
        let keys = ConditionKeys::vendored().unwrap();
        assert_eq!(keys.nearest("kms:ViaServce"), Some("kms:ViaService"));
    }

    #[test]
    fn other_bytes_are_refused() {
        let mut bytes = BYTES.to_vec();
        let last = bytes.len() - 20;
        bytes[last] ^= 1;
        assert!(ConditionKeys::open(&bytes).is_err());
    }
}
