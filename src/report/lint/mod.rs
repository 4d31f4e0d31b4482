//! What lint found, for people with a frame of the policy, for machines, and for code hosts.

mod sarif;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};
use serde_json::{Value, json};

pub use sarif::log as sarif;

use crate::{
    lint::{Finding, Severity, Span},
    spec::harmless,
};

/// The schema of the machine output.
const SCHEMA: &str = "strongroom/lint/v1";
/// The longest line that is shown, in bytes; a longer one would flood the terminal.
const LONGEST_LINE: usize = 400;

/// A file with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// The file as a person would name it.
    pub file: String,
    /// What it holds.
    pub text: String,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// How many findings there are of a severity.
pub fn count(all: &[Linted], severity: Severity) -> usize {
    let findings = all.iter().flat_map(|one| &one.findings);
    findings
        .filter(|finding| finding.code.severity() == severity)
        .count()
}

/// For people: each finding with its frame, and how many there are.
pub fn human(all: &[Linted], colour: bool) -> String {
    let theme = match colour {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_wrap_lines(false);
    let mut out = String::new();
    for linted in all {
        for finding in &linted.findings {
            // Writing to a string cannot fail.
            let _ = handler.render_report(&mut out, framed(linted, finding).as_ref());
        }
    }
    let (errors, warnings) = (count(all, Severity::Error), count(all, Severity::Warning));
    let counted = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    };
    if !out.is_empty() {
        out.push('\n');
    }
    out + &format!(
        "{}: {}, {}\n",
        counted(all.len(), "file"),
        counted(errors, "error"),
        counted(warnings, "warning")
    )
}

/// A finding in the shape that the frame renderer takes; without frame where lines are too long.
fn framed(linted: &Linted, finding: &Finding) -> miette::Report {
    let Span { start, end } = finding.span;
    let frame = is_showable(&linted.text, finding.span);
    let message = match frame {
        true => finding.message.clone(),
        false => {
            let (line, column) = place(&linted.text, start);
            format!("{}:{line}:{column}: {}", linted.file, finding.message)
        }
    };
    let mut diagnostic = MietteDiagnostic::new(harmless(&message))
        .with_code(finding.code.id())
        .with_severity(match finding.code.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
        .with_help(harmless(&finding.help));
    if frame {
        let length = end.saturating_sub(start).max(1);
        diagnostic =
            diagnostic.with_label(LabeledSpan::new_primary_with_span(None, (start, length)));
    }
    let source = NamedSource::new(harmless(&linted.file), harmless(&linted.text));
    let report = miette::Report::new(diagnostic);
    match frame {
        true => report.with_source_code(source),
        false => report,
    }
}

fn is_showable(text: &str, span: Span) -> bool {
    let (before, rest) = text.split_at_checked(span.start).unwrap_or((text, ""));
    let length = span.end.saturating_sub(span.start);
    let lines = rest.get(..length).unwrap_or_default().matches('\n').count();
    let above = before.rsplit('\n').take(2).map(str::len);
    let below = rest.split('\n').take(lines + 2).map(str::len);
    above.chain(below).all(|length| length <= LONGEST_LINE)
}

/// For machines.
pub fn machine(all: &[Linted]) -> Value {
    let findings = all.iter().flat_map(|linted| {
        let findings = linted.findings.iter();
        findings.map(|finding| {
            let (line, column) = place(&linted.text, finding.span.start);
            let (end_line, end_column) = place(&linted.text, finding.span.end);
            json!({
                "code": finding.code,
                "severity": finding.code.severity(),
                "message": finding.message,
                "help": finding.help,
                "file": linted.file,
                "line": line,
                "column": column,
                "end_line": end_line,
                "end_column": end_column,
            })
        })
    });
    json!({
        "schema": SCHEMA,
        "files": all.iter().map(|one| &one.file).collect::<Vec<_>>(),
        "errors": count(all, Severity::Error),
        "warnings": count(all, Severity::Warning),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// Line and column of a byte, both counted from one, the column in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::lint::{Known, lint};

    const POLICY: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"s3:GetObjct\", \"Resource\": \"*\"}\n  ]\n}\n";

    fn linted(text: &str) -> Vec<Linted> {
        let known = Known::vendored().unwrap();
        vec![Linted {
            file: "roles/a\u{1b}.json".to_owned(),
            text: text.to_owned(),
            findings: lint(text, None, &known),
        }]
    }

    #[test]
    fn people_see_a_frame() {
        insta::assert_snapshot!(human(&linted(POLICY), false));
    }

    #[test]
    fn a_long_line_has_no_frame_but_a_place() {
        let long = POLICY.replace("\"*\"", &format!("\"arn:aws:s3:::{}/*\"", "a".repeat(500)));
        let text = human(&linted(&long), false);
        assert!(
            text.contains("json:4:35: `s3:GetObjct` is not an AWS action"),
            "{text}"
        );
    }

    #[test]
    fn machines_and_code_hosts_see_the_same_place() {
        let all = linted(POLICY);
        let finding = &machine(&all)["findings"][0];
        assert_eq!(
            (&finding["line"], &finding["column"]),
            (&json!(4), &json!(35))
        );
        let log = sarif(&all);
        let result = &log["runs"][0]["results"][0];
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], 4);
        assert_eq!(region["startColumn"], 35);
        let rules = log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap();
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"]);
    }
}
