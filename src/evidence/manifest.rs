//! The manifest: what a bundle holds, where it comes from, and what was judged, in canonical JSON
//! (RFC 8785), so that one digest stands for the whole of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Digest, FileName, Files, Rendering};
use crate::{
    compliance::{assess::Extent, verdict::Outcome},
    model::{AccountId, EnvironmentName, FrameworkId, KindName, Region, ServiceName},
    resource::Read,
    snapshot::Origin,
};

/// Name and version of the manifest's format.
pub const SCHEMA: &str = "strongroom/bundle/v1";

/// What a bundle is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name and version of this format.
    pub schema: String,
    /// The environment.
    pub environment: EnvironmentName,
    /// Its account.
    pub account: AccountId,
    /// Its Region.
    pub region: Region,
    /// Where the snapshot comes from.
    pub origin: Origin,
    /// What the snapshot was made from, and so what it can be made from again.
    pub source: Source,
    /// ARN of the caller, as the account showed it.
    pub caller: String,
    /// When the observation began, UTC.
    pub taken_at: jiff::Timestamp,
    /// When the bundle was sealed, UTC.
    pub sealed_at: jiff::Timestamp,
    /// What made it.
    pub tool: Tool,
    /// What was allowed.
    pub specification: Specification,
    /// What it was judged by.
    pub policies: Policies,
    /// What was chosen to be judged.
    pub selection: Selection,
    /// How much was found and judged.
    pub population: Population,
    /// The digest of the manifest of the bundle before this one, in a chain.
    pub previous: Option<Digest>,
    /// Every other file, the signature aside.
    pub files: BTreeMap<FileName, Entry>,
}

/// What a snapshot was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// An account over the wire: the tape holds every exchange.
    Tape {
        /// How many answers there are.
        answers: u64,
        /// How many values were redacted in what each API said.
        redactions: BTreeMap<String, u64>,
    },
    /// The embedded sandbox. There is no tape, for nobody was asked.
    Sandbox,
    /// A rehearsal in a sandbox of its own, which this number makes again. There is no tape.
    Rehearsal {
        /// What chose the tamperings, in decimal: canonical JSON has no integers of 64 bits.
        seed: String,
    },
    /// A snapshot that was made earlier. There is no tape: nothing shows how it came about.
    SnapshotFile,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the program's file; none where it could not be read.
    pub binary: Option<Digest>,
}

/// The specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// SHA-256 of the resolved environment in canonical JSON.
    pub digest: Digest,
    /// The commit that was checked out, where the specification lies in a git work tree. Changes
    /// that were not committed show in the digest alone.
    pub commit: Option<String>,
}

/// What the judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// SHA-256 of every check and framework, file by file.
    pub library: Digest,
    /// How many checks there are.
    pub checks: u64,
    /// The frameworks that there are.
    pub frameworks: BTreeSet<FrameworkId>,
    /// The catalogue of AWS actions and its version.
    pub actions: String,
    /// SHA-256 of the catalogue.
    pub actions_digest: String,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The frameworks that the environment was judged by.
    pub frameworks: BTreeSet<FrameworkId>,
    /// The one service, where it is about one.
    pub service: Option<ServiceName>,
    /// Which checks were run.
    pub extent: Extent,
    /// The renderings that the bundle holds.
    pub renderings: BTreeSet<Rendering>,
}

/// How much there is: what an auditor reconciles with another inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Resources that were listed, by kind, or why they could not be.
    pub listed: BTreeMap<KindName, Read<u64>>,
    /// Wire calls that it took.
    pub calls: u64,
    /// Services that the specification declares.
    pub services: u64,
    /// Resources that the specification asks for.
    pub declared: u64,
    /// Verdicts by outcome, those of requirements' own thresholds aside.
    pub verdicts: BTreeMap<Outcome, u64>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its size in bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// Why bytes are no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON of this shape.
    #[error("it is no manifest of this version: {0}")]
    Malformed(String),
    /// Another format.
    #[error("its schema is {0:?}, not {SCHEMA}")]
    Schema(String),
    /// The same values in other bytes.
    #[error("it is not canonical JSON (RFC 8785): somebody wrote it again")]
    NotCanonical,
}

impl Entry {
    /// The entry of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        }
    }

    /// The entries of files.
    pub fn all(files: &Files) -> BTreeMap<FileName, Self> {
        let entries = files.iter();
        entries
            .map(|(name, bytes)| (name.clone(), Self::of(bytes)))
            .collect()
    }
}

impl Manifest {
    /// The bytes of `manifest.json`.
    ///
    /// # Errors
    /// A value that canonical JSON cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        serde_json_canonicalizer::to_vec(self)
            .map_err(|error| ManifestError::Malformed(error.to_string()))
    }

    /// Whether a live account answered, and the tape of it is there.
    pub fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live { .. }) && self.source.has_tape()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Bytes that are no manifest of this version, or not canonical.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let malformed = |error: serde_json::Error| ManifestError::Malformed(error.to_string());
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(malformed)?;
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) | None => {}
            Some(other) => return Err(ManifestError::Schema(other.to_owned())),
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        match manifest.to_bytes()? == bytes {
            true => Ok(manifest),
            false => Err(ManifestError::NotCanonical),
        }
    }
}

impl Source {
    /// Whether the snapshot can be derived again from what was recorded over the wire.
    pub fn has_tape(&self) -> bool {
        matches!(self, Self::Tape { .. })
    }

    /// What people should know of it.
    pub fn words(&self) -> String {
        match self {
            Self::Tape { answers, .. } => format!("a tape of {answers} answers"),
            Self::Sandbox => "no tape: the sandbox is no account that answers".to_owned(),
            Self::Rehearsal { seed } => format!("no tape: a rehearsal, seed {seed}"),
            Self::SnapshotFile => "no tape: the snapshot was given as a file".to_owned(),
        }
    }
}
