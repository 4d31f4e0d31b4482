//! The report as SARIF 2.1.0, for code hosts: a rule for each check, a result for each failure, at
//! the line of the specification that asks for the resource. What could not be read is a
//! notification; what a waiver allows is a suppressed result; what passes has no result.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

mod place;
mod rule;

use serde_json::{Value, json};

use super::{
    assessment::{Gap, Report, Source, show_lines},
    json::pretty,
    row::{Row, rows},
};
use crate::compliance::{
    assess::Assessment,
    verdict::{Outcome, Waived},
};

/// The log.
///
/// # Errors
/// None that these values can cause.
pub fn log(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    let rules = rule::rules(report, source);
    let told = rows(source, report);
    let told = told.filter(|row| matches!(row.verdict.outcome, Outcome::Fail | Outcome::Exception));
    let results: Vec<Value> = told.map(|row| result(source, &rules, &row)).collect();
    let header = &report.header;
    let mut log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Strongroom",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.texts,
            }},
            "automationDetails": { "id": format!("strongroom/{}/", header.environment) },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(source, report)],
            "results": results,
            "properties": {
                "environment": header.environment,
                "account": header.account,
                "region": header.region,
                "origin": header.origin,
                "observed": header.taken_at,
                "specification_sha256": header.digest,
            },
        }],
    });
    show_lines(&mut log, &["markdown"]);
    pretty(&log)
}

/// The run: it did its work, and this is what it could not see.
fn invocation(source: &Source<'_>, report: &Report) -> Value {
    let unread = report.summary.unread.iter().map(unread);
    let doubts = report.summary.doubts.iter();
    let doubts = doubts.map(|doubt| notification("warning", doubt));
    let origin = (!report.header.live).then(|| {
        let origin = &report.header.origin;
        notification(
            "note",
            &format!("{origin}. This is no evidence about an AWS account."),
        )
    });
    json!({
        "executionSuccessful": true,
        "startTimeUtc": source.snapshot.taken_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "account": report.header.caller,
        "toolExecutionNotifications": origin.into_iter().chain(unread).chain(doubts).collect::<Vec<_>>(),
    })
}

fn unread(gap: &Gap) -> Value {
    let text = format!(
        "{} {}: {}; verdicts that are not evaluated: {}",
        gap.call, gap.why, gap.message, gap.verdicts
    );
    notification("warning", &text)
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": text } })
}

fn result(source: &Source<'_>, rules: &rule::Rules, row: &Row<'_>) -> Value {
    let todo = format!("To do: {}", row.check.remediation);
    let lines = std::iter::once(row.sentence())
        .chain(row.details())
        .chain([todo]);
    let lines: Vec<String> = lines
        .map(|line| format!("{}.", line.trim_end_matches('.')))
        .collect();
    let mut result = json!({
        "ruleId": row.check.id,
        "ruleIndex": rules.index(&row.check.id),
        "kind": "fail",
        "level": rule::level(row.run.severity),
        "message": { "text": lines.join(" ") },
        "locations": [place::location(source, row)],
        "partialFingerprints": { "strongroom/v1": row.identity(source).as_str() },
        "properties": {
            "outcome": row.shown.outcome.slug,
            "service": row.shown.service,
            "resource": row.uid(),
            "thresholds": row.settings(),
            "requirements": row.requirements(),
        },
    });
    if let (Outcome::Exception, Some(waived)) = (row.verdict.outcome, &row.verdict.waiver) {
        result["suppressions"] = json!([suppression(source.assessment, waived)]);
    }
    result
}

/// The waiver: SARIF has no place for its end and its approver, so the reason says them.
fn suppression(assessment: &Assessment, waived: &Waived) -> Value {
    let mut waivers = assessment.waivers.iter().map(|result| &result.waiver);
    let written = waivers.find(|waiver| waiver.id == waived.id);
    let words = written.map(|waiver| {
        format!(
            "Waiver {} until {}, approved by {}: {} Meanwhile: {}",
            waived.id, waived.expires, waiver.approver, waiver.reason, waiver.compensating_control
        )
    });
    json!({
        "kind": "external",
        "status": "accepted",
        "justification": words.unwrap_or_else(|| format!("Waiver {} until {}", waived.id, waived.expires)),
    })
}
