//! The evidence of a check, grouped: resources on which the same facts led to the same outcome
//! stand together, so that every one of them is named and the page can still be read.

use serde::Serialize;

use crate::report::assessment::{
    Call, CheckView, Clause, Counts, Fact, Kind, Setting, VerdictView,
};

/// A check with all that it found.
#[derive(Serialize)]
pub struct Evidence<'a> {
    anchor: &'a str,
    id: &'a str,
    title: &'a str,
    severity: &'a str,
    resource: &'a str,
    applies: Option<&'a str>,
    clauses: &'a [String],
    settings: &'a [Setting],
    own_thresholds: bool,
    calls: &'a [Call],
    permissions: &'a [String],
    remediation: &'a str,
    limits: Option<&'a str>,
    elsewhere: &'a [String],
    requirements: Vec<String>,
    counts: &'a Counts,
    groups: Vec<Group<'a>>,
}

/// Resources with the same outcome by the same facts.
#[derive(Serialize)]
struct Group<'a> {
    outcome: Kind,
    facts: &'a [Fact],
    broken: &'a [Clause],
    note: Option<&'a str>,
    waiver: Option<&'a str>,
    resources: Vec<&'a str>,
}

/// The evidence of one check.
pub fn of(check: &CheckView) -> Evidence<'_> {
    Evidence {
        anchor: &check.anchor,
        id: &check.id,
        title: &check.title,
        severity: &check.severity,
        resource: check.resource,
        applies: check.applies.as_deref(),
        clauses: &check.clauses,
        settings: &check.settings,
        own_thresholds: check.own_thresholds,
        calls: &check.calls,
        permissions: &check.permissions,
        remediation: &check.remediation,
        limits: check.limits.as_deref(),
        elsewhere: &check.elsewhere,
        requirements: requirements(check),
        counts: &check.counts,
        groups: groups(&check.verdicts),
    }
}

fn requirements(check: &CheckView) -> Vec<String> {
    let spoken = check.requirements.iter();
    spoken
        .map(|one| format!("{} {}", one.framework, one.id))
        .collect()
}

/// In the order in which they first occur, those to look at first.
fn groups(verdicts: &[VerdictView]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for verdict in verdicts {
        match groups.iter_mut().find(|group| group.holds(verdict)) {
            Some(group) => group.resources.push(&verdict.resource.name),
            None => groups.push(Group::of(verdict)),
        }
    }
    groups.sort_by_key(|group| urgency(group.outcome.slug));
    groups
}

fn urgency(outcome: &str) -> usize {
    let first = ["fail", "exception", "not-evaluated", "needs-live"];
    let place = first.iter().position(|slug| *slug == outcome);
    place.unwrap_or(match outcome {
        "not-applicable" => first.len() + 1,
        _ => first.len(),
    })
}

impl<'a> Group<'a> {
    fn of(verdict: &'a VerdictView) -> Self {
        Self {
            outcome: verdict.outcome,
            facts: &verdict.facts,
            broken: &verdict.broken,
            note: verdict.note.as_deref(),
            waiver: verdict.waiver.as_deref(),
            resources: vec![&verdict.resource.name],
        }
    }

    fn holds(&self, verdict: &VerdictView) -> bool {
        self.outcome == verdict.outcome
            && self.facts == verdict.facts
            && self.broken == verdict.broken
            && self.note == verdict.note.as_deref()
            && self.waiver == verdict.waiver.as_deref()
    }
}
