//! The reviewed list of data-plane actions per resource type, `policies/actions/data-plane.yaml`.
//! It only reads the list; whether an entry agrees with the catalogue is held by tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::AccessError;
use crate::iam::catalogue::Service;
use crate::model::AccessLevel;

const LIST: &str = include_str!("../../../policies/actions/data-plane.yaml");

/// Service prefix → resource type → entry.
type Curated = BTreeMap<String, BTreeMap<String, Entry>>;

/// What a target of one resource type may be named, covers and is granted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Entry {
    pub(super) name: NameRule,
    /// Sub-resources that the target covers.
    pub(super) also: BTreeSet<String>,
    /// Placeholders of the ARN that AWS makes up.
    pub(super) generated: BTreeSet<String>,
    /// What AWS appends to the name.
    pub(super) suffix: String,
    read: BTreeSet<String>,
    write: BTreeSet<String>,
    list: BTreeSet<String>,
    tagging: BTreeSet<String>,
    regraded: Vec<Regraded>,
}

/// An action that is granted at another level than the catalogue's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regraded {
    action: String,
    #[serde(rename = "as")]
    level: AccessLevel,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold that each has one"))]
    why: String,
}

/// What a name may hold beside ASCII letters and digits, and how long it may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NameRule {
    extra: String,
    lower: bool,
    min: usize,
    max: usize,
}

impl Default for NameRule {
    fn default() -> Self {
        Self {
            extra: "-_.".to_owned(),
            lower: false,
            min: 1,
            max: 255,
        }
    }
}

impl NameRule {
    /// Whether the text is a name; parts between slashes are never empty.
    pub(super) fn admits(&self, text: &str) -> bool {
        (self.min..=self.max).contains(&text.len())
            && text.chars().all(|c| self.allows(c))
            && text.split('/').all(|part| !part.is_empty())
    }

    /// The rule in words.
    pub(super) fn describe(&self) -> String {
        let letters = if self.lower {
            "lower-case letters"
        } else {
            "letters"
        };
        let Self {
            extra, min, max, ..
        } = self;
        format!("{min} to {max} {letters}, digits and any of `{extra}`")
    }

    fn allows(&self, c: char) -> bool {
        c.is_ascii_alphanumeric() && !(self.lower && c.is_ascii_uppercase())
            || self.extra.contains(c)
    }
}

impl Entry {
    /// The action names without prefix that a level grants.
    pub(super) fn actions(&self, level: AccessLevel) -> BTreeSet<&str> {
        let graded = match level {
            AccessLevel::Read => &self.read,
            AccessLevel::Write => &self.write,
            AccessLevel::List => &self.list,
            AccessLevel::Tagging => &self.tagging,
        };
        let regraded = self.regraded.iter().filter(|entry| entry.level == level);
        graded
            .iter()
            .chain(regraded.map(|entry| &entry.action))
            .map(String::as_str)
            .collect()
    }

    /// Whether any level grants the action.
    pub(super) fn grants(&self, action: &str) -> bool {
        [&self.read, &self.write, &self.list, &self.tagging]
            .into_iter()
            .flatten()
            .chain(self.regraded.iter().map(|entry| &entry.action))
            .any(|name| name == action)
    }
}

/// The entry of a resource type in its canonical spelling, if it is curated.
pub(super) fn entry(service: &Service, kind: &str) -> Result<Option<&'static Entry>, AccessError> {
    let entries = list()?.get(service.prefix());
    Ok(entries.and_then(|kinds| {
        kinds
            .iter()
            .find(|(name, _)| canonical(service, name) == Some(kind))
            .map(|(_, entry)| entry)
    }))
}

fn canonical<'s>(service: &'s Service, kind: &str) -> Option<&'s str> {
    service.resource_type(kind).map(|(name, _)| name)
}

fn list() -> Result<&'static Curated, AccessError> {
    static PARSED: OnceLock<Result<Curated, String>> = OnceLock::new();
    PARSED
        .get_or_init(|| serde_yaml::from_str(LIST).map_err(|error| error.to_string()))
        .as_ref()
        .map_err(|reason| AccessError::DamagedList(reason.clone()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::iam::catalogue::{Action, ActionLevel, Catalogue};

    const LEVELS: [(AccessLevel, ActionLevel); 4] = [
        (AccessLevel::Read, ActionLevel::Read),
        (AccessLevel::Write, ActionLevel::Write),
        (AccessLevel::List, ActionLevel::List),
        (AccessLevel::Tagging, ActionLevel::Tagging),
    ];

    fn each_entry(mut visit: impl FnMut(&'static Service, &str, &'static Entry)) {
        let catalogue = Catalogue::vendored().unwrap();
        for (prefix, kinds) in list().unwrap() {
            let service = catalogue.service(prefix).unwrap();
            for (kind, entry) in kinds {
                visit(service, kind, entry);
            }
        }
    }

    fn action(service: &'static Service, name: &str) -> Action<'static> {
        let found = service.action(name).unwrap();
        assert_eq!(found.name(), name, "spelled as in the catalogue");
        found
    }

    #[test]
    fn every_resource_type_covered_one_and_generated_part_exists() {
        each_entry(|service, kind, entry| {
            let (_, found) = service.resource_type(kind).unwrap();
            for sub in &entry.also {
                assert!(service.resource_type(sub).is_some(), "{kind} {sub}");
            }
            for part in &entry.generated {
                assert!(found.arn.contains(&format!("${{{part}}}")), "{kind} {part}");
            }
        });
    }

    #[test]
    fn every_action_names_its_resource_type_or_a_covered_one() {
        each_entry(|service, kind, entry| {
            for (level, _) in LEVELS {
                for name in entry.actions(level) {
                    let action = action(service, name);
                    let mut covered = entry.also.iter().map(String::as_str).chain([kind]);
                    assert!(
                        covered.any(|kind| canonical(service, kind)
                            .is_some_and(|kind| action.applies_to(kind))),
                        "{action} does not apply to {kind}"
                    );
                }
            }
        });
    }

    #[test]
    fn every_action_has_the_level_that_it_is_listed_under() {
        each_entry(|service, kind, entry| {
            let lists = [&entry.read, &entry.write, &entry.list, &entry.tagging];
            for (names, (_, level)) in lists.into_iter().zip(LEVELS) {
                for name in names {
                    assert_eq!(action(service, name).level(), level, "{kind} {name}");
                }
            }
        });
    }

    #[test]
    fn every_regraded_action_has_another_level_and_a_reason() {
        each_entry(|service, kind, entry| {
            for Regraded {
                action: name,
                level,
                why,
            } in &entry.regraded
            {
                let catalogued = action(service, name).level();
                assert!(!LEVELS.contains(&(*level, catalogued)), "{kind} {name}");
                assert!(why.len() > 10, "{kind} {name}");
            }
        });
    }

    #[test]
    fn every_entry_grants_something_and_admits_no_wildcard_or_variable() {
        each_entry(|service, kind, entry| {
            let granted = LEVELS
                .iter()
                .any(|(level, _)| !entry.actions(*level).is_empty());
            assert!(granted, "{} {kind}", service.prefix());
            assert!(
                !entry
                    .name
                    .extra
                    .contains(['*', '?', '$', '{', ' ', '"', '\\']),
                "{kind}"
            );
        });
    }

    #[test]
    fn no_level_but_a_regraded_one_grants_permissions_management() {
        each_entry(|service, _, entry| {
            for name in entry.write.iter().chain(&entry.read) {
                let level = action(service, name).level();
                assert_ne!(level, ActionLevel::PermissionsManagement, "{name}");
            }
        });
    }
}
