//! What trying checks and frameworks showed: every case of every check, and what is wrong.

use std::{collections::BTreeSet, fmt::Write};

use serde::Serialize;

use super::text::safe;
use crate::compliance::library::{Library, Problem};

/// What was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The checks, each with its cases.
    pub checks: Vec<TriedCheck>,
    /// The frameworks, each with the number of its requirements.
    pub frameworks: Vec<TriedFramework>,
    /// What is wrong; nothing else is told where something is.
    pub problems: Vec<TriedProblem>,
}

/// A check whose cases came out as they say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedCheck {
    /// The check.
    pub id: String,
    /// Its cases, with what they came to.
    pub cases: Vec<String>,
}

/// A framework whose requirements name checks that exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedFramework {
    /// The framework.
    pub id: String,
    /// How many requirements it has.
    pub requirements: usize,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedProblem {
    /// The file.
    pub file: String,
    /// Where in it.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Tried {
    /// The checks and frameworks of these ids, which a library has understood.
    pub fn of(library: &Library, ids: &BTreeSet<String>) -> Self {
        let checks = library.checks.iter().filter(|(id, _)| ids.contains(*id));
        let frameworks = library.frameworks.iter();
        let frameworks = frameworks.filter(|(id, _)| ids.contains(id.as_str()));
        Self {
            checks: checks
                .map(|(id, check)| TriedCheck {
                    id: id.clone(),
                    cases: check
                        .text
                        .cases
                        .iter()
                        .map(|case| format!("{}: {}", case.expect, case.name))
                        .collect(),
                })
                .collect(),
            frameworks: frameworks
                .map(|(id, framework)| TriedFramework {
                    id: id.to_string(),
                    requirements: framework.text.requirements.len(),
                })
                .collect(),
            problems: Vec::new(),
        }
    }

    /// Files that were refused.
    pub fn refused(problems: &[Problem]) -> Self {
        let problems = problems.iter().map(|problem| TriedProblem {
            file: problem.file.clone(),
            place: problem.place.clone(),
            message: problem.message.clone(),
        });
        Self {
            problems: problems.collect(),
            ..Self::default()
        }
    }
}

/// For people.
pub fn human(tried: &Tried) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    for problem in &tried.problems {
        let TriedProblem {
            file,
            place,
            message,
        } = problem;
        let _ = writeln!(
            text,
            "FAILED {}",
            safe(format_args!("{file}: {place}: {message}"))
        );
    }
    for check in &tried.checks {
        let _ = writeln!(text, "ok {}", safe(&check.id));
        for case in &check.cases {
            let _ = writeln!(text, "   {}", safe(case));
        }
    }
    for TriedFramework { id, requirements } in &tried.frameworks {
        let _ = writeln!(text, "ok {}: {requirements} requirements", safe(id));
    }
    let cases: usize = tried.checks.iter().map(|check| check.cases.len()).sum();
    let _ = match tried.problems.len() {
        0 => writeln!(
            text,
            "{} checks with {cases} cases, {} frameworks: all as they say.",
            tried.checks.len(),
            tried.frameworks.len()
        ),
        problems => writeln!(text, "{problems} problems."),
    };
    text
}
