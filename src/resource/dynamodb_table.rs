//! A DynamoDB table: its key schema, encryption, recovery and policy, never its items.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Ref, Sides, direction, keep,
    linked, store,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, TableKey, Tags},
};

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DynamodbTable {
    /// Table name.
    pub name: String,
    /// Partition and sort key; none where the specification does not say them.
    pub key: Read<Option<TableKey>>,
    /// How reads and writes are paid.
    pub billing: Read<Billing>,
    /// The customer managed key that encrypts it; none for a key of AWS's own.
    pub kms_key: Read<Option<Ref>>,
    /// Whether it can be restored to any point of the last 35 days.
    pub recovery: Read<bool>,
    /// Whether deletion is refused.
    pub deletion_protected: Read<bool>,
    /// Resource policy; without statements where it has none.
    pub policy: Read<PolicyDocument>,
    /// Tags.
    pub tags: Read<Tags>,
}

/// How reads and writes are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Billing {
    /// By request.
    PayPerRequest,
    /// By reserved capacity.
    Provisioned,
}

linked!(DynamodbTable { kms_key, policy });

/// A call on a table.
#[derive(Debug, Clone, PartialEq)]
pub enum DynamodbTableCall {
    /// CreateTable with key schema, encryption, protection and tags.
    Create(Box<DynamodbTable>),
    /// UpdateTable to another key; none for one of AWS's own.
    SetKey(Option<Ref>),
    /// UpdateTable to billing by request.
    PayPerRequest,
    /// UpdateTable with deletion protection on or off.
    Protect(bool),
    /// UpdateContinuousBackups with point-in-time recovery on or off.
    Recover(bool),
    /// PutResourcePolicy.
    PutPolicy(PolicyDocument),
    /// DeleteResourcePolicy.
    DeletePolicy,
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteTable, with its items.
    Delete,
}

impl Kind for DynamodbTable {
    const NAME: KindName = KindName::DynamodbTable;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name", "key"];
    const LISTING: &'static str = "tag:GetResources";
    const LOSS: Option<&'static str> = Some("deleted with its items");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = DynamodbTableCall;

    /// The policy comes later, so its roles need not exist.
    fn create_needs(&self) -> BTreeSet<Address> {
        self.kms_key.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("table/{}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("dynamodb", &resource))
    }

    fn create(&self) -> DynamodbTableCall {
        DynamodbTableCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<DynamodbTableCall> {
        use DynamodbTableCall::{Protect, Recover, SetKey};
        let key = from.kms_key.changed(&to.kms_key).cloned().map(SetKey);
        let protection = from.deletion_protected.changed(&to.deletion_protected);
        let recovery = from.recovery.changed(&to.recovery);
        [
            key,
            billing_call(from, to),
            protection.copied().map(Protect),
            recovery.copied().map(Recover),
            policy_call(from, to),
        ]
        .into_iter()
        .flatten()
        .chain(
            TagChange::between(&from.tags, &to.tags)
                .calls(DynamodbTableCall::Tag, DynamodbTableCall::Untag),
        )
        .collect()
    }

    fn delete(&self) -> Vec<DynamodbTableCall> {
        let protected = self.deletion_protected.known() == Some(&true);
        protected
            .then_some(DynamodbTableCall::Protect(false))
            .into_iter()
            .chain([DynamodbTableCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &DynamodbTableCall) -> Option<Self> {
        if let DynamodbTableCall::Create(table) = call {
            return Some(Self {
                recovery: false.into(),
                policy: PolicyDocument::default().into(),
                ..(**table).clone()
            });
        }
        let mut table = state?;
        match call {
            DynamodbTableCall::Create(_) | DynamodbTableCall::Delete => return None,
            DynamodbTableCall::SetKey(key) => table.kms_key.set(key.clone()),
            DynamodbTableCall::PayPerRequest => table.billing.set(Billing::PayPerRequest),
            DynamodbTableCall::Protect(on) => table.deletion_protected.set(*on),
            DynamodbTableCall::Recover(on) => table.recovery.set(*on),
            DynamodbTableCall::PutPolicy(document) => table.policy.set(document.clone()),
            DynamodbTableCall::DeletePolicy => table.policy.set(PolicyDocument::default()),
            DynamodbTableCall::Tag(tags) => tagging::set(&mut table.tags, tags),
            DynamodbTableCall::Untag(keys) => tagging::remove(&mut table.tags, keys),
        }
        Some(table)
    }

    fn api(call: &DynamodbTableCall) -> Api {
        Api::dynamodb(match call {
            DynamodbTableCall::Create(_) => "CreateTable",
            DynamodbTableCall::SetKey(_)
            | DynamodbTableCall::PayPerRequest
            | DynamodbTableCall::Protect(_) => "UpdateTable",
            DynamodbTableCall::Recover(_) => "UpdateContinuousBackups",
            DynamodbTableCall::PutPolicy(_) => "PutResourcePolicy",
            DynamodbTableCall::DeletePolicy => "DeleteResourcePolicy",
            DynamodbTableCall::Tag(_) => "TagResource",
            DynamodbTableCall::Untag(_) => "UntagResource",
            DynamodbTableCall::Delete => "DeleteTable",
        })
    }

    fn removes(call: &DynamodbTableCall) -> bool {
        use DynamodbTableCall::{Delete, DeletePolicy};
        matches!(call, Delete | DeletePolicy)
    }

    fn named(call: &DynamodbTableCall) -> BTreeSet<Address> {
        match call {
            DynamodbTableCall::Create(table) => table.kms_key.addresses(),
            DynamodbTableCall::SetKey(key) => key.addresses(),
            DynamodbTableCall::PutPolicy(document) => document.addresses(),
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

    /// The key that encrypts it and whom its policy lets through; the rest is its manager's.
    fn verify(self, live: &Self) -> Self {
        Self {
            policy: store::closed(self.policy, &live.policy),
            kms_key: self.kms_key,
            ..live.clone()
        }
    }
}

/// Reserved capacity has figures that no specification says, so it is only ever left.
fn billing_call(from: &DynamodbTable, to: &DynamodbTable) -> Option<DynamodbTableCall> {
    let billing = from.billing.changed(&to.billing)?;
    (*billing == Billing::PayPerRequest).then_some(DynamodbTableCall::PayPerRequest)
}

fn policy_call(from: &DynamodbTable, to: &DynamodbTable) -> Option<DynamodbTableCall> {
    let wanted = from.policy.changed(&to.policy)?;
    Some(match wanted.statements.is_empty() {
        true => DynamodbTableCall::DeletePolicy,
        false => DynamodbTableCall::PutPolicy(wanted.clone()),
    })
}
