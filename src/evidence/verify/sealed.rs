//! The steps over one bundle: files both ways, signature, origin, and comparison with what was
//! derived again.

use std::collections::BTreeSet;

use super::{Finding, Found, Outcome};
use crate::{
    evidence::{
        Digest, Entry, Envelope, FileName, Files, MANIFEST, Manifest, Statement, VerifyingKey,
        differences,
    },
    snapshot::Origin,
};

/// Differences of one file that are told.
const TOLD: usize = 5;

/// Compares the files with the manifest, both ways.
pub fn files(manifest: &Manifest, found: &Found) -> Outcome {
    let missing = manifest
        .files
        .keys()
        .filter(|name| !found.files.contains_key(name.as_str()))
        .map(|name| Finding::Missing {
            file: name.to_string(),
        });
    let present = found.files.iter();
    let wrong = present.filter_map(|(name, bytes)| match manifest.files.get(name.as_str()) {
        None => Some(Finding::Extra { file: name.clone() }),
        Some(entry) => changed(name, bytes, entry),
    });
    let odd = found
        .odd
        .iter()
        .map(|name| Finding::Odd { file: name.clone() });
    let findings = missing.chain(wrong).chain(odd).collect();
    let count = manifest.files.len();
    Outcome::of(
        findings,
        format!("{count} files, each as the manifest says"),
    )
}

fn changed(name: &str, bytes: &[u8], entry: &Entry) -> Option<Finding> {
    let Entry { size, sha256 } = Entry::of(bytes);
    (sha256 != entry.sha256 || size != entry.size).then(|| Finding::Changed {
        file: name.to_owned(),
        size,
        sha256,
        expected_size: entry.size,
        expected: entry.sha256.clone(),
    })
}

/// Checks the signature by the pinned key.
pub fn signature(manifest: &Manifest, found: &Found, key: Option<&VerifyingKey>) -> Outcome {
    let Some(key) = key else {
        let why = "no key was given: pass the signer's public key with --key";
        return Outcome::not_checked(why);
    };
    let Some(envelope) = &found.envelope else {
        return Outcome::Broken(vec![Finding::Unsigned]);
    };
    match signed(manifest, envelope, key) {
        Ok(()) => {
            let (algorithm, key) = (key.algorithm(), key.fingerprint());
            Outcome::Held(format!("{algorithm}, by the pinned key {key}"))
        }
        Err(finding) => Outcome::Broken(vec![finding]),
    }
}

fn signed(manifest: &Manifest, envelope: &[u8], key: &VerifyingKey) -> Result<(), Finding> {
    let refused = |why: String| Finding::Signature { why };
    let envelope = Envelope::parse(envelope).map_err(|error| refused(error.to_string()))?;
    let payload = envelope
        .open(key)
        .map_err(|error| refused(error.to_string()))?;
    let statement: Statement =
        serde_json::from_slice(&payload).map_err(|error| refused(error.to_string()))?;
    let bytes = manifest
        .to_bytes()
        .map_err(|error| refused(error.to_string()))?;
    let actual = Digest::of(&bytes);
    if statement.manifest_digest() != Some(&actual) {
        let signed = statement.manifest_digest();
        let signed = signed.map_or("something else".to_owned(), ToString::to_string);
        return Err(Finding::OtherManifest { signed, actual });
    }
    match Statement::about(manifest) {
        Ok(expected) if expected == statement => Ok(()),
        _ => Err(Finding::OtherStatement),
    }
}

/// Says where the bundle comes from, and refuses what is not live where that is required.
pub fn live(manifest: &Manifest, required: bool) -> Outcome {
    let origin = manifest.origin.words();
    let findings = match (required, &manifest.origin) {
        (false, _) => vec![],
        (true, Origin::Live { .. }) if manifest.source.has_tape() => vec![],
        (true, Origin::Live { .. }) => vec![Finding::NoTape {
            source_words: manifest.source.words(),
        }],
        (true, _) => vec![Finding::NotLive {
            origin: origin.clone(),
        }],
    };
    Outcome::of(findings, format!("{origin}; {}", manifest.source.words()))
}

/// Compares the files of a bundle with those that its evidence gives again. What stands `apart` need
/// not follow from it: the tape, and renderings that this build does not make.
pub fn same_files(found: &Found, again: &Files, apart: impl Fn(&str) -> bool) -> Vec<Finding> {
    let given: BTreeSet<&str> = again.keys().map(FileName::as_str).collect();
    let unfounded = found
        .files
        .keys()
        .filter(|name| !given.contains(name.as_str()) && !apart(name))
        .map(|name| Finding::Unfounded { file: name.clone() });
    let compared = again
        .iter()
        .flat_map(|(name, bytes)| match found.files.get(name.as_str()) {
            None => vec![Finding::Withheld {
                file: name.to_string(),
            }],
            Some(sealed) => differs(name.as_str(), sealed, bytes),
        });
    compared.chain(unfounded).collect()
}

/// Compares what a manifest says with what it should say.
pub fn same_manifest(sealed: &Manifest, again: &Manifest) -> Vec<Finding> {
    match (sealed.to_bytes(), again.to_bytes()) {
        (Ok(sealed), Ok(again)) => differs(MANIFEST, &sealed, &again),
        _ => vec![Finding::Manifest {
            why: "it cannot be written again".to_owned(),
        }],
    }
}

fn differs(file: &str, sealed: &[u8], again: &[u8]) -> Vec<Finding> {
    let found = differences(sealed, again, TOLD);
    let told = found.into_iter().map(|difference| Finding::Differs {
        file: file.to_owned(),
        difference,
    });
    told.collect()
}
