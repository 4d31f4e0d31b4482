//! A policy document as lint reads it: statements in their order, with the place of each part. It
//! takes what is wrong as it is written; what it means is for the groups of rules to say.

use super::json::{Node, Span, Value};
use crate::iam::Effect;

/// Elements of a policy that hold the actions of a document, in what AWS's tools write.
const WRAPPERS: [&str; 4] = [
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "Document",
    "Policy",
];
/// How deep a document may be wrapped.
const DEEPEST: usize = 3;

/// What a policy is attached to, which decides what its elements mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyKind {
    /// A role, user or group: no Principal.
    Identity,
    /// A ceiling: a permissions boundary or a service control policy, which grants nothing.
    Ceiling,
    /// The trust policy of a role.
    Trust,
    /// The policy of a KMS key.
    Key,
    /// Any other resource.
    Resource,
}

/// A policy document.
#[derive(Debug)]
pub(super) struct Document<'n> {
    pub(super) node: &'n Node,
    pub(super) kind: PolicyKind,
    /// Whether policy variables are read: only in the current language.
    pub(super) variables: bool,
    pub(super) statements: Vec<Statement<'n>>,
}

/// A statement.
#[derive(Debug)]
pub(super) struct Statement<'n> {
    pub(super) node: &'n Node,
    pub(super) sid: Option<Text<'n>>,
    pub(super) effect: Option<Effect>,
    pub(super) actions: Vec<Text<'n>>,
    pub(super) not_actions: Vec<Text<'n>>,
    pub(super) resources: Vec<Text<'n>>,
    pub(super) not_resources: Vec<Text<'n>>,
    pub(super) principals: Vec<Principal<'n>>,
    pub(super) conditions: Vec<Line<'n>>,
}

/// A text with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
}

/// A principal with its type, `AWS` where `*` stands alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Principal<'n> {
    pub(super) kind: &'n str,
    pub(super) name: Text<'n>,
}

/// A line of a condition.
#[derive(Debug)]
pub(super) struct Line<'n> {
    pub(super) operator: Text<'n>,
    pub(super) key: Text<'n>,
    pub(super) values: Vec<&'n Node>,
}

/// The document in a file: as it is, or in what a tool of AWS wrote around it.
pub(super) fn find(node: &Node) -> Option<&Node> {
    let mut at = node;
    for _ in 0..DEEPEST {
        if at.get("Statement").is_some() {
            return Some(at);
        }
        let members = at.members().iter();
        let wrapped = |member: &&super::json::Member| {
            let object = matches!(member.node.value, Value::Object(_));
            let known = WRAPPERS.contains(&member.key.as_str());
            object && (known || member.key == "PolicyVersion" || member.key == "Role")
        };
        at = &members.clone().find(wrapped)?.node;
    }
    at.get("Statement").map(|_| at)
}

/// A document that stands in a file as a text, as `aws kms get-key-policy` prints it.
pub(super) fn embedded(node: &Node) -> Option<(Span, &str)> {
    let mut wrapped = WRAPPERS.iter().filter_map(|key| node.get(key));
    let inner = wrapped.find(|inner| inner.text().is_some())?;
    let text = inner.text().filter(|text| text.contains("\"Statement\""))?;
    Some((inner.span, text))
}

impl<'n> Document<'n> {
    /// Reads a document; its kind follows from its elements unless it is told.
    pub(super) fn read(node: &'n Node, kind: Option<PolicyKind>) -> Self {
        let statements = node.get("Statement").map(Node::each).unwrap_or_default();
        let statements: Vec<Statement<'n>> = statements.iter().map(Statement::read).collect();
        let version = node.get("Version").and_then(Node::text);
        Self {
            node,
            kind: kind.unwrap_or_else(|| guessed(&statements)),
            variables: version == Some("2012-10-17"),
            statements,
        }
    }

    /// The statements that allow.
    pub(super) fn allows(&self) -> impl Iterator<Item = &Statement<'n>> {
        let all = self.statements.iter();
        all.filter(|one| one.effect == Some(Effect::Allow))
    }

    /// Whether what it allows is given to somebody.
    pub(super) fn grants(&self) -> bool {
        self.kind != PolicyKind::Ceiling
    }
}

