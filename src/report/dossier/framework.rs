//! The summary of one framework: what its requirements come to, where, and what is left open.

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

fn rows<'a>(report: &'a Report, framework: &'a FrameworkView) -> Vec<Row<'a>> {
    let counts = |service: &str| {
        let checks = report.checks.iter();
        let speaking = checks.filter(|check| {
            let mut spoken = check.requirements.iter();
            spoken.any(|one| one.framework == framework.id)
        });
        let verdicts = speaking.flat_map(|check| &check.verdicts);
        counted(
            report,
            verdicts.filter(|verdict| verdict.service == service),
        )
    };
    let services = framework.services.iter().map(|name| Row {
        name,
        service: true,
        counts: counts(name),
    });
    let shared = Row {
        name: "environment and account",
        service: false,
        counts: counts(""),
    };
    services.chain([shared]).collect()
}

fn counted<'a>(report: &Report, verdicts: impl Iterator<Item = &'a VerdictView>) -> Counts {
    let mut counts = report.summary.counts.clone();
    counts.total = 0;
    counts.each.iter_mut().for_each(|one| one.count = 0);
    for verdict in verdicts {
        counts.total += 1;
        let mut each = counts.each.iter_mut();
        if let Some(one) = each.find(|one| one.kind == verdict.outcome) {
            one.count += 1;
        }
    }
    counts
}
