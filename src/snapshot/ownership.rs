//! Who owns a resource: its name and its tags must say the same.

use serde::{Deserialize, Serialize};

use crate::model::{Address, EnvironmentName, KindName, TagKey, Tags};

/// What name and tags say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Ours, under this logical name.
    Ours(String),
    /// Somebody else's.
    Foreign,
    /// The two disagree.
    Conflict(Conflict),
}

/// A resource whose owner is in doubt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// The address in question.
    pub address: Address,
    /// The ids that claim it.
    pub ids: Vec<String>,
    /// What is contradictory, for people.
    pub reason: String,
}

/// Judges a resource by the logical name behind its physical name, and by its tags.
///
/// The name decides; a missing tag is repaired as drift. A tag that names another environment
/// is a conflict, and so is our tag on a resource that our names do not know.
pub fn claim(
    kind: KindName,
    id: &str,
    named: Option<&str>,
    tags: Option<&Tags>,
    environment: &EnvironmentName,
) -> Claim {
    let tagged = tags.and_then(|tags| tags.get(TagKey::ENVIRONMENT));
    let conflict = |name: &str, reason: String| {
        Claim::Conflict(Conflict {
            address: Address::new(kind, name),
            ids: vec![id.to_owned()],
            reason,
        })
    };
    match (named, tagged) {
        (None, None) => Claim::Foreign,
        (None, Some(owner)) if owner != environment.as_str() => Claim::Foreign,
        (None, Some(_)) => conflict(
            id,
            format!("tagged as {environment}'s, but its name is not one of ours"),
        ),
        (Some(name), Some(owner)) if owner != environment.as_str() => conflict(
            name,
            format!("named as {environment}'s, but tagged as {owner}'s"),
        ),
        (Some(name), _) => Claim::Ours(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn judge(named: Option<&str>, owner: Option<&str>) -> Claim {
        let tags = owner
            .map(|owner| Tags::from([(TagKey::ENVIRONMENT.to_owned(), owner.to_owned())]))
            .unwrap_or_default();
        let environment = "bank".parse().unwrap();
        claim(KindName::KmsKey, "k-1", named, Some(&tags), &environment)
    }

    #[test]
    fn name_and_tag_must_agree() {
        assert_eq!(
            judge(Some("login"), Some("bank")),
            Claim::Ours("login".into())
        );
        assert_eq!(judge(Some("login"), None), Claim::Ours("login".into()));
        assert_eq!(judge(None, Some("other")), Claim::Foreign);
        assert_eq!(judge(None, None), Claim::Foreign);
        assert!(matches!(
            judge(Some("login"), Some("other")),
            Claim::Conflict(_)
        ));
        assert!(matches!(judge(None, Some("bank")), Claim::Conflict(_)));
    }
}
