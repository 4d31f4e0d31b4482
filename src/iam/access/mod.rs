//! Declared access compiled to exact actions on exact ARNs.
//! Never a wildcard action, never `*` as a resource, never more than the declaration says.

mod curated;
mod error;
mod pattern;
#[cfg(test)]
mod property;
mod resolve;
mod target;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use error::AccessError;
pub use pattern::Place;
pub use target::AccessTarget;

use crate::iam::catalogue::{Action, ActionLevel, Catalogue};
use crate::model::{AccessGrant, AccessLevel};
use resolve::{Resolved, resolve};

/// Actions allowed on resources; each action acts on a type of resource that is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccessStatement {
    /// Actions in canonical spelling, without wildcards.
    pub actions: BTreeSet<String>,
    /// ARNs. A wildcard stands only for what lies inside the target (objects, indexes,
    /// executions) or for what AWS appends to its name (a secret's six characters).
    pub resources: BTreeSet<String>,
}

/// What one declaration allows, folded and in order.
///
/// A level grants the actions that `policies/actions/data-plane.yaml` lists for the resource
/// type; a list of actions grants exactly these.
///
/// # Errors
/// When the target or an action is unknown, when they do not fit together, or when the grant
/// could not be limited to the target.
pub fn compile(
    grant: &AccessGrant,
    target: &AccessTarget,
    place: &Place<'_>,
    catalogue: &Catalogue,
) -> Result<Vec<AccessStatement>, AccessError> {
    let resolved = resolve(target, place, catalogue)?;
    let actions = match grant {
        AccessGrant::Level(level) => of_level(*level, target, &resolved)?,
        AccessGrant::Actions(names) => named(names, target, &resolved, catalogue)?,
    };
    let statements = actions.iter().map(|action| AccessStatement {
        actions: BTreeSet::from([action.to_string()]),
        resources: resolved.resources_for(action),
    });
    Ok(fold(statements))
}

/// The ARN of a target.
///
/// # Errors
/// When the target is unknown, or stands for more than one resource.
pub fn arn(
    target: &AccessTarget,
    place: &Place<'_>,
    catalogue: &Catalogue,
) -> Result<String, AccessError> {
    let resolved = resolve(target, place, catalogue)?;
    let arn = resolved.arns.get(resolved.kind).cloned();
    arn.ok_or_else(|| AccessError::NotATarget {
        target: target.to_string(),
        rule: "one resource",
    })
}

/// The same permissions in fewer statements, in order: equal resources share one, then equal
/// actions do. Exact, because a statement allows each of its actions on each of its resources.
pub fn fold(statements: impl IntoIterator<Item = AccessStatement>) -> Vec<AccessStatement> {
    let by_resources = gather(statements.into_iter().map(|s| (s.resources, s.actions)));
    let by_actions = gather(by_resources.into_iter().map(|(r, a)| (a, r)));
    by_actions
        .into_iter()
        .map(|(actions, resources)| AccessStatement { actions, resources })
        .collect()
}

type Texts = BTreeSet<String>;

/// Joins the values of equal keys.
fn gather(pairs: impl Iterator<Item = (Texts, Texts)>) -> BTreeMap<Texts, Texts> {
    let mut gathered: BTreeMap<Texts, Texts> = BTreeMap::new();
    for (key, values) in pairs {
        gathered.entry(key).or_default().extend(values);
    }
    gathered
}

fn of_level<'c>(
    level: AccessLevel,
    target: &AccessTarget,
    resolved: &Resolved<'c>,
) -> Result<Vec<Action<'c>>, AccessError> {
    let entry = resolved.entry.ok_or_else(|| AccessError::NoLevels {
        target: target.clone(),
        candidates: resolved.candidates(level),
    })?;
    let names = entry.actions(level);
    if names.is_empty() {
        return Err(AccessError::EmptyLevel {
            target: target.clone(),
            level,
            levels: LEVELS
                .into_iter()
                .filter(|level| !entry.actions(*level).is_empty())
                .collect(),
        });
    }
    names
        .into_iter()
        .filter_map(|name| resolved.service.action(name))
        .map(|action| resolved.applicable(action, target))
        .collect()
}

const LEVELS: [AccessLevel; 4] = [
    AccessLevel::Read,
    AccessLevel::Write,
    AccessLevel::List,
    AccessLevel::Tagging,
];

fn named<'c>(
    names: &BTreeSet<String>,
    target: &AccessTarget,
    resolved: &Resolved<'c>,
    catalogue: &'c Catalogue,
) -> Result<Vec<Action<'c>>, AccessError> {
    if names.is_empty() {
        return Err(AccessError::NoActions(target.clone()));
    }
    names
        .iter()
        .map(|name| {
            if name.contains(['*', '?']) {
                return Err(AccessError::Wildcard(name.clone()));
            }
            let action = catalogue.action(name)?;
            if !action.resource_level() {
                return Err(AccessError::NoResourceLevel(action.to_string()));
            }
            if resolved.hands_out_permissions(&action) {
                return Err(AccessError::ManagesPermissions(action.to_string()));
            }
            resolved.applicable(action, target)
        })
        .collect()
}

impl<'c> Resolved<'c> {
    fn resources_for(&self, action: &Action<'_>) -> BTreeSet<String> {
        self.arns
            .iter()
            .filter(|(kind, _)| action.applies_to(kind))
            .map(|(_, arn)| arn.clone())
            .collect()
    }

    fn applicable(
        &self,
        action: Action<'c>,
        target: &AccessTarget,
    ) -> Result<Action<'c>, AccessError> {
        let own = action.service() == self.service.prefix();
        if own && !self.resources_for(&action).is_empty() {
            return Ok(action);
        }
        Err(AccessError::NotApplicable {
            action: action.to_string(),
            target: target.clone(),
            acts_on: action
                .resource_types()
                .map(|kind| format!("{}:{kind}", action.service()))
                .collect(),
        })
    }

    /// The catalogue counts a few data actions, such as `rds-db:connect`, as management; the
    /// reviewed list tells them apart.
    fn hands_out_permissions(&self, action: &Action<'_>) -> bool {
        action.level() == ActionLevel::PermissionsManagement
            && !self.entry.is_some_and(|entry| entry.grants(action.name()))
    }

    fn candidates(&self, level: AccessLevel) -> Vec<String> {
        self.service
            .actions()
            .filter(|action| action.applies_to(self.kind) && action.level() == level.into())
            .map(|action| action.to_string())
            .collect()
    }
}

impl From<AccessLevel> for ActionLevel {
    fn from(level: AccessLevel) -> Self {
        match level {
            AccessLevel::Read => Self::Read,
            AccessLevel::Write => Self::Write,
            AccessLevel::List => Self::List,
            AccessLevel::Tagging => Self::Tagging,
        }
    }
}
