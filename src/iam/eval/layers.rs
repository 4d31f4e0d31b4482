//! Every policy that has a say in one request, by what it is attached to.

use std::sync::Arc;

use super::{Grant, Policy, Statement, policy::Role};

/// The policies around a request. An empty layer is one that is not there: it limits nothing, and
/// allows nothing.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Identity policies of the caller.
    pub identity: Vec<Arc<Policy>>,
    /// Permissions boundaries of the caller; each of them limits.
    pub boundary: Vec<Arc<Policy>>,
    /// The session policy of the caller.
    pub session: Option<Arc<Policy>>,
    /// Service control policies of the caller's account: root, every unit, the account itself.
    pub scp: Vec<Level>,
    /// Resource control policies of the resource's account, likewise.
    pub rcp: Vec<Level>,
    /// The policy of the resource: bucket policy, key policy, trust policy.
    pub resource: Option<Arc<Policy>>,
    /// Grants on the KMS key.
    pub grants: Vec<Grant>,
    /// Policies of the VPC endpoint that the request comes through; each of them limits.
    pub endpoint: Vec<Arc<Policy>>,
    /// What kind of endpoint it is.
    pub endpoint_kind: EndpointKind,
}

/// The policies of one level of an organisation; one of them has to allow.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// Which level, as `r-abcd` or `ou-abcd-12345678`.
    pub name: String,
    /// Its policies.
    pub policies: Vec<Arc<Policy>>,
}

/// The kinds of VPC endpoint that differ in how they read an account as principal.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EndpointKind {
    /// An account means all who are in it.
    Interface,
    /// An account means its root user.
    Gateway,
    /// Gateway where there can be one (S3 and DynamoDB), otherwise interface.
    #[default]
    Unknown,
}

/// One of the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Identity policies.
    Identity,
    /// The boundary with this index.
    Boundary(usize),
    /// The session policy.
    Session,
    /// The level of service control policies with this index.
    Scp(usize),
    /// The level of resource control policies with this index.
    Rcp(usize),
    /// The policy of the resource.
    Resource,
    /// The endpoint policy with this index.
    Endpoint(usize),
}

/// A statement by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The layer.
    pub layer: Layer,
    /// Which policy of the layer.
    pub policy: usize,
    /// Which statement of the policy.
    pub statement: usize,
}

impl Layers {
    /// The policies of a layer, in their order.
    pub fn policies(&self, layer: Layer) -> &[Arc<Policy>] {
        match layer {
            Layer::Identity => &self.identity,
            Layer::Boundary(index) => self.boundary.get(index).map_or(&[], std::slice::from_ref),
            Layer::Endpoint(index) => self.endpoint.get(index).map_or(&[], std::slice::from_ref),
            Layer::Session => self.session.as_slice(),
            Layer::Resource => self.resource.as_slice(),
            Layer::Scp(index) => self.scp.get(index).map_or(&[], |level| &level.policies),
            Layer::Rcp(index) => self.rcp.get(index).map_or(&[], |level| &level.policies),
        }
    }

    /// The statement at a place.
    pub fn statement(&self, place: Place) -> Option<&Statement> {
        let policy = self.policies(place.layer).get(place.policy)?;
        policy.statements.get(place.statement)
    }

    /// How the policies of a layer are read when `action` is asked for.
    pub(super) fn role(&self, layer: Layer, action: &str) -> Role {
        match layer {
            Layer::Identity | Layer::Boundary(_) | Layer::Session | Layer::Scp(_) => Role::Identity,
            Layer::Rcp(_) => Role::ResourceControl,
            Layer::Resource if is_assumption(action) => Role::Trust,
            Layer::Resource => Role::Resource,
            Layer::Endpoint(_) => match self.endpoint_kind {
                EndpointKind::Interface => Role::Resource,
                EndpointKind::Gateway => Role::Gateway,
                EndpointKind::Unknown if has_gateway(action) => Role::Gateway,
                EndpointKind::Unknown => Role::Resource,
            },
        }
    }
}

fn has_gateway(action: &str) -> bool {
    ["s3:", "dynamodb:"]
        .iter()
        .any(|prefix| action.starts_with(prefix))
}

/// Whether the action, in lower case, is one that trust policies allow.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
pub(super) fn is_assumption(action: &str) -> bool {
    matches!(
        action,
        "sts:assumerole"
            | "sts:assumerolewithsaml"
            | "sts:assumerolewithwebidentity"
            | "sts:tagsession"
            | "sts:setsourceidentity"
            | "sts:setcontext"
    )
}
