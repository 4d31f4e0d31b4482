//! Facts about a service's KMS key: state, rotation, policy and grants.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World, key_policy,
    observed::{Observed, both, flatten},
    principal,
};
use crate::{
    iam::PolicyDocument,
    model::AccountId,
    resource::{Grant, KeyState, Kind, KmsKey, Read, Ref, Rotation},
};

/// A service's key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyFacts {
    /// Whether the key is there.
    pub exists: Read<bool>,
    /// Whether it can be used.
    pub state: Read<KeyState>,
    /// Whether the service's alias is on it.
    pub alias_is_own: Read<bool>,
    /// Whether the key spec is the declared one.
    pub spec_exact: Read<bool>,
    /// Origin of the key material, as `AWS_KMS`.
    pub origin: Read<String>,
    /// Whether it is a multi-Region key.
    pub multi_region: Read<bool>,
    /// Whether automatic rotation is on.
    pub rotation_enabled: Read<bool>,
    /// Rotation period in days; 365 where AWS names none, 0 where rotation is off.
    pub rotation_period_days: Read<i64>,
    /// Whether the key policy is the compiled one; an unknown Deny, which only narrows, aside.
    pub policy_exact: Read<bool>,
    /// Anybody without a condition on the account, and undeclared principals of other accounts,
    /// in the policy or in grants.
    pub external_principals: Read<Texts>,
    /// Principals that may both administer and use the key.
    pub admin_and_use: Read<Texts>,
    /// Cryptographic use that the policy gives beyond the compiled one, as `principal: action`.
    pub undeclared_use: Read<Texts>,
    /// Cryptographic use that a statement for an account's root delegates, as `sid: action`.
    pub root_crypto_actions: Read<Texts>,
    /// Grants that no specification declares and that AWS did not make for a resource.
    pub undeclared_grants: Read<Texts>,
    /// Grants that AWS made for a resource.
    pub aws_managed_grants: Read<Texts>,
    /// Statements that let grants be created for anything but AWS resources.
    pub open_create_grant: Read<Texts>,
    /// The shortest waiting period that the policy lets a deletion have, in days; 0 for none set.
    pub deletion_window_min_days: Read<i64>,
    /// Principals that may schedule the deletion and are not declared to.
    pub undeclared_retirers: Read<Texts>,
}

pub(super) fn facts(world: &World<'_>, name: &str, wanted: &KmsKey) -> KeyFacts {
    let key = Observed::<KmsKey>::of(world.snapshot, name);
    let own = &world.environment.account;
    let kept = key.plain(|live| wanted.clone().keep(live, &mut |_| {}));
    let kept_policy = flatten(kept.as_ref().map(|kept| kept.policy.as_ref()));
    let policy = || key.facet(|k| &k.policy);
    let texts = |derive: fn(&PolicyDocument) -> Texts| policy().map(derive);
    let compared = |derive: fn(&PolicyDocument, &PolicyDocument) -> Texts| {
        both(policy(), wanted.policy.as_ref()).map(|(live, wanted)| derive(live, wanted))
    };
    let grants = || key.facet(|k| &k.grants);
    KeyFacts {
        exists: key.exists(),
        state: key.facet(|k| &k.state).map(|state| *state),
        alias_is_own: both(key.facet(|k| &k.alias), wanted.alias.as_ref())
            .map(|(live, wanted)| live == wanted && live.is_some()),
        spec_exact: both(key.facet(|k| &k.spec), wanted.spec.as_ref())
            .map(|(live, wanted)| live == wanted),
        origin: key.facet(|k| &k.origin).map(String::clone),
        multi_region: key.facet(|k| &k.multi_region).map(|multi| *multi),
        rotation_enabled: key.facet(|k| &k.rotation).map(|rotation| rotation.enabled),
        rotation_period_days: key.facet(|k| &k.rotation).map(period_days),
        policy_exact: both(policy(), kept_policy).map(|(live, wanted)| live == wanted),
        external_principals: both(both(policy(), grants()), wanted.policy.as_ref())
            .map(|((policy, grants), wanted)| external(policy, grants, wanted, own)),
        admin_and_use: texts(key_policy::admin_and_use),
        undeclared_use: compared(key_policy::undeclared_use),
        root_crypto_actions: texts(key_policy::root_use),
        undeclared_grants: both(grants(), wanted.grants.as_ref()).map(|(live, wanted)| {
            grants_where(live, |id, g| !g.aws_managed() && !wanted.contains_key(id))
        }),
        aws_managed_grants: grants().map(|live| grants_where(live, |_, g| g.aws_managed())),
        open_create_grant: texts(key_policy::open_create_grant),
        deletion_window_min_days: policy().map(key_policy::deletion_window_days),
        undeclared_retirers: compared(|live, wanted| {
            let declared = key_policy::retirers(wanted);
            key_policy::retirers(live)
                .difference(&declared)
                .cloned()
                .collect()
        }),
    }
}

fn period_days(rotation: &Rotation) -> i64 {
    match (rotation.enabled, rotation.period_days) {
        (false, _) => 0,
        (true, days) => days.map_or(365, i64::from),
    }
}

fn external(
    policy: &PolicyDocument,
    grants: &BTreeMap<String, Grant>,
    wanted: &PolicyDocument,
    own: &AccountId,
) -> Texts {
    let mut found = key_policy::external(policy, own, &key_policy::named(wanted));
    let foreign = |who: &&Ref| principal::is_foreign(who, own);
    for (id, grant) in grants.iter().filter(|(_, grant)| !grant.aws_managed()) {
        let who = std::iter::once(&grant.grantee).chain(&grant.retiring);
        found.extend(who.filter(foreign).map(|who| format!("grant {id}: {who}")));
    }
    found
}

fn grants_where(
    grants: &BTreeMap<String, Grant>,
    choose: impl Fn(&String, &Grant) -> bool,
) -> Texts {
    let chosen = grants.iter().filter(|(id, grant)| choose(id, grant));
    chosen
        .map(|(id, grant)| format!("{id} for {}", grant.grantee))
        .collect()
}
