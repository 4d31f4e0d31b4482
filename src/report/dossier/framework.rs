//! The summary of one framework: what its requirements come to, where, and what is left open.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::assessment::{
    Counts, FrameworkView, Header, Kind, Report, RequirementView, VerdictView,
};

/// A summary.
#[derive(Serialize)]
pub struct Summary<'a> {
    header: &'a Header,
    framework: &'a FrameworkView,
    /// Its requirements, the worst first.
    requirements: Vec<&'a RequirementView>,
    /// What the checks that speak for it came to, by service.
    rows: Vec<Row<'a>>,
}

/// A service, or what belongs to none.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// Whether it is a service in scope.
    service: bool,
    counts: Counts,
}

/// The summary of a framework.
pub fn of<'a>(report: &'a Report, framework: &'a FrameworkView) -> Summary<'a> {
    let mut requirements: Vec<&RequirementView> = framework.requirements.iter().collect();
    let order = |kind: Kind| {
        let meanings = report.legend.iter();
        meanings.take_while(|one| one.kind != kind).count()
    };
    requirements.sort_by_key(|one| order(one.outcome));
    Summary {
        header: &report.header,
        framework,
        requirements,
        rows: rows(report, framework),
    }
}

/// Each service in scope, and then what belongs to none; every verdict is looked at once.
fn rows<'a>(report: &'a Report, framework: &'a FrameworkView) -> Vec<Row<'a>> {
    let row = |name: &'a str, service| Row {
        name,
        service,
        counts: none(report),
    };
    let services = framework.services.iter().map(|name| row(name, true));
    let mut rows: Vec<Row<'a>> = services.collect();
    let places: BTreeMap<&str, usize> = rows.iter().map(|row| row.name).zip(0..).collect();
    let shared = rows.len();
    rows.push(row("environment and account", false));
    for verdict in speaking(report, framework) {
        let place = match verdict.service.as_str() {
            "" => Some(shared),
            name => places.get(name).copied(),
        };
        if let Some(row) = place.and_then(|place| rows.get_mut(place)) {
            add(&mut row.counts, verdict);
        }
    }
    rows
}

/// The verdicts of the checks that speak for a framework.
fn speaking<'a>(
    report: &'a Report,
    framework: &'a FrameworkView,
) -> impl Iterator<Item = &'a VerdictView> {
    let checks = report.checks.iter().filter(|check| {
        let mut spoken = check.requirements.iter();
        spoken.any(|one| one.framework == framework.id)
    });
    checks.flat_map(|check| &check.verdicts)
}

/// No verdicts yet, of each outcome that the report counts.
fn none(report: &Report) -> Counts {
    let mut counts = report.summary.counts.clone();
    counts.total = 0;
    counts.each.iter_mut().for_each(|one| one.count = 0);
    counts
}

fn add(counts: &mut Counts, verdict: &VerdictView) {
    counts.total += 1;
    let mut each = counts.each.iter_mut();
    if let Some(one) = each.find(|one| one.kind == verdict.outcome) {
        one.count += 1;
    }
}
