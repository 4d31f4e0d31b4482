//! Facts about one service: what the specification says of it, and its resources.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    KeyFacts, LogGroupFacts, RoleFacts, RoleUse, SecurityGroupFacts, StoreFacts, Texts, World, key,
    log_group, observed::listing, role, security_group, store,
};
use crate::{
    isolation::Question,
    model::{Criticality, DataClass, Environment, Naming, Runtime, Service, State, TagKey},
    resource::{IamRole, Read, Resources},
    snapshot::Snapshot,
};

/// One service with its resources, each by logical name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFacts {
    /// The service as a whole; `service` in a check.
    pub profile: ServiceProfile,
    /// Its roles; `role` in a check.
    pub roles: BTreeMap<String, RoleFacts>,
    /// Its key; `key` in a check.
    pub keys: BTreeMap<String, KeyFacts>,
    /// Its log group; `log_group` in a check.
    pub log_groups: BTreeMap<String, LogGroupFacts>,
    /// Its security groups; `security_group` in a check.
    pub security_groups: BTreeMap<String, SecurityGroupFacts>,
    /// The stores that it owns, as `dynamodb:table/sessions`; `store` in a check.
    pub stores: BTreeMap<String, StoreFacts>,
}

/// What is true of a service as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceProfile {
    /// Its name.
    pub name: String,
    /// What runs it.
    pub runtime: RuntimeName,
    /// What an outage or a leak would cost.
    pub criticality: Criticality,
    /// What it handles.
    pub data: BTreeSet<DataClass>,
    /// Where it is in its life.
    pub state: ServiceState,
    /// How long its log is declared to be kept, in days.
    pub log_days: i64,
    /// Declared roles that are not there.
    pub missing_roles: Read<Texts>,
    /// Roles under the environment's path that carry the service's name and are not declared.
    pub undeclared_roles: Read<Texts>,
    /// Who can act with one of its roles although nobody declares it, each with the way.
    pub assumable_by: Read<Texts>,
    /// Who can decrypt with its key although nobody declares it, each with the way.
    pub decryptable_by: Read<Texts>,
    /// Who can read or write its stores, its secrets or its log although nobody declares it, each
    /// with the way.
    pub data_open_to: Read<Texts>,
    /// Who can send it a packet, or invoke its function, that nobody declares, each with the way.
    pub reachable_from: Read<Texts>,
}

/// What runs a service.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RuntimeName {
    /// AWS Lambda.
    Lambda,
    /// Amazon ECS on Fargate.
    EcsFargate,
    /// Amazon EKS with Pod Identity.
    EksPodIdentity,
    /// Amazon EKS with IAM roles for service accounts.
    EksIrsa,
    /// Amazon EC2.
    Ec2,
}

/// Where a service is in its life.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceState {
    /// Serves.
    Running,
    /// Stopped at once.
    Suspended,
    /// Gone.
    Retired,
}

pub(super) fn facts(world: &World<'_>, service: &Service) -> ServiceFacts {
    let name = service.name.to_string();
    let versions = || {
        service
            .versions
            .iter()
            .map(|v| Naming::version(&service.name, v))
    };
    let roles = role_names(service);
    ServiceFacts {
        profile: profile(world, service),
        roles: roles
            .into_iter()
            .filter_map(|(name, usage)| {
                let wanted = world.desired.iam_role.get(&name)?;
                Some((
                    name.clone(),
                    role::facts(world, service, &name, wanted, usage),
                ))
            })
            .collect(),
        keys: named(&world.desired.kms_key, [name.clone()], |name, k| {
            key::facts(world, name, k)
        }),
        log_groups: named(&world.desired.log_group, [name], |name, group| {
            log_group::facts(world, name, group)
        }),
        security_groups: named(&world.desired.security_group, versions(), |name, group| {
            security_group::facts(world, name, Some(group))
        }),
        stores: store::facts(world, service),
    }
}

