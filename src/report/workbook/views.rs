//! What stands on each sheet: the views of the report, a line each thing.

use std::collections::BTreeMap;

use super::sheet::{Cell, Column, Sheet};
use crate::report::assessment::{
    AttestationView, CheckView, Clause, Counts, Fact, FrameworkView, Gap, Kind, Report,
    RequirementCheckView, RequirementView, Setting, VerdictView, WaiverView,
};

/// All sheets, in order.
pub fn all(report: &Report) -> Vec<Sheet> {
    vec![
        summary(report),
        gaps(report),
        requirements(report),
        checks(report),
        verdicts(report),
        resources(report),
        waivers(report),
        attestations(report),
    ]
}

fn columns<const N: usize>(all: [(&str, u16); N]) -> Vec<Column> {
    all.map(|(title, width)| Column {
        title: title.to_owned(),
        width,
    })
    .into()
}

fn lines(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().collect::<Vec<_>>().join("\n")
}

fn summary(report: &Report) -> Sheet {
    let header = &report.header;
    let about = [
        ("Environment", &header.environment),
        ("Account", &header.account),
        ("Region", &header.region),
        ("Class", &header.class),
        ("Owner", &header.owner),
        ("Origin", &header.origin),
        ("Observed", &header.taken_at),
        ("Caller", &header.caller),
        ("Tool", &header.tool),
        ("Specification, SHA-256", &header.digest),
        ("Result", &report.summary.verdict),
        ("Not in this version", &report.summary.planned),
    ];
    let mut lines: Vec<Vec<Cell>> = about
        .into_iter()
        .map(|(what, value)| vec!["Report".into(), what.into(), value.into()])
        .collect();
    lines.extend(counted("Verdicts of all checks", &report.summary.counts));
    for framework in &report.frameworks {
        lines.extend(counted(&framework.name, &framework.counts));
    }
    for row in &report.by_service {
        lines.extend(counted(&format!("Verdicts: {}", row.name), &row.counts));
    }
    Sheet {
        name: "Summary",
        columns: columns([("Part", 44), ("What", 24), ("Value", 90)]),
        lines,
    }
}

fn counted<'a>(part: &'a str, counts: &'a Counts) -> impl Iterator<Item = Vec<Cell>> + 'a {
    let each = counts.each.iter();
    let each = each.map(|one| (one.kind.words, one.count));
    each.chain([("all", counts.total)])
        .map(move |(what, count)| vec![part.into(), what.into(), count.into()])
}

fn gaps(report: &Report) -> Sheet {
    let summary = &report.summary;
    let one = |what: &str, why: &str| vec![what.into(), "".into(), why.into()];
    let doubts = summary.doubts.iter().map(|why| one("doubt", why));
    let unknown = summary.unknown_frameworks.iter();
    let unknown = unknown.map(|id| one("unknown framework", id));
    let lapsed = summary.lapsed.iter().map(|lapsed| {
        let why = format!("{}: {}", lapsed.requirement, lapsed.why);
        one("no longer attested", &why)
    });
    let records = summary
        .records
        .iter()
        .map(|why| one("record to look at", why));
    let unread = summary.unread.iter().map(|one| gap("not read", one));
    let live = summary.needs_live.iter().map(|one| gap("needs live", one));
    Sheet {
        name: "Gaps",
        columns: columns([
            ("What", 20),
            ("Call", 34),
            ("Why", 60),
            ("Missing permission", 34),
            ("Verdicts", 10),
            ("Requirements left open", 60),
        ]),
        lines: doubts
            .chain(unknown)
            .chain(unread)
            .chain(lapsed)
            .chain(records)
            .chain(live)
            .collect(),
    }
}

fn gap(what: &str, gap: &Gap) -> Vec<Cell> {
    vec![
        what.into(),
        (&gap.call).into(),
        format!("{}: {}", gap.why, gap.message).into(),
        gap.permission.as_ref().into(),
        gap.verdicts.into(),
        gap.requirements.join(", ").into(),
    ]
}

