//! CloudTrail's digest files, validated offline: signatures by supplied keys, the chain of
//! digests, and the logs that they name. Files come from a folder that only reads.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html>

mod digest_file;
mod finding;
mod key;
#[cfg(feature = "aws")]
mod rsa;
mod signature;
mod stream;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use digest_file::{DigestFile, LogFile};
pub use finding::TrailFinding;
pub use key::{KeyList, KeyListError, PublicKey};
#[cfg(feature = "aws")]
pub use rsa::verifies;
pub use stream::Stream;

use self::{digest_file::inflated, signature::Metadata, stream::Loaded};
use super::Digest;

/// Name and version of the format.
pub const SCHEMA: &str = "strongroom/trail-verification/v1";

/// A folder of downloaded objects.
pub trait TrailFolder {
    /// The paths of all files in it, with `/` between the parts.
    fn names(&self) -> &BTreeSet<String>;

    /// The bytes of one of them.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, name: &str) -> Result<Vec<u8>, String>;
}

/// Whether a signature is the one of a key (PKCS#1 in DER) over a message: RSASSA-PKCS1-v1_5 with
/// SHA-256.
pub type Verifies<'a> = &'a dyn Fn(&[u8], &[u8], &[u8]) -> bool;

/// What is known of a folder of logs and digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailVerification {
    /// Name and version of this format.
    pub schema: &'static str,
    /// The chains of digests, those of backfills by themselves.
    pub streams: Vec<Stream>,
    /// Logs whose content is what a signed digest says.
    pub valid_logs: usize,
    /// What is wrong.
    pub broken: Vec<TrailFinding>,
    /// What nothing is known of.
    pub unknown: Vec<TrailFinding>,
}

/// Validates everything in a folder.
pub fn verify(
    folder: &dyn TrailFolder,
    keys: &KeyList,
    verifies: Verifies<'_>,
) -> TrailVerification {
    let mut result = TrailVerification {
        schema: SCHEMA,
        streams: Vec::new(),
        valid_logs: 0,
        broken: Vec::new(),
        unknown: Vec::new(),
    };
    let mut named = BTreeSet::new();
    for (_, digests) in streams(folder, &mut result.broken) {
        let stream = stream::walk(&digests, keys, verifies, &mut result);
        result.streams.push(stream);
        for log in digests.iter().flat_map(|digest| &digest.file.log_files) {
            check_log(folder, log, &mut named, &mut result);
        }
    }
    let logs = folder
        .names()
        .iter()
        .filter(|name| is_log(name) && !named.contains(*name));
    result
        .unknown
        .extend(logs.map(|name| TrailFinding::Uncovered { file: name.clone() }));
    if result.streams.is_empty() {
        result.unknown.push(TrailFinding::NoDigest);
    }
    result
}

/// The digests by stream, each in the order of time.
fn streams(
    folder: &dyn TrailFolder,
    broken: &mut Vec<TrailFinding>,
) -> BTreeMap<String, Vec<Loaded>> {
    let mut streams: BTreeMap<String, Vec<Loaded>> = BTreeMap::new();
    for name in folder.names().iter().filter(|name| is_digest(name)) {
        match load(folder, name) {
            Ok(loaded) => streams
                .entry(loaded.file.stream())
                .or_default()
                .push(loaded),
            Err(why) => broken.push(TrailFinding::Unreadable {
                file: name.clone(),
                why,
            }),
        }
    }
    for digests in streams.values_mut() {
        digests.sort_by(|one, two| one.order().cmp(&two.order()));
    }
    streams
}

fn load(folder: &dyn TrailFolder, name: &str) -> Result<Loaded, String> {
    let bytes = inflated(&folder.read(name)?)?;
    let file: DigestFile = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    Ok(Loaded {
        name: name.to_owned(),
        hash: Digest::of(&bytes),
        file,
        metadata: Metadata::beside(folder, name)?,
    })
}

fn check_log(
    folder: &dyn TrailFolder,
    log: &LogFile,
    named: &mut BTreeSet<String>,
    result: &mut TrailVerification,
) {
    let Some(name) = find(folder, &log.s3_object) else {
        result.broken.push(TrailFinding::LogMissing {
            object: log.location(),
        });
        return;
    };
    named.insert(name.clone());
    match log.check(folder.read(&name).and_then(|bytes| inflated(&bytes))) {
        None => result.valid_logs += 1,
        Some(finding) => result.broken.push(finding),
    }
}

/// The file of an object: below its whole key, or alone with its name.
fn find(folder: &dyn TrailFolder, key: &str) -> Option<String> {
    let names = folder.names();
    let below = format!("/{key}");
    if let Some(whole) = names
        .iter()
        .find(|name| *name == key || name.ends_with(&below))
    {
        return Some(whole.clone());
    }
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut same = names.iter().filter(|name| base(name) == base(key));
    match (same.next(), same.next()) {
        (Some(name), None) => Some(name.clone()),
        _ => None,
    }
}

fn is_digest(name: &str) -> bool {
    name.contains("_CloudTrail-Digest_") && name.ends_with(".json.gz")
}

fn is_log(name: &str) -> bool {
    name.contains("_CloudTrail_") && name.ends_with(".json.gz")
}
