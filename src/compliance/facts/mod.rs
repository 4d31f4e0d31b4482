//! Facts: the public, versioned vocabulary that checks are written in, additive only.
//! Derived from specification, desired state and snapshot; what was not read stays unread.

mod account;
mod alarms;
mod allowed;
mod audit_bucket;
mod boundary;
mod bucket_policy;
mod declared;
mod environment;
mod flow_log;
mod isolation;
mod key;
mod key_policy;
mod log_group;
mod log_writes;
mod network_acl;
mod observed;
mod principal;
mod role;
mod rules;
mod security_group;
mod service;
mod settings;
mod sign_in;
mod statement;
mod store;
mod subnet;
mod trail;
mod trust;
mod vpc;
mod vpc_endpoint;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use account::AccountFacts;
pub use audit_bucket::AuditBucketFacts;
pub use boundary::BoundaryFacts;
pub use environment::{EnvironmentFacts, EnvironmentProfile};
pub use flow_log::FlowLogFacts;
pub use key::KeyFacts;
pub use log_group::LogGroupFacts;
pub use role::{RoleFacts, RoleUse};
pub use security_group::{PortSpan, SecurityGroupFacts};
pub use service::{RuntimeName, ServiceFacts, ServiceProfile, ServiceState};
pub use store::StoreFacts;
pub use subnet::{SubnetFacts, SubnetTier};
pub use trail::TrailFacts;
pub use vpc::VpcFacts;
pub use vpc_endpoint::VpcEndpointFacts;

use crate::{
    model::{Environment, Naming},
    resource::{Resources, Unread, UnreadReason},
    snapshot::{Origin, Snapshot},
};

/// Name and version of the facts' schema.
pub const SCHEMA: &str = "strongroom/facts/v1";

/// Everything that a check can ask about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Name and version of this format.
    pub schema: String,
    /// Where the facts come from; only live ones can be evidence.
    pub origin: FactsOrigin,
    /// The moment that ages are counted to, UTC.
    #[schemars(with = "String")]
    pub as_of: jiff::Timestamp,
    /// The environment as a whole.
    pub environment: EnvironmentFacts,
    /// The account, as far as it was looked at.
    pub account: AccountFacts,
    /// The services by name.
    pub services: BTreeMap<String, ServiceFacts>,
}

/// Where facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FactsOrigin {
    /// An account that answered over the wire.
    Live,
    /// The embedded sandbox.
    Sandbox,
    /// A plan applied in memory.
    Predicted,
}

/// Derives the facts of one environment at the moment `as_of`.
pub fn facts(
    environment: &Environment,
    desired: &Resources,
    snapshot: &Snapshot,
    as_of: jiff::Timestamp,
) -> Facts {
    let world = World::new(environment, desired, snapshot, as_of);
    Facts {
        schema: SCHEMA.to_owned(),
        origin: world.origin(),
        as_of,
        environment: environment::facts(&world),
        account: account::facts(&world, as_of),
        services: environment
            .services
            .values()
            .map(|service| (service.name.to_string(), service::facts(&world, service)))
            .collect(),
    }
}

/// What the facts are derived from, with the indexes that keep this linear.
struct World<'a> {
    environment: &'a Environment,
    naming: Naming,
    desired: &'a Resources,
    snapshot: &'a Snapshot,
    as_of: jiff::Timestamp,
    rules: rules::RuleIndex<'a>,
    undeclared_roles: service::Undeclared,
    isolation: isolation::Isolation,
}

impl<'a> World<'a> {
    fn new(
        environment: &'a Environment,
        desired: &'a Resources,
        snapshot: &'a Snapshot,
        as_of: jiff::Timestamp,
    ) -> Self {
        Self {
            environment,
            naming: Naming::of(&environment.name),
            desired,
            snapshot,
            as_of,
            rules: rules::RuleIndex::new(desired, snapshot),
            undeclared_roles: service::Undeclared::roles(environment, desired, snapshot),
            isolation: isolation::Isolation::of(environment, desired, snapshot),
        }
    }

    fn origin(&self) -> FactsOrigin {
        match self.snapshot.origin {
            Origin::Live { .. } => FactsOrigin::Live,
            Origin::Sandbox => FactsOrigin::Sandbox,
            Origin::Predicted => FactsOrigin::Predicted,
        }
    }

    /// An operated fact: about use and delivery, which no configuration call shows.
    fn operated(&self, call: &str) -> Unread {
        let message = match self.origin() {
            FactsOrigin::Live => "this version does not ask for use and delivery",
            FactsOrigin::Sandbox => "the sandbox runs no workload",
            FactsOrigin::Predicted => "a prediction has no past",
        };
        Unread {
            call: call.to_owned(),
            reason: UnreadReason::NeedsLive,
            message: message.to_owned(),
        }
    }
}

/// Names and other texts, sorted.
type Texts = BTreeSet<String>;
