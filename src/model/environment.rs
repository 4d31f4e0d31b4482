//! An environment: the account, the people, the defaults and its services.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccountId, Arn, EnvironmentName, FrameworkId, Home, Region, Service, ServiceName, VpcId,
};

/// One environment of microservices in one account and Region, resolved and valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Prefix of every physical name, and the value of the ownership tag.
    pub name: EnvironmentName,
    /// The account that holds it; the caller's account must be this one.
    pub account: AccountId,
    /// The Region that holds it.
    pub region: Region,
    /// Who answers for the environment (mail address or team).
    pub owner: String,
    /// Production asks for more before it destroys.
    pub class: Class,
    /// Frameworks that the environment is judged by.
    pub frameworks: BTreeSet<FrameworkId>,
    /// Who may do what.
    pub principals: Principals,
    /// Where the services live.
    pub network: Network,
    /// Retention of audit logs.
    pub audit: Audit,
    /// Defaults for KMS keys.
    pub keys: Keys,
    /// Whether this environment owns the account-wide settings.
    pub baseline: bool,
    /// The services by name.
    pub services: BTreeMap<ServiceName, Service>,
}

impl Environment {
    /// The account and Region that hold its resources.
    pub fn home(&self) -> Home {
        Home {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }
}

/// What kind of environment it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Serves customers.
    Production,
    /// Rehearses production.
    Staging,
    /// Everything else.
    Development,
}

/// The people and pipelines that the key policies name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principals {
    /// The role that applies plans; it administers keys and may not use or retire them.
    pub pipeline: Arn,
    /// The read-only role that plans and detects drift.
    pub plan: Arn,
    /// Roles that read evidence.
    #[serde(default)]
    pub auditors: BTreeSet<Arn>,
    /// Roles that may retire keys.
    #[serde(default)]
    pub key_admins: BTreeSet<Arn>,
    /// Roles that start the services (ECS, Lambda, tables).
    #[serde(default)]
    pub deployers: BTreeSet<Arn>,
    /// The role for emergencies.
    pub break_glass: Arn,
}

/// The network that holds the services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// An existing VPC; without it the VPC is found by its `strongroom:environment` tag.
    pub vpc: Option<VpcId>,
    /// The address range of the VPC.
    pub cidr: Ipv4Net,
}

/// Retention of audit logs, in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// How long CloudWatch keeps a service's log, one of CloudWatch's values.
    pub log_days: u32,
    /// The longest that logs with personal data may be kept, where the bank sets a limit.
    pub max_log_days: Option<u32>,
}

/// Defaults for KMS keys, in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Rotation period, 90 to 2,560.
    pub rotation_days: u32,
    /// Waiting period of a scheduled deletion, 7 to 30.
    pub deletion_window_days: u32,
}
