//! An earlier bundle, as far as a later report compares itself with it: what it was, and what each
//! check and requirement came to then. It believes the bundle; whoever reads it checks its files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ASSESSMENT, Digest, Manifest, verify::Found};
use crate::{compliance::verdict::Outcome, model::ServiceName, snapshot::Origin};

/// Name and version of the format.
const SCHEMA: &str = "strongroom/since/v1";

/// What an earlier bundle says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Name and version of this format.
    pub schema: String,
    /// The digest of its manifest: which bundle it is.
    pub bundle: Digest,
    /// When its observation began, UTC.
    pub taken_at: jiff::Timestamp,
    /// Where its snapshot came from.
    pub origin: Origin,
    /// SHA-256 of what was allowed then.
    pub specification: Digest,
    /// The one service that it was about, where it was about one.
    pub service: Option<ServiceName>,
    /// What each check said of each resource, by check and path, with the check's own thresholds.
    pub verdicts: BTreeMap<String, BTreeMap<String, Outcome>>,
    /// What each requirement came to, by framework and id.
    pub requirements: BTreeMap<String, BTreeMap<String, Outcome>>,
}

/// What this part of the program asks of an assessment: other versions may say more.
#[derive(Deserialize)]
struct Assessment {
    checks: Vec<Run>,
    frameworks: Vec<Framework>,
}

#[derive(Deserialize)]
struct Run {
    id: String,
    own_thresholds: bool,
    verdicts: Vec<Verdict>,
}

#[derive(Deserialize)]
struct Verdict {
    resource: String,
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
    overall: Outcome,
}

impl Earlier {
    /// What a bundle says whose files are what its manifest says.
    ///
    /// # Errors
    /// An assessment that cannot be read.
    pub fn of(manifest: &Manifest, found: &Found) -> Result<Self, serde_json::Error> {
        let bytes = found.files.get(ASSESSMENT).map(Vec::as_slice);
        let assessment: Assessment = serde_json::from_slice(bytes.unwrap_or_default())?;
        let own = assessment
            .checks
            .into_iter()
            .filter(|run| run.own_thresholds);
        Ok(Self {
            schema: SCHEMA.to_owned(),
            bundle: Digest::of(found.manifest.as_deref().unwrap_or_default()),
            taken_at: manifest.taken_at,
            origin: manifest.origin.clone(),
            specification: manifest.specification.digest.clone(),
            service: manifest.selection.service.clone(),
            verdicts: own.map(Run::said).collect(),
            requirements: assessment
                .frameworks
                .into_iter()
                .map(Framework::said)
                .collect(),
        })
    }
}

impl Run {
    fn said(self) -> (String, BTreeMap<String, Outcome>) {
        let verdicts = self.verdicts.into_iter();
        let verdicts = verdicts.map(|verdict| (verdict.resource, verdict.outcome));
        (self.id, verdicts.collect())
    }
}

impl Framework {
    fn said(self) -> (String, BTreeMap<String, Outcome>) {
        let requirements = self.requirements.into_iter();
        (
            self.id,
            requirements.map(|one| (one.id, one.overall)).collect(),
        )
    }
}
