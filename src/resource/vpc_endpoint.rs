//! A VPC endpoint, gateway or interface, with its policy. A gateway's routes belong to it: they
//! cannot be set through the calls of a route table.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Ref, Sides, direction, ec2,
    keep::unknown_denies,
    linked,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// A VPC endpoint. What an endpoint of the other type has is empty, and never set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VpcEndpoint {
    /// The value of its `Name` tag.
    pub name: String,
    /// Service name, as `com.amazonaws.eu-west-1.kms`.
    pub service: String,
    /// Gateway or interface.
    pub endpoint_type: EndpointType,
    /// The VPC.
    pub vpc: Ref,
    /// How far AWS is with it.
    pub state: EndpointState,
    /// Route tables that a gateway adds its route to.
    pub route_tables: Read<BTreeSet<Ref>>,
    /// Subnets that hold an interface.
    pub subnets: Read<BTreeSet<Ref>>,
    /// Security groups of the interfaces.
    pub groups: Read<BTreeSet<Ref>>,
    /// Whether the service's public name leads to the interfaces.
    pub private_dns: Read<bool>,
    /// Who may call what through it.
    pub policy: Read<PolicyDocument>,
    /// Tags, without the name.
    pub tags: Read<Tags>,
}

/// How an endpoint is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndpointType {
    /// By routes to a prefix list: S3 and DynamoDB.
    Gateway,
    /// By an interface in each subnet.
    Interface,
}

/// The states of an endpoint that is there.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndpointState {
    /// It works.
    Available,
    /// AWS is making it, or changing it.
    Pending,
    /// It will never work: failed, rejected, expired.
    Broken,
}

linked!(VpcEndpoint {
    vpc,
    route_tables,
    subnets,
    groups,
    policy
});

/// A call on an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub enum VpcEndpointCall {
    /// CreateVpcEndpoint with everything.
    Create(Box<VpcEndpoint>),
    /// ModifyVpcEndpoint: everything that differs at once, for its quota is small.
    Modify(Box<EndpointChange>),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteVpcEndpoints.
    Delete,
}

/// What one ModifyVpcEndpoint sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EndpointChange {
    /// Route tables to add and to remove.
    pub route_tables: SetChange,
    /// Subnets to add and to remove.
    pub subnets: SetChange,
    /// Security groups to add and to remove.
    pub groups: SetChange,
    /// Private DNS on or off.
    pub private_dns: Option<bool>,
    /// Another policy.
    pub policy: Option<PolicyDocument>,
}

/// What a set gains and loses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SetChange {
    /// What is added.
    pub add: BTreeSet<Ref>,
    /// What is removed.
    pub remove: BTreeSet<Ref>,
}

impl SetChange {
    /// What leads from one reading to the other; nothing where either is unread.
    fn between(from: &Read<BTreeSet<Ref>>, to: &Read<BTreeSet<Ref>>) -> Self {
        let (Read::Known(from), Read::Known(to)) = (from, to) else {
            return Self::default();
        };
        Self {
            add: to.difference(from).cloned().collect(),
            remove: from.difference(to).cloned().collect(),
        }
    }

    fn apply(&self, set: &mut Read<BTreeSet<Ref>>) {
        if let Read::Known(known) = set {
            known.retain(|reference| !self.remove.contains(reference));
            known.extend(self.add.iter().cloned());
        }
    }

    fn addresses(&self) -> BTreeSet<Address> {
        let all = self.add.iter().chain(&self.remove);
        all.filter_map(|reference| reference.address().cloned())
            .collect()
    }
}

impl EndpointChange {
    /// A gateway has no interfaces, and an interface no routes: AWS refuses to set them.
    fn between(from: &VpcEndpoint, to: &VpcEndpoint) -> Self {
        let policy = from.policy.changed(&to.policy).cloned();
        match to.endpoint_type {
            EndpointType::Gateway => Self {
                route_tables: SetChange::between(&from.route_tables, &to.route_tables),
                policy,
                ..Self::default()
            },
            EndpointType::Interface => Self {
                subnets: SetChange::between(&from.subnets, &to.subnets),
                groups: SetChange::between(&from.groups, &to.groups),
                private_dns: from.private_dns.changed(&to.private_dns).copied(),
                policy,
                ..Self::default()
            },
        }
    }

