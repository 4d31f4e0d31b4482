//! The located tree: a YAML document whose every node knows where it stands in its file.
//! It holds text and places; it never decides what a value means to the specification.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::path::{Step, YamlPath};

/// A range of bytes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A node with its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub span: Span,
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A scalar as written and as the YAML 1.2 core schema reads it.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    pub text: String,
    pub json: Json,
}

/// One entry of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

impl Node {
    /// The entries of a mapping; none where the node is something else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none where the node is something else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entry under a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The text of a scalar, as written.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The document without its places.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => scalar.json.clone(),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// The node at a path.
    pub fn at(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.items().get(*index),
        })
    }

    /// Where to point for a path: the scalar itself, the key of anything longer, or the nearest
    /// ancestor that exists.
    pub fn locate(&self, path: &YamlPath) -> Span {
        let mut here = (self, self.head());
        for step in path.steps() {
            let next = match step {
                Step::Key(key) => here.0.entry(key).map(|entry| {
                    let span = match entry.value.value {
                        Value::Scalar(_) => entry.value.span,
                        _ => entry.key_span,
                    };
                    (&entry.value, span)
                }),
                Step::Index(index) => here.0.items().get(*index).map(|node| (node, node.head())),
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        here.1
    }

    /// A short span at the start of the node: its first key where it is a mapping.
    fn head(&self) -> Span {
        match &self.value {
            Value::Scalar(_) => self.span,
            Value::Sequence(items) => items.first().map_or(self.span, Self::head),
            Value::Mapping(entries) => entries.first().map_or(self.span, |first| first.key_span),
        }
    }
}
