//! What every kind of resource tells about itself. Pure: calls are described here, sent elsewhere.

use std::{collections::BTreeSet, fmt::Debug};

use serde::{Serialize, de::DeserializeOwned};

use super::{Api, Call, Direction, FieldChange, Linked, Resources, Sides, Table};
use crate::model::{Address, Home, KindName, PhysicalId};

/// A kind of resource: its state, and the calls that change it.
///
/// Two laws hold for every kind and are tested for every kind: the calls of `create` and
/// `settle`, applied in order, lead to the wanted state; and executing them on an account and
/// observing again shows what applying them in memory predicts.
pub trait Kind:
    Tabled + Clone + PartialEq + Debug + Serialize + DeserializeOwned + Linked + Send + Sync + 'static
{
    /// The kind's name in addresses.
    const NAME: KindName;

    /// What a resource of this kind is for, when one appears or vanishes.
    const ASPECT: Aspect;

    /// One AWS call with the values that it sets.
    type Call: Clone + Debug + PartialEq + Send + Sync + Into<Call>;

    /// The addresses that must exist before the create call.
    fn create_needs(&self) -> BTreeSet<Address>;

    /// Addresses whose later calls must be done too before the create call: a trail is refused
    /// until the policy of its bucket lets it write.
    fn create_waits(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    /// Addresses whose later calls must be done before the later calls of this one: AWS refuses a
    /// route to a NAT gateway that is not available yet, and a bucket's access log until the policy
    /// of the other bucket lets it write.
    fn settle_waits(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    /// What must stay as long as it does, where it cannot be deleted: the key of what is locked.
    fn retains(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    /// How long it stays though nobody wants it any more, in days; none where it goes at once.
    fn retained_days(&self) -> Option<u32> {
        None
    }

    /// Fields that no call can change; a difference there asks for a replacement.
    const IMMUTABLE: &'static [&'static str];

    /// The call that lists the kind, as `kms:ListKeys`.
    const LISTING: &'static str;

    /// What a deletion loses, for people; none where nothing is lost.
    const LOSS: Option<&'static str> = Some("deleted");

    /// Whether its id is known before it exists: AWS names it as the specification does.
    const NAMED: bool;

    /// Whether AWS refuses to delete it while another resource needs it.
    const HELD: bool;

    /// Whether AWS refuses a second one of the same name.
    const UNIQUE: bool = true;

    /// Whether an account has one at most, in a Region or in all of them. One that no call
    /// deletes is a setting: it is left as it is when the environment goes.
    const SINGLE: bool = false;

    /// How ids of the kind begin, as `sg-`, where nothing else begins so.
    const ID_PREFIX: Option<&'static str> = None;

    /// How AWS will name it. `token` is 32 hexadecimal digits in place of what AWS makes up.
    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId;

    /// The create call.
    fn create(&self) -> Self::Call;

    /// The calls that lead from one state to another, in order; unread fields are left alone.
    fn settle(from: &Self, to: &Self) -> Vec<Self::Call>;

    /// The calls that delete it, in order.
    fn delete(&self) -> Vec<Self::Call>;

    /// The state after a call: what the account will show.
    fn apply(state: Option<Self>, call: &Self::Call) -> Option<Self>;

    /// The AWS API behind a call.
    fn api(call: &Self::Call) -> Api;

    /// Whether a call takes something away, so that not finding it is its aim.
    fn removes(call: &Self::Call) -> bool;

    /// The addresses that a call names, beside the resource itself.
    fn named(call: &Self::Call) -> BTreeSet<Address>;

    /// Whether a change of one field widens access, or weakens logging or encryption.
    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction;

    /// The wanted state, with what must be kept of the live one: what AWS itself manages, and
    /// an unknown Deny. Everything kept is told to `note`.
    fn keep(self, _live: &Self, _note: &mut dyn FnMut(Kept)) -> Self {
        self
    }

    /// What is asked of one that somebody else manages: the wanted state where the specification
    /// judges it, the live one everywhere else. All of it is judged unless a kind says less.
    fn verify(self, _live: &Self) -> Self {
        self
    }
}

/// Where a kind stands among all resources; the registry says it for each.
pub trait Tabled: Sized {
    /// The table that holds the kind.
    fn table(resources: &Resources) -> &Table<Self>;

    /// The table that holds the kind, to change it.
    fn table_mut(resources: &mut Resources) -> &mut Table<Self>;
}

/// What a kind is for: it decides the direction of its appearing and vanishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Its presence gives access.
    Access,
    /// Its presence keeps logs.
    Logging,
    /// Its presence encrypts.
    Encryption,
    /// Its presence bounds something else.
    Boundary,
}

/// A part of a live resource that the specification does not know and that is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The path of the part in the resource.
    pub path: String,
    /// Why it is kept.
    pub reason: KeptReason,
}

/// Why an undeclared part of a resource is kept.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum KeptReason {
    /// AWS itself made it and needs it.
    AwsManaged,
    /// It denies: somebody may be answering an incident.
    UnknownDeny,
}
