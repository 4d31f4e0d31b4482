//! Facts about the environment as a whole: its declared limits, its boundary, and what is there
//! though no specification declares it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AuditBucketFacts, BoundaryFacts, SecurityGroupFacts, Texts, TrailFacts, World, audit_bucket,
    boundary, observed, security_group, trail,
};
use crate::{
    model::{BOUNDARY, Class},
    resource::{IamRole, Kind, KmsKey, LogGroup, Read, SecurityGroup},
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
}

pub(super) fn facts(world: &World<'_>) -> EnvironmentFacts {
    let boundary = world.desired.iam_policy.get(BOUNDARY);
    EnvironmentFacts {
        profile: profile(world),
        boundaries: boundary
            .map(|wanted| (BOUNDARY.to_owned(), boundary::facts(world, wanted)))
            .into_iter()
            .collect(),
        other_security_groups: undeclared_names::<SecurityGroup>(world)
            .into_iter()
            .map(|name| (name.clone(), security_group::facts(world, &name, None)))
            .collect(),
        audit_buckets: audit_bucket::facts(world),
        trails: trail::facts(world),
    }
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
    }
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