/// What a policy must be, by its elements.
fn guessed(statements: &[Statement<'_>]) -> PolicyKind {
    let named = |one: &Statement<'_>| {
        ["Principal", "NotPrincipal"]
            .iter()
            .any(|key| one.node.get(key).is_some())
    };
    let all = |prefix: &str| {
        let mut actions = statements
            .iter()
            .flat_map(|one| one.actions.iter().chain(&one.not_actions));
        let of = |action: &Text<'_>| action.text.to_ascii_lowercase().starts_with(prefix);
        actions.clone().next().is_some() && actions.all(of)
    };
    let without = |key: &str| statements.iter().all(|one| one.node.get(key).is_none());
    match statements.iter().any(named) {
        false => PolicyKind::Identity,
        true if all("sts:") && without("Resource") => PolicyKind::Trust,
        true if all("kms:") => PolicyKind::Key,
        true => PolicyKind::Resource,
    }
}

impl<'n> Statement<'n> {
    fn read(node: &'n Node) -> Self {
        let texts = |key| texts(node.get(key));
        let principals = ["Principal", "NotPrincipal"].iter();
        let principals = principals.filter_map(|key| node.get(key));
        let conditions = node.get("Condition").map(Node::members).unwrap_or_default();
        Self {
            node,
            sid: texts("Sid").first().copied(),
            effect: match node.get("Effect").and_then(Node::text) {
                Some("Allow") => Some(Effect::Allow),
                Some("Deny") => Some(Effect::Deny),
                _ => None,
            },
            actions: texts("Action"),
            not_actions: texts("NotAction"),
            resources: texts("Resource"),
            not_resources: texts("NotResource"),
            principals: principals.flat_map(principals_of).collect(),
            conditions: conditions.iter().flat_map(lines).collect(),
        }
    }

    /// How people call it: its Sid, or its place.
    pub(super) fn called(&self, all: &[Self]) -> String {
        let place = || all.iter().position(|one| std::ptr::eq(one.node, self.node));
        match self.sid {
            Some(sid) => format!("`{}`", sid.text),
            None => format!("statement {}", place().map_or(0, |place| place + 1)),
        }
    }

    /// Whether a condition is about one of some keys, in any case.
    pub(super) fn asks(&self, keys: &[&str]) -> bool {
        let mut lines = self.conditions.iter();
        lines.any(|line| {
            let key = line.key.text.to_ascii_lowercase();
            keys.iter()
                .any(|wanted| key.starts_with(&wanted.to_ascii_lowercase()))
        })
    }

    /// Whether an action matches one of its patterns.
    pub(super) fn names(&self, action: &str) -> bool {
        let mut patterns = self.actions.iter();
        patterns.any(|pattern| is_match(pattern.text, action))
    }

    /// Where it says what may be done.
    pub(super) fn action_span(&self) -> Span {
        let node = self
            .node
            .get("Action")
            .or_else(|| self.node.get("NotAction"));
        node.unwrap_or(self.node).span
    }
}

/// Whether a pattern of an action matches a whole text.
pub(super) fn is_match(pattern: &str, action: &str) -> bool {
    crate::iam::catalogue::wildcard::matches(pattern, action)
}

fn texts(node: Option<&Node>) -> Vec<Text<'_>> {
    let nodes = node.map(Node::each).unwrap_or_default();
    nodes.iter().filter_map(text).collect()
}

fn text(node: &Node) -> Option<Text<'_>> {
    let (text, span) = (node.text()?, node.span);
    Some(Text { text, span })
}

fn principals_of(node: &Node) -> Vec<Principal<'_>> {
    if let Some(name) = text(node) {
        return vec![Principal { kind: "AWS", name }];
    }
    let members = node.members().iter();
    members
        .flat_map(|member| {
            let kind = member.key.as_str();
            texts(Some(&member.node))
                .into_iter()
                .map(move |name| Principal { kind, name })
        })
        .collect()
}

fn lines(operator: &super::json::Member) -> Vec<Line<'_>> {
    let keys = operator.node.members().iter();
    keys.map(|key| Line {
        operator: Text {
            text: &operator.key,
            span: operator.at,
        },
        key: Text {
            text: &key.key,
            span: key.at,
        },
        values: key.node.each().iter().collect(),
    })
    .collect()
}
