//! A VPC with what AWS makes along with it: its default group, its default network ACL and its
//! main route table. Nothing of ours uses those three, so they are closed.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html>

use std::collections::{BTreeMap, BTreeSet};

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

use super::{
    AclAction, AclEntries, AclEntry, AclEntryCall, AclKey, Api, Aspect, Direction, FieldChange,
    Flow, Kind, Linked, PortRange, Read, Ref, RouteCall, Routes, Sides, ec2, linked,
    network_acl::of_entry,
    route_table::of_route,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A VPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// Value of the tag `Name`.
    pub name: String,
    /// Its first address range; AWS never lets it change.
    pub cidr: Ipv4Net,
    /// Further address ranges that somebody added. Only told: a range in use cannot be taken away.
    pub further_cidrs: Read<BTreeSet<IpNet>>,
    /// Whether the resolver of AWS answers in it.
    pub dns_support: Read<bool>,
    /// Whether what has a public address gets a public name; private DNS of endpoints needs it.
    pub dns_hostnames: Read<bool>,
    /// The rules of the group that whatever names no group is put into.
    pub default_group: Read<BTreeSet<DefaultRule>>,
    /// The entries of the network ACL that a subnet has which names none.
    pub default_acl: Read<AclEntries>,
    /// The routes of the table that a subnet has which names none.
    pub main_routes: Read<Routes>,
    /// Gateways that nobody declared, by id. Only told: whoever made them must take them away.
    pub gateways: Read<BTreeMap<String, Attachment>>,
    /// Connections to other networks, by id. Only told, like the gateways.
    pub interconnects: Read<BTreeMap<String, Attachment>>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(Vpc {
    default_group,
    main_routes
});

/// A rule of the default group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultRule {
    /// Whether it admits or lets out.
    pub flow: Flow,
    /// IP protocol as EC2 writes it: `tcp`, a number, `-1` for all.
    pub protocol: String,
    /// First and last port; none where the protocol has none or all are meant.
    pub ports: Option<PortRange>,
    /// The other side: a CIDR, a prefix list, a group, or `self`.
    pub peer: Ref,
}

linked!(DefaultRule { peer });

impl DefaultRule {
    /// How a rule names the default group itself.
    pub const SELF: &'static str = "self";

    /// The two rules of a new default group: everything from itself, and to everywhere.
    pub fn initial() -> BTreeSet<Self> {
        let all = |flow, peer| Self {
            flow,
            protocol: ALL.to_owned(),
            ports: None,
            peer: Ref::literal(peer),
        };
        [
            all(Flow::Ingress, Self::SELF),
            all(Flow::Egress, "0.0.0.0/0"),
        ]
        .into()
    }
}

/// What is attached to a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// An internet gateway.
    InternetGateway,
    /// An egress-only internet gateway, for IPv6.
    EgressOnlyInternetGateway,
    /// A NAT gateway.
    NatGateway,
    /// A virtual private gateway: the end of a VPN or of Direct Connect.
    VpnGateway,
    /// A peering connection.
    PeeringConnection,
    /// A transit gateway's attachment.
    TransitGateway,
}

impl Attachment {
    /// The words that people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::InternetGateway => "internet gateway",
            Self::EgressOnlyInternetGateway => "egress-only internet gateway",
            Self::NatGateway => "NAT gateway",
            Self::VpnGateway => "VPN gateway",
            Self::PeeringConnection => "peering connection",
            Self::TransitGateway => "transit gateway attachment",
        }
    }
}

/// All protocols, as EC2 writes it.
const ALL: &str = "-1";
/// The number of AWS's own first entry.
const FIRST: u16 = 100;

/// The entries of a new default network ACL: everything passes.
pub fn initial_entries() -> AclEntries {
    let open = AclEntry {
        action: AclAction::Allow,
        protocol: ALL.to_owned(),
        ports: None,
        cidr: IpNet::V4(Ipv4Net::default()),
    };
    [Flow::Ingress, Flow::Egress]
        .map(|flow| {
            let number = FIRST;
            (AclKey { flow, number }, open.clone())
        })
        .into()
}

/// A call on a VPC.
#[derive(Debug, Clone, PartialEq)]
pub enum VpcCall {
    /// CreateVpc with tags.
    Create(Box<Vpc>),
    /// ModifyVpcAttribute of EnableDnsSupport.
    DnsSupport(bool),
    /// ModifyVpcAttribute of EnableDnsHostnames.
    DnsHostnames(bool),
    /// AuthorizeSecurityGroupIngress or -Egress of the default group.
    AuthorizeDefault(DefaultRule),
    /// RevokeSecurityGroupIngress or -Egress of the default group.
    RevokeDefault(DefaultRule),
    /// A change of an entry of the default network ACL.
    DefaultAcl(AclEntryCall),
    /// A change of a route of the main route table.
    MainRoute(RouteCall),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteVpc, with what AWS made along with it.
    Delete,
}

impl Vpc {
    /// AWS enables names only where its resolver answers.
    fn dns(from: &Self, to: &Self) -> Vec<VpcCall> {
        let support = from.dns_support.changed(&to.dns_support);
        let names = from.dns_hostnames.changed(&to.dns_hostnames);
        let support = support.map(|on| VpcCall::DnsSupport(*on));
        let names = names.map(|on| VpcCall::DnsHostnames(*on));
        let mut calls: Vec<VpcCall> = support.into_iter().chain(names).collect();
        if to.dns_support.known() == Some(&false) {
            calls.reverse();
        }
        calls
    }

