//! The rules that files of a library keep beyond their schema.

use std::collections::{BTreeMap, BTreeSet};

use super::{Library, Problem};
use crate::{
    compliance::{
        check::CheckText,
        framework::{Framework, Requirement, Status},
        parameter::Values,
        verdict::Outcome,
    },
    model::FrameworkId,
};

/// The longest title of a requirement, in characters.
const LONGEST_TITLE: usize = 80;

/// What is wrong with a check beyond its predicates and cases.
pub(super) fn check(check: &CheckText) -> Vec<String> {
    let mut wrong = Vec::new();
    if !check
        .id
        .split_once('.')
        .is_some_and(|(group, name)| kebab(group) && kebab(name))
    {
        wrong.push("the id must be group.name, in lower-case letters, digits and hyphens".into());
    }
    if !check.scope.resources().contains(&check.resource) {
        wrong.push(format!(
            "a check of this scope cannot judge `{}`",
            check.resource
        ));
    }
    if check.pass.is_empty() {
        wrong.push("has no clause in `pass`".into());
    }
    for (name, parameter) in &check.params {
        let objection = parameter.objection(&parameter.default);
        wrong.extend(objection.map(|why| format!("params.{name}: the default {why}")));
    }
    let expected: BTreeSet<Outcome> = check.cases.iter().map(|case| case.expect).collect();
    let unread = [Outcome::NotEvaluated, Outcome::NeedsLive];
    for (present, what) in [
        (expected.contains(&Outcome::Pass), "a passing"),
        (expected.contains(&Outcome::Fail), "a failing"),
        (unread.iter().any(|o| expected.contains(o)), "an unread"),
    ] {
        if !present {
            wrong.push(format!("has not {what} case"));
        }
    }
    wrong
}

fn kebab(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(part)
}

/// What is wrong with the frameworks, seen beside the checks.
pub(super) fn frameworks(library: &Library, paths: &BTreeMap<FrameworkId, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, framework) in &library.frameworks {
        let file = paths.get(id).cloned().unwrap_or_default();
        problems.extend(
            requirements(library, framework)
                .into_iter()
                .map(|(place, message)| Problem {
                    file: file.clone(),
                    place,
                    message,
                }),
        );
    }
    problems
}

fn requirements(library: &Library, framework: &Framework) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut wrong: Vec<(String, String)> = status_rules(library, framework)
        .into_iter()
        .map(|why| ("status".to_owned(), why))
        .collect();
    for requirement in &framework.text.requirements {
        let mut objections = requirement_rules(library, requirement);
        if !seen.insert(&requirement.id) {
            objections.push("another requirement has this id".to_owned());
        }
        let place = format!("requirement \"{}\"", requirement.id);
        wrong.extend(objections.into_iter().map(|why| (place.clone(), why)));
    }
    wrong
}

/// A retired framework explains itself and leads on.
fn status_rules(library: &Library, framework: &Framework) -> Vec<String> {
    let text = &framework.text;
    let mut wrong = Vec::new();
    if text.status == Status::Retired && (text.superseded_by.is_empty() || text.note.is_none()) {
        wrong.push("is retired: say why in `note`, and name what to use in `superseded_by`".into());
    }
    let unknown = text
        .superseded_by
        .iter()
        .filter(|id| !library.frameworks.contains_key(*id));
    wrong.extend(unknown.map(|id| format!("is superseded by `{id}`, which is no framework here")));
    wrong
}

fn requirement_rules(library: &Library, requirement: &Requirement) -> Vec<String> {
    let coverage = requirement.coverage;
    let checked = !requirement.checks.is_empty();
    let mut wrong = Vec::new();
    if requirement.title.chars().count() > LONGEST_TITLE {
        wrong.push(format!(
            "the title is longer than {LONGEST_TITLE} characters"
        ));
    }
    if checked != coverage.is_checked() {
        wrong.push("the coverage and the list of checks contradict each other".to_owned());
    }
    if requirement.attestation.is_none() && !checked {
        wrong.push("names neither a check nor an attestation".to_owned());
    }
    wrong.extend(
        requirement
            .checks
            .iter()
            .filter_map(|id| unknown_check(library, id)),
    );
    for (check, values) in &requirement.params {
        wrong.extend(parameter_rules(library, requirement, check, values));
    }
    wrong
}

fn unknown_check(library: &Library, id: &str) -> Option<String> {
    let known = library.checks.contains_key(id) || library.planned.contains_key(id);
    (!known).then(|| format!("`{id}` is neither a check nor a planned one"))
}

fn parameter_rules(
    library: &Library,
    requirement: &Requirement,
    id: &str,
    values: &Values,
) -> Vec<String> {
    if !requirement.checks.iter().any(|check| check == id) {
        return vec![format!(
            "sets parameters of `{id}`, which is not among its checks"
        )];
    }
    // What a planned check will take is not known yet.
    let Some(check) = library.checks.get(id) else {
        return Vec::new();
    };
    let objection = |(name, value): (&String, &serde_json::Value)| match check.text.params.get(name)
    {
        None => Some(format!("`{id}` has no parameter `{name}`")),
        Some(parameter) => {
            let why = parameter.objection(value)?;
            Some(format!("{id}, {name}: {why}"))
        }
    };
    values.iter().filter_map(objection).collect()
}
