//! An environment: the account, the people, the defaults and its services.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccountId, Address, Arn, EnvironmentName, FrameworkId, Home, KindName, MailAddress, Region,
    Service, ServiceName, VpcId, Zone,
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
    /// Audit logs.
    pub audit: Audit,
    /// Defaults for KMS keys.
    pub keys: Keys,
    /// Who is told when something happens that must not go unnoticed.
    pub alarms: Alarms,
    /// Whether this environment owns the account-wide settings.
    pub baseline: bool,
    /// The services by name.
    pub services: BTreeMap<ServiceName, Service>,
}

/// The logical name of the audit bucket, its key and its trail.
pub const AUDIT: &str = "audit";
/// The logical name of the bucket that logs accesses to the audit bucket.
pub const AUDIT_ACCESS: &str = "audit-access";

impl Environment {
    /// Whether a resource lives in the archive account, where there is one.
    pub fn archived(address: &Address) -> bool {
        match address.kind {
            KindName::S3Bucket => [AUDIT, AUDIT_ACCESS].contains(&address.name.as_str()),
            KindName::KmsKey => address.name == AUDIT,
            _ => false,
        }
    }

    /// The account and Region that hold a resource: the audit bucket and its key may live in an
    /// archive account, and with them the bucket that logs accesses, for S3 logs into buckets of
    /// the same account only.
    pub fn home(&self, address: &Address) -> Home {
        let archived = Self::archived(address);
        let archive = self.audit.archive_account.as_ref().filter(|_| archived);
        Home {
            account: archive.unwrap_or(&self.account).clone(),
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
    /// An existing VPC, which is verified and not provisioned, and whose subnets, routes,
    /// endpoints and network ACLs belong to whoever made it; none where Strongroom makes the VPC.
    pub vpc: Option<VpcId>,
    /// The address range of the VPC.
    pub cidr: Ipv4Net,
    /// The availability zones that have subnets, as `a`.
    pub zones: BTreeSet<Zone>,
    /// Which VPC endpoints there are.
    pub endpoints: Endpoints,
    /// How long flow logs are kept, in days, one of CloudWatch's values.
    pub flow_log_days: u32,
}

/// Which VPC endpoints there are.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoints {
    /// Those that the runtimes and the declared access need.
    #[default]
    Auto,
    /// None: whoever runs the network provides them.
    None,
}

/// Audit logs: how long they are kept, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// How long CloudWatch keeps a service's log, in days, one of CloudWatch's values.
    pub log_days: u32,
    /// The longest that logs with personal data may be kept, in days, where the bank sets a limit.
    pub max_log_days: Option<u32>,
    /// How audit logs are locked against deletion.
    pub lock: Lock,
    /// How long audit logs can be read at once, in days, before they go to an archive class.
    pub hot_days: u32,
    /// Which reads and writes of data the trail records.
    pub data_events: DataEvents,
    /// The account that holds the audit bucket and its key; none for the environment's own.
    pub archive_account: Option<AccountId>,
}

/// S3 Object Lock of the audit bucket.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Who can undo it.
    pub mode: LockMode,
    /// How long each object is kept, in days.
    pub days: u32,
}

/// Who can undo an object lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockMode {
    /// Whoever has the permission.
    Governance,
    /// Nobody.
    Compliance,
}

impl LockMode {
    /// The name that S3 gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

/// Which data events the trail records.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DataEvents {
    /// Those of the stores that services declare, and reads of the audit bucket.
    #[default]
    Declared,
    /// None.
    None,
}

/// Who is told of alarms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// Mail addresses; each confirms its subscription once, by a link in the first mail.
    pub notify: BTreeSet<MailAddress>,
}

/// Defaults for KMS keys, in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Rotation period, 90 to 2,560.
    pub rotation_days: u32,
    /// Waiting period of a scheduled deletion, 7 to 30.
    pub deletion_window_days: u32,
}
