//! The sheets of what was judged: checks, verdicts, and resources with what came of them.

use std::collections::BTreeMap;

use super::{
    sheet::{Cell, Column, Sheet},
    views::{columns, lines},
};
use crate::report::assessment::{
    CheckView, Clause, Counts, Fact, Kind, Report, Setting, VerdictView,
};

/// The checks with what they rest on.
pub fn checks(report: &Report) -> Sheet {
    let kinds: Vec<Kind> = report
        .summary
        .requirements
        .each
        .iter()
        .map(|one| one.kind)
        .collect();
    let mut columns = columns([
        ("Check", 32),
        ("What is true where it passes", 60),
        ("Severity", 10),
        ("Judges each", 20),
        ("Applies where", 40),
        ("Passes where", 70),
        ("Thresholds", 34),
        ("Thresholds of", 14),
        ("Shown by", 50),
        ("Permissions", 34),
        ("If it fails", 60),
        ("A pass does not say", 50),
        ("Speaks for", 50),
        ("Elsewhere", 50),
        ("Verdicts", 10),
    ]);
    columns.extend(kinds.iter().map(|kind| Column {
        title: kind.words.to_owned(),
        width: 10,
    }));
    Sheet {
        name: "Checks",
        columns,
        lines: report.checks.iter().map(|one| check(one, &kinds)).collect(),
    }
}

fn check(check: &CheckView, kinds: &[Kind]) -> Vec<Cell> {
    let calls = check.calls.iter();
    let calls = calls.map(|call| format!("{}: {}", call.call, call.fields.join(", ")));
    let spoken = check.requirements.iter();
    let spoken = spoken.map(|one| format!("{} {}", one.framework, one.id));
    let thresholds = match check.own_thresholds {
        true => "the check",
        false => "a requirement",
    };
    let mut cells: Vec<Cell> = vec![
        (&check.id).into(),
        (&check.title).into(),
        (&check.severity).into(),
        check.resource.into(),
        check.applies.as_ref().into(),
        check.clauses.join(" and\n").into(),
        lines(check.settings.iter().map(setting)).into(),
        thresholds.into(),
        lines(calls).into(),
        check.permissions.join("\n").into(),
        (&check.remediation).into(),
        check.limits.as_ref().into(),
        lines(spoken).into(),
        check.elsewhere.join("\n").into(),
        check.counts.total.into(),
    ];
    cells.extend(kinds.iter().map(|kind| count(&check.counts, *kind).into()));
    cells
}

fn count(counts: &Counts, kind: Kind) -> usize {
    let one = counts.each.iter().find(|one| one.kind == kind);
    one.map(|one| one.count).unwrap_or_default()
}

fn setting(setting: &Setting) -> String {
    format!("{} = {}", setting.name, setting.value)
}

/// Each check on each resource.
pub fn verdicts(report: &Report) -> Sheet {
    let all = report.checks.iter();
    let all = all.flat_map(|check| check.verdicts.iter().map(move |one| verdict(check, one)));
    Sheet {
        name: "Verdicts",
        columns: columns([
            ("Check", 32),
            ("Outcome", 15),
            ("Severity", 10),
            ("Service", 18),
            ("Kind", 20),
            ("Resource", 40),
            ("In the account", 60),
            ("Thresholds", 30),
            ("Facts", 80),
            ("Expected, and found instead", 70),
            ("Not read", 50),
            ("Note", 50),
            ("Waiver", 40),
        ]),
        lines: all.collect(),
    }
}

fn verdict(check: &CheckView, one: &VerdictView) -> Vec<Cell> {
    vec![
        (&check.id).into(),
        one.outcome.into(),
        (&check.severity).into(),
        (&one.service).into(),
        one.resource.kind.into(),
        (&one.resource.name).into(),
        one.resource.id.as_ref().into(),
        lines(check.settings.iter().map(setting)).into(),
        lines(one.facts.iter().map(fact)).into(),
        lines(one.broken.iter().flat_map(broken)).into(),
        lines(one.unread.iter().cloned()).into(),
        one.note.as_ref().into(),
        one.waiver.as_ref().into(),
    ]
}

fn fact(fact: &Fact) -> String {
    match fact.known {
        true => format!("{} = {}", fact.name, fact.value),
        false => format!("{}: not read: {}", fact.name, fact.value),
    }
}

fn broken(clause: &Clause) -> Vec<String> {
    let expected = format!("expected {}", clause.expected);
    let found = clause
        .found
        .iter()
        .map(|one| format!("found {}", fact(one)));
    std::iter::once(expected).chain(found).collect()
}

/// What was judged, with what came of it.
pub fn resources(report: &Report) -> Sheet {
    let kinds: Vec<Kind> = report
        .summary
        .counts
        .each
        .iter()
        .map(|one| one.kind)
        .collect();
    let mut judged: BTreeMap<_, BTreeMap<Kind, usize>> = BTreeMap::new();
    for one in report.checks.iter().flat_map(|check| &check.verdicts) {
        let resource = &one.resource;
        let key = (resource.kind, &resource.name, &resource.id, &one.service);
        *judged
            .entry(key)
            .or_default()
            .entry(one.outcome)
            .or_default() += 1;
    }
    let mut columns = columns([
        ("Resource", 44),
        ("Kind", 22),
        ("Service", 20),
        ("In the account", 70),
        ("Verdicts", 10),
    ]);
    columns.extend(kinds.iter().map(|kind| Column {
        title: kind.words.to_owned(),
        width: 10,
    }));
    let line = |((kind, name, id, service), counts): (Judged<'_>, BTreeMap<Kind, usize>)| {
        let mut cells: Vec<Cell> = vec![
            name.into(),
            kind.into(),
            service.into(),
            id.as_ref().into(),
            counts.values().sum::<usize>().into(),
        ];
        let each = kinds.iter().map(|kind| counts.get(kind).copied());
        cells.extend(each.map(|count| Cell::from(count.unwrap_or_default())));
        cells
    };
    Sheet {
        name: "Resources",
        columns,
        lines: judged.into_iter().map(line).collect(),
    }
}

/// A resource that was judged: kind, name, id and service.
type Judged<'a> = (&'a str, &'a String, &'a Option<String>, &'a String);
