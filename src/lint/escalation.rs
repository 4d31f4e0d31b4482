//! Rights that lead to more rights: the escalation paths that were published, and the delegations
//! that make them possible.
//! <https://pathfinding.cloud/paths/>

use super::{
    Finding, Known, LintCode, PolicyKind,
    document::{Document, Statement, Text, is_match},
    paths::{PATHS, Path},
};
use crate::iam::Effect;

/// Conditions that keep a right from leading further.
const GUARDS: [&str; 5] = [
    "iam:PolicyARN",
    "iam:PermissionsBoundary",
    "kms:GrantIsForAWSResource",
    "aws:ResourceTag/",
    "iam:ResourceTag/",
];

/// What leads to more rights.
pub(super) fn findings(document: &Document<'_>, known: &Known<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if document.kind == PolicyKind::Identity {
        let paths = PATHS.iter().filter_map(|path| escalation(document, path));
        found.extend(paths);
        for statement in document.allows() {
            found.extend(passing(statement, known));
            found.extend(assuming(statement));
        }
    }
    if matches!(document.kind, PolicyKind::Identity | PolicyKind::Key) {
        found.extend(document.allows().filter_map(granting));
    }
    // One element can be on several paths: it is told once.
    found.sort();
    found.dedup_by(|later, first| (later.span, later.code) == (first.span, first.code));
    found
}

/// A path whose every action is allowed; told where its last one is, which is what it is named by.
fn escalation(document: &Document<'_>, path: &Path) -> Option<Finding> {
    let mut places = Vec::new();
    for action in path.actions {
        places.push(allowed(document, action)?);
    }
    let place = places.first()?;
    let actions = path.actions.join(" and ");
    let message = format!("{actions} together lead to other rights: {}", path.how);
    let message = match path.actions.len() {
        1 => format!("{actions} leads to other rights: {}", path.how),
        _ => message,
    };
    let finding = Finding::new(LintCode::PrivilegeEscalation, place.span, message);
    Some(finding.help("Leave it to the pipeline, or limit it to resources that give no rights."))
}

/// The pattern that allows an action on more than single resources, unless it is denied; a policy
/// that allows everything is told as such.
fn allowed<'d, 'n>(document: &'d Document<'n>, action: &str) -> Option<&'d Text<'n>> {
    let denied = document.statements.iter().any(|one| {
        let everywhere = one.resources.iter().any(|resource| resource.text == "*");
        let plain = one.effect == Some(Effect::Deny) && one.conditions.is_empty();
        plain && everywhere && one.names(action)
    });
    if denied {
        return None;
    }
    let mut statements = document.allows().filter(|one| is_open(one));
    statements.find_map(|statement| {
        let mut patterns = statement.actions.iter();
        patterns.find(|pattern| pattern.text.contains(':') && is_match(pattern.text, action))
    })
}

/// Whether the statement is about more than it names, and nothing keeps the right in its place.
fn is_open(statement: &Statement<'_>) -> bool {
    let wild = statement.resources.iter().any(|one| one.text.contains('*'));
    (wild || !statement.not_resources.is_empty()) && !statement.asks(&GUARDS)
}

fn passing(statement: &Statement<'_>, known: &Known<'_>) -> Option<Finding> {
    let action = pattern_of(statement, "iam:PassRole")?;
    // A wildcard over all of IAM is told as such.
    if known.expand(action.text).len() > 1 && !action.text.to_ascii_lowercase().contains("pass") {
        return None;
    }
    if any_role(statement) {
        let message = "every role can be given to a service, also one with more rights";
        let finding = Finding::new(LintCode::PassAnyRole, action.span, message);
        return Some(finding.help("Name the roles that may be passed, and iam:PassedToService."));
    }
    let message = "the role can be given to any service, which then acts with it";
    let finding = Finding::new(LintCode::PassToAnyService, action.span, message);
    let limited = statement.asks(&["iam:PassedToService", "iam:AssociatedResourceArn"]);
    (!limited).then(|| finding.help("Demand iam:PassedToService with the service that gets it."))
}

fn assuming(statement: &Statement<'_>) -> Option<Finding> {
    let action = pattern_of(statement, "sts:AssumeRole")?;
    let message = "every role that trusts this account can be assumed";
    let finding = Finding::new(LintCode::AssumeAnyRole, action.span, message);
    any_role(statement).then(|| finding.help("Name the roles."))
}

fn granting(statement: &Statement<'_>) -> Option<Finding> {
    let action = pattern_of(statement, "kms:CreateGrant")?;
    let limited = statement.asks(&[
        "kms:GrantIsForAWSResource",
        "kms:GranteePrincipal",
        "kms:GranteeServicePrincipal",
        "kms:GrantConstraintType",
        "kms:ViaService",
    ]);
    let message = "a grant lets anybody use the key, for operations that the giver lacks too";
    let finding = Finding::new(LintCode::OpenGrant, action.span, message);
    (!limited).then(|| finding.help("Demand kms:GrantIsForAWSResource."))
}

/// The pattern of a statement that names an action; the star alone is told as such.
fn pattern_of<'s, 'n>(statement: &'s Statement<'n>, action: &str) -> Option<&'s Text<'n>> {
    let mut patterns = statement.actions.iter();
    patterns.find(|pattern| pattern.text.contains(':') && is_match(pattern.text, action))
}

/// Whether the statement is about every role of an account, or of all.
fn any_role(statement: &Statement<'_>) -> bool {
    let every = |text: &str| text == "*" || text.ends_with(":role/*") || text.ends_with(":*");
    let mut resources = statement.resources.iter();
    resources.any(|one| every(one.text)) || !statement.not_resources.is_empty()
}