    fn default_rules(from: &Self, to: &Self) -> Vec<VpcCall> {
        let (Read::Known(from), Read::Known(to)) = (&from.default_group, &to.default_group) else {
            return Vec::new();
        };
        let gone = from.difference(to).cloned().map(VpcCall::RevokeDefault);
        let new = to.difference(from).cloned().map(VpcCall::AuthorizeDefault);
        gone.chain(new).collect()
    }
}

impl Kind for Vpc {
    const NAME: KindName = KindName::Vpc;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "cidr"];
    const LISTING: &'static str = "ec2:DescribeVpcs";
    const LOSS: Option<&'static str> = Some("deleted with its default group, ACL and route table");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("vpc-");
    type Call = VpcCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("vpc-", token))
    }

    fn create(&self) -> VpcCall {
        VpcCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<VpcCall> {
        let acl = AclEntryCall::between(&from.default_acl, &to.default_acl);
        let routes = RouteCall::between(&from.main_routes, &to.main_routes);
        let tags = TagChange::between(&from.tags, &to.tags);
        Self::default_rules(from, to)
            .into_iter()
            .chain(acl.into_iter().map(VpcCall::DefaultAcl))
            .chain(routes.into_iter().map(VpcCall::MainRoute))
            .chain(Self::dns(from, to))
            .chain(tags.calls(VpcCall::Tag, VpcCall::Untag))
            .collect()
    }

    fn delete(&self) -> Vec<VpcCall> {
        vec![VpcCall::Delete]
    }

    fn apply(state: Option<Self>, call: &VpcCall) -> Option<Self> {
        if let VpcCall::Create(vpc) = call {
            return Some(created(vpc));
        }
        let mut vpc = state?;
        match call {
            VpcCall::Create(_) | VpcCall::Delete => return None,
            VpcCall::DnsSupport(on) => vpc.dns_support.set(*on),
            VpcCall::DnsHostnames(on) => vpc.dns_hostnames.set(*on),
            VpcCall::AuthorizeDefault(rule) => {
                if let Read::Known(rules) = &mut vpc.default_group {
                    rules.insert(rule.clone());
                }
            }
            VpcCall::RevokeDefault(rule) => {
                if let Read::Known(rules) = &mut vpc.default_group {
                    rules.remove(rule);
                }
            }
            VpcCall::DefaultAcl(change) => change.apply(&mut vpc.default_acl),
            VpcCall::MainRoute(change) => change.apply(&mut vpc.main_routes),
            VpcCall::Tag(tags) => tagging::set(&mut vpc.tags, tags),
            VpcCall::Untag(keys) => tagging::remove(&mut vpc.tags, keys),
        }
        Some(vpc)
    }

    fn api(call: &VpcCall) -> Api {
        let operation = match call {
            VpcCall::DefaultAcl(change) => return change.api(),
            VpcCall::MainRoute(change) => return change.api(),
            VpcCall::Tag(_) => return Api::ec2("CreateTags", 10, 100),
            VpcCall::Untag(_) => return Api::ec2("DeleteTags", 10, 100),
            VpcCall::Create(_) => "CreateVpc",
            VpcCall::Delete => "DeleteVpc",
            VpcCall::DnsSupport(_) | VpcCall::DnsHostnames(_) => "ModifyVpcAttribute",
            VpcCall::AuthorizeDefault(rule) => match rule.flow {
                Flow::Ingress => "AuthorizeSecurityGroupIngress",
                Flow::Egress => "AuthorizeSecurityGroupEgress",
            },
            VpcCall::RevokeDefault(rule) => match rule.flow {
                Flow::Ingress => "RevokeSecurityGroupIngress",
                Flow::Egress => "RevokeSecurityGroupEgress",
            },
        };
        Api::ec2(operation, 5, 50)
    }

    fn removes(call: &VpcCall) -> bool {
        match call {
            VpcCall::DefaultAcl(change) => change.removes(),
            VpcCall::MainRoute(change) => change.removes(),
            _ => matches!(call, VpcCall::Delete | VpcCall::RevokeDefault(_)),
        }
    }

    fn named(call: &VpcCall) -> BTreeSet<Address> {
        match call {
            VpcCall::AuthorizeDefault(rule) => rule.addresses(),
            VpcCall::MainRoute(change) => change.named(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "default_acl" => of_entry(change, sides),
            "main_routes" => of_route(change),
            "default_group" | "gateways" | "interconnects" | "further_cidrs" => {
                Direction::access(change.after.is_some())
            }
            _ => Direction::Neutral,
        }
    }

    /// Of somebody else's VPC only its range, its DNS and its default group matter: who attaches
    /// what to it, and what its other tables hold, is for its owner to know.
    fn verify(self, live: &Self) -> Self {
        Self {
            cidr: self.cidr,
            dns_support: self.dns_support,
            dns_hostnames: self.dns_hostnames,
            default_group: self.default_group,
            ..live.clone()
        }
    }
}

/// A VPC as AWS makes it: its default group and network ACL are open.
fn created(wanted: &Vpc) -> Vpc {
    Vpc {
        further_cidrs: BTreeSet::new().into(),
        dns_support: true.into(),
        dns_hostnames: false.into(),
        default_group: DefaultRule::initial().into(),
        default_acl: initial_entries().into(),
        main_routes: Routes::new().into(),
        gateways: BTreeMap::new().into(),
        interconnects: BTreeMap::new().into(),
        ..wanted.clone()
    }
}