/// The facts of those resources that the desired state has.
fn named<K, F>(
    table: &BTreeMap<String, K>,
    names: impl IntoIterator<Item = String>,
    facts: impl Fn(&str, &K) -> F,
) -> BTreeMap<String, F> {
    let wanted = names.into_iter().filter_map(|name| {
        let wanted = facts(&name, table.get(&name)?);
        Some((name, wanted))
    });
    wanted.collect()
}

fn role_names(service: &Service) -> Vec<(String, RoleUse)> {
    let versions = service.versions.iter();
    versions
        .flat_map(|version| {
            [
                (Naming::version(&service.name, version), RoleUse::Workload),
                (
                    Naming::execution(&service.name, version),
                    RoleUse::Execution,
                ),
            ]
        })
        .collect()
}

fn profile(world: &World<'_>, service: &Service) -> ServiceProfile {
    let open_to = |questions: &[Question]| world.isolation.open_to(&service.name, questions);
    ServiceProfile {
        name: service.name.to_string(),
        runtime: match service.runtime {
            Runtime::Lambda => RuntimeName::Lambda,
            Runtime::EcsFargate => RuntimeName::EcsFargate,
            Runtime::EksPodIdentity { .. } => RuntimeName::EksPodIdentity,
            Runtime::EksIrsa { .. } => RuntimeName::EksIrsa,
            Runtime::Ec2 => RuntimeName::Ec2,
        },
        criticality: service.criticality,
        data: service.data.clone(),
        state: match service.state {
            State::Running => ServiceState::Running,
            State::Suspended { .. } => ServiceState::Suspended,
            State::Retired { .. } => ServiceState::Retired,
        },
        log_days: service.log_days.into(),
        missing_roles: listing::<IamRole>(world.snapshot).map(|_| missing_roles(world, service)),
        undeclared_roles: world.undeclared_roles.of(service.name.as_str()),
        assumable_by: open_to(&[Question::Assume]),
        decryptable_by: open_to(&[Question::Decrypt]),
        data_open_to: open_to(&[Question::Read, Question::Write]),
        reachable_from: open_to(&[Question::Reach]),
    }
}

fn missing_roles(world: &World<'_>, service: &Service) -> Texts {
    let names = role_names(service).into_iter().map(|(name, _)| name);
    names
        .filter(|name| world.desired.iam_role.contains_key(name))
        .filter(|name| !world.snapshot.resources.iam_role.contains_key(name))
        .collect()
}

/// Roles of the environment that nobody declared, by the service whose name they carry.
pub(super) struct Undeclared(Read<BTreeMap<String, Texts>>);

impl Undeclared {
    pub(super) fn roles(
        environment: &Environment,
        desired: &Resources,
        snapshot: &Snapshot,
    ) -> Self {
        Self(listing::<IamRole>(snapshot).map(|_| {
            let mut found: BTreeMap<String, Texts> = BTreeMap::new();
            for (name, role) in &snapshot.resources.iam_role {
                if !desired.iam_role.contains_key(name)
                    && let Some(service) = owner(environment, name, role)
                {
                    found.entry(service).or_default().insert(name.clone());
                }
            }
            found
        }))
    }

    fn of(&self, service: &str) -> Read<Texts> {
        let found = self.0.as_ref();
        found.map(|found| found.get(service).cloned().unwrap_or_default())
    }
}

/// The service that a role's tag names, or the longest service name that its own begins with.
fn owner(environment: &Environment, name: &str, role: &IamRole) -> Option<String> {
    let tags = role.tags.known();
    let tagged = tags.and_then(|tags| tags.get(TagKey::SERVICE)).cloned();
    let begins = |service: &&str| {
        let rest = name.strip_prefix(*service);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let names = environment.services.keys().map(|service| service.as_str());
    tagged.or_else(|| {
        names
            .filter(begins)
            .max_by_key(|n| n.len())
            .map(str::to_owned)
    })
}
