//! Judges policy files: what they allow beyond what anybody wants, and what in them does not do
//! what it says. One file a group of rules. It reads texts, and decides no request.

mod action;
mod breadth;
mod code;
mod condition;
mod document;
mod escalation;
mod finding;
mod grammar;
mod json;
mod paths;
mod pattern;
mod principal;
mod reach;
#[cfg(test)]
mod tests;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

pub use code::{LintCode, Severity};
pub use document::PolicyKind;
pub use finding::Finding;
pub use json::Span;

use crate::iam::catalogue::{Catalogue, CatalogueError, ConditionKeys};
use document::Document;

/// What AWS has: actions, resource types, condition keys.
#[derive(Debug)]
pub struct Known<'c> {
    catalogue: &'c Catalogue,
    keys: &'c ConditionKeys,
    /// Patterns that were expanded before: policies repeat them.
    expanded: RefCell<BTreeMap<String, Rc<[String]>>>,
}

impl Known<'static> {
    /// The vendored catalogue.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn vendored() -> Result<Self, CatalogueError> {
        Ok(Self {
            catalogue: Catalogue::vendored()?,
            keys: ConditionKeys::vendored()?,
            expanded: RefCell::default(),
        })
    }
}

impl Known<'_> {
    /// The actions that a pattern matches; none where it is wrong.
    fn expand(&self, pattern: &str) -> Vec<String> {
        if let Some(known) = self.expanded.borrow().get(pattern) {
            return known.to_vec();
        }
        let actions = self.catalogue.expand(pattern).unwrap_or_default();
        let actions: Rc<[String]> = actions.into_iter().collect();
        let mut expanded = self.expanded.borrow_mut();
        expanded.insert(pattern.to_owned(), Rc::clone(&actions));
        actions.to_vec()
    }
}

/// Judges the text of one file, in the order of the text. Its kind follows from its elements
/// unless it is told.
pub fn lint(text: &str, kind: Option<PolicyKind>, known: &Known<'_>) -> Vec<Finding> {
    let node = match json::read(text) {
        Ok(node) => node,
        Err(error) => {
            let (start, end) = (error.at.min(text.len()), text.len().min(error.at + 1));
            let message = format!("this is no JSON: {error}");
            let finding = Finding::new(LintCode::NotJson, Span { start, end }, message);
            return vec![finding.help("Policies are JSON without comments or trailing commas.")];
        }
    };
    if let Some((span, inner)) = document::embedded(&node) {
        // Places in a text of its own are told as the whole of that text.
        let found = lint(inner, kind, known).into_iter();
        return found.map(|finding| Finding { span, ..finding }).collect();
    }
    let Some(policy) = document::find(&node) else {
        let finding = Finding::new(
            LintCode::NotAPolicy,
            Span { start: 0, end: 1 },
            "there is no policy document in this file",
        );
        return vec![
            finding.help("A policy has a Statement; what AWS's tools print around it is fine."),
        ];
    };
    let document = Document::read(policy, kind);
    let mut found = grammar::findings(&document, text);
    found.extend(breadth::findings(&document, known));
    found.extend(escalation::findings(&document, known));
    found.extend(principal::findings(&document));
    found.extend(action::findings(&document, known));
    found.extend(condition::findings(&document, known));
    found.extend(reach::findings(&document));
    found.sort();
    found.dedup();
    found
}

/// Whether a text holds a policy document at all: a folder may hold other JSON too.
pub fn is_policy(text: &str) -> bool {
    let found = |node| document::find(&node).is_some() || document::embedded(&node).is_some();
    json::read(text).map_or(true, found)
}
