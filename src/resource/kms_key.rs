//! A KMS key with its alias, policy, rotation and grants.
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, KeptReason, Kind, Linked, Read, Ref, Sides,
    direction, keep, linked,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KmsKey {
    /// Alias, with its `alias/` prefix; none where the key has lost it.
    pub alias: Read<Option<String>>,
    /// Description.
    pub description: Read<String>,
    /// Whether it can be used.
    pub state: Read<KeyState>,
    /// Key spec, as `SYMMETRIC_DEFAULT`.
    pub spec: Read<String>,
    /// Origin of the key material, as `AWS_KMS`.
    pub origin: Read<String>,
    /// Whether it is a multi-Region key.
    pub multi_region: Read<bool>,
    /// Key policy.
    pub policy: Read<PolicyDocument>,
    /// Automatic rotation.
    pub rotation: Read<Rotation>,
    /// Grants by grant id.
    pub grants: Read<BTreeMap<String, Grant>>,
    /// Tags.
    pub tags: Read<Tags>,
}

/// The states of a key that matter here.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum KeyState {
    /// Can be used.
    Enabled,
    /// Switched off.
    Disabled,
    /// Waits for its deletion.
    PendingDeletion,
    /// Any other: being created, waiting for key material, unavailable.
    Other,
}

/// Automatic rotation of the key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Whether it is on.
    pub enabled: bool,
    /// Period in days; none where it is off.
    pub period_days: Option<u32>,
}

/// A grant on a key.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who may use the key: a role, or an AWS service principal.
    pub grantee: Ref,
    /// Who may retire the grant.
    pub retiring: Option<Ref>,
    /// What the grantee may do.
    pub operations: BTreeSet<String>,
    /// The encryption context that it asks for, canonical JSON; none if it asks for none.
    pub constraints: Option<String>,
}

linked!(KmsKey { policy, grants });
linked!(Grant { grantee, retiring });

impl Grant {
    /// Whether an AWS service made it for a resource; revoking it can destroy that resource.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>
    pub fn aws_managed(&self) -> bool {
        let grantee = self.grantee.to_string();
        grantee.ends_with(".amazonaws.com")
            || grantee.ends_with(".amazonaws.com.cn")
            || grantee.contains(":role/aws-service-role/")
            || grantee.contains(":assumed-role/AWSServiceRoleFor")
    }
}

/// A call on a key.
#[derive(Debug, Clone, PartialEq)]
pub enum KmsKeyCall {
    /// CreateKey with policy, description, spec and tags.
    Create(Box<KmsKey>),
    /// CreateAlias, or UpdateAlias where another key has it.
    PutAlias(String),
    /// DeleteAlias.
    DeleteAlias(String),
    /// UpdateKeyDescription.
    Describe(String),
    /// EnableKey.
    Enable,
    /// DisableKey.
    Disable,
    /// CancelKeyDeletion: leaves the key disabled.
    CancelDeletion,
    /// PutKeyPolicy.
    PutPolicy(PolicyDocument),
    /// EnableKeyRotation with its period in days.
    EnableRotation(u32),
    /// DisableKeyRotation.
    DisableRotation,
    /// RevokeGrant.
    RevokeGrant(String),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// ScheduleKeyDeletion with its waiting period in days.
    ScheduleDeletion(u32),
}

/// The longest waiting period that KMS offers.
const LONGEST_WINDOW_DAYS: u32 = 30;
/// What KMS rotates by where no period is named.
const DEFAULT_ROTATION_DAYS: u32 = 365;
/// The condition key of a key policy that says how short a waiting period may be.
pub const WINDOW_KEY: &str = "kms:ScheduleKeyDeletionPendingWindowInDays";

impl KmsKey {
    /// The waiting period that the key's own policy demands, or the longest that there is.
    pub fn deletion_window_days(&self) -> u32 {
        let statements = self
            .policy
            .known()
            .into_iter()
            .flat_map(|p| p.statements.values());
        statements
            .filter_map(|statement| {
                statement
                    .conditions
                    .get("NumericLessThan")?
                    .get(&WINDOW_KEY.into())
            })
            .flatten()
            .filter_map(|value| value.to_string().parse().ok())
            .max()
            .unwrap_or(LONGEST_WINDOW_DAYS)
            .clamp(7, LONGEST_WINDOW_DAYS)
    }
}