    fn apply(&self, endpoint: &mut VpcEndpoint) {
        self.route_tables.apply(&mut endpoint.route_tables);
        self.subnets.apply(&mut endpoint.subnets);
        self.groups.apply(&mut endpoint.groups);
        if let Some(on) = self.private_dns {
            endpoint.private_dns.set(on);
        }
        if let Some(policy) = &self.policy {
            endpoint.policy.set(policy.clone());
        }
    }

    /// Everything that the call names; what was deleted elsewhere cannot be removed by name.
    fn addresses(&self) -> BTreeSet<Address> {
        let sets = [&self.route_tables, &self.subnets, &self.groups];
        let named = sets.into_iter().flat_map(SetChange::addresses);
        let policy = self.policy.iter().flat_map(Linked::addresses);
        named.chain(policy).collect()
    }
}

impl VpcEndpoint {
    /// Whether AWS itself has put it into the VPC: GuardDuty's, for its agents. The tag alone
    /// proves nothing, for anybody can write it.
    /// <https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-managing-agents.html>
    pub fn managed_by_aws(&self) -> bool {
        let tags = self.tags.known();
        let tagged = tags.is_some_and(|tags| tags.contains_key("GuardDutyManaged"));
        tagged && self.service.ends_with(".guardduty-data")
    }
}

impl Kind for VpcEndpoint {
    const NAME: KindName = KindName::VpcEndpoint;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] =
        &["name", "service", "endpoint_type", "vpc", "state"];
    const LISTING: &'static str = "ec2:DescribeVpcEndpoints";
    const LOSS: Option<&'static str> = Some("deleted; what uses it loses its way to the service");
    const NAMED: bool = false;
    const HELD: bool = false;
    const ID_PREFIX: Option<&'static str> = Some("vpce-");
    type Call = VpcEndpointCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("vpce-", token))
    }

    fn create(&self) -> VpcEndpointCall {
        VpcEndpointCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<VpcEndpointCall> {
        let change = EndpointChange::between(from, to);
        let modify = (change != EndpointChange::default())
            .then(|| VpcEndpointCall::Modify(Box::new(change)));
        modify
            .into_iter()
            .chain(
                TagChange::between(&from.tags, &to.tags)
                    .calls(VpcEndpointCall::Tag, VpcEndpointCall::Untag),
            )
            .collect()
    }

    fn delete(&self) -> Vec<VpcEndpointCall> {
        vec![VpcEndpointCall::Delete]
    }

    fn apply(state: Option<Self>, call: &VpcEndpointCall) -> Option<Self> {
        if let VpcEndpointCall::Create(endpoint) = call {
            return Some((**endpoint).clone());
        }
        let mut endpoint = state?;
        match call {
            VpcEndpointCall::Create(_) | VpcEndpointCall::Delete => return None,
            VpcEndpointCall::Modify(change) => change.apply(&mut endpoint),
            VpcEndpointCall::Tag(tags) => tagging::set(&mut endpoint.tags, tags),
            VpcEndpointCall::Untag(keys) => tagging::remove(&mut endpoint.tags, keys),
        }
        Some(endpoint)
    }

    fn api(call: &VpcEndpointCall) -> Api {
        match call {
            VpcEndpointCall::Create(_) => Api::vpc_endpoint("CreateVpcEndpoint"),
            VpcEndpointCall::Modify(_) => Api::vpc_endpoint("ModifyVpcEndpoint"),
            VpcEndpointCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            VpcEndpointCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            VpcEndpointCall::Delete => Api::vpc_endpoint("DeleteVpcEndpoints"),
        }
    }

    fn removes(call: &VpcEndpointCall) -> bool {
        matches!(call, VpcEndpointCall::Delete)
    }

    fn named(call: &VpcEndpointCall) -> BTreeSet<Address> {
        match call {
            VpcEndpointCall::Create(endpoint) => endpoint.addresses(),
            VpcEndpointCall::Modify(change) => change.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "policy" => direction::of_policy(change, sides),
            // Each is a further way to the endpoint.
            "route_tables" | "subnets" | "groups" => Direction::access(change.after.is_some()),
            // Without it calls go past the endpoint, and past its policy.
            "private_dns" => Direction::access(change.after == Some(false.into())),
            _ => Direction::Neutral,
        }
    }

    /// While AWS makes an endpoint there is nothing to repair.
    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        unknown_denies(&mut self.policy, &live.policy, "policy", note);
        if live.state == EndpointState::Pending {
            self.state = live.state;
        }
        self
    }
}
