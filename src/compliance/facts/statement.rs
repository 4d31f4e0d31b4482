//! Reading policy statements: which actions they name, under which conditions.
//! Patterns are matched as IAM matches them; nothing is decided here.

use std::collections::BTreeSet;

use super::Texts;
use crate::{
    iam::{Effect, PolicyDocument, Statement, catalogue::wildcard},
    resource::Ref,
};

/// The statements of one effect, with their Sids.
pub(super) fn statements(
    document: &PolicyDocument,
    effect: Effect,
) -> impl Iterator<Item = (&String, &Statement)> {
    document
        .statements
        .iter()
        .filter(move |(_, statement)| statement.effect == effect)
}

/// The Allow statements, with their Sids.
pub(super) fn allows(document: &PolicyDocument) -> impl Iterator<Item = (&String, &Statement)> {
    statements(document, Effect::Allow)
}

impl Statement {
    /// Whether the statement covers the action, through Action or NotAction.
    pub(super) fn covers(&self, action: &str) -> bool {
        let among = |patterns: &BTreeSet<crate::iam::Caseless>| {
            patterns
                .iter()
                .any(|pattern| wildcard::matches(pattern.as_str(), action))
        };
        if self.not_actions.is_empty() {
            among(&self.actions)
        } else {
            !among(&self.not_actions)
        }
    }

    /// The actions of the list that the statement covers.
    pub(super) fn covered<'l>(&self, list: &'l [&'l str]) -> impl Iterator<Item = &'l str> {
        list.iter().copied().filter(|action| self.covers(action))
    }

    /// Whether it covers every resource: `*`, or all but some.
    pub(super) fn on_everything(&self) -> bool {
        !self.not_resources.is_empty() || self.resources.iter().any(is_star)
    }

    /// The values that an equality operator demands of the condition key, `…IfExists` excluded:
    /// that one is satisfied by a missing key.
    pub(super) fn demands(&self, key: &str) -> Texts {
        const EQUALITY: [&str; 6] = [
            "StringEquals",
            "StringEqualsIgnoreCase",
            "StringLike",
            "ArnEquals",
            "ArnLike",
            "Bool",
        ];
        self.conditions
            .iter()
            .filter(|(operator, _)| EQUALITY.iter().any(|e| e.eq_ignore_ascii_case(operator)))
            .filter_map(|(_, keys)| keys.get(&key.into()))
            .flatten()
            .map(Ref::to_string)
            .collect()
    }

    /// Whether one of the keys is demanded to be something other than anything.
    pub(super) fn pins(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| {
            let values = self.demands(key);
            !values.is_empty() && !values.contains("*")
        })
    }
}

fn is_star(resource: &Ref) -> bool {
    let Ref::Literal(text) = resource else {
        return false;
    };
    text == "*" || text.splitn(6, ':').nth(5) == Some("*")
}
