//! Facts about the VPC endpoints: which AWS APIs are reached privately, and what each endpoint's
//! policy lets through. Endpoints that others have put into the VPC are judged like our own.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    FactsOrigin, Texts, World,
    observed::{Observed, listing},
    principal,
    statement::allows,
};
use crate::{
    iam::{PolicyDocument, Statement},
    resource::{EndpointState, EndpointType, Kind, Read, VpcEndpoint},
};

/// A VPC endpoint of the environment's VPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VpcEndpointFacts {
    /// Whether the endpoint is there.
    pub exists: Read<bool>,
    /// Whether the specification declares it.
    pub declared: bool,
    /// Whether AWS itself has put it into the VPC and manages it.
    pub managed_by_aws: bool,
    /// Allow statements that pin neither who calls nor what is called.
    pub open_statements: Read<Texts>,
    /// Allow statements for every action that do not pin both who calls and what is called.
    pub broad_statements: Read<Texts>,
}

/// Condition keys that pin who calls.
const WHO: [&str; 4] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
];
/// Condition keys that pin what is called.
const WHAT: [&str; 3] = [
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
];

/// The declared endpoints by name, and by id those that others have put into the VPC.
pub(super) fn all(world: &World<'_>) -> BTreeMap<String, VpcEndpointFacts> {
    let declared = world.desired.vpc_endpoint.keys().map(|name| {
        let endpoint = Observed::<VpcEndpoint>::of(world.snapshot, name);
        (name.clone(), facts(&endpoint, true))
    });
    let undeclared = world.snapshot.resources.vpc_endpoint.keys();
    let undeclared = undeclared.filter(|name| !world.desired.vpc_endpoint.contains_key(*name));
    let undeclared = undeclared.map(|name| {
        let endpoint = Observed::<VpcEndpoint>::of(world.snapshot, name);
        (name.clone(), facts(&endpoint, false))
    });
    let foreign = world.snapshot.foreign.vpc_endpoint.iter();
    let foreign = foreign.map(|(id, endpoint)| {
        let endpoint = Observed::there(endpoint);
        (id.clone(), facts(&endpoint, false))
    });
    declared.chain(undeclared).chain(foreign).collect()
}

fn facts(endpoint: &Observed<'_, VpcEndpoint>, declared: bool) -> VpcEndpointFacts {
    let statements = |is: fn(&Statement) -> bool| {
        let policy = endpoint.facet(|endpoint| &endpoint.policy);
        policy.map(|policy| sids(policy, is))
    };
    let managed = endpoint.plain(VpcEndpoint::managed_by_aws);
    VpcEndpointFacts {
        exists: endpoint.exists(),
        declared,
        managed_by_aws: !declared && managed.known() == Some(&true),
        open_statements: statements(|one| !pins_who(one) && !pins_what(one)),
        broad_statements: statements(|one| every_action(one) && !(pins_who(one) && pins_what(one))),
    }
}

fn sids(policy: &PolicyDocument, is: fn(&Statement) -> bool) -> Texts {
    let found = allows(policy).filter(|(_, statement)| is(statement));
    found.map(|(sid, _)| sid.clone()).collect()
}

/// `*`, all of a service, or all but some.
fn every_action(statement: &Statement) -> bool {
    let every = |action: &str| action == "*" || action.ends_with(":*");
    let mut actions = statement.actions.iter();
    !statement.not_actions.is_empty() || actions.any(|action| every(action.as_str()))
}

fn pins_who(statement: &Statement) -> bool {
    let named = principal::all(statement);
    let anybody = named.is_empty() || named.iter().any(principal::is_anybody);
    !anybody || statement.pins(&WHO)
}

fn pins_what(statement: &Statement) -> bool {
    !statement.on_everything() || statement.pins(&WHAT)
}

/// Endpoint services that the services need and that no endpoint of the VPC offers, whoever made
/// it: available, and under the public name of the API.
pub(super) fn missing(world: &World<'_>) -> Read<Texts> {
    let foreign = &world.snapshot.foreign.vpc_endpoint;
    let made_elsewhere = !world.environment.network.makes_endpoints();
    if made_elsewhere && foreign.is_empty() && world.origin() != FactsOrigin::Live {
        return Read::Unread(world.operated(VpcEndpoint::LISTING));
    }
    listing::<VpcEndpoint>(world.snapshot).map(|_| {
        let region = &world.environment.region;
        let needed = world.environment.endpoints().into_iter();
        let needed = needed.map(|name| region.endpoint_service(name));
        let own = &world.snapshot.resources.vpc_endpoint;
        let serves = |service: &String| {
            let mut all = own.values().chain(foreign.values());
            all.any(|endpoint| endpoint.service == *service && works(endpoint))
        };
        needed.filter(|service| !serves(service)).collect()
    })
}

fn works(endpoint: &VpcEndpoint) -> bool {
    let named = endpoint.endpoint_type == EndpointType::Gateway
        || endpoint.private_dns.known() == Some(&true);
    endpoint.state == EndpointState::Available && named
}
