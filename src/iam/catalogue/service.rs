//! One service of the catalogue: its actions and resource types.
//! Values are as the source has them; nothing is judged here.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// The access level of an action.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum ActionLevel {
    /// Reads contents.
    #[serde(rename = "R")]
    Read,
    /// Names what is there.
    #[serde(rename = "L")]
    List,
    /// Creates, changes or deletes.
    #[serde(rename = "W")]
    Write,
    /// Changes only tags.
    #[serde(rename = "T")]
    Tagging,
    /// Grants or changes permissions.
    #[serde(rename = "P")]
    PermissionsManagement,
}

/// What the catalogue says of one action.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionFacts {
    level: ActionLevel,
    /// Resource type → whether the action cannot do without it.
    on: BTreeMap<String, bool>,
    keys: Vec<String>,
}

/// A type of resource that actions name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    /// The ARN with placeholders, such as `arn:${Partition}:s3:::${BucketName}`.
    pub arn: String,
    /// The condition keys that apply to the resource type.
    pub keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    name: String,
    actions: BTreeMap<String, ActionFacts>,
    resources: BTreeMap<String, ResourceType>,
}

/// A service with its actions and resource types.
#[derive(Debug)]
pub struct Service {
    prefix: String,
    title: String,
    /// Folded name → canonical name and facts.
    actions: BTreeMap<String, (String, ActionFacts)>,
    /// Folded name → canonical name and type.
    resources: BTreeMap<String, (String, ResourceType)>,
}

impl Service {
    pub(super) fn parse(prefix: &str, text: &[u8]) -> Result<Self, serde_json::Error> {
        let member: Member = serde_json::from_slice(text)?;
        Ok(Self {
            prefix: prefix.to_owned(),
            title: member.name,
            actions: by_folded_name(member.actions),
            resources: by_folded_name(member.resources),
        })
    }

    /// The prefix of its actions, such as `s3`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Its name, such as `Amazon S3`.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its actions, by name.
    pub fn actions(&self) -> impl Iterator<Item = Action<'_>> {
        self.actions.values().map(|entry| self.borrow(entry))
    }

    /// One action by its name without prefix, in any case.
    pub fn action(&self, name: &str) -> Option<Action<'_>> {
        self.actions
            .get(&fold(name))
            .map(|entry| self.borrow(entry))
    }

    /// Its resource types by canonical name, such as `bucket`.
    pub fn resource_types(&self) -> impl Iterator<Item = (&str, &ResourceType)> {
        self.resources
            .values()
            .map(|(name, kind)| (name.as_str(), kind))
    }

    /// One resource type with its canonical name; case, spaces and hyphens do not matter, so
    /// `stateMachine` and `function-alias` are found too.
    pub fn resource_type(&self, name: &str) -> Option<(&str, &ResourceType)> {
        let (name, kind) = self.resources.get(&fold(name))?;
        Some((name, kind))
    }

    fn borrow<'c>(&'c self, (name, facts): &'c (String, ActionFacts)) -> Action<'c> {
        Action {
            service: &self.prefix,
            name,
            facts,
        }
    }
}

/// The name that ignores case and punctuation; a test shows that no two names of one service
/// fold together.
fn fold(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn by_folded_name<T>(map: BTreeMap<String, T>) -> BTreeMap<String, (String, T)> {
    map.into_iter()
        .map(|(name, value)| (fold(&name), (name, value)))
        .collect()
}

/// An action of the catalogue; it displays as `s3:GetObject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action<'c> {
    service: &'c str,
    name: &'c str,
    facts: &'c ActionFacts,
}

impl<'c> Action<'c> {
    /// The prefix of its service.
    pub fn service(&self) -> &'c str {
        self.service
    }

    /// Its canonical name without the prefix.
    pub fn name(&self) -> &'c str {
        self.name
    }

    /// Its access level.
    pub fn level(&self) -> ActionLevel {
        self.facts.level
    }

    /// Whether a statement can name single resources; if not, only `*` has an effect.
    pub fn resource_level(&self) -> bool {
        !self.facts.on.is_empty()
    }

    /// The resource types that a statement may name for it.
    pub fn resource_types(&self) -> impl Iterator<Item = &'c str> {
        self.facts.on.keys().map(String::as_str)
    }

    /// Whether a statement may name this resource type (canonical spelling) for it.
    pub fn applies_to(&self, kind: &str) -> bool {
        self.facts.on.contains_key(kind)
    }

    /// Whether the source marks this resource type as one that it cannot do without.
    pub fn requires(&self, kind: &str) -> bool {
        self.facts.on.get(kind).copied().unwrap_or(false)
    }

    /// The condition keys that apply to it, beside the global ones.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'c str> {
        self.facts.keys.iter().map(String::as_str)
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name)
    }
}
