//! Parameters of checks: declared with type, default and limits; set by a requirement.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::predicate::Type;

/// A declared parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its type.
    #[serde(rename = "type")]
    pub of: ParameterType,
    /// Its value unless a requirement sets another.
    pub default: Value,
    /// Least and greatest value of a number, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(i64, i64)>,
    /// How the values of several requirements become one, where something is provisioned by it.
    pub merge: Merge,
}

/// The types of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// A number.
    Int,
    /// True or false.
    Bool,
    /// A list of numbers.
    Ints,
    /// A list of texts.
    Texts,
}

/// How the strictest of several values is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Merge {
    /// The least number is the strictest.
    Min,
    /// The greatest number is the strictest.
    Max,
    /// All that any of them lists.
    Union,
    /// Only what all of them list.
    Intersection,
    /// They must be equal.
    Equal,
}

/// Values by parameter name.
pub type Values = BTreeMap<String, Value>;

impl ParameterType {
    /// Its type in predicates.
    pub(super) fn in_predicates(self) -> Type {
        match self {
            Self::Int => Type::Int,
            Self::Bool => Type::Bool,
            Self::Ints => Type::Int.list(),
            Self::Texts => Type::TEXT.list(),
        }
    }
}

impl Parameter {
    /// What is wrong with a value, in words.
    pub fn objection(&self, value: &Value) -> Option<String> {
        let wanted = self.of.in_predicates();
        if !wanted.admits(value) {
            return Some(format!("{value} is not {wanted}"));
        }
        let (least, greatest) = self.range?;
        let number = value.as_i64()?;
        let inside = (least..=greatest).contains(&number);
        (!inside).then(|| format!("{number} is not between {least} and {greatest}"))
    }
}
