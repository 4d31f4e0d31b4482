//! Whether a bundle is what was sealed. The bundle is not trusted: the key comes from whoever
//! verifies, every file is hashed, and what was derived is compared with what is derived again.

mod chain;
mod finding;
mod sealed;

use std::collections::BTreeMap;

use serde::Serialize;

pub use chain::{Link, chain};
pub use finding::Finding;
pub use sealed::{files, live, same_files, same_manifest, signature};

use super::{Digest, Manifest};

/// Name and version of the format.
pub const SCHEMA: &str = "strongroom/verification/v1";

/// A bundle as it was found: nothing of it is believed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the manifest, where there is one.
    pub manifest: Option<Vec<u8>>,
    /// The bytes of the signature, where there is one.
    pub envelope: Option<Vec<u8>>,
    /// Every other file by its path in the folder, with `/` between the parts.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What is no regular file.
    pub odd: Vec<String>,
}

/// What a verification looks at, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Every file, both ways.
    Files,
    /// The signature.
    Signature,
    /// The bundles before this one.
    Chain,
    /// Where it comes from.
    Origin,
    /// The snapshot, derived from the tape again.
    Observation,
    /// Facts, verdicts and renderings, derived from the snapshot again.
    Judgement,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as it should be: what was looked at.
    Held(String),
    /// It is not.
    Broken(Vec<Finding>),
    /// Nothing is known: it could not be looked at, or what was found has another explanation.
    NotChecked {
        /// Why.
        why: String,
        /// What was found nevertheless.
        findings: Vec<Finding>,
    },
    /// Nobody asked for it, or there is nothing to look at: why.
    NotAsked(String),
}

/// What is known of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Name and version of this format.
    pub schema: &'static str,
    /// The digest of the manifest: what to pin as the head.
    pub digest: Option<Digest>,
    /// The manifest, where it can be read. Believe it if the signature holds.
    pub manifest: Option<Manifest>,
    /// What came of each step.
    pub steps: BTreeMap<Step, Outcome>,
}

impl Outcome {
    /// Held where nothing is wrong.
    pub fn of(findings: Vec<Finding>, held: impl Into<String>) -> Self {
        match findings.is_empty() {
            true => Self::Held(held.into()),
            false => Self::Broken(findings),
        }
    }

    /// What could not be looked at.
    pub fn not_checked(why: impl Into<String>) -> Self {
        Self::NotChecked {
            why: why.into(),
            findings: Vec::new(),
        }
    }
}

impl Verification {
    /// A verification with the steps that need no judgement: files, signature, origin.
    pub fn begin(found: &Found, key: Option<&super::VerifyingKey>, require_live: bool) -> Self {
        let bytes = found.manifest.as_deref();
        let manifest = bytes.map(Manifest::parse);
        let mut verification = Self {
            schema: SCHEMA,
            digest: bytes.map(Digest::of),
            manifest: None,
            steps: BTreeMap::new(),
        };
        match manifest {
            None => verification.set(Step::Files, Outcome::Broken(vec![Finding::NoManifest])),
            Some(Err(error)) => {
                let why = error.to_string();
                let broken = vec![Finding::Manifest { why }];
                verification.set(Step::Files, Outcome::Broken(broken));
            }
            Some(Ok(manifest)) => {
                verification.set(Step::Files, files(&manifest, found));
                verification.set(Step::Origin, live(&manifest, require_live));
                verification.set(Step::Signature, signature(&manifest, found, key));
                verification.manifest = Some(manifest);
            }
        }
        verification
    }

    /// Sets what a step came to.
    pub fn set(&mut self, step: Step, outcome: Outcome) {
        self.steps.insert(step, outcome);
    }

    /// Takes what is broken in some steps for unknown: there is another explanation.
    pub fn doubt(&mut self, steps: &[Step], why: &str) {
        let doubted = self
            .steps
            .iter_mut()
            .filter(|(step, _)| steps.contains(step));
        for (_, outcome) in doubted {
            if let Outcome::Broken(findings) = outcome {
                *outcome = Outcome::NotChecked {
                    why: why.to_owned(),
                    findings: std::mem::take(findings),
                };
            }
        }
    }

    /// The findings of all steps, in their order.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.steps.values().flat_map(|outcome| match outcome {
            Outcome::Broken(findings) => findings.as_slice(),
            _ => &[],
        })
    }

    /// Whether something is wrong.
    pub fn is_broken(&self) -> bool {
        self.findings().next().is_some()
    }

    /// Whether something that was to be looked at could not be.
    pub fn is_incomplete(&self) -> bool {
        let mut steps = self.steps.values();
        steps.any(|outcome| matches!(outcome, Outcome::NotChecked { .. }))
    }
}
