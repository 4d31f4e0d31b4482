//! Actions that do not exist, and actions on resources that they are never about.

use super::{
    Finding, Known, LintCode,
    document::{Document, Statement, Text},
    pattern::{arn_parts, meet, parts},
};
use crate::iam::catalogue::Action;

/// Colons of an ARN before its resource.
const COLONS: usize = 5;

/// What is wrong with actions and resources.
pub(super) fn findings(document: &Document<'_>, known: &Known<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for statement in &document.statements {
        let actions = || statement.actions.iter().chain(&statement.not_actions);
        found.extend(actions().filter_map(|action| unknown(action, known)));
        let resources = statement.resources.iter().chain(&statement.not_resources);
        found.extend(resources.filter_map(malformed));
        found.extend(actions().filter_map(|action| ineffective(statement, action, known)));
    }
    found
}

fn unknown(action: &Text<'_>, known: &Known<'_>) -> Option<Finding> {
    if action.text.chars().all(|c| c == '*') && !action.text.is_empty() {
        return None;
    }
    let pattern = action.text.contains(['*', '?']);
    let message = match pattern {
        false => known.catalogue.action(action.text).err()?.to_string(),
        true => match known.catalogue.expand(action.text) {
            Ok(actions) if actions.is_empty() => {
                format!("no AWS action matches `{}`", action.text)
            }
            Ok(_) => return None,
            Err(error) => error.to_string(),
        },
    };
    let finding = Finding::new(LintCode::UnknownAction, action.span, message);
    Some(finding.help("It allows nothing and denies nothing; see the service's list of actions."))
}

fn malformed(resource: &Text<'_>) -> Option<Finding> {
    let text = resource.text;
    let colons = text.matches(':').count();
    let arn = text.starts_with("arn:") && (colons >= COLONS || text.contains('*'));
    let finding = Finding::new(
        LintCode::MalformedArn,
        resource.span,
        format!("`{text}` is no ARN"),
    );
    let help = "Write `*`, or arn:partition:service:region:account:resource.";
    (text != "*" && !arn).then(|| finding.help(help))
}

/// An action whose resource types no resource of the statement can be.
fn ineffective(statement: &Statement<'_>, action: &Text<'_>, known: &Known<'_>) -> Option<Finding> {
    if statement.resources.is_empty() || statement.resources.iter().any(|one| one.text == "*") {
        return None;
    }
    let found = known.catalogue.action(action.text).ok()?;
    let finding = |message: String| Finding::new(LintCode::IneffectiveAction, action.span, message);
    // Some services take a pattern for everything of theirs, as `arn:aws:s3:::*`.
    let everything = |one: &Text<'_>| one.text.ends_with(":*");
    if !found.resource_level() && statement.resources.iter().any(everything) {
        return None;
    }
    if !found.resource_level() {
        let message = format!("{found} is about no resource in particular, and this names some");
        return Some(
            finding(message).help("Put it into a statement of its own, with Resource `*`."),
        );
    }
    let arns = arns(&found, known);
    let meets = |resource: &Text<'_>| {
        let resource = parts(resource.text);
        arns.iter().any(|arn| meet(&resource, &arn_parts(arn)))
    };
    if statement.resources.iter().any(meets) {
        return None;
    }
    let message = format!("{found} is never about the resources that this names");
    Some(finding(message).help(format!("It is about {}.", arns.join(", "))))
}

fn arns(action: &Action<'_>, known: &Known<'_>) -> Vec<String> {
    let service = known.catalogue.service(action.service());
    let types = action.resource_types().filter_map(|kind| {
        let (_, kind) = service.as_ref().ok()?.resource_type(kind)?;
        Some(kind.arn.clone())
    });
    types.collect()
}
