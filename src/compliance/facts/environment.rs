//! Facts about the environment as a whole: its declared limits, its boundary, and what is there
//! though no specification declares it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AuditBucketFacts, BoundaryFacts, FlowLogFacts, PortSpan, SecurityGroupFacts, SubnetFacts,
    Texts, TrailFacts, VpcEndpointFacts, VpcFacts, World, audit_bucket, boundary, flow_log,
    observed, security_group, subnet, trail, vpc, vpc_endpoint,
};
use crate::{
    model::{BOUNDARY, Class, Naming},
    resource::{IamRole, Kind, KmsKey, LogGroup, Read, SecurityGroup, Subnet},
};

/// The environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentFacts {
    /// The environment as a whole; `environment` in a check.
    pub profile: EnvironmentProfile,
    /// Its permissions boundary; `boundary` in a check.
    pub boundaries: BTreeMap<String, BoundaryFacts>,
    /// Security groups of the environment that belong to no declared service; `security_group`
    /// in a check of scope `environment`, beside the services' own.
    pub other_security_groups: BTreeMap<String, SecurityGroupFacts>,
    /// Its subnets, undeclared ones included; `subnet` in a check. None where its VPC is somebody
    /// else's.
    pub subnets: BTreeMap<String, SubnetFacts>,
    /// Its VPC; `vpc` in a check.
    pub vpcs: BTreeMap<String, VpcFacts>,
    /// Its declared flow logs; `flow_log` in a check.
    pub flow_logs: BTreeMap<String, FlowLogFacts>,
    /// The endpoints of its VPC, whoever made them; `vpc_endpoint` in a check.
    pub vpc_endpoints: BTreeMap<String, VpcEndpointFacts>,
    /// The bucket that keeps its audit log; `audit_bucket` in a check.
    pub audit_buckets: BTreeMap<String, AuditBucketFacts>,
    /// The trail that records its account; `trail` in a check.
    pub trails: BTreeMap<String, TrailFacts>,
}

/// What is true of the environment as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentProfile {
    /// Its name.
    pub name: String,
    /// What kind of environment it is.
    pub class: Class,
    /// How long logs are kept unless a service says otherwise, in days.
    pub log_days: i64,
    /// Whether the bank limits how long logs with personal data are kept.
    pub log_limit_declared: bool,
    /// That limit in days; 0 where there is none.
    pub log_limit_days: i64,
    /// Whether audit logs are declared to live in an account of their own.
    pub archive_declared: bool,
    /// How long audit logs are declared to be readable at once, in days.
    pub hot_days: i64,
    /// Declared rotation period of keys, in days.
    pub rotation_days: i64,
    /// Roles that no specification declares.
    pub undeclared_roles: Read<Texts>,
    /// Keys that no specification declares.
    pub undeclared_keys: Read<Texts>,
    /// Log groups that no specification declares.
    pub undeclared_log_groups: Read<Texts>,
    /// Security groups that no specification declares.
    pub undeclared_security_groups: Read<Texts>,
    /// The TCP and UDP ports that the network ACLs of its private subnets let in from the
    /// internet; empty where the VPC is somebody else's.
    pub acl_world_open_ports: Read<BTreeSet<PortSpan>>,
    /// Endpoint services that its services need and that no working endpoint of the VPC offers.
    pub missing_endpoints: Read<Texts>,
    /// IAM prefixes of declared access for which no endpoint service is known.
    pub apis_without_endpoint: Texts,
}

pub(super) fn facts(world: &World<'_>) -> EnvironmentFacts {
    let boundary = world.desired.iam_policy.get(BOUNDARY);
    EnvironmentFacts {
        profile: profile(world),
        boundaries: boundary
            .map(|wanted| (BOUNDARY.to_owned(), boundary::facts(world, wanted)))
            .into_iter()
            .collect(),
        other_security_groups: other_groups(world)
            .into_iter()
            .map(|name| {
                let wanted = world.desired.security_group.get(&name);
                let facts = security_group::facts(world, &name, wanted);
                (name, facts)
            })
            .collect(),
        subnets: subnets(world),
        vpcs: world
            .desired
            .vpc
            .keys()
            .map(|name| (name.clone(), vpc::facts(world, name)))
            .collect(),
        flow_logs: world
            .desired
            .flow_log
            .iter()
            .map(|(name, wanted)| (name.clone(), flow_log::facts(world, name, wanted)))
            .collect(),
        vpc_endpoints: vpc_endpoint::all(world),
        audit_buckets: audit_bucket::facts(world),
        trails: trail::facts(world),
    }
}

fn subnets(world: &World<'_>) -> BTreeMap<String, SubnetFacts> {
    let declared = world.desired.subnet.keys().cloned();
    let names = declared.chain(undeclared_names::<Subnet>(world));
    names
        .map(|name| {
            let facts = subnet::facts(world, &name, world.desired.subnet.get(&name));
            (name, facts)
        })
        .collect()
}

fn profile(world: &World<'_>) -> EnvironmentProfile {
    let environment = world.environment;
    EnvironmentProfile {
        name: environment.name.to_string(),
        class: environment.class,
        log_days: environment.audit.log_days.into(),
        log_limit_declared: environment.audit.max_log_days.is_some(),
        log_limit_days: environment.audit.max_log_days.map_or(0, i64::from),
        archive_declared: environment.audit.archive_account.is_some(),
        hot_days: environment.audit.hot_days.into(),
        rotation_days: environment.keys.rotation_days.into(),
        undeclared_roles: undeclared::<IamRole>(world),
        undeclared_keys: undeclared::<KmsKey>(world),
        undeclared_log_groups: undeclared::<LogGroup>(world),
        undeclared_security_groups: undeclared::<SecurityGroup>(world),
        acl_world_open_ports: subnet::world_open(world),
        missing_endpoints: vpc_endpoint::missing(world),
        apis_without_endpoint: without_endpoint(world),
    }
}

fn without_endpoint(world: &World<'_>) -> Texts {
    let prefixes = world.environment.without_endpoint().into_iter();
    prefixes.map(str::to_owned).collect()
}

/// The groups that no version of a service has, declared or not.
fn other_groups(world: &World<'_>) -> Texts {
    let services = world.environment.services.values();
    let of_services: Texts = services
        .flat_map(|service| {
            let versions = service.versions.iter();
            versions.map(|version| Naming::version(&service.name, version))
        })
        .filter(|name| world.desired.security_group.contains_key(name))
        .collect();
    let declared = world.desired.security_group.keys().cloned();
    let all = declared.chain(undeclared_names::<SecurityGroup>(world));
    all.filter(|name| !of_services.contains(name)).collect()
}

fn undeclared<K: Kind>(world: &World<'_>) -> Read<Texts> {
    observed::listing::<K>(world.snapshot).map(|_| undeclared_names::<K>(world))
}

fn undeclared_names<K: Kind>(world: &World<'_>) -> Texts {
    let declared = K::table(world.desired);
    let live = K::table(&world.snapshot.resources).keys();
    live.filter(|name| !declared.contains_key(*name))
        .cloned()
        .collect()
}
