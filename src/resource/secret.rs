//! A Secrets Manager secret: its encryption and policy. Its value is never written and never read.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Ref, Sides, direction, keep,
    linked, store,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// A secret without its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Secret name.
    pub name: String,
    /// The key that encrypts it; none for Secrets Manager's own.
    pub kms_key: Read<Option<Ref>>,
    /// Whether it waits for its deletion, and nobody can read it.
    pub pending_deletion: Read<bool>,
    /// Resource policy; without statements where it has none.
    pub policy: Read<PolicyDocument>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(Secret { kms_key, policy });

/// A call on a secret.
#[derive(Debug, Clone, PartialEq)]
pub enum SecretCall {
    /// CreateSecret with key and tags, without a value.
    Create(Box<Secret>),
    /// RestoreSecret: it no longer waits for its deletion.
    Restore,
    /// UpdateSecret with another key; none for Secrets Manager's own.
    SetKey(Option<Ref>),
    /// PutResourcePolicy, refused by AWS where the policy is public.
    PutPolicy(PolicyDocument),
    /// DeleteResourcePolicy.
    DeletePolicy,
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteSecret with its recovery window, in days.
    Delete(u32),
}

impl Secret {
    /// How long a deleted secret can be restored, in days: the longest that there is.
    pub const RECOVERY_DAYS: u32 = 30;
}

impl Kind for Secret {
    const NAME: KindName = KindName::Secret;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "tag:GetResources";
    const LOSS: Option<&'static str> = Some("scheduled for deletion: nobody can read its value");
    /// Its ARN ends in six characters that AWS makes up.
    const NAMED: bool = false;
    const HELD: bool = false;
    type Call = SecretCall;

    /// The policy comes later, so its roles need not exist.
    fn create_needs(&self) -> BTreeSet<Address> {
        self.kms_key.addresses()
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        let made_up = token.get(..6).unwrap_or(token);
        let resource = format!("secret:{}-{made_up}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("secretsmanager", &resource))
    }

    fn create(&self) -> SecretCall {
        SecretCall::Create(Box::new(self.clone()))
    }

    /// A secret that waits for its deletion refuses every other call, so it is restored first.
    fn settle(from: &Self, to: &Self) -> Vec<SecretCall> {
        let pending = from.pending_deletion.changed(&to.pending_deletion);
        let key = from.kms_key.changed(&to.kms_key).cloned();
        let restored = pending.filter(|pending| !**pending);
        let scheduled = pending.filter(|pending| **pending);
        [
            restored.map(|_| SecretCall::Restore),
            key.map(SecretCall::SetKey),
            policy_call(from, to),
        ]
        .into_iter()
        .flatten()
        .chain(TagChange::between(&from.tags, &to.tags).calls(SecretCall::Tag, SecretCall::Untag))
        .chain(scheduled.map(|_| SecretCall::Delete(Self::RECOVERY_DAYS)))
        .collect()
    }

    fn delete(&self) -> Vec<SecretCall> {
        match self.pending_deletion.known() {
            Some(true) => Vec::new(),
            _ => vec![SecretCall::Delete(Self::RECOVERY_DAYS)],
        }
    }

    fn apply(state: Option<Self>, call: &SecretCall) -> Option<Self> {
        if let SecretCall::Create(secret) = call {
            return Some(Self {
                pending_deletion: false.into(),
                policy: PolicyDocument::default().into(),
                ..(**secret).clone()
            });
        }
        let mut secret = state?;
        match call {
            SecretCall::Create(_) => return None,
            SecretCall::Restore => secret.pending_deletion.set(false),
            SecretCall::SetKey(key) => secret.kms_key.set(key.clone()),
            SecretCall::PutPolicy(document) => secret.policy.set(document.clone()),
            SecretCall::DeletePolicy => secret.policy.set(PolicyDocument::default()),
            SecretCall::Tag(tags) => tagging::set(&mut secret.tags, tags),
            SecretCall::Untag(keys) => tagging::remove(&mut secret.tags, keys),
            SecretCall::Delete(_) => secret.pending_deletion.set(true),
        }
        Some(secret)
    }

    fn api(call: &SecretCall) -> Api {
        Api::secrets(match call {
            SecretCall::Create(_) => "CreateSecret",
            SecretCall::Restore => "RestoreSecret",
            SecretCall::SetKey(_) => "UpdateSecret",
            SecretCall::PutPolicy(_) => "PutResourcePolicy",
            SecretCall::DeletePolicy => "DeleteResourcePolicy",
            SecretCall::Tag(_) => "TagResource",
            SecretCall::Untag(_) => "UntagResource",
            SecretCall::Delete(_) => "DeleteSecret",
        })
    }

    fn removes(call: &SecretCall) -> bool {
        matches!(call, SecretCall::Delete(_) | SecretCall::DeletePolicy)
    }

    fn named(call: &SecretCall) -> BTreeSet<Address> {
        match call {
            SecretCall::Create(secret) => secret.kms_key.addresses(),
            SecretCall::SetKey(key) => key.addresses(),
            SecretCall::PutPolicy(document) => document.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "kms_key" => store::of_key(change),
            "policy" => direction::of_policy(change, sides),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.policy, &live.policy, "policy", note);
        self
    }

    /// That it is there, the key that encrypts it, and whom its policy lets through; the rest is
    /// its manager's.
    fn verify(self, live: &Self) -> Self {
        Self {
            policy: store::closed(self.policy, &live.policy),
            kms_key: self.kms_key,
            pending_deletion: self.pending_deletion,
            ..live.clone()
        }
    }
}

fn policy_call(from: &Secret, to: &Secret) -> Option<SecretCall> {
    let wanted = from.policy.changed(&to.policy)?;
    Some(match wanted.statements.is_empty() {
        true => SecretCall::DeletePolicy,
        false => SecretCall::PutPolicy(wanted.clone()),
    })
}
