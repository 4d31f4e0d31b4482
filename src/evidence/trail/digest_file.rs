//! A digest file and the logs that it names, as CloudTrail writes them.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>

use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::TrailFinding;
use crate::evidence::Digest;

/// What a file may inflate to.
const LARGEST: u64 = 1 << 30;

/// How the names of backfill digests end.
const BACKFILL: &str = "_backfill.json.gz";

/// A digest file. Times are kept as they are written: the signature is over these letters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DigestFile {
    /// When the hour of it began.
    pub digest_start_time: String,
    /// When the hour of it ended.
    pub digest_end_time: String,
    /// The bucket that it was delivered to.
    #[serde(rename = "digestS3Bucket")]
    pub bucket: String,
    /// The key that it was delivered under.
    #[serde(rename = "digestS3Object")]
    pub object: String,
    /// Fingerprint of the key that signed it.
    pub digest_public_key_fingerprint: String,
    /// Always `SHA256withRSA`.
    pub digest_signature_algorithm: String,
    /// The key of the digest before; none where the chain begins.
    #[serde(rename = "previousDigestS3Object")]
    pub previous_object: Option<String>,
    /// SHA-256 of the inflated digest before.
    pub previous_digest_hash_value: Option<String>,
    /// The signature of the digest before, in hexadecimal digits.
    pub previous_digest_signature: Option<String>,
    /// The logs.
    #[serde(default)]
    pub log_files: Vec<LogFile>,
}

/// A log that a digest names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFile {
    /// Its bucket.
    #[serde(rename = "s3Bucket")]
    pub s3_bucket: String,
    /// Its key.
    #[serde(rename = "s3Object")]
    pub s3_object: String,
    /// SHA-256 of the inflated log.
    pub hash_value: String,
    /// Always `SHA-256`.
    pub hash_algorithm: String,
}

impl DigestFile {
    /// What is signed.
    pub fn signing_string(&self, hash: &Digest) -> String {
        let Self {
            digest_end_time,
            bucket,
            object,
            previous_digest_signature,
            ..
        } = self;
        let previous = previous_digest_signature.as_deref().unwrap_or("null");
        format!("{digest_end_time}\n{bucket}/{object}\n{hash}\n{previous}")
    }

    /// The chain that it belongs to: bucket, key without the time, backfills by themselves.
    pub fn stream(&self) -> String {
        let name = self.object.rsplit('/').next().unwrap_or_default();
        let (kind, name) = match name.strip_suffix(BACKFILL) {
            Some(name) => (" (backfill)", name),
            None => ("", name.strip_suffix(".json.gz").unwrap_or(name)),
        };
        let name = name.rsplit_once('_').map_or(name, |(name, _)| name);
        format!("{}/{name}{kind}", self.bucket)
    }

    /// Whether it was delivered later, for logs that the first digest missed.
    pub fn is_backfill(&self) -> bool {
        self.object.ends_with(BACKFILL)
    }

    /// Where it was delivered.
    pub fn location(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.object)
    }
}

impl LogFile {
    /// Where it was delivered.
    pub fn location(&self) -> String {
        format!("s3://{}/{}", self.s3_bucket, self.s3_object)
    }

    /// What is wrong with its inflated content.
    pub(super) fn check(&self, content: Result<Vec<u8>, String>) -> Option<TrailFinding> {
        let object = self.location();
        match content {
            Err(why) => Some(TrailFinding::Unreadable { file: object, why }),
            Ok(_) if self.hash_algorithm != "SHA-256" => Some(TrailFinding::Algorithm {
                file: object,
                algorithm: self.hash_algorithm.clone(),
            }),
            Ok(bytes) if Digest::of(&bytes).as_str() != self.hash_value => {
                Some(TrailFinding::LogChanged { object })
            }
            Ok(_) => None,
        }
    }
}

/// The content of a compressed file; every member of it, so that nothing can hide behind the first.
pub fn inflated(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(LARGEST + 1);
    let read = decoder.read_to_end(&mut content);
    read.map_err(|error| format!("it is not compressed as it was delivered: {error}"))?;
    match content.len() as u64 > LARGEST {
        true => Err("it inflates to more than 1 GiB".to_owned()),
        false => Ok(content),
    }
}
