//! What a rehearsal found: every tampering with what drift said about it, and every failure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tampering::{Fixed, Verb};
use crate::{
    model::{Address, EnvironmentName},
    resource::{Direction, FieldChange},
    snapshot::{Origin, Snapshot},
};

/// The schema of the serialised rehearsal.
pub const SCHEMA: &str = "strongroom/rehearsal/v1";

/// The record of a rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rehearsal {
    /// Name and version of this format.
    pub schema: &'static str,
    /// The environment.
    pub environment: EnvironmentName,
    /// Where it was rehearsed; none if the account could not be looked at.
    pub origin: Option<Origin>,
    /// What chose the resources that were tampered with.
    pub seed: u64,
    /// Resources that the specification asks for, those aside that somebody else manages.
    pub resources: usize,
    /// Resources that the plan changed, and that applying it changed.
    pub applied: usize,
    /// Calls that applying took.
    pub calls: u64,
    /// Every tampering, in the order of kinds, shapes and verbs.
    pub findings: Vec<Finding>,
    /// Fields that no call can tamper with.
    pub fixed: Vec<Fixed>,
    /// Everything that was not as it must be.
    pub failures: Vec<Failure>,
    /// The account at the end, repaired; none if it could not be looked at.
    #[serde(skip)]
    pub last: Option<Snapshot>,
}

/// One tampering and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The resource.
    pub address: Address,
    /// The shape of the field; empty where it is the whole resource.
    pub shape: String,
    /// What was done.
    pub verb: Verb,
    /// What was done, for people.
    pub what: String,
    /// Whether drift told it at its address, with its paths and directions.
    pub found: bool,
    /// The worst that it did, as drift told it; none where it is kept or was not found.
    pub direction: Option<Direction>,
    /// The fields that drift named at the address.
    pub changes: Vec<FieldChange>,
    /// Whether it is kept, because removing it could do harm.
    pub kept: bool,
    /// Whether the repair led back to the specification.
    pub repaired: bool,
}

/// Where something was not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Looking at the account.
    Observe,
    /// Applying the plan.
    Apply,
    /// Planning again after it was applied: something was left.
    Replan,
    /// Carrying out a tampering.
    Tamper,
    /// Finding it.
    Drift,
    /// Repairing it.
    Repair,
}

/// One thing that was not as it must be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// Where.
    pub stage: Stage,
    /// The resource, where it is about one.
    pub address: Option<Address>,
    /// What, for people.
    pub message: String,
}

impl Rehearsal {
    /// Whether everything was as it must be.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// Tamperings that drift told.
    pub fn found(&self) -> usize {
        self.count(|finding| finding.found)
    }

    /// Tamperings that were repaired.
    pub fn repaired(&self) -> usize {
        self.count(|finding| finding.repaired)
    }

    /// Tamperings that are told and kept.
    pub fn kept(&self) -> usize {
        self.count(|finding| finding.kept)
    }

    /// Tamperings of each kind of resource.
    pub fn by_kind(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for finding in &self.findings {
            *kinds.entry(finding.address.kind.as_str()).or_default() += 1;
        }
        kinds
    }

    fn count(&self, is: impl Fn(&Finding) -> bool) -> usize {
        self.findings.iter().filter(|finding| is(finding)).count()
    }
}
