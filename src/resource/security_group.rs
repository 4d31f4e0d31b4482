//! A security group; its rules are a kind of their own.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A security group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    /// Group name.
    pub name: String,
    /// Description; AWS never lets it change.
    pub description: String,
    /// The VPC.
    pub vpc: Ref,
    /// The rule "all traffic to 0.0.0.0/0" that AWS adds to every new group.
    pub default_egress: Read<bool>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(SecurityGroup { vpc });

/// A call on a security group.
#[derive(Debug, Clone, PartialEq)]
pub enum SecurityGroupCall {
    /// CreateSecurityGroup with tags.
    Create(Box<SecurityGroup>),
    /// RevokeSecurityGroupEgress of the default rule.
    RevokeDefaultEgress,
    /// AuthorizeSecurityGroupEgress of the default rule.
    AuthorizeDefaultEgress,
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteSecurityGroup.
    Delete,
}

impl Kind for SecurityGroup {
    const NAME: KindName = KindName::SecurityGroup;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "description", "vpc"];
    const LISTING: &'static str = "ec2:DescribeSecurityGroups";
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("sg-");
    type Call = SecurityGroupCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("sg-", token))
    }

    fn create(&self) -> SecurityGroupCall {
        SecurityGroupCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<SecurityGroupCall> {
        let egress = from.default_egress.changed(&to.default_egress).map(|open| {
            if *open {
                SecurityGroupCall::AuthorizeDefaultEgress
            } else {
                SecurityGroupCall::RevokeDefaultEgress
            }
        });
        egress
            .into_iter()
            .chain(
                TagChange::between(&from.tags, &to.tags)
                    .calls(SecurityGroupCall::Tag, SecurityGroupCall::Untag),
            )
            .collect()
    }

    fn delete(&self) -> Vec<SecurityGroupCall> {
        vec![SecurityGroupCall::Delete]
    }

    fn apply(state: Option<Self>, call: &SecurityGroupCall) -> Option<Self> {
        if let SecurityGroupCall::Create(group) = call {
            return Some(Self {
                default_egress: true.into(),
                ..(**group).clone()
            });
        }
        let mut group = state?;
        match call {
            SecurityGroupCall::Create(_) | SecurityGroupCall::Delete => return None,
            SecurityGroupCall::RevokeDefaultEgress => group.default_egress.set(false),
            SecurityGroupCall::AuthorizeDefaultEgress => group.default_egress.set(true),
            SecurityGroupCall::Tag(tags) => tagging::set(&mut group.tags, tags),
            SecurityGroupCall::Untag(keys) => tagging::remove(&mut group.tags, keys),
        }
        Some(group)
    }

    fn api(call: &SecurityGroupCall) -> Api {
        match call {
            SecurityGroupCall::Create(_) => Api::ec2("CreateSecurityGroup", 5, 50),
            SecurityGroupCall::RevokeDefaultEgress => Api::ec2("RevokeSecurityGroupEgress", 5, 50),
            SecurityGroupCall::AuthorizeDefaultEgress => {
                Api::ec2("AuthorizeSecurityGroupEgress", 5, 50)
            }
            SecurityGroupCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            SecurityGroupCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            SecurityGroupCall::Delete => Api::ec2("DeleteSecurityGroup", 5, 50),
        }
    }

    fn removes(call: &SecurityGroupCall) -> bool {
        use SecurityGroupCall::{Delete, RevokeDefaultEgress};
        matches!(call, Delete | RevokeDefaultEgress)
    }

    fn named(call: &SecurityGroupCall) -> BTreeSet<Address> {
        match call {
            SecurityGroupCall::Create(group) => group.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "default_egress" => Direction::access(change.after == Some(true.into())),
            _ => Direction::Neutral,
        }
    }
}
