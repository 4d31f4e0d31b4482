//! An Elastic IP address. Which address it is AWS decides; the gateway that uses it says so.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Read, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// An Elastic IP address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticIp {
    /// Value of the tag `Name`.
    pub name: String,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(ElasticIp {});

/// A call on an Elastic IP address.
#[derive(Debug, Clone, PartialEq)]
pub enum ElasticIpCall {
    /// AllocateAddress with tags.
    Allocate(Box<ElasticIp>),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// ReleaseAddress: the address is lost.
    Release,
}

impl Kind for ElasticIp {
    const NAME: KindName = KindName::ElasticIp;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "ec2:DescribeAddresses";
    const LOSS: Option<&'static str> = Some("released: partners know it and it never comes back");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("eipalloc-");
    type Call = ElasticIpCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("eipalloc-", token))
    }

    fn create(&self) -> ElasticIpCall {
        ElasticIpCall::Allocate(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<ElasticIpCall> {
        TagChange::between(&from.tags, &to.tags).calls(ElasticIpCall::Tag, ElasticIpCall::Untag)
    }

    fn delete(&self) -> Vec<ElasticIpCall> {
        vec![ElasticIpCall::Release]
    }

    fn apply(state: Option<Self>, call: &ElasticIpCall) -> Option<Self> {
        if let ElasticIpCall::Allocate(address) = call {
            return Some((**address).clone());
        }
        let mut address = state?;
        match call {
            ElasticIpCall::Allocate(_) | ElasticIpCall::Release => return None,
            ElasticIpCall::Tag(tags) => tagging::set(&mut address.tags, tags),
            ElasticIpCall::Untag(keys) => tagging::remove(&mut address.tags, keys),
        }
        Some(address)
    }

    fn api(call: &ElasticIpCall) -> Api {
        match call {
            ElasticIpCall::Allocate(_) => Api::ec2("AllocateAddress", 5, 50),
            ElasticIpCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            ElasticIpCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            ElasticIpCall::Release => Api::ec2("ReleaseAddress", 5, 50),
        }
    }

    fn removes(call: &ElasticIpCall) -> bool {
        matches!(call, ElasticIpCall::Release)
    }

    fn named(_: &ElasticIpCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(_: &FieldChange, _: Sides<'_>) -> Direction {
        Direction::Neutral
    }
}
