//! The report as OSCAL 1.2 documents: assessment plan and results, a component definition for each
//! service, and the plan of action where something is open. Ids follow from what they name.
//! <https://pages.nist.gov/OSCAL/resources/concepts/layer/assessment/>

mod common;
mod component;
mod id;
mod observation;
mod results;
mod risk;

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    assessment::{Kind, Report, Source},
    row::{Row, by_check},
};
use crate::{compliance::verdict::Outcome, evidence::Digest};

/// The documents by name, in the folder `oscal/`.
///
/// # Errors
/// None that these values can cause.
pub fn documents(
    source: &Source<'_>,
    report: &Report,
) -> Result<BTreeMap<String, Vec<u8>>, serde_json::Error> {
    let files = source.evidence.iter();
    let evidence = files
        .map(|(name, bytes)| (name.as_str(), Digest::of(bytes)))
        .collect();
    let paper = common::Paper {
        source,
        report,
        checks: by_check(source, report).map(Iterator::collect).collect(),
        ids: id::Ids::of(source, &evidence),
        evidence,
    };
    let components = report.services.iter().map(|service| {
        let name = format!("component-definition-{}.json", service.name);
        (name, paper.component(service))
    });
    let assessed = [
        (results::PLAN.to_owned(), paper.plan()),
        ("assessment-results.json".to_owned(), paper.results()),
    ];
    let open = paper.open_items();
    let open = open.map(|items| ("plan-of-action-and-milestones.json".to_owned(), items));
    let all: Vec<(String, Value)> = assessed.into_iter().chain(components).chain(open).collect();
    all.into_iter()
        .map(|(name, document)| Ok((format!("oscal/{name}"), common::bytes(document)?)))
        .collect()
}

/// Whether a verdict is good news: it is observed together with the others of its check.
fn is_good(row: &Row<'_>) -> bool {
    matches!(row.verdict.outcome, Outcome::Pass | Outcome::NotApplicable)
}

/// Whether a verdict is an open item: it fails, with a waiver or without.
fn is_open(row: &Row<'_>) -> bool {
    matches!(row.verdict.outcome, Outcome::Fail | Outcome::Exception)
}

/// The word of an outcome, as files have it.
fn slug(outcome: Outcome) -> &'static str {
    Kind::from(outcome).slug
}
