//! The rehearsal in a report: what was tampered with, what drift said, what was repaired.

use schemars::JsonSchema;
use serde::Serialize;

use super::Source;
use crate::{
    model::KindName,
    rehearse::{Finding, Rehearsal},
    resource::{KeyState, field::leaf},
};

/// A rehearsal.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RehearsalView {
    /// Resources that the specification asks for.
    pub resources: usize,
    /// Resources that applying changed.
    pub applied: usize,
    /// Calls that applying took.
    pub calls: u64,
    /// What chose the resources that were tampered with.
    pub seed: u64,
    /// How many tamperings.
    pub tamperings: usize,
    /// How many of them drift told.
    pub found: usize,
    /// How many of them were repaired.
    pub repaired: usize,
    /// How many of them were told and kept.
    pub kept: usize,
    /// The tamperings.
    pub findings: Vec<TamperingView>,
    /// Fields that no call can tamper with, and why.
    pub fixed: Vec<(String, String)>,
    /// What is left in the account and was not asked for.
    pub left: Vec<String>,
    /// Everything that was not as it must be.
    pub failures: Vec<String>,
}

/// One tampering.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TamperingView {
    /// What was done.
    pub what: String,
    /// What became of it, in words.
    pub became: &'static str,
    /// Whether that is as it must be.
    pub good: bool,
    /// What it did to security; empty where it is kept.
    pub direction: String,
    /// What drift told, a line each field.
    pub told: Vec<String>,
}

pub(super) fn view(rehearsal: &Rehearsal, source: &Source<'_>) -> RehearsalView {
    RehearsalView {
        resources: rehearsal.resources,
        applied: rehearsal.applied,
        calls: rehearsal.calls,
        seed: rehearsal.seed,
        tamperings: rehearsal.findings.len(),
        found: rehearsal.found(),
        repaired: rehearsal.repaired(),
        kept: rehearsal.kept(),
        findings: rehearsal.findings.iter().map(tampering).collect(),
        fixed: rehearsal
            .fixed
            .iter()
            .map(|fixed| (fixed.field.clone(), fixed.reason.to_owned()))
            .collect(),
        left: left(source),
        failures: rehearsal.failures.iter().map(failure).collect(),
    }
}

/// A key cannot be deleted at once: it waits, and nobody can hurry it.
fn left(source: &Source<'_>) -> Vec<String> {
    let there = source.snapshot.resources.addresses();
    let left = there
        .into_iter()
        .filter(|address| !source.desired.resources.contains(address));
    left.map(|address| {
        let key = source.snapshot.resources.kms_key.get(&address.name);
        let key = key.filter(|_| address.kind == KindName::KmsKey);
        match key.and_then(|key| key.state.known()) {
            Some(KeyState::PendingDeletion) => format!("{address}, which waits for its deletion"),
            _ => address.to_string(),
        }
    })
    .collect()
}

fn failure(failure: &crate::rehearse::Failure) -> String {
    let stage = super::text::word(failure.stage);
    match &failure.address {
        Some(address) => format!("{stage}: {address}: {}", failure.message),
        None => format!("{stage}: {}", failure.message),
    }
}

fn tampering(finding: &Finding) -> TamperingView {
    let became = match (finding.found, finding.kept, finding.repaired) {
        (false, _, _) => "not found",
        (true, true, _) => "found and kept, because removing it could do harm",
        (true, false, true) => "found and repaired",
        (true, false, false) => "found, not repaired",
    };
    let told = finding.changes.iter().map(|change| {
        let (before, after) = (leaf(change.before.as_ref()), leaf(change.after.as_ref()));
        format!("{}: {before} → {after}", change.path)
    });
    TamperingView {
        what: finding.what.clone(),
        became,
        good: finding.kept || finding.repaired,
        direction: finding
            .direction
            .map(|direction| direction.words().to_owned())
            .unwrap_or_default(),
        told: told.collect(),
    }
}
