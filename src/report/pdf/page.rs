//! What the template is given: the report with its evidence grouped, and what is attached to it.
//! Text comes out as it can be printed; nothing else is changed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    evidence::{self, Evidence},
    letters,
};
use crate::report::assessment::{
    AttestationView, FrameworkView, Header, Meaning, RehearsalView, Report, ResourceView,
    ServiceRow, ServiceView, SinceView, Statement, Summary, WaiverView, show,
};

#[derive(Serialize)]
struct Page<'a> {
    header: &'a Header,
    since: Option<&'a SinceView>,
    summary: &'a Summary,
    frameworks: &'a [FrameworkView],
    by_service: &'a [ServiceRow],
    services: Vec<Scoped<'a>>,
    waivers: &'a [WaiverView],
    attestations: &'a [AttestationView],
    legend: &'a [Meaning],
    evidence: Vec<Evidence<'a>>,
    resources: Vec<&'a ResourceView>,
    rehearsal: Option<Rehearsed<'a>>,
    attached: Attached,
}

/// A service in scope; its own evidence stands with the checks.
#[derive(Serialize)]
struct Scoped<'a> {
    name: &'a str,
    purpose: &'a str,
    owner: &'a str,
    statements: &'a [Statement],
}

/// What came of a rehearsal; each tampering is in a file of its own.
#[derive(Serialize)]
struct Rehearsed<'a> {
    resources: usize,
    applied: usize,
    calls: u64,
    seed: u64,
    tamperings: usize,
    found: usize,
    repaired: usize,
    kept: usize,
    left: &'a [String],
    failures: &'a [String],
}

/// The file inside of the document.
#[derive(Serialize)]
struct Attached {
    size: usize,
    sha256: String,
}

/// The page as JSON.
///
/// # Errors
/// None that these types can cause.
pub fn bytes(report: &Report, assessment: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    let mut value = serde_json::to_value(page(report, assessment))?;
    show(&mut value);
    printable(&mut value);
    serde_json::to_vec(&value)
}

fn page<'a>(report: &'a Report, assessment: &[u8]) -> Page<'a> {
    Page {
        header: &report.header,
        since: report.since.as_ref(),
        summary: &report.summary,
        frameworks: &report.frameworks,
        by_service: &report.by_service,
        services: report.services.iter().map(scoped).collect(),
        waivers: &report.waivers,
        attestations: &report.attestations,
        legend: &report.legend,
        evidence: report.checks.iter().map(evidence::of).collect(),
        resources: resources(report),
        rehearsal: report.rehearsal.as_ref().map(rehearsed),
        attached: Attached {
            size: assessment.len(),
            sha256: Sha256::digest(assessment)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        },
    }
}

fn scoped(service: &ServiceView) -> Scoped<'_> {
    Scoped {
        name: &service.name,
        purpose: &service.purpose,
        owner: &service.owner,
        statements: &service.statements,
    }
}

/// Every judged resource once, by kind and name.
fn resources(report: &Report) -> Vec<&ResourceView> {
    let verdicts = report.checks.iter().flat_map(|check| &check.verdicts);
    let named: BTreeMap<_, _> = verdicts
        .map(|verdict| &verdict.resource)
        .map(|one| ((one.kind, &one.name, &one.id), one))
        .collect();
    named.into_values().collect()
}

fn rehearsed(view: &RehearsalView) -> Rehearsed<'_> {
    Rehearsed {
        resources: view.resources,
        applied: view.applied,
        calls: view.calls,
        seed: view.seed,
        tamperings: view.tamperings,
        found: view.found,
        repaired: view.repaired,
        kept: view.kept,
        left: &view.left,
        failures: &view.failures,
    }
}

/// Shows what no font of the program has by its code, in all strings of a value.
fn printable(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(shown) = letters::shown(text) {
                *text = shown;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(printable),
        Value::Object(fields) => fields.values_mut().for_each(printable),
        _ => {}
    }
}
