//! The shipped library against the shipped bank: as declared, tampered with, and unread.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit_log;
mod bank;
mod endpoints;
mod library;
mod records;
mod refusals;
mod schemas;
mod stores;
mod tampering;
mod tampering_network;
mod tampering_stores;
mod unread;

use std::sync::OnceLock;

use super::{assess::Assessment, library::Library, verdict::Outcome};

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::vendored().unwrap_or_else(|errors| panic!("{errors}")))
}

/// The outcomes of a check with its own thresholds, by resource.
fn outcomes(assessment: &Assessment, check: &str) -> Vec<(String, Outcome)> {
    let run = assessment
        .checks
        .iter()
        .find(|run| run.id == check && run.own_thresholds);
    let verdicts = &run.unwrap_or_else(|| panic!("no check {check}")).verdicts;
    verdicts
        .iter()
        .map(|v| (v.resource.clone(), v.outcome))
        .collect()
}

/// The checks with own thresholds that fail somewhere.
fn failing(assessment: &Assessment) -> Vec<&str> {
    let runs = assessment.checks.iter().filter(|run| run.own_thresholds);
    runs.filter(|run| run.totals.fail > 0)
        .map(|run| run.id.as_str())
        .collect()
}
