//! A rule for each check: what is true where it passes, how bad a failure is, and what to do. A
//! check that runs with several thresholds is one rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    compliance::check::Severity,
    report::{
        assessment::{CheckView, Report, Source},
        markdown::{code, prose},
    },
};

/// The most tags that code hosts keep of a rule.
const TAGS: usize = 20;

/// The rules of a log.
pub(super) struct Rules {
    /// As SARIF says them.
    pub texts: Vec<Value>,
    places: BTreeMap<String, usize>,
}

impl Rules {
    /// The place of a check's rule among them.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }
}

pub(super) fn rules(report: &Report, source: &Source<'_>) -> Rules {
    let mut rules = Rules {
        texts: Vec::new(),
        places: BTreeMap::new(),
    };
    for (run, check) in source.assessment.checks.iter().zip(&report.checks) {
        if !rules.places.contains_key(&check.id) {
            rules.places.insert(check.id.clone(), rules.texts.len());
            rules
                .texts
                .push(rule(check, run.severity, tags(report, &check.id)));
        }
    }
    rules
}

fn rule(check: &CheckView, severity: Severity, tags: Vec<String>) -> Value {
    json!({
        "id": check.id,
        "name": name(&check.id),
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": full(check) },
        "help": { "text": help(check), "markdown": markdown(check) },
        "defaultConfiguration": { "level": level(severity) },
        "properties": {
            "precision": "very-high",
            "security-severity": score(severity),
            "problem.severity": level(severity),
            "tags": tags,
        },
    })
}

/// The level of a failure.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The score by which code hosts sort: over 9.0 is critical, 7.0 high, 4.0 medium, below low.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}

/// `kms.rotation-enabled` as `KmsRotationEnabled`.
fn name(id: &str) -> String {
    let words = id.split(['.', '-', '_']);
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}

/// The frameworks that it speaks for, with any thresholds.
fn tags(report: &Report, id: &str) -> Vec<String> {
    let runs = report.checks.iter().filter(|check| check.id == id);
    let spoken = runs.flat_map(|check| &check.requirements);
    let mut frameworks: Vec<String> = spoken.map(|one| one.framework.clone()).collect();
    frameworks.sort();
    frameworks.dedup();
    let own = ["security", "compliance"].map(str::to_owned);
    own.into_iter().chain(frameworks).take(TAGS).collect()
}

fn full(check: &CheckView) -> String {
    let limits = check.limits.iter().map(|limits| format!(" {limits}"));
    format!("{}.{}", check.title, limits.collect::<String>())
}

fn help(check: &CheckView) -> String {
    let clauses = check.clauses.join(" and ");
    let calls: Vec<&str> = check.calls.iter().map(|call| call.call.as_str()).collect();
    format!(
        "To do: {} Expected of each {}: {clauses}. Evidence: {}.",
        check.remediation,
        check.resource,
        calls.join(", ")
    )
}

fn markdown(check: &CheckView) -> String {
    let clauses = check
        .clauses
        .iter()
        .map(|clause| format!("- {}\n", code(clause)));
    let calls = check
        .calls
        .iter()
        .map(|call| format!("- {}\n", code(&call.call)));
    let elsewhere = check
        .elsewhere
        .iter()
        .map(|one| format!("- {}\n", prose(one)));
    format!(
        "**To do** {}\n\n**Expected of each {}**\n\n{}\n**Evidence**\n\n{}\n{}",
        prose(&check.remediation),
        check.resource,
        clauses.collect::<String>(),
        calls.collect::<String>(),
        match check.elsewhere.is_empty() {
            true => String::new(),
            false => format!("**Elsewhere**\n\n{}", elsewhere.collect::<String>()),
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable() {
        assert_eq!(name("kms.rotation-enabled"), "KmsRotationEnabled");
    }
}
