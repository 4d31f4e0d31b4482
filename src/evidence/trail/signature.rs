//! Where the signature of a digest is: in the metadata of its object in S3, which a download loses
//! unless it is saved beside the file, and again in the digest after it.

use serde::Deserialize;

use super::TrailFolder;

/// What was saved beside a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The signature, in hexadecimal digits.
    pub signature: Option<String>,
    /// When a backfill was made.
    pub backfilled_at: Option<jiff::Timestamp>,
}

/// What `aws s3api get-object` and `head-object` print.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    metadata: PrintedMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct PrintedMetadata {
    signature: Option<String>,
    backfill_generation_timestamp: Option<jiff::Timestamp>,
}

impl Metadata {
    /// Reads `<digest>.metadata.json`, or `<digest>.signature` with nothing but the digits.
    ///
    /// # Errors
    /// A file that is there and is no such thing.
    pub fn beside(folder: &dyn TrailFolder, digest: &str) -> Result<Self, String> {
        let (metadata, signature) = (
            format!("{digest}.metadata.json"),
            format!("{digest}.signature"),
        );
        if folder.names().contains(&metadata) {
            let bytes = folder.read(&metadata)?;
            let printed: Printed =
                serde_json::from_slice(&bytes).map_err(|error| format!("{metadata}: {error}"))?;
            return Ok(Self {
                signature: printed.metadata.signature,
                backfilled_at: printed.metadata.backfill_generation_timestamp,
            });
        }
        if folder.names().contains(&signature) {
            let text = String::from_utf8(folder.read(&signature)?);
            let text = text.map_err(|error| format!("{signature}: {error}"))?;
            return Ok(Self {
                signature: Some(text.trim().to_owned()),
                backfilled_at: None,
            });
        }
        Ok(Self::default())
    }
}
