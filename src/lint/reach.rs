//! Statements that decide nothing: what they allow another one denies, or allows already.

use std::collections::BTreeSet;

use super::{
    Finding, LintCode,
    document::{Document, Line, Statement, Text},
    pattern::covers,
};
use crate::iam::Effect;

/// The statements that could as well be missing.
pub(super) fn findings(document: &Document<'_>) -> Vec<Finding> {
    let all = &document.statements;
    let mut found = Vec::new();
    for (place, statement) in all.iter().enumerate() {
        if statement.effect != Some(Effect::Allow) {
            continue;
        }
        let denying = all
            .iter()
            .find(|other| other.effect == Some(Effect::Deny) && holds(other, statement));
        let allowing = all.iter().enumerate().find(|(at, other)| {
            let mutual = *at > place && holds(statement, other);
            let same = other.effect == statement.effect && *at != place;
            same && !mutual && holds(other, statement)
        });
        let sentence = |what: &str, other: &Statement<'_>| {
            let (this, other) = (statement.called(all), other.called(all));
            format!("all that {this} allows, {other} {what}")
        };
        let span = statement.action_span();
        if let Some(other) = denying {
            let finding = Finding::new(LintCode::NeverReached, span, sentence("denies", other));
            found.push(finding.help("A Deny always wins: remove this, or narrow the Deny."));
        } else if let Some((_, other)) = allowing {
            let message = sentence("allows already", other);
            let finding = Finding::new(LintCode::Redundant, span, message);
            found.push(finding.help("Remove it, or narrow the other one."));
        }
    }
    found
}

/// Whether a statement applies wherever another one does. A yes is sure.
fn holds(outer: &Statement<'_>, inner: &Statement<'_>) -> bool {
    let plain = |one: &Statement<'_>| {
        let nots = ["NotAction", "NotResource", "NotPrincipal"];
        nots.iter().all(|key| one.node.get(key).is_none()) && !one.actions.is_empty()
    };
    let same_elements = outer.resources.is_empty() == inner.resources.is_empty();
    plain(outer)
        && plain(inner)
        && same_elements
        && all_covered(&outer.actions, &inner.actions, true)
        && all_covered(&outer.resources, &inner.resources, false)
        && everybody(outer, inner)
        && (outer.conditions.is_empty() || lines(outer) == lines(inner))
}

fn all_covered(outer: &[Text<'_>], inner: &[Text<'_>], caseless: bool) -> bool {
    let fold = |text: &str| match caseless {
        true => text.to_ascii_lowercase(),
        false => text.to_owned(),
    };
    let outer: Vec<String> = outer.iter().map(|one| fold(one.text)).collect();
    let mut inner = inner.iter().map(|one| fold(one.text));
    // A variable stands for a text of its own on each side.
    let equal = |one: &String, other: &str| one == other;
    inner.all(|inner| {
        let mut outer = outer.iter();
        outer.any(|outer| equal(outer, &inner) || !outer.contains("${") && covers(outer, &inner))
    })
}

fn everybody(outer: &Statement<'_>, inner: &Statement<'_>) -> bool {
    let named = |one: &Statement<'_>| -> BTreeSet<(String, String)> {
        let principals = one.principals.iter();
        principals
            .map(|who| (who.kind.to_owned(), who.name.text.to_owned()))
            .collect()
    };
    let (outer, inner) = (named(outer), named(inner));
    let all = outer
        .iter()
        .any(|(kind, name)| kind == "AWS" && name == "*");
    outer.is_empty() == inner.is_empty() && (all || outer.is_superset(&inner))
}

/// The condition, regardless of order and of the case of operators and keys.
fn lines(statement: &Statement<'_>) -> BTreeSet<(String, String, BTreeSet<String>)> {
    let line = |line: &Line<'_>| {
        let lower = |text: &str| text.to_ascii_lowercase();
        let values = line.texts().into_iter().collect();
        (lower(line.operator.text), lower(line.key.text), values)
    };
    statement.conditions.iter().map(line).collect()
}
