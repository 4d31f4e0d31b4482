//! What lint found as SARIF 2.1.0: a rule for each code, a result for each finding.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use serde_json::{Value, json};

use super::{Linted, place};
use crate::lint::{Finding, LintCode, Severity};

/// Where the JSON Schema of the format is.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What a file name may have in a URI reference beside letters and digits.
const PLAIN: &str = "-._~/";

/// The log.
pub fn log(all: &[Linted]) -> Value {
    let results = all.iter().flat_map(|linted| {
        let findings = linted.findings.iter();
        findings.map(|finding| result(linted, finding))
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Strongroom",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": LintCode::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "automationDetails": { "id": "strongroom/lint/" },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: LintCode) -> Value {
    json!({
        "id": code.id(),
        "shortDescription": { "text": code.meaning() },
        "defaultConfiguration": { "level": level(code) },
        "properties": { "tags": ["security", "iam"] },
    })
}

fn result(linted: &Linted, finding: &Finding) -> Value {
    let (line, column) = place(&linted.text, finding.span.start);
    let (end_line, end_column) = place(&linted.text, finding.span.end);
    json!({
        "ruleId": finding.code.id(),
        "ruleIndex": LintCode::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.code),
        "message": { "text": sentences(finding) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&linted.file) },
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        }}],
    })
}

/// The finding with its help, as one text.
fn sentences(finding: &Finding) -> String {
    let (message, help) = (&finding.message, &finding.help);
    format!("{message}. {help}").trim_end().to_owned()
}

fn level(code: LintCode) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A path as a URI reference: what is not plain is written in per cent.
fn uri(path: &str) -> String {
    let written = path.bytes().map(|byte| match char::from(byte) {
        c if c.is_ascii_alphanumeric() || PLAIN.contains(c) => c.to_string(),
        _ => format!("%{byte:02X}"),
    });
    written.collect()
}
