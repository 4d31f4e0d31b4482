//! Policy JSON to [`Policy`]: any grammar that AWS may hold, single values or lists.
//! What has no structure is refused; what has no documented meaning becomes a doubt.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    Doubt, Policy, Statement,
    arn::ResourcePattern,
    condition::Condition,
    glob::Glob,
    policy::{Atoms, ConditionLine, Selection},
    written::{OneOrMany, Principals, Texts, Unique},
};
use crate::iam::{Effect, document::LanguageVersion};

/// A text that is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no policy: {0}")]
pub struct PolicyError(String);

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let written: Written =
            serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        let variables = written.version == Some(LanguageVersion::V2012);
        let statements = written.statements.0.into_iter();
        Ok(Self {
            statements: statements.map(|s| s.compile(variables)).collect(),
        })
    }
}

/// A policy as it is written. A repeated element is an error: two readers would read two policies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "Version", default)]
    version: Option<LanguageVersion>,
    #[serde(rename = "Id", default)]
    _id: Option<IgnoredAny>,
    #[serde(rename = "Statement")]
    statements: OneOrMany<WrittenStatement>,
}

#[derive(Deserialize)]
struct WrittenStatement {
    #[serde(rename = "Sid", default)]
    sid: Option<String>,
    #[serde(rename = "Effect")]
    effect: Effect,
    #[serde(rename = "Principal", default)]
    principal: Option<Principals>,
    #[serde(rename = "NotPrincipal", default)]
    not_principal: Option<Principals>,
    #[serde(rename = "Action", default)]
    action: Option<Texts>,
    #[serde(rename = "NotAction", default)]
    not_action: Option<Texts>,
    #[serde(rename = "Resource", default)]
    resource: Option<Texts>,
    #[serde(rename = "NotResource", default)]
    not_resource: Option<Texts>,
    #[serde(rename = "Condition", default)]
    conditions: Option<Unique<Unique<Texts>>>,
    /// Elements that the grammar does not know.
    #[serde(flatten)]
    unknown: BTreeMap<String, IgnoredAny>,
}

impl WrittenStatement {
    fn compile(self, variables: bool) -> Statement {
        let mut doubts = Doubts(None);
        if !self.unknown.is_empty() {
            doubts.add(Doubt::UnknownElement);
        }
        let texts = |texts: Option<Texts>| texts.map(|texts| texts.0);
        let named = |named: Option<Principals>| named.map(|named| named.0);
        let principals = doubts.selection(named(self.principal), named(self.not_principal));
        let actions = doubts.selection(texts(self.action), texts(self.not_action));
        let resources = doubts.selection(texts(self.resource), texts(self.not_resource));
        if let Selection::Only(names) | Selection::Except(names) = &actions
            && !names.iter().all(|name| name == "*" || name.contains(':'))
        {
            doubts.add(Doubt::Pattern);
        }
        let lines = lines(self.conditions);
        let read = |line: &ConditionLine| {
            Condition::read(&line.operator, &line.key, &line.values, variables)
        };
        Statement {
            sid: self.sid.filter(|sid| !sid.is_empty()),
            effect: self.effect,
            principals,
            actions: actions.each(|name| Glob::new(&name.to_ascii_lowercase())),
            resources: resources.each(|text| ResourcePattern::read(text, variables)),
            conditions: lines.iter().map(read).collect(),
            doubt: doubts.0,
            atoms: Atoms {
                actions: actions.members(),
                resources: resources.members(),
                conditions: lines,
            },
        }
    }
}

fn lines(written: Option<Unique<Unique<Texts>>>) -> Vec<ConditionLine> {
    let operators = written.into_iter().flat_map(|operators| operators.0);
    operators
        .flat_map(|(operator, keys)| {
            let keys = keys.0.into_iter();
            keys.map(move |(key, values)| ConditionLine {
                operator: operator.clone(),
                key,
                values: values.0,
            })
        })
        .collect()
}

/// The first thing that is wrong with a statement.
struct Doubts(Option<Doubt>);

impl Doubts {
    fn add(&mut self, doubt: Doubt) {
        self.0.get_or_insert(doubt);
    }

    fn selection<T>(&mut self, only: Option<Vec<T>>, except: Option<Vec<T>>) -> Selection<T> {
        match (only, except) {
            (None, None) => Selection::Absent,
            (Some(only), None) => Selection::Only(only),
            (None, Some(except)) => Selection::Except(except),
            (Some(_), Some(_)) => {
                self.add(Doubt::Contradiction);
                Selection::Absent
            }
        }
    }
}

impl<T> Selection<T> {
    fn each<U>(&self, make: impl Fn(&T) -> U) -> Selection<U> {
        match self {
            Self::Absent => Selection::Absent,
            Self::Only(members) => Selection::Only(members.iter().map(make).collect()),
            Self::Except(members) => Selection::Except(members.iter().map(make).collect()),
        }
    }

    fn members(self) -> Vec<T> {
        match self {
            Self::Absent => Vec::new(),
            Self::Only(members) | Self::Except(members) => members,
        }
    }
}
