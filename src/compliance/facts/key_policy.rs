//! What a key policy gives to whom: administration, cryptographic use, delegation, deletion.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use std::collections::BTreeSet;

use super::{
    Texts, principal,
    statement::{allows, statements},
};
use crate::{
    iam::{Effect, PolicyDocument, Statement, document::Conditions},
    model::AccountId,
    resource::{Ref, WINDOW_KEY},
};

/// Operations with the key material, and what delegates them.
const USE: [&str; 15] = [
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DeriveSharedSecret",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateMac",
    "kms:GenerateRandom",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:Sign",
    "kms:Verify",
    "kms:VerifyMac",
];
/// Operations that decide who may use the key and how long it lives.
const ADMINISTRATION: [&str; 6] = [
    "kms:CancelKeyDeletion",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
];
const CALLER_KEYS: [&str; 4] = [
    "kms:CallerAccount",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
];

/// Anybody without a condition on the account, and undeclared principals of other accounts.
pub(super) fn external(policy: &PolicyDocument, own: &AccountId, declared: &Texts) -> Texts {
    let mut found = Texts::new();
    for (_, statement) in allows(policy) {
        let open = |who: &Ref| principal::is_anybody(who) && !statement.pins(&CALLER_KEYS);
        let foreign = |who: &Ref| principal::is_foreign(who, own) && !principal::is_anybody(who);
        let outside = principal::all(statement)
            .into_iter()
            .filter(|who| open(who) || foreign(who));
        found.extend(outside.map(|who| who.to_string()));
    }
    found.difference(declared).cloned().collect()
}

/// Everyone that an Allow statement names, as written.
pub(super) fn named(policy: &PolicyDocument) -> Texts {
    let named = allows(policy).flat_map(|(_, statement)| principal::all(statement));
    named.map(|who| who.to_string()).collect()
}

/// Who may both administer and use the key.
pub(super) fn admin_and_use(policy: &PolicyDocument) -> Texts {
    let admins = holders(policy, &ADMINISTRATION);
    let users = users(policy);
    admins.intersection(&users).cloned().collect()
}

/// Who may use the key. A grant that only an AWS service may have, for a resource that somebody
/// makes, gives no use to whoever makes it.
fn users(policy: &PolicyDocument) -> Texts {
    let grants_only = |statement: &Statement| {
        let mut used = statement.covered(&USE);
        used.all(|action| action == "kms:CreateGrant")
            && statement
                .demands("kms:GrantIsForAWSResource")
                .contains("true")
    };
    allows(policy)
        .filter(|(_, statement)| statement.covered(&USE).next().is_some())
        .filter(|(_, statement)| !grants_only(statement))
        .flat_map(|(_, statement)| beneficiaries(statement))
        .collect()
}

/// Who may schedule the deletion.
pub(super) fn retirers(policy: &PolicyDocument) -> Texts {
    holders(policy, &["kms:ScheduleKeyDeletion"])
}

/// Those that the policy gives one of the actions. Where the account's root stands for the
/// principals that a condition names, these count.
fn holders(policy: &PolicyDocument, actions: &[&str]) -> Texts {
    allows(policy)
        .filter(|(_, statement)| statement.covered(actions).next().is_some())
        .flat_map(|(_, statement)| beneficiaries(statement))
        .collect()
}

fn beneficiaries(statement: &Statement) -> Texts {
    let named = statement.demands("aws:PrincipalArn");
    let wide = |who: &Ref| principal::is_root(who) || principal::is_anybody(who);
    let mut found = Texts::new();
    for who in principal::all(statement) {
        if wide(&who) && !named.is_empty() {
            found.extend(named.iter().cloned());
        } else {
            found.insert(who.to_string());
        }
    }
    found
}

/// Cryptographic use that an account's root delegates to its IAM policies.
pub(super) fn root_use(policy: &PolicyDocument) -> Texts {
    let delegating = allows(policy)
        .filter(|(_, statement)| principal::all(statement).iter().any(principal::is_root));
    delegating
        .flat_map(|(sid, statement)| {
            let covered = statement.covered(&USE);
            covered.map(move |action| format!("{sid}: {action}"))
        })
        .collect()
}

/// Allow statements that let grants be created for anything but AWS resources.
pub(super) fn open_create_grant(policy: &PolicyDocument) -> Texts {
    let creating = allows(policy).filter(|(_, s)| s.covers("kms:CreateGrant"));
    creating
        .filter(|(_, s)| !s.demands("kms:GrantIsForAWSResource").contains("true"))
        .map(|(sid, _)| sid.clone())
        .collect()
}

/// Use that the wanted policy does not give: principal and action, unless a wanted statement
/// gives the same under no stricter conditions.
pub(super) fn undeclared_use(live: &PolicyDocument, wanted: &PolicyDocument) -> Texts {
    let wanted = uses(wanted);
    uses(live)
        .into_iter()
        .filter(|given| !wanted.iter().any(|wanted| wanted.gives(given)))
        .map(|given| format!("{}: {}", given.who, given.action))
        .collect()
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Use<'p> {
    who: String,
    action: &'static str,
    conditions: &'p Conditions,
}

fn uses(policy: &PolicyDocument) -> BTreeSet<Use<'_>> {
    let mut found = BTreeSet::new();
    for (_, statement) in allows(policy) {
        for who in principal::all(statement) {
            found.extend(statement.covered(&USE).map(|action| Use {
                who: who.to_string(),
                action,
                conditions: &statement.conditions,
            }));
        }
    }
    found
}

impl Use<'_> {
    /// Whether this one already gives the other: same holder and action, and each of its own
    /// conditions holds wherever the other's do.
    fn gives(&self, other: &Use<'_>) -> bool {
        let implied = |operator: &String, key, values: &BTreeSet<Ref>| {
            let theirs = other
                .conditions
                .get(operator)
                .and_then(|keys| keys.get(key));
            theirs.is_some_and(|theirs| match narrowed_by_fewer(operator) {
                true => theirs.is_subset(values),
                false => theirs == values,
            })
        };
        self.who == other.who
            && self.action == other.action
            && self.conditions.iter().all(|(operator, keys)| {
                keys.iter()
                    .all(|(key, values)| implied(operator, key, values))
            })
    }
}

/// Whether fewer values make the operator stricter; for `…NotEquals` more values do.
fn narrowed_by_fewer(operator: &str) -> bool {
    ["StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool"].contains(&operator)
}

/// The shortest waiting period that a Deny statement lets a deletion have, in days; 0 where the
/// policy sets none.
pub(super) fn deletion_window_days(policy: &PolicyDocument) -> i64 {
    statements(policy, Effect::Deny)
        .filter(|(_, statement)| denies_everybody(statement))
        .filter_map(|(_, statement)| {
            statement
                .conditions
                .get("NumericLessThan")?
                .get(&WINDOW_KEY.into())
        })
        .filter_map(|values| {
            values
                .iter()
                .filter_map(|v| v.to_string().parse().ok())
                .max()
        })
        .max()
        .unwrap_or(0)
}

/// A Deny with a second condition denies less than it seems to.
fn denies_everybody(statement: &Statement) -> bool {
    let conditions: usize = statement.conditions.values().map(|keys| keys.len()).sum();
    statement.covers("kms:ScheduleKeyDeletion")
        && conditions == 1
        && principal::all(statement).iter().any(principal::is_anybody)
}
