//! A bundle, as far as a period asks for it: the outcome of each check and requirement, and the
//! resources that were there.

use serde::Deserialize;
use serde_json::Value;

use super::Outcomes;
use crate::{
    compliance::verdict::Outcome,
    evidence::{ASSESSMENT, Digest, Manifest, SNAPSHOT, verify::Found},
};

/// One bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The digest of its manifest.
    pub digest: Digest,
    /// Its manifest.
    pub manifest: Manifest,
    /// What each check came to: the worst of its verdicts.
    pub checks: Outcomes,
    /// What each requirement came to.
    pub requirements: Outcomes,
    /// What was there.
    pub resources: Value,
}

/// Why a bundle is no sample.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// A file is missing or is something else.
    #[error("{file} cannot be used: {why}")]
    File {
        /// The file.
        file: &'static str,
        /// Why.
        why: String,
    },
}

/// What this part of the program asks of an assessment: later versions may say more.
#[derive(Deserialize)]
struct Assessment {
    checks: Vec<Run>,
    frameworks: Vec<Framework>,
}

#[derive(Deserialize)]
struct Run {
    id: String,
    title: String,
    own_thresholds: bool,
    verdicts: Vec<Verdict>,
}

#[derive(Deserialize)]
struct Verdict {
    outcome: Outcome,
}

#[derive(Deserialize)]
struct Framework {
    id: String,
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
struct Requirement {
    id: String,
    title: String,
    overall: Outcome,
}

#[derive(Deserialize)]
struct Snapshot {
    resources: Value,
}

impl Sample {
    /// The sample of a bundle whose files are what its manifest says.
    ///
    /// # Errors
    /// An assessment or a snapshot that cannot be read.
    pub fn of(manifest: Manifest, found: &Found) -> Result<Self, SampleError> {
        let assessment: Assessment = parsed(found, ASSESSMENT)?;
        let snapshot: Snapshot = parsed(found, SNAPSHOT)?;
        Ok(Self {
            digest: Digest::of(found.manifest.as_deref().unwrap_or_default()),
            manifest,
            checks: checks(assessment.checks),
            requirements: requirements(assessment.frameworks),
            resources: snapshot.resources,
        })
    }
}

fn parsed<T: serde::de::DeserializeOwned>(
    found: &Found,
    file: &'static str,
) -> Result<T, SampleError> {
    let bytes = found.files.get(file).map(Vec::as_slice).unwrap_or_default();
    serde_json::from_slice(bytes).map_err(|error| SampleError::File {
        file,
        why: error.to_string(),
    })
}

fn checks(runs: Vec<Run>) -> Outcomes {
    let own = runs.into_iter().filter(|run| run.own_thresholds);
    own.map(|run| {
        let worst = run.verdicts.iter().map(|verdict| verdict.outcome).max();
        (run.id, (run.title, worst.unwrap_or(Outcome::NotApplicable)))
    })
    .collect()
}

fn requirements(frameworks: Vec<Framework>) -> Outcomes {
    let all = frameworks.into_iter().flat_map(|framework| {
        let Framework { id, requirements } = framework;
        requirements
            .into_iter()
            .map(move |one| (format!("{id} {}", one.id), (one.title, one.overall)))
    });
    all.collect()
}
