//! Policy documents as maps and sets, so that order and spelling never count as a difference.
//! The AWS grammar is read and written by [`super::grammar`].

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{Caseless, Shared};
use crate::resource::{Linked, Ref, linked};

/// A policy document; statements are keyed by Sid, or by a digest where they have none.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// The policy language version.
    pub version: LanguageVersion,
    /// The statements.
    pub statements: Shared<BTreeMap<String, Statement>>,
}

/// The versions of the policy language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LanguageVersion {
    /// The old one: no policy variables. What AWS assumes when a document names none.
    #[serde(rename = "2008-10-17")]
    V2008,
    /// The current one.
    #[default]
    #[serde(rename = "2012-10-17")]
    V2012,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// Allows.
    Allow,
    /// Denies, whatever else allows.
    Deny,
}

/// One statement. Empty sets are absent elements.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Allow or Deny.
    pub effect: Effect,
    /// Principal, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub principals: Principals,
    /// NotPrincipal, by type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_principals: Principals,
    /// Action patterns.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub actions: BTreeSet<Caseless>,
    /// NotAction patterns.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_actions: BTreeSet<Caseless>,
    /// Resource patterns.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub resources: BTreeSet<Ref>,
    /// NotResource patterns.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_resources: BTreeSet<Ref>,
    /// Condition: operator, key, values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conditions: Conditions,
}

/// Principals by type.
pub type Principals = BTreeMap<PrincipalType, BTreeSet<Ref>>;

/// Condition values by operator and key.
pub type Conditions = BTreeMap<String, BTreeMap<Caseless, BTreeSet<Ref>>>;

/// The types of principal in a policy.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PrincipalType {
    /// Accounts, roles, users, sessions and `*`.
    #[serde(rename = "AWS")]
    Aws,
    /// AWS services.
    Service,
    /// Identity providers.
    Federated,
    /// S3 canonical users.
    CanonicalUser,
}

impl PrincipalType {
    /// Every type.
    pub const ALL: [Self; 4] = [
        Self::Aws,
        Self::Service,
        Self::Federated,
        Self::CanonicalUser,
    ];

    /// The type as the policy grammar writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
        }
    }
}

impl fmt::Display for PrincipalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

linked!(PolicyDocument { statements });

impl Linked for Statement {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        self.principals.each_ref(visit);
        self.not_principals.each_ref(visit);
        self.each_text_ref(visit);
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        self.resources.each_ref(visit);
        self.not_resources.each_ref(visit);
        self.conditions.each_ref(visit);
    }
}

impl PolicyDocument {
    /// A document in the current language.
    pub fn new(statements: impl IntoIterator<Item = (&'static str, Statement)>) -> Self {
        Self {
            version: LanguageVersion::V2012,
            statements: statements
                .into_iter()
                .map(|(sid, statement)| (sid.to_owned(), statement))
                .collect(),
        }
    }

    /// The Deny statements of `self` that `known` does not have under the same Sid.
    pub fn unknown_denies<'a>(
        &'a self,
        known: &'a Self,
    ) -> impl Iterator<Item = (&'a String, &'a Statement)> {
        self.statements.iter().filter(|(sid, statement)| {
            statement.effect == Effect::Deny && !known.statements.contains_key(*sid)
        })
    }
}

impl Statement {
    /// A statement that allows `actions`.
    pub fn allow<A: Into<Caseless>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self::of(Effect::Allow, actions)
    }

    /// A statement that denies `actions`.
    pub fn deny<A: Into<Caseless>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self::of(Effect::Deny, actions)
    }

    fn of<A: Into<Caseless>>(effect: Effect, actions: impl IntoIterator<Item = A>) -> Self {
        Self {
            effect,
            principals: Principals::new(),
            not_principals: Principals::new(),
            actions: actions.into_iter().map(Into::into).collect(),
            not_actions: BTreeSet::new(),
            resources: BTreeSet::new(),
            not_resources: BTreeSet::new(),
            conditions: Conditions::new(),
        }
    }

    /// Adds AWS principals: roles, accounts.
    pub fn by(self, principals: impl IntoIterator<Item = Ref>) -> Self {
        self.by_type(PrincipalType::Aws, principals)
    }

    /// Adds one service principal.
    pub fn by_service(self, service: impl Into<String>) -> Self {
        self.by_type(PrincipalType::Service, [Ref::literal(service)])
    }

    /// Adds principals of a type.
    pub fn by_type(
        mut self,
        kind: PrincipalType,
        principals: impl IntoIterator<Item = Ref>,
    ) -> Self {
        self.principals.entry(kind).or_default().extend(principals);
        self
    }

    /// Adds resources.
    pub fn on(mut self, resources: impl IntoIterator<Item = Ref>) -> Self {
        self.resources.extend(resources);
        self
    }

    /// Adds the resource `*`.
    pub fn on_any(self) -> Self {
        self.on([Ref::literal("*")])
    }

    /// Adds a condition: operator, key, values.
    pub fn when(
        mut self,
        operator: &str,
        key: &str,
        values: impl IntoIterator<Item = Ref>,
    ) -> Self {
        self.conditions
            .entry(operator.to_owned())
            .or_default()
            .entry(key.into())
            .or_default()
            .extend(values);
        self
    }
}
