//! A service-linked role: an AWS service defines it, all environments of an account share it, and
//! key policies may name it only once it exists.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// A service-linked role. It has nothing that anybody but its service could change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLinkedRole {
    /// The service, as `autoscaling.amazonaws.com`.
    pub service: String,
    /// The name that the service gives it, as `AWSServiceRoleForAutoScaling`.
    pub name: String,
}

linked!(ServiceLinkedRole {});

/// A call on a service-linked role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceLinkedRoleCall {
    /// CreateServiceLinkedRole.
    Create(Box<ServiceLinkedRole>),
}

impl ServiceLinkedRole {
    /// The path that IAM gives to the roles of a service.
    pub fn path(&self) -> String {
        format!("/aws-service-role/{}/", self.service)
    }
}

impl Kind for ServiceLinkedRole {
    const NAME: KindName = KindName::ServiceLinkedRole;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["service", "name"];
    const LISTING: &'static str = "iam:GetAccountAuthorizationDetails";
    const NAMED: bool = true;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = ServiceLinkedRoleCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("role{}{}", self.path(), self.name);
        PhysicalId::with_arn(&self.name, home.global_arn("iam", &resource))
    }

    fn create(&self) -> ServiceLinkedRoleCall {
        ServiceLinkedRoleCall::Create(Box::new(self.clone()))
    }

    fn settle(_: &Self, _: &Self) -> Vec<ServiceLinkedRoleCall> {
        Vec::new()
    }

    /// The whole account shares it, so no environment deletes it.
    fn delete(&self) -> Vec<ServiceLinkedRoleCall> {
        Vec::new()
    }

    fn apply(_: Option<Self>, call: &ServiceLinkedRoleCall) -> Option<Self> {
        let ServiceLinkedRoleCall::Create(role) = call;
        Some((**role).clone())
    }

    fn api(_: &ServiceLinkedRoleCall) -> Api {
        Api::iam("CreateServiceLinkedRole")
    }

    fn removes(_: &ServiceLinkedRoleCall) -> bool {
        false
    }

    fn named(_: &ServiceLinkedRoleCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(_: &FieldChange, _: Sides<'_>) -> Direction {
        Direction::Neutral
    }
}
