//! The in-toto Statement about a manifest: what a signature is over, in a format that other tools
//! read. Everything in it follows from the manifest.
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Digest, MANIFEST, Manifest, ManifestError};

/// The payload type of in-toto statements.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// Ours; it names the schema and leads nowhere.
const PREDICATE: &str = "urn:strongroom:bundle:v1";

/// A statement about one manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: BTreeMap<String, Digest>,
}

/// What the statement says of its subject, for tools that read statements only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Predicate {
    schema: String,
    environment: String,
    account: String,
    region: String,
    origin: String,
    taken_at: jiff::Timestamp,
    previous: Option<Digest>,
}

impl Statement {
    /// The statement about a manifest.
    ///
    /// # Errors
    /// A manifest that canonical JSON cannot hold.
    pub fn about(manifest: &Manifest) -> Result<Self, ManifestError> {
        let digest = Digest::of(&manifest.to_bytes()?);
        Ok(Self {
            kind: STATEMENT.to_owned(),
            subject: vec![Subject {
                name: MANIFEST.to_owned(),
                digest: BTreeMap::from([("sha256".to_owned(), digest)]),
            }],
            predicate_type: PREDICATE.to_owned(),
            predicate: Predicate {
                schema: manifest.schema.clone(),
                environment: manifest.environment.to_string(),
                account: manifest.account.to_string(),
                region: manifest.region.to_string(),
                origin: manifest.origin.words(),
                taken_at: manifest.taken_at,
                previous: manifest.previous.clone(),
            },
        })
    }

    /// The digest of the manifest that it is about; none where it is about something else.
    pub fn manifest_digest(&self) -> Option<&Digest> {
        match self.subject.as_slice() {
            [subject] if subject.name == MANIFEST => subject.digest.get("sha256"),
            _ => None,
        }
    }

    /// Its bytes, canonical.
    ///
    /// # Errors
    /// A value that canonical JSON cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        serde_json_canonicalizer::to_vec(self)
            .map_err(|error| ManifestError::Malformed(error.to_string()))
    }
}
