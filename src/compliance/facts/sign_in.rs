//! Facts about root and IAM users: who can sign in, how, and since when nobody did.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Texts;
use crate::{
    resource::Read,
    snapshot::{AccessKey, AccountState, Credentials, ROOT},
};

/// Sign-in as facts; their meanings are told where they are published.
pub(super) struct SignIn {
    pub root_has_keys: Read<bool>,
    pub root_has_password: Read<bool>,
    pub root_has_mfa: Read<bool>,
    pub root_never_used: Read<bool>,
    pub root_unused_days: Read<i64>,
    pub user_access_keys: Read<Texts>,
    pub oldest_user_key_days: Read<i64>,
    pub longest_unused_days: Read<i64>,
    pub console_users_without_mfa: Read<Texts>,
}

impl SignIn {
    pub fn of(state: &AccountState, as_of: Timestamp) -> Self {
        let summary = &state.summary;
        let report = Report {
            all: &state.credentials,
            as_of,
        };
        Self {
            root_has_keys: summary.as_ref().map(|root| root.root_has_keys),
            root_has_password: summary
                .as_ref()
                .map(|root| root.root_has_password != Some(false)),
            root_has_mfa: summary.as_ref().map(|root| root.root_has_mfa),
            root_never_used: report.root(|root| last_use(root).is_none()),
            root_unused_days: report
                .root(|root| last_use(root).map_or(0, |used| days(used, as_of))),
            user_access_keys: report.texts(access_keys),
            oldest_user_key_days: report
                .longest(|user| user.keys.values().filter_map(|key| key.made).collect()),
            longest_unused_days: report.longest(last_uses),
            console_users_without_mfa: report.texts(|name, user| {
                let open = user.password == Some(true) && !user.mfa;
                open.then(|| name.to_owned()).into_iter().collect()
            }),
        }
    }
}

struct Report<'a> {
    all: &'a Read<BTreeMap<String, Credentials>>,
    as_of: Timestamp,
}

impl Report<'_> {
    fn root<T>(&self, fact: impl FnOnce(&Credentials) -> T) -> Read<T> {
        let nothing = Credentials::default();
        self.all
            .as_ref()
            .map(|all| fact(all.get(ROOT).unwrap_or(&nothing)))
    }

    fn texts(&self, of: impl Fn(&str, &Credentials) -> Vec<String>) -> Read<Texts> {
        self.all
            .as_ref()
            .map(|all| users(all).flat_map(|(name, user)| of(name, user)).collect())
    }

    /// Whole days since the earliest of some moments.
    fn longest(&self, moments: impl Fn(&Credentials) -> Vec<Timestamp>) -> Read<i64> {
        self.all.as_ref().map(|all| {
            let earliest = users(all).flat_map(|(_, user)| moments(user)).min();
            earliest.map_or(0, |moment| days(moment, self.as_of))
        })
    }
}

fn users(all: &BTreeMap<String, Credentials>) -> impl Iterator<Item = (&String, &Credentials)> {
    all.iter().filter(|(name, _)| *name != ROOT)
}

fn days(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_hours().div_euclid(24).max(0)
}

fn last_use(user: &Credentials) -> Option<Timestamp> {
    let keys = user.keys.values().filter_map(|key| key.used);
    keys.chain(user.password_used).max()
}

/// When each credential was last used, or made where it never was.
fn last_uses(user: &Credentials) -> Vec<Timestamp> {
    let password = user.password == Some(true);
    let password = password
        .then_some(user.password_used.or(user.password_set))
        .flatten();
    let keys = user
        .keys
        .values()
        .filter_map(|key: &AccessKey| key.used.or(key.made));
    keys.chain(password).collect()
}

fn access_keys(name: &str, user: &Credentials) -> Vec<String> {
    let numbers = user.keys.keys();
    numbers
        .map(|number| format!("{name}: key {number}"))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn state() -> AccountState {
        let robot = Credentials {
            password: Some(false),
            keys: [(
                1,
                AccessKey {
                    made: Some(at("2025-12-01T00:00:00Z")),
                    used: None,
                },
            )]
            .into(),
            ..Credentials::default()
        };
        let person = Credentials {
            password: Some(true),
            password_set: Some(at("2025-01-01T00:00:00Z")),
            password_used: Some(at("2026-02-27T00:00:00Z")),
            ..Credentials::default()
        };
        let users = [
            (ROOT, Credentials::default()),
            ("robot", robot),
            ("person", person),
        ];
        AccountState {
            credentials: users
                .map(|(name, user)| (name.to_owned(), user))
                .into_iter()
                .collect::<BTreeMap<_, _>>()
                .into(),
            ..AccountState::default()
        }
    }

    #[test]
    fn what_was_never_used_counts_from_its_making() {
        let facts = SignIn::of(&state(), at("2026-03-01T00:00:00Z"));
        assert_eq!(facts.longest_unused_days, Read::Known(90));
        assert_eq!(facts.oldest_user_key_days, Read::Known(90));
        assert_eq!(
            facts.user_access_keys,
            Read::Known(Texts::from(["robot: key 1".to_owned()]))
        );
        assert_eq!(
            facts.console_users_without_mfa,
            Read::Known(Texts::from(["person".to_owned()]))
        );
        assert_eq!(facts.root_never_used, Read::Known(true));
    }

    #[test]
    fn nobody_is_not_the_same_as_not_asked() {
        let facts = SignIn::of(&AccountState::default(), Timestamp::UNIX_EPOCH);
        assert!(facts.user_access_keys.unread().is_some());
        assert!(facts.root_has_keys.unread().is_some());
    }
}
