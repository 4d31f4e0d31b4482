//! What stands on each sheet, a line each thing: the summary, the gaps, the requirements; the others
//! are beside. Nothing is counted that the report does not count.

use super::{
    judged, records,
    sheet::{Cell, Column, Sheet},
};
use crate::report::assessment::{
    Counts, FrameworkView, Gap, Report, RequirementCheckView, RequirementView,
};

/// All sheets, in order.
pub fn all(report: &Report) -> Vec<Sheet> {
    let mut sheets = vec![
        summary(report),
        gaps(report),
        requirements(report),
        judged::checks(report),
        judged::verdicts(report),
        judged::resources(report),
        records::waivers(report),
        records::attestations(report),
    ];
    sheets.extend(report.since.as_ref().map(records::changes));
    sheets
}

/// Columns from titles and widths.
pub fn columns<const N: usize>(all: [(&str, u16); N]) -> Vec<Column> {
    all.map(|(title, width)| Column {
        title: title.to_owned(),
        width,
    })
    .into()
}

/// Texts, each on a line of its own.
pub fn lines(texts: impl IntoIterator<Item = String>) -> String {
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