impl Kind for KmsKey {
    const NAME: KindName = KindName::KmsKey;
    const ASPECT: Aspect = Aspect::Encryption;
    const IMMUTABLE: &'static [&'static str] = &["spec", "origin", "multi_region"];
    const LISTING: &'static str = "kms:ListKeys";
    const LOSS: Option<&'static str> =
        Some("scheduled for deletion: what it encrypts is lost with it");
    const NAMED: bool = false;
    const HELD: bool = false;
    /// Keys have no name of their own: another one can always be made.
    const UNIQUE: bool = false;
    type Call = KmsKeyCall;

    /// KMS refuses a policy that names a principal that does not exist.
    fn create_needs(&self) -> BTreeSet<Address> {
        self.policy.addresses()
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        let id = uuid(token);
        PhysicalId::with_arn(&id, home.arn("kms", &format!("key/{id}")))
    }

    fn create(&self) -> KmsKeyCall {
        KmsKeyCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<KmsKeyCall> {
        let mut calls = state_calls(from, to);
        let policy = from.policy.changed(&to.policy).cloned();
        let description = from.description.changed(&to.description).cloned();
        calls.extend(policy.map(KmsKeyCall::PutPolicy));
        calls.extend(description.map(KmsKeyCall::Describe));
        calls.extend(rotation_call(from, to));
        calls.extend(alias_calls(from, to));
        calls.extend(revocations(from, to));
        calls.extend(
            TagChange::between(&from.tags, &to.tags).calls(KmsKeyCall::Tag, KmsKeyCall::Untag),
        );
        calls
    }

    fn delete(&self) -> Vec<KmsKeyCall> {
        match self.state.known() {
            Some(KeyState::PendingDeletion) => Vec::new(),
            _ => vec![KmsKeyCall::ScheduleDeletion(self.deletion_window_days())],
        }
    }

    fn retained_days(&self) -> Option<u32> {
        Some(self.deletion_window_days())
    }

    fn apply(state: Option<Self>, call: &KmsKeyCall) -> Option<Self> {
        if let KmsKeyCall::Create(key) = call {
            return Some(created(key));
        }
        let mut key = state?;
        match call {
            KmsKeyCall::Create(_) => return None,
            KmsKeyCall::PutAlias(alias) => key.alias.set(Some(alias.clone())),
            KmsKeyCall::DeleteAlias(_) => key.alias.set(None),
            KmsKeyCall::Describe(text) => key.description.set(text.clone()),
            KmsKeyCall::Enable => key.state.set(KeyState::Enabled),
            KmsKeyCall::Disable | KmsKeyCall::CancelDeletion => key.state.set(KeyState::Disabled),
            KmsKeyCall::ScheduleDeletion(_) => key.state.set(KeyState::PendingDeletion),
            KmsKeyCall::PutPolicy(document) => key.policy.set(document.clone()),
            KmsKeyCall::EnableRotation(days) => key.rotation.set(Rotation {
                enabled: true,
                period_days: Some(*days),
            }),
            KmsKeyCall::DisableRotation => key.rotation.set(Rotation::OFF),
            KmsKeyCall::RevokeGrant(id) => revoke(&mut key, id),
            KmsKeyCall::Tag(tags) => tagging::set(&mut key.tags, tags),
            KmsKeyCall::Untag(keys) => tagging::remove(&mut key.tags, keys),
        }
        Some(key)
    }

    fn api(call: &KmsKeyCall) -> Api {
        match call {
            KmsKeyCall::Create(_) => Api::kms("CreateKey", 5),
            KmsKeyCall::PutAlias(_) => Api::kms("CreateAlias", 5),
            KmsKeyCall::DeleteAlias(_) => Api::kms("DeleteAlias", 15),
            KmsKeyCall::Describe(_) => Api::kms("UpdateKeyDescription", 5),
            KmsKeyCall::Enable => Api::kms("EnableKey", 5),
            KmsKeyCall::Disable => Api::kms("DisableKey", 5),
            KmsKeyCall::CancelDeletion => Api::kms("CancelKeyDeletion", 5),
            KmsKeyCall::PutPolicy(_) => Api::kms("PutKeyPolicy", 15),
            KmsKeyCall::EnableRotation(_) => Api::kms("EnableKeyRotation", 15),
            KmsKeyCall::DisableRotation => Api::kms("DisableKeyRotation", 5),
            KmsKeyCall::RevokeGrant(_) => Api::kms("RevokeGrant", 30),
            KmsKeyCall::Tag(_) => Api::kms("TagResource", 10),
            KmsKeyCall::Untag(_) => Api::kms("UntagResource", 5),
            KmsKeyCall::ScheduleDeletion(_) => Api::kms("ScheduleKeyDeletion", 15),
        }
    }

    fn removes(call: &KmsKeyCall) -> bool {
        use KmsKeyCall::{DeleteAlias, RevokeGrant, ScheduleDeletion};
        matches!(call, DeleteAlias(_) | RevokeGrant(_) | ScheduleDeletion(_))
    }

    fn named(call: &KmsKeyCall) -> BTreeSet<Address> {
        match call {
            KmsKeyCall::Create(key) => key.addresses(),
            KmsKeyCall::PutPolicy(document) => document.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "policy" => direction::of_policy(change, sides),
            "grants" => Direction::access(change.after.is_some()),
            "state" => Direction::encryption(change.after.as_ref().is_some_and(|s| s == "Enabled")),
            "rotation" => rotation_direction(change),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.policy, &live.policy, "policy", note);
        keep_service_grants(&mut self, live, note);
        self
    }
}

