//! Verdicts and requirements as CSV (RFC 4180), one row each, for spreadsheets and scripts. No cell
//! can become a formula.

use super::{
    assessment::{FrameworkView, Header, Report, RequirementView, Source, plain},
    row::{Row, rows},
};

/// The columns of the verdicts.
const VERDICTS: [&str; 21] = [
    "environment",
    "account",
    "region",
    "origin",
    "observed",
    "service",
    "check",
    "title",
    "severity",
    "thresholds",
    "resource_kind",
    "resource",
    "resource_id",
    "path",
    "outcome",
    "details",
    "waiver",
    "requirements",
    "remediation",
    "identity",
    "specification_sha256",
];

/// The columns of the requirements.
const REQUIREMENTS: [&str; 18] = [
    "environment",
    "account",
    "region",
    "origin",
    "observed",
    "framework",
    "framework_name",
    "framework_status",
    "requirement",
    "title",
    "coverage",
    "outcome",
    "outcome_of_checks",
    "checks",
    "checks_not_in_this_version",
    "reasons",
    "attested_by",
    "to_attest",
];

/// Between the items of one cell.
const AND: &str = "; ";

/// One row for each verdict.
///
/// # Errors
/// None that memory can cause.
pub fn verdicts(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, csv::Error> {
    let rows = rows(source, report).map(|row| verdict(source, &report.header, &row));
    table(&VERDICTS, rows)
}

/// One row for each requirement.
///
/// # Errors
/// None that memory can cause.
pub fn requirements(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let frameworks = report.frameworks.iter();
    let rows = frameworks.flat_map(|framework| {
        let requirements = framework.requirements.iter();
        requirements.map(move |one| requirement(&report.header, framework, one))
    });
    table(&REQUIREMENTS, rows)
}

fn table<const N: usize>(
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, csv::Error> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new()
        .terminator(terminator)
        .from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| inert(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// Text that no spreadsheet takes for a formula, and that stays on one line.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn inert(text: &str) -> String {
    let text = plain(text);
    // The second four are full-width forms, which some spreadsheets read as the first.
    match text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    {
        true => format!("'{text}"),
        false => text,
    }
}

fn about(header: &Header) -> [String; 5] {
    [
        &header.environment,
        &header.account,
        &header.region,
        &header.origin,
        &header.taken_at,
    ]
    .map(String::clone)
}

fn verdict(source: &Source<'_>, header: &Header, row: &Row<'_>) -> [String; 21] {
    let [environment, account, region, origin, observed] = about(header);
    let resource = &row.shown.resource;
    [
        environment,
        account,
        region,
        origin,
        observed,
        row.shown.service.clone(),
        row.check.id.clone(),
        row.check.title.clone(),
        row.check.severity.clone(),
        row.settings().join(AND),
        resource.kind.to_owned(),
        resource.name.clone(),
        resource.id.clone().unwrap_or_default(),
        row.verdict.resource.clone(),
        row.shown.outcome.slug.to_owned(),
        row.details().join(AND),
        row.verdict
            .waiver
            .as_ref()
            .map(|waived| waived.id.clone())
            .unwrap_or_default(),
        row.requirements().join(AND),
        row.check.remediation.clone(),
        row.identity(source).as_str().to_owned(),
        header.digest.clone(),
    ]
}

fn requirement(header: &Header, framework: &FrameworkView, one: &RequirementView) -> [String; 18] {
    let [environment, account, region, origin, observed] = about(header);
    let joined = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join(AND);
    let checks = one.checks.iter();
    let mut checks = checks.map(|check| format!("{} {}", check.id, check.outcome.slug));
    let mut planned = one.planned.iter().map(|check| check.id.clone());
    let attested = one.attested.iter();
    let mut attested =
        attested.map(|said| format!("{} by {}: {}", said.id, said.by, said.outcome.slug));
    [
        environment,
        account,
        region,
        origin,
        observed,
        framework.id.clone(),
        framework.name.clone(),
        framework.status.to_owned(),
        one.id.clone(),
        one.title.clone(),
        one.coverage.to_owned(),
        one.outcome.slug.to_owned(),
        one.available
            .map(|kind| kind.slug.to_owned())
            .unwrap_or_default(),
        joined(&mut checks),
        joined(&mut planned),
        one.reasons.join(AND),
        joined(&mut attested),
        one.attestation
            .as_ref()
            .map(|terms| terms.prompt.clone())
            .unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_a_formula() {
        for text in ["=1+1", " =1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(inert(text).starts_with(['\'', '\\']), "{text:?}");
        }
        assert_eq!(inert("role a-b=c"), "role a-b=c");
        assert_eq!(inert("a\r\nb"), "a\\u{d}\\u{a}b");
    }
}
