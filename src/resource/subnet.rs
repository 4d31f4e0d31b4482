//! A subnet, with the route table and the network ACL that it uses.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html>

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, field, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PUBLIC, PhysicalId, Tags};

/// A subnet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// Value of the tag `Name`.
    pub name: String,
    /// The VPC.
    pub vpc: Ref,
    /// Its address range.
    pub cidr: Ipv4Net,
    /// Its availability zone, as `eu-west-1a`.
    pub zone: String,
    /// Whether what starts in it gets a public address by itself.
    pub public_ip: Read<bool>,
    /// Interfaces in it that have a public address, by id, NAT gateways aside. Only told: whoever
    /// runs them must take the address away.
    pub public_interfaces: Read<BTreeSet<String>>,
    /// The route table that it is associated with; none where the VPC's main one serves it.
    pub route_table: Read<Option<Ref>>,
    /// The network ACL that it is associated with; none where it is the VPC's default one.
    pub network_acl: Read<Option<Ref>>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(Subnet {
    vpc,
    route_table,
    network_acl
});

/// A call on a subnet.
#[derive(Debug, Clone, PartialEq)]
pub enum SubnetCall {
    /// CreateSubnet with tags.
    Create(Box<Subnet>),
    /// ModifySubnetAttribute of MapPublicIpOnLaunch.
    PublicIp(bool),
    /// AssociateRouteTable, or ReplaceRouteTableAssociation where it has one already.
    AssociateRouteTable(Ref),
    /// DisassociateRouteTable: the main one serves it from then on.
    DisassociateRouteTable,
    /// ReplaceNetworkAclAssociation.
    AssociateNetworkAcl(Ref),
    /// ReplaceNetworkAclAssociation by the VPC's default one.
    DisassociateNetworkAcl,
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteSubnet.
    Delete,
}

impl Subnet {
    fn associations(from: &Self, to: &Self) -> impl Iterator<Item = SubnetCall> {
        use SubnetCall::{
            AssociateNetworkAcl, AssociateRouteTable, DisassociateNetworkAcl,
            DisassociateRouteTable,
        };
        let acl = from.network_acl.changed(&to.network_acl).cloned();
        let table = from.route_table.changed(&to.route_table).cloned();
        let acl = acl.map(|acl| acl.map_or(DisassociateNetworkAcl, AssociateNetworkAcl));
        let table = table.map(|table| table.map_or(DisassociateRouteTable, AssociateRouteTable));
        // The filter first, the ways afterwards.
        acl.into_iter().chain(table)
    }
}

impl Kind for Subnet {
    const NAME: KindName = KindName::Subnet;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "vpc", "cidr", "zone"];
    const LISTING: &'static str = "ec2:DescribeSubnets";
    const LOSS: Option<&'static str> = Some("deleted: nothing can run in it any more");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("subnet-");
    type Call = SubnetCall;

    /// Route table and network ACL too: no subnet is without its filter for long, and both go
    /// after it.
    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("subnet-", token))
    }

    fn create(&self) -> SubnetCall {
        SubnetCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<SubnetCall> {
        let public = from.public_ip.changed(&to.public_ip);
        let tags = TagChange::between(&from.tags, &to.tags);
        public
            .map(|on| SubnetCall::PublicIp(*on))
            .into_iter()
            .chain(Self::associations(from, to))
            .chain(tags.calls(SubnetCall::Tag, SubnetCall::Untag))
            .collect()
    }

    /// Its associations first: while AWS waits for interfaces that linger, no route leads out.
    fn delete(&self) -> Vec<SubnetCall> {
        let associated = |read: &Read<Option<Ref>>| read.known().is_some_and(Option::is_some);
        let table = associated(&self.route_table).then_some(SubnetCall::DisassociateRouteTable);
        let acl = associated(&self.network_acl).then_some(SubnetCall::DisassociateNetworkAcl);
        table
            .into_iter()
            .chain(acl)
            .chain([SubnetCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &SubnetCall) -> Option<Self> {
        if let SubnetCall::Create(subnet) = call {
            return Some(Self {
                public_ip: false.into(),
                public_interfaces: BTreeSet::new().into(),
                route_table: None.into(),
                network_acl: None.into(),
                ..(**subnet).clone()
            });
        }
        let mut subnet = state?;
        match call {
            SubnetCall::Create(_) | SubnetCall::Delete => return None,
            SubnetCall::PublicIp(on) => subnet.public_ip.set(*on),
            SubnetCall::AssociateRouteTable(table) => subnet.route_table.set(Some(table.clone())),
            SubnetCall::DisassociateRouteTable => subnet.route_table.set(None),
            SubnetCall::AssociateNetworkAcl(acl) => subnet.network_acl.set(Some(acl.clone())),
            SubnetCall::DisassociateNetworkAcl => subnet.network_acl.set(None),
            SubnetCall::Tag(tags) => tagging::set(&mut subnet.tags, tags),
            SubnetCall::Untag(keys) => tagging::remove(&mut subnet.tags, keys),
        }
        Some(subnet)
    }

    fn api(call: &SubnetCall) -> Api {
        match call {
            SubnetCall::Create(_) => Api::ec2("CreateSubnet", 5, 50),
            SubnetCall::PublicIp(_) => Api::ec2("ModifySubnetAttribute", 5, 50),
            SubnetCall::AssociateRouteTable(_) => Api::ec2("AssociateRouteTable", 5, 50),
            SubnetCall::DisassociateRouteTable => Api::ec2("DisassociateRouteTable", 5, 50),
            SubnetCall::AssociateNetworkAcl(_) | SubnetCall::DisassociateNetworkAcl => {
                Api::ec2("ReplaceNetworkAclAssociation", 5, 50)
            }
            SubnetCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            SubnetCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            SubnetCall::Delete => Api::ec2("DeleteSubnet", 5, 50),
        }
    }

    fn removes(call: &SubnetCall) -> bool {
        matches!(
            call,
            SubnetCall::Delete | SubnetCall::DisassociateRouteTable
        )
    }

    fn named(call: &SubnetCall) -> BTreeSet<Address> {
        match call {
            SubnetCall::Create(subnet) => subnet.vpc.addresses(),
            SubnetCall::AssociateRouteTable(other) | SubnetCall::AssociateNetworkAcl(other) => {
                other.addresses()
            }
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "public_ip" => Direction::access(change.after == Some(true.into())),
            "public_interfaces" => Direction::access(change.after.is_some()),
            "route_table" | "network_acl" => {
                let (before, after) = (change.before.as_ref(), change.after.as_ref());
                Direction::access(openness(after) >= openness(before))
            }
            _ => Direction::Neutral,
        }
    }
}

/// How open an association is: the main route table and the default network ACL are closed, the
/// private tier knows the declared ways, the public one the internet; of others nobody knows.
fn openness(association: Option<&Value>) -> u8 {
    match association {
        None => 0,
        Some(other) if !field::is_reference(other) => 3,
        Some(ours) if field::leaf(Some(ours)).ends_with(&format!("/{PUBLIC}")) => 2,
        Some(_) => 1,
    }
}
