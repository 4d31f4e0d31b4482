//! One rule of a security group. What it allows is its identity; only its description can change.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html>

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// A rule of a security group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroupRule {
    /// The group that it belongs to.
    pub group: Ref,
    /// Whether it admits or lets out.
    pub flow: Flow,
    /// IP protocol as EC2 writes it: `tcp`, `udp`, `icmp`, a number, `-1` for all.
    pub protocol: String,
    /// First and last port; none where the protocol has none or all are meant.
    pub ports: Option<PortRange>,
    /// The other side: a group, a CIDR or a prefix list. A list that AWS manages for a gateway
    /// endpoint stands as its name, `com.amazonaws.eu-west-1.s3`: its id is another in each Region.
    pub peer: Ref,
    /// Description.
    pub description: Read<String>,
}

/// A range of ports, both ends included; ICMP writes its type and code here, -1 for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortRange {
    /// First port.
    pub first: i32,
    /// Last port.
    pub last: i32,
}

impl PortRange {
    /// A single port.
    pub fn single(port: u16) -> Self {
        Self {
            first: port.into(),
            last: port.into(),
        }
    }
}

/// The direction of traffic, seen from the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Into the group.
    Ingress,
    /// Out of the group.
    Egress,
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        })
    }
}

linked!(SecurityGroupRule { group, peer });

/// A call on a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum SecurityGroupRuleCall {
    /// AuthorizeSecurityGroupIngress or -Egress.
    Authorize(Box<SecurityGroupRule>),
    /// ModifySecurityGroupRules: the same rule with another description.
    Describe(Flow, String),
    /// RevokeSecurityGroupIngress or -Egress.
    Revoke(Flow),
}

impl SecurityGroupRule {
    /// The logical name, made of what the rule allows:
    /// `login-v1:egress:tcp:8443:@accounts-v1`. A linked peer carries an `@`.
    pub fn logical_name(&self) -> String {
        let ports = match self.ports {
            None => "all".to_owned(),
            Some(PortRange { first, last }) if first == last => first.to_string(),
            Some(PortRange { first, last }) => format!("{first}-{last}"),
        };
        let peer = match &self.peer {
            Ref::To(address) => format!("@{}", address.name),
            Ref::Literal(text) => text.clone(),
        };
        let group = match &self.group {
            Ref::To(address) => &address.name,
            Ref::Literal(text) => text,
        };
        format!("{group}:{}:{}:{ports}:{peer}", self.flow, self.protocol)
    }
}

impl Kind for SecurityGroupRule {
    const NAME: KindName = KindName::SecurityGroupRule;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["group", "flow", "protocol", "ports", "peer"];
    const LISTING: &'static str = "ec2:DescribeSecurityGroupRules";
    const LOSS: Option<&'static str> = None;
    const NAMED: bool = false;
    const HELD: bool = false;
    type Call = SecurityGroupRuleCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("sgr-", token))
    }

    fn create(&self) -> SecurityGroupRuleCall {
        SecurityGroupRuleCall::Authorize(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<SecurityGroupRuleCall> {
        from.description
            .changed(&to.description)
            .map(|text| SecurityGroupRuleCall::Describe(to.flow, text.clone()))
            .into_iter()
            .collect()
    }

    fn delete(&self) -> Vec<SecurityGroupRuleCall> {
        vec![SecurityGroupRuleCall::Revoke(self.flow)]
    }

    fn apply(state: Option<Self>, call: &SecurityGroupRuleCall) -> Option<Self> {
        match call {
            SecurityGroupRuleCall::Authorize(rule) => Some((**rule).clone()),
            SecurityGroupRuleCall::Revoke(_) => None,
            SecurityGroupRuleCall::Describe(_, text) => state.map(|mut rule| {
                rule.description.set(text.clone());
                rule
            }),
        }
    }

    fn api(call: &SecurityGroupRuleCall) -> Api {
        use SecurityGroupRuleCall::{Authorize, Describe, Revoke};
        let flow = match call {
            Authorize(rule) => rule.flow,
            Describe(flow, _) | Revoke(flow) => *flow,
        };
        let operation = match (call, flow) {
            (Authorize(_), Flow::Ingress) => "AuthorizeSecurityGroupIngress",
            (Authorize(_), Flow::Egress) => "AuthorizeSecurityGroupEgress",
            (Describe(..), _) => "ModifySecurityGroupRules",
            (Revoke(_), Flow::Ingress) => "RevokeSecurityGroupIngress",
            (Revoke(_), Flow::Egress) => "RevokeSecurityGroupEgress",
        };
        Api::ec2(operation, 5, 50)
    }

    fn removes(call: &SecurityGroupRuleCall) -> bool {
        matches!(call, SecurityGroupRuleCall::Revoke(_))
    }

    fn named(call: &SecurityGroupRuleCall) -> BTreeSet<Address> {
        match call {
            SecurityGroupRuleCall::Authorize(rule) => rule.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "description" => Direction::Neutral,
            _ => Direction::access(change.after.is_some()),
        }
    }
}
