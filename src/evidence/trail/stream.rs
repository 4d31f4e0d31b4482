//! One chain of digests: each is signed, names the one before it, and holds its hash and its
//! signature.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    DigestFile, KeyList, PublicKey, TrailFinding, TrailVerification, Verifies, signature::Metadata,
};
use crate::evidence::{Digest, unhex};

/// A chain of digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stream {
    /// Bucket, account, Regions and trail.
    pub name: String,
    /// Whether these are backfills.
    pub backfill: bool,
    /// The beginning of the first.
    pub from: String,
    /// The end of the last.
    pub to: String,
    /// How many there are.
    pub digests: usize,
    /// How many have a valid signature.
    pub signed: usize,
}

/// A digest that was read.
pub struct Loaded {
    /// Its file.
    pub name: String,
    /// SHA-256 of its inflated content.
    pub hash: Digest,
    /// What it says.
    pub file: DigestFile,
    /// What was saved beside it.
    pub metadata: Metadata,
}

impl Loaded {
    /// What sorts digests by time.
    pub fn order(&self) -> (&str, &str) {
        (&self.file.digest_end_time, &self.name)
    }
}

/// Validates the digests of one stream, which are in the order of time.
pub fn walk(
    digests: &[Loaded],
    keys: &KeyList,
    verifies: Verifies<'_>,
    result: &mut TrailVerification,
) -> Stream {
    let by_object: BTreeMap<&str, &Loaded> = digests
        .iter()
        .map(|one| (one.file.object.as_str(), one))
        .collect();
    let after: BTreeMap<&str, &Loaded> = digests
        .iter()
        .filter_map(|one| Some((one.file.previous_object.as_deref()?, one)))
        .collect();
    let mut signed = 0;
    for (index, digest) in digests.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| digests.get(index));
        let next = after.get(digest.file.object.as_str()).copied();
        match check(digest, next, keys, verifies) {
            Ok(()) => signed += 1,
            Err(finding @ TrailFinding::NoSignature { .. }) => result.unknown.push(finding),
            Err(finding) => result.broken.push(finding),
        }
        link(digest, before, &by_object, result);
        if next.is_none() && index + 1 < digests.len() && !begins(digests.get(index + 1)) {
            let digest = digest.file.location();
            result.broken.push(TrailFinding::Beside { digest });
        }
    }
    let (first, last) = (digests.first(), digests.last());
    Stream {
        name: first.map(|one| one.file.stream()).unwrap_or_default(),
        backfill: first.is_some_and(|one| one.file.is_backfill()),
        from: first
            .map(|one| one.file.digest_start_time.clone())
            .unwrap_or_default(),
        to: last
            .map(|one| one.file.digest_end_time.clone())
            .unwrap_or_default(),
        digests: digests.len(),
        signed,
    }
}

/// Whether a digest follows nothing.
fn begins(digest: Option<&Loaded>) -> bool {
    digest.is_some_and(|one| one.file.previous_object.is_none())
}

/// Checks the signature of a digest, from its metadata or from the digest after it.
fn check(
    digest: &Loaded,
    next: Option<&Loaded>,
    keys: &KeyList,
    verifies: Verifies<'_>,
) -> Result<(), TrailFinding> {
    let location = digest.file.location();
    let later = next.and_then(|next| next.file.previous_digest_signature.as_ref());
    let signature = match (&digest.metadata.signature, later) {
        (Some(own), Some(later)) if !own.eq_ignore_ascii_case(later) => {
            return Err(TrailFinding::OtherSignature { digest: location });
        }
        (Some(signature), _) | (None, Some(signature)) => signature,
        (None, None) => {
            return Err(TrailFinding::NoSignature {
                digest: location,
                file: digest.name.clone(),
            });
        }
    };
    let key = key(digest, keys)?;
    let message = digest.file.signing_string(&digest.hash);
    let bytes = unhex(signature).unwrap_or_default();
    match verifies(&key.der, message.as_bytes(), &bytes) {
        true => Ok(()),
        false => Err(TrailFinding::Signature {
            digest: location,
            fingerprint: digest.file.digest_public_key_fingerprint.clone(),
        }),
    }
}

/// The key that a digest names, if it was valid then.
fn key<'a>(digest: &Loaded, keys: &'a KeyList) -> Result<&'a PublicKey, TrailFinding> {
    let file = &digest.file;
    let (location, fingerprint) = (file.location(), file.digest_public_key_fingerprint.clone());
    if file.digest_signature_algorithm != "SHA256withRSA" {
        return Err(TrailFinding::Algorithm {
            file: location,
            algorithm: file.digest_signature_algorithm.clone(),
        });
    }
    let Some(key) = keys.get(&fingerprint) else {
        return Err(TrailFinding::UnknownKey {
            digest: location,
            fingerprint,
        });
    };
    // A backfill is signed when it is made, which can be long after its hour.
    let signed_at = match file.is_backfill() {
        true => digest.metadata.backfilled_at,
        false => file.digest_end_time.parse().ok(),
    };
    match signed_at.is_none_or(|moment| key.is_valid_at(moment)) {
        true => Ok(key),
        false => Err(TrailFinding::KeyNotValid {
            digest: location,
            fingerprint,
        }),
    }
}

/// Checks what a digest says of the one before it. The oldest may follow one that was not
/// downloaded.
fn link(
    digest: &Loaded,
    before: Option<&Loaded>,
    by_object: &BTreeMap<&str, &Loaded>,
    result: &mut TrailVerification,
) {
    let location = digest.file.location();
    let Some(previous) = &digest.file.previous_object else {
        result
            .unknown
            .extend(before.map(|before| TrailFinding::Gap {
                digest: location,
                from: before.file.digest_end_time.clone(),
                to: digest.file.digest_start_time.clone(),
            }));
        return;
    };
    let said = digest.file.previous_digest_hash_value.as_deref();
    match by_object.get(previous.as_str()) {
        None if before.is_some() => result.broken.push(TrailFinding::DigestMissing {
            digest: location,
            previous: previous.clone(),
        }),
        Some(found) if said != Some(found.hash.as_str()) => {
            result.broken.push(TrailFinding::DigestChanged {
                digest: location,
                previous: found.file.location(),
            });
        }
        _ => {}
    }
}
