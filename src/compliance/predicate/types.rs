//! The types of facts, parameters and expressions.

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compliance) enum Type {
    /// True or false.
    Bool,
    /// A signed 64-bit integer.
    Int,
    /// Text.
    Text(Words),
    /// A list or set.
    List(Box<Type>),
    /// A struct of facts, by its node in the schema.
    Struct(&'static Value),
    /// The elements of the empty list.
    Nothing,
}

/// Which texts are possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::compliance) enum Words {
    /// Any.
    Any,
    /// Exactly these, by the schema.
    Of(BTreeSet<String>),
    /// Literals in the predicate.
    Written(BTreeSet<String>),
}

/// Why two types are not one.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::compliance) enum Clash {
    /// They are different.
    Types,
    /// A literal that the schema does not list.
    Word(String, BTreeSet<String>),
}

impl Type {
    /// Any text.
    pub(in crate::compliance) const TEXT: Self = Self::Text(Words::Any);

    /// A list of it.
    pub(in crate::compliance) fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// The type that both are.
    pub(in crate::compliance) fn join(&self, other: &Self) -> Result<Self, Clash> {
        match (self, other) {
            (Self::Nothing, kind) | (kind, Self::Nothing) => Ok(kind.clone()),
            (Self::List(a), Self::List(b)) => Ok(a.join(b)?.list()),
            (Self::Text(a), Self::Text(b)) => Ok(Self::Text(a.join(b)?)),
            (a, b) if a == b => Ok(a.clone()),
            _ => Err(Clash::Types),
        }
    }

    /// Whether values of it can be compared with `==`: structs cannot, facts are compared singly.
    pub(in crate::compliance) fn comparable(&self) -> bool {
        match self {
            Self::Struct(_) => false,
            Self::List(element) => element.comparable(),
            _ => true,
        }
    }

    /// Whether the JSON value is of it.
    pub(in crate::compliance) fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool, Value::Bool(_)) => true,
            (Self::Int, Value::Number(number)) => number.is_i64(),
            (Self::Text(Words::Of(known)), Value::String(text)) => known.contains(text),
            (Self::Text(_), Value::String(_)) => true,
            (Self::List(element), Value::Array(items)) => {
                items.iter().all(|item| element.admits(item))
            }
            (Self::Struct(_), Value::Object(_)) => true,
            _ => false,
        }
    }
}

impl Words {
    fn join(&self, other: &Self) -> Result<Self, Clash> {
        match (self, other) {
            (Self::Of(known), Self::Written(text)) | (Self::Written(text), Self::Of(known)) => {
                match text.difference(known).next() {
                    Some(word) => Err(Clash::Word(word.clone(), known.clone())),
                    None => Ok(Self::Of(known.clone())),
                }
            }
            (Self::Written(a), Self::Written(b)) => Ok(Self::Written(a | b)),
            (Self::Of(a), Self::Of(b)) if a != b => Err(Clash::Types),
            (Self::Of(a), _) | (_, Self::Of(a)) => Ok(Self::Of(a.clone())),
            (Self::Any, _) | (_, Self::Any) => Ok(Self::Any),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("true or false"),
            Self::Int => f.write_str("a number"),
            Self::Text(_) => f.write_str("a text"),
            Self::List(element) => write!(f, "a list of {}", Plural(element)),
            Self::Struct(_) => f.write_str("a group of facts"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

struct Plural<'k>(&'k Type);

impl fmt::Display for Plural<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Type::Bool => "booleans",
            Type::Int => "numbers",
            Type::Text(_) => "texts",
            Type::List(_) => "lists",
            Type::Struct(_) => "groups of facts",
            Type::Nothing => "nothing",
        })
    }
}
