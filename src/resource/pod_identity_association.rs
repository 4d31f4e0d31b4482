//! An EKS Pod Identity association: which role the pods of a service account assume.
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A Pod Identity association.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PodIdentityAssociation {
    /// Name of the EKS cluster.
    pub cluster: String,
    /// Kubernetes namespace.
    pub namespace: String,
    /// Kubernetes service account.
    pub service_account: String,
    /// The role that its pods assume.
    pub role: Read<Ref>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(PodIdentityAssociation { role });

/// A call on a Pod Identity association.
#[derive(Debug, Clone, PartialEq)]
pub enum PodIdentityAssociationCall {
    /// CreatePodIdentityAssociation with role and tags.
    Create(Box<PodIdentityAssociation>),
    /// UpdatePodIdentityAssociation.
    PutRole(Ref),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeletePodIdentityAssociation.
    Delete,
}

impl Kind for PodIdentityAssociation {
    const NAME: KindName = KindName::PodIdentityAssociation;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["cluster", "namespace", "service_account"];
    const LISTING: &'static str = "eks:ListPodIdentityAssociations";
    const NAMED: bool = false;
    const HELD: bool = false;
    type Call = PodIdentityAssociationCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        let id: String = token.chars().take(17).collect();
        let id = format!("a-{id}");
        let resource = format!("podidentityassociation/{}/{id}", self.cluster);
        PhysicalId::with_arn(&id, home.arn("eks", &resource))
    }

    fn create(&self) -> PodIdentityAssociationCall {
        PodIdentityAssociationCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<PodIdentityAssociationCall> {
        let role = from.role.changed(&to.role).cloned();
        role.map(PodIdentityAssociationCall::PutRole)
            .into_iter()
            .chain(TagChange::between(&from.tags, &to.tags).calls(
                PodIdentityAssociationCall::Tag,
                PodIdentityAssociationCall::Untag,
            ))
            .collect()
    }

    fn delete(&self) -> Vec<PodIdentityAssociationCall> {
        vec![PodIdentityAssociationCall::Delete]
    }

    fn apply(state: Option<Self>, call: &PodIdentityAssociationCall) -> Option<Self> {
        if let PodIdentityAssociationCall::Create(association) = call {
            return Some((**association).clone());
        }
        let mut association = state?;
        match call {
            PodIdentityAssociationCall::Create(_) | PodIdentityAssociationCall::Delete => {
                return None;
            }
            PodIdentityAssociationCall::PutRole(role) => association.role.set(role.clone()),
            PodIdentityAssociationCall::Tag(tags) => tagging::set(&mut association.tags, tags),
            PodIdentityAssociationCall::Untag(keys) => {
                tagging::remove(&mut association.tags, keys);
            }
        }
        Some(association)
    }

    fn api(call: &PodIdentityAssociationCall) -> Api {
        Api::eks(match call {
            PodIdentityAssociationCall::Create(_) => "CreatePodIdentityAssociation",
            PodIdentityAssociationCall::PutRole(_) => "UpdatePodIdentityAssociation",
            PodIdentityAssociationCall::Tag(_) => "TagResource",
            PodIdentityAssociationCall::Untag(_) => "UntagResource",
            PodIdentityAssociationCall::Delete => "DeletePodIdentityAssociation",
        })
    }

    fn removes(call: &PodIdentityAssociationCall) -> bool {
        matches!(call, PodIdentityAssociationCall::Delete)
    }

    fn named(call: &PodIdentityAssociationCall) -> BTreeSet<Address> {
        match call {
            PodIdentityAssociationCall::Create(association) => association.addresses(),
            PodIdentityAssociationCall::PutRole(role) => role.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            // Whose pods get another role get that role's access.
            "role" => Direction::access(change.after.is_some()),
            _ => Direction::Neutral,
        }
    }
}