impl Rotation {
    /// No rotation.
    pub const OFF: Self = Self {
        enabled: false,
        period_days: None,
    };
}

/// What CreateKey leaves: enabled, without alias, rotation and grants.
fn created(key: &KmsKey) -> KmsKey {
    KmsKey {
        alias: None.into(),
        state: KeyState::Enabled.into(),
        rotation: Rotation::OFF.into(),
        grants: BTreeMap::new().into(),
        ..key.clone()
    }
}

/// A disabled or dying key refuses most other calls, so its state comes first.
fn state_calls(from: &KmsKey, to: &KmsKey) -> Vec<KmsKeyCall> {
    let (Some(before), Some(after)) = (from.state.known(), from.state.changed(&to.state)) else {
        return Vec::new();
    };
    match (before, after) {
        (KeyState::PendingDeletion, KeyState::Enabled) => {
            vec![KmsKeyCall::CancelDeletion, KmsKeyCall::Enable]
        }
        (KeyState::PendingDeletion, KeyState::Disabled) => vec![KmsKeyCall::CancelDeletion],
        (_, KeyState::Enabled) => vec![KmsKeyCall::Enable],
        (_, KeyState::Disabled) => vec![KmsKeyCall::Disable],
        _ => Vec::new(),
    }
}

fn rotation_call(from: &KmsKey, to: &KmsKey) -> Option<KmsKeyCall> {
    let wanted = from.rotation.changed(&to.rotation)?;
    Some(match (wanted.enabled, wanted.period_days) {
        (true, days) => KmsKeyCall::EnableRotation(days.unwrap_or(DEFAULT_ROTATION_DAYS)),
        (false, _) => KmsKeyCall::DisableRotation,
    })
}

/// A key may have several aliases, so the one that is not wanted goes before the other comes.
fn alias_calls(from: &KmsKey, to: &KmsKey) -> Vec<KmsKeyCall> {
    let (Read::Known(before), Some(after)) = (&from.alias, from.alias.changed(&to.alias)) else {
        return Vec::new();
    };
    let gone = before.clone().map(KmsKeyCall::DeleteAlias);
    let come = after.clone().map(KmsKeyCall::PutAlias);
    gone.into_iter().chain(come).collect()
}

/// Grants are only ever revoked: the specification declares none.
fn revocations(from: &KmsKey, to: &KmsKey) -> Vec<KmsKeyCall> {
    let (Read::Known(from), Read::Known(to)) = (&from.grants, &to.grants) else {
        return Vec::new();
    };
    from.keys()
        .filter(|id| !to.contains_key(*id))
        .map(|id| KmsKeyCall::RevokeGrant(id.clone()))
        .collect()
}

fn revoke(key: &mut KmsKey, id: &str) {
    if let Read::Known(grants) = &mut key.grants {
        grants.remove(id);
    }
}

fn rotation_direction(change: &FieldChange) -> Direction {
    let number = |value: &Option<serde_json::Value>| value.as_ref().and_then(|v| v.as_u64());
    match change.path.key_at(1) {
        Some("enabled") => Direction::encryption(change.after == Some(true.into())),
        // A missing period means no rotation, the longest of all.
        _ => Direction::encryption(
            number(&change.after).unwrap_or(u64::MAX) < number(&change.before).unwrap_or(u64::MAX),
        ),
    }
}

fn keep_service_grants(key: &mut KmsKey, live: &KmsKey, note: &mut dyn FnMut(Kept)) {
    let (Read::Known(wanted), Read::Known(live)) = (&mut key.grants, &live.grants) else {
        return;
    };
    for (id, grant) in live.iter().filter(|(_, grant)| grant.aws_managed()) {
        note(Kept {
            path: format!("grants.{id}"),
            reason: KeptReason::AwsManaged,
        });
        wanted.insert(id.clone(), grant.clone());
    }
}

/// Hyphens where KMS puts them.
fn uuid(token: &str) -> String {
    let part = |range| token.get(range).unwrap_or_default();
    let parts = [
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32),
    ];
    parts.join("-")
}
