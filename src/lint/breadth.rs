//! Statements that allow more than they name: wildcards, and the Not elements.

use super::{
    Finding, Known, LintCode, PolicyKind,
    document::{Document, Statement, Text},
};
use crate::iam::catalogue::ActionLevel;

/// Conditions that limit a statement to some resources, whatever it names.
const LIMITING: [&str; 5] = [
    "aws:ResourceTag/",
    "aws:RequestTag/",
    "kms:ViaService",
    "kms:ResourceAliases",
    "iam:ResourceTag/",
];

/// What is too broad.
pub(super) fn findings(document: &Document<'_>, known: &Known<'_>) -> Vec<Finding> {
    if !document.grants() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for statement in document.allows() {
        found.extend(statement.actions.iter().filter_map(every));
        found.extend(any_resource(document, statement, known));
        found.extend(complements(statement));
    }
    found
}

fn every(action: &Text<'_>) -> Option<Finding> {
    let stars = |text: &str| !text.is_empty() && text.chars().all(|c| c == '*');
    let help = "Name the actions that are needed.";
    match action.text.split_once(':') {
        None if stars(action.text) => {
            let message = "this allows every action of every service";
            Some(Finding::new(LintCode::AnyAction, action.span, message).help(help))
        }
        Some((service, name)) if stars(service) && stars(name) => {
            let message = "this allows every action of every service";
            Some(Finding::new(LintCode::AnyAction, action.span, message).help(help))
        }
        Some((service, name)) if stars(name) => {
            let message = format!("this allows every action of {service}, future ones too");
            Some(Finding::new(LintCode::AnyActionOfService, action.span, message).help(help))
        }
        _ => None,
    }
}

fn any_resource(
    document: &Document<'_>,
    statement: &Statement<'_>,
    known: &Known<'_>,
) -> Option<Finding> {
    let everywhere = statement.resources.iter().find(|one| one.text == "*")?;
    if document.kind != PolicyKind::Identity || statement.asks(&LIMITING) {
        return None;
    }
    let named = statement
        .actions
        .iter()
        .filter(|one| one.text.contains(':'));
    let mut limitable = named.flat_map(|one| known.expand(one.text));
    let action = limitable.find(|action| {
        let action = known.catalogue.action(action);
        action.is_ok_and(|action| action.resource_level() && action.level() != ActionLevel::List)
    })?;
    let message = format!("{action} is allowed on every resource, and can be limited to some");
    let finding = Finding::new(LintCode::AnyResource, everywhere.span, message);
    Some(finding.help("Name the ARNs, or limit the statement by a tag."))
}

fn complements(statement: &Statement<'_>) -> Vec<Finding> {
    let elements = [
        (
            "NotAction",
            LintCode::AllowNotAction,
            "every other action, of services to come too",
        ),
        (
            "NotResource",
            LintCode::AllowNotResource,
            "every other resource",
        ),
        (
            "NotPrincipal",
            LintCode::AllowNotPrincipal,
            "everybody else, whoever asks",
        ),
    ];
    let found = elements.into_iter().filter_map(|(element, code, what)| {
        let node = statement.node.get(element)?;
        let message = format!("Allow with {element} allows {what}");
        let help = format!("Name what is allowed; keep {element} for Deny.");
        Some(Finding::new(code, node.span, message).help(help))
    });
    found.collect()
}
