//! An internet gateway with the VPC that it is attached to.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// An internet gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InternetGateway {
    /// Value of the tag `Name`.
    pub name: String,
    /// The VPC that it is attached to; none where it is attached to nothing.
    pub vpc: Read<Option<Ref>>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(InternetGateway { vpc });

/// A call on an internet gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum InternetGatewayCall {
    /// CreateInternetGateway with tags.
    Create(Box<InternetGateway>),
    /// AttachInternetGateway.
    Attach(Ref),
    /// DetachInternetGateway from the VPC.
    Detach(Ref),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteInternetGateway.
    Delete,
}

impl Kind for InternetGateway {
    const NAME: KindName = KindName::InternetGateway;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "ec2:DescribeInternetGateways";
    const LOSS: Option<&'static str> = Some("deleted: declared egress stops");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("igw-");
    type Call = InternetGatewayCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("igw-", token))
    }

    fn create(&self) -> InternetGatewayCall {
        InternetGatewayCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<InternetGatewayCall> {
        let moved = match (from.vpc.known(), from.vpc.changed(&to.vpc)) {
            (Some(from), Some(to)) => [
                from.clone().map(InternetGatewayCall::Detach),
                to.clone().map(InternetGatewayCall::Attach),
            ],
            _ => [None, None],
        };
        let tags = TagChange::between(&from.tags, &to.tags);
        moved
            .into_iter()
            .flatten()
            .chain(tags.calls(InternetGatewayCall::Tag, InternetGatewayCall::Untag))
            .collect()
    }

    fn delete(&self) -> Vec<InternetGatewayCall> {
        let attached = self.vpc.known().cloned().flatten();
        attached
            .map(InternetGatewayCall::Detach)
            .into_iter()
            .chain([InternetGatewayCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &InternetGatewayCall) -> Option<Self> {
        if let InternetGatewayCall::Create(gateway) = call {
            return Some(Self {
                vpc: None.into(),
                ..(**gateway).clone()
            });
        }
        let mut gateway = state?;
        match call {
            InternetGatewayCall::Create(_) | InternetGatewayCall::Delete => return None,
            InternetGatewayCall::Attach(vpc) => gateway.vpc.set(Some(vpc.clone())),
            InternetGatewayCall::Detach(_) => gateway.vpc.set(None),
            InternetGatewayCall::Tag(tags) => tagging::set(&mut gateway.tags, tags),
            InternetGatewayCall::Untag(keys) => tagging::remove(&mut gateway.tags, keys),
        }
        Some(gateway)
    }

    fn api(call: &InternetGatewayCall) -> Api {
        match call {
            InternetGatewayCall::Create(_) => Api::ec2("CreateInternetGateway", 5, 50),
            InternetGatewayCall::Attach(_) => Api::ec2("AttachInternetGateway", 5, 50),
            InternetGatewayCall::Detach(_) => Api::ec2("DetachInternetGateway", 5, 50),
            InternetGatewayCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            InternetGatewayCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            InternetGatewayCall::Delete => Api::ec2("DeleteInternetGateway", 5, 50),
        }
    }

    fn removes(call: &InternetGatewayCall) -> bool {
        use InternetGatewayCall::{Delete, Detach};
        matches!(call, Delete | Detach(_))
    }

    fn named(call: &InternetGatewayCall) -> BTreeSet<Address> {
        match call {
            InternetGatewayCall::Attach(vpc) => vpc.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "vpc" => Direction::access(change.after.is_some()),
            _ => Direction::Neutral,
        }
    }
}
