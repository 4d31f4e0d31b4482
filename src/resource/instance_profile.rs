//! An instance profile: how a role reaches an EC2 instance. Its path and name say whose it is.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// An instance profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceProfile {
    /// Profile name.
    pub name: String,
    /// Path.
    pub path: String,
    /// The role in it; IAM lets a profile have one at most.
    pub role: Read<Option<Ref>>,
}

linked!(InstanceProfile { role });

/// A call on an instance profile.
#[derive(Debug, Clone, PartialEq)]
pub enum InstanceProfileCall {
    /// CreateInstanceProfile: without a role.
    Create(Box<InstanceProfile>),
    /// AddRoleToInstanceProfile.
    AddRole(Ref),
    /// RemoveRoleFromInstanceProfile.
    RemoveRole(Ref),
    /// DeleteInstanceProfile.
    Delete,
}

impl Kind for InstanceProfile {
    const NAME: KindName = KindName::InstanceProfile;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name", "path"];
    const LISTING: &'static str = "iam:ListInstanceProfiles";
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = InstanceProfileCall;

    /// CreateInstanceProfile names no role.
    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("instance-profile{}{}", self.path, self.name);
        PhysicalId::with_arn(&self.name, home.global_arn("iam", &resource))
    }

    fn create(&self) -> InstanceProfileCall {
        InstanceProfileCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<InstanceProfileCall> {
        let Some(wanted) = from.role.changed(&to.role) else {
            return Vec::new();
        };
        let old = from.role.known().cloned().flatten();
        old.map(InstanceProfileCall::RemoveRole)
            .into_iter()
            .chain(wanted.clone().map(InstanceProfileCall::AddRole))
            .collect()
    }

    fn delete(&self) -> Vec<InstanceProfileCall> {
        let role = self.role.known().cloned().flatten();
        role.map(InstanceProfileCall::RemoveRole)
            .into_iter()
            .chain([InstanceProfileCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &InstanceProfileCall) -> Option<Self> {
        if let InstanceProfileCall::Create(profile) = call {
            return Some(Self {
                role: None.into(),
                ..(**profile).clone()
            });
        }
        let mut profile = state?;
        match call {
            InstanceProfileCall::Create(_) | InstanceProfileCall::Delete => return None,
            InstanceProfileCall::AddRole(role) => profile.role.set(Some(role.clone())),
            InstanceProfileCall::RemoveRole(_) => profile.role.set(None),
        }
        Some(profile)
    }

    fn api(call: &InstanceProfileCall) -> Api {
        Api::iam(match call {
            InstanceProfileCall::Create(_) => "CreateInstanceProfile",
            InstanceProfileCall::AddRole(_) => "AddRoleToInstanceProfile",
            InstanceProfileCall::RemoveRole(_) => "RemoveRoleFromInstanceProfile",
            InstanceProfileCall::Delete => "DeleteInstanceProfile",
        })
    }

    fn removes(call: &InstanceProfileCall) -> bool {
        use InstanceProfileCall::{Delete, RemoveRole};
        matches!(call, Delete | RemoveRole(_))
    }

    fn named(call: &InstanceProfileCall) -> BTreeSet<Address> {
        match call {
            InstanceProfileCall::AddRole(role) => role.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            // Another role in the profile gives its instances that role's access.
            "role" => Direction::access(change.after.is_some()),
            _ => Direction::Neutral,
        }
    }
}
