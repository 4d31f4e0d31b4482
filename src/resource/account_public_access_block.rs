//! S3 Block Public Access of a whole account: a setting, which nothing here turns off.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Read, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// S3 Block Public Access of the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPublicAccessBlock {
    /// What is blocked.
    pub blocked: Read<PublicAccess>,
}

/// The four ways in which S3 keeps the public out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicAccess {
    /// New public ACLs are refused.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused.
    pub block_public_policy: bool,
    /// Public policies let nobody in from outside the account.
    pub restrict_public_buckets: bool,
}

impl PublicAccess {
    /// Everything that S3 can block.
    pub const BLOCKED: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

linked!(AccountPublicAccessBlock {});

/// A call on the account's S3 Block Public Access.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountPublicAccessBlockCall {
    /// PutPublicAccessBlock where nothing is blocked yet.
    Create(PublicAccess),
    /// PutPublicAccessBlock.
    Put(PublicAccess),
}

impl Kind for AccountPublicAccessBlock {
    const NAME: KindName = KindName::AccountPublicAccessBlock;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &[];
    const LISTING: &'static str = "s3:GetAccountPublicAccessBlock";
    const LOSS: Option<&'static str> = None;
    const NAMED: bool = true;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = AccountPublicAccessBlockCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        PhysicalId::plain(home.account.as_str())
    }

    fn create(&self) -> Self::Call {
        let blocked = self.blocked.known().copied();
        AccountPublicAccessBlockCall::Create(blocked.unwrap_or(PublicAccess::BLOCKED))
    }

    fn settle(from: &Self, to: &Self) -> Vec<Self::Call> {
        let changed = from.blocked.changed(&to.blocked).copied();
        changed
            .map(AccountPublicAccessBlockCall::Put)
            .into_iter()
            .collect()
    }

    /// Nobody is let in because an environment goes.
    fn delete(&self) -> Vec<Self::Call> {
        Vec::new()
    }

    fn apply(state: Option<Self>, call: &Self::Call) -> Option<Self> {
        match call {
            AccountPublicAccessBlockCall::Create(blocked) => Some(Self {
                blocked: (*blocked).into(),
            }),
            AccountPublicAccessBlockCall::Put(blocked) => {
                let mut block = state?;
                block.blocked.set(*blocked);
                Some(block)
            }
        }
    }

    fn api(_: &Self::Call) -> Api {
        Api::of("s3", "PutAccountPublicAccessBlock", 10, 10)
    }

    fn removes(_: &Self::Call) -> bool {
        false
    }

    fn named(_: &Self::Call) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        Direction::access(change.after != Some(true.into()))
    }
}
