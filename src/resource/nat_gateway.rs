//! A public NAT gateway. It takes minutes to become available, and minutes to go; what needs
//! either waits for a call of its own.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, INTERNET_GATEWAY, KindName, PhysicalId, Tags};

/// A NAT gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatGateway {
    /// Value of the tag `Name`.
    pub name: String,
    /// The public subnet that holds it.
    pub subnet: Read<Ref>,
    /// The Elastic IP address that partners see.
    pub address: Read<Ref>,
    /// Whether it carries traffic: AWS needs minutes to make one.
    pub available: Read<bool>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(NatGateway { subnet, address });

/// A call on a NAT gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum NatGatewayCall {
    /// CreateNatGateway with tags.
    Create(Box<NatGateway>),
    /// DescribeNatGateways until it is available.
    Await,
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteNatGateway.
    Delete,
}

impl NatGateway {
    fn internet_gateway() -> Address {
        Address::new(KindName::InternetGateway, INTERNET_GATEWAY)
    }
}

impl Kind for NatGateway {
    const NAME: KindName = KindName::NatGateway;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name", "subnet", "address"];
    const LISTING: &'static str = "ec2:DescribeNatGateways";
    const LOSS: Option<&'static str> = Some("deleted: declared egress of its zone stops");
    const NAMED: bool = false;
    const HELD: bool = false;
    const ID_PREFIX: Option<&'static str> = Some("nat-");
    type Call = NatGatewayCall;

    /// AWS refuses a public NAT gateway in a VPC without internet gateway, and to detach that one
    /// while there is a NAT gateway.
    fn create_needs(&self) -> BTreeSet<Address> {
        let mut needs = self.addresses();
        needs.insert(Self::internet_gateway());
        needs
    }

    fn create_waits(&self) -> BTreeSet<Address> {
        [Self::internet_gateway()].into()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("nat-", token))
    }

    fn create(&self) -> NatGatewayCall {
        NatGatewayCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<NatGatewayCall> {
        let awaited = from.available.changed(&to.available) == Some(&true);
        let tags = TagChange::between(&from.tags, &to.tags);
        awaited
            .then_some(NatGatewayCall::Await)
            .into_iter()
            .chain(tags.calls(NatGatewayCall::Tag, NatGatewayCall::Untag))
            .collect()
    }

    fn delete(&self) -> Vec<NatGatewayCall> {
        vec![NatGatewayCall::Delete]
    }

    fn apply(state: Option<Self>, call: &NatGatewayCall) -> Option<Self> {
        if let NatGatewayCall::Create(gateway) = call {
            return Some(Self {
                available: false.into(),
                ..(**gateway).clone()
            });
        }
        let mut gateway = state?;
        match call {
            NatGatewayCall::Create(_) | NatGatewayCall::Delete => return None,
            NatGatewayCall::Await => gateway.available.set(true),
            NatGatewayCall::Tag(tags) => tagging::set(&mut gateway.tags, tags),
            NatGatewayCall::Untag(keys) => tagging::remove(&mut gateway.tags, keys),
        }
        Some(gateway)
    }

    fn api(call: &NatGatewayCall) -> Api {
        match call {
            NatGatewayCall::Create(_) => Api::ec2("CreateNatGateway", 5, 50),
            NatGatewayCall::Await => Api::ec2("DescribeNatGateways", 20, 100),
            NatGatewayCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            NatGatewayCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            NatGatewayCall::Delete => Api::ec2("DeleteNatGateway", 5, 50),
        }
    }

    fn removes(call: &NatGatewayCall) -> bool {
        matches!(call, NatGatewayCall::Delete)
    }

    fn named(call: &NatGatewayCall) -> BTreeSet<Address> {
        match call {
            NatGatewayCall::Create(gateway) => gateway.create_needs(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(_: &FieldChange, _: Sides<'_>) -> Direction {
        Direction::Neutral
    }
}