fn requirements(report: &Report) -> Sheet {
    let all = report.frameworks.iter();
    let all = all.flat_map(|framework| {
        let requirements = framework.requirements.iter();
        requirements.map(move |one| requirement(framework, one))
    });
    Sheet {
        name: "Requirements",
        columns: columns([
            ("Requirement", 14),
            ("Framework", 22),
            ("What it asks for", 60),
            ("Comes to", 15),
            ("Available checks", 15),
            ("How much checks can show", 34),
            ("About the whole account", 12),
            ("Checks", 60),
            ("Not in this version", 40),
            ("To attest", 50),
            ("Attested", 34),
            ("No better because", 60),
            ("Services", 40),
        ]),
        lines: all.collect(),
    }
}

fn requirement(framework: &FrameworkView, one: &RequirementView) -> Vec<Cell> {
    let planned = one.planned.iter().map(|check| check.id.clone());
    let attested = one.attested.iter();
    let attested = attested.map(|a| format!("{} by {}: {}", a.id, a.by, a.outcome.words));
    let to_attest = one.attestation.as_ref();
    vec![
        (&one.id).into(),
        (&framework.id).into(),
        (&one.title).into(),
        one.outcome.into(),
        one.available.map_or_else(|| "no check".into(), Cell::from),
        one.coverage.into(),
        if one.account_wide { "yes" } else { "no" }.into(),
        lines(one.checks.iter().map(spoken)).into(),
        lines(planned).into(),
        to_attest
            .map(|terms| terms.prompt.clone())
            .unwrap_or_default()
            .into(),
        lines(attested).into(),
        lines(one.reasons.iter().cloned()).into(),
        one.services.join(", ").into(),
    ]
}

fn spoken(check: &RequirementCheckView) -> String {
    let counts = check.counts.iter();
    let counts: Vec<String> = counts
        .map(|c| format!("{} {}", c.count, c.kind.words))
        .collect();
    format!("{}: {}", check.id, counts.join(", "))
}

fn checks(report: &Report) -> Sheet {
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

fn verdicts(report: &Report) -> Sheet {
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

fn resources(report: &Report) -> Sheet {
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

fn waivers(report: &Report) -> Sheet {
    Sheet {
        name: "Waivers",
        columns: columns([
            ("Waiver", 18),
            ("Standing", 16),
            ("About", 44),
            ("Reason", 50),
            ("Meanwhile", 50),
            ("Owner", 24),
            ("Approved by", 30),
            ("Approved on", 13),
            ("Last day", 13),
            ("Ticket", 16),
            ("Failures", 60),
            ("To look at", 50),
        ]),
        lines: report.waivers.iter().map(waiver).collect(),
    }
}

fn waiver(one: &WaiverView) -> Vec<Cell> {
    vec![
        (&one.id).into(),
        one.standing.into(),
        (&one.about).into(),
        (&one.reason).into(),
        (&one.compensating_control).into(),
        (&one.owner).into(),
        (&one.approver).into(),
        (&one.approved_on).into(),
        (&one.expires).into(),
        (&one.ticket).into(),
        one.failures.join("\n").into(),
        one.doubts.join("\n").into(),
    ]
}

fn attestations(report: &Report) -> Sheet {
    Sheet {
        name: "Attestations",
        columns: columns([
            ("Attestation", 18),
            ("Standing", 16),
            ("Statement", 70),
            ("By", 30),
            ("Approved by", 30),
            ("Attested on", 13),
            ("Last day", 13),
            ("Requirements", 50),
            ("Evidence", 60),
            ("To look at", 50),
        ]),
        lines: report.attestations.iter().map(attestation).collect(),
    }
}

fn attestation(one: &AttestationView) -> Vec<Cell> {
    vec![
        (&one.id).into(),
        one.standing.into(),
        (&one.statement).into(),
        (&one.by).into(),
        (&one.approver).into(),
        (&one.attested_on).into(),
        (&one.valid_until).into(),
        one.requirements.join("\n").into(),
        one.evidence.join("\n").into(),
        one.doubts.join("\n").into(),
    ]
}
