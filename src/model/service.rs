//! A service: one purpose, its own process and its own life.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ipnet::Ipv4Net;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Port, ServiceName, Store, VersionName};

/// One microservice, resolved and valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name, unique in the environment.
    pub name: ServiceName,
    /// Its one purpose, in a sentence.
    pub purpose: String,
    /// The team that answers for it.
    pub owner: String,
    /// What an outage or a leak would cost.
    pub criticality: Criticality,
    /// What it handles.
    pub data: BTreeSet<DataClass>,
    /// What runs it.
    pub runtime: Runtime,
    /// Where it is documented.
    pub docs: Docs,
    /// Ports that it listens on; always empty for Lambda.
    pub listens: BTreeSet<Listener>,
    /// Other services that it calls.
    pub calls: Vec<Call>,
    /// Stores that it owns.
    pub stores: Vec<Store>,
    /// Access to AWS APIs.
    pub access: Vec<Access>,
    /// Who reaches it from outside.
    pub ingress: Vec<Ingress>,
    /// Whom it reaches outside.
    pub egress: Vec<Egress>,
    /// Versions that run side by side, each with its own roles and group; at least one.
    pub versions: BTreeSet<VersionName>,
    /// Where it is in its life.
    pub state: State,
    /// How long its log is kept, in days: its own value or the environment's.
    pub log_days: u32,
}

/// What an outage or a leak would cost.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// A critical or important function.
    Critical,
    /// Customers notice.
    High,
    /// Staff notice.
    Medium,
    /// Nobody notices for a day.
    Low,
}

/// What kind of data a service handles.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DataClass {
    /// Personal data.
    Personal,
    /// Cardholder data.
    Card,
    /// Account balances and transactions.
    Financial,
    /// Secrets and credentials.
    Credentials,
    /// Everything else inside the bank.
    Internal,
}

/// What runs a service; it decides trust, roles and endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runtime {
    /// AWS Lambda: accepts no connection.
    Lambda,
    /// Amazon ECS on Fargate: two roles a version.
    EcsFargate,
    /// Amazon EKS with Pod Identity.
    EksPodIdentity {
        /// Name of the EKS cluster.
        cluster: String,
        /// Kubernetes namespace and service account.
        workload: Workload,
    },
    /// Amazon EKS with IAM roles for service accounts.
    EksIrsa {
        /// The cluster's OIDC issuer, without the scheme.
        issuer: String,
        /// Kubernetes namespace and service account.
        workload: Workload,
    },
    /// Amazon EC2 with an instance profile.
    Ec2,
}

/// A Kubernetes service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// Kubernetes namespace.
    pub namespace: String,
    /// Kubernetes service account.
    pub service_account: String,
}

/// Where a service is documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Docs {
    /// The API description (https URL).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Why the service exists on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Further pages by title.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
}

/// A transport protocol of a listener.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

/// A port that a service listens on.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// The port.
    pub port: Port,
    /// Its protocol.
    #[serde(default)]
    pub protocol: Protocol,
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        write!(f, "{protocol} {}", self.port)
    }
}

/// A declared call to another service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The service that is called.
    pub service: ServiceName,
    /// The listener that it connects to; none where the callee is a Lambda function (invoke).
    pub listener: Option<Listener>,
    /// Why.
    pub why: String,
}

/// Access to an AWS resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// What may be done.
    pub grant: AccessGrant,
    /// The resource, as `dynamodb:table/customers` or an ARN.
    pub to: String,
    /// Why.
    pub why: String,
}

/// What may be done: a level, or the exact actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessGrant {
    /// All data actions of one access level.
    Level(AccessLevel),
    /// Exactly these actions, as `s3:GetObject`.
    Actions(BTreeSet<String>),
}

/// The access levels of the service authorization reference that a service may ask for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AccessLevel {
    /// Reads contents.
    Read,
    /// Changes contents.
    Write,
    /// Names what is there.
    List,
    /// Changes tags.
    Tagging,
}

/// Traffic from outside the environment to one listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingress {
    /// Where it comes from.
    pub from: Peer,
    /// The listener.
    pub listener: Listener,
    /// Why.
    pub why: String,
}

/// Traffic from a service to outside the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Egress {
    /// Where it goes.
    pub to: Peer,
    /// The port there.
    pub listener: Listener,
    /// Why.
    pub why: String,
}

/// Something outside the environment that a rule can name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// An address range.
    Cidr(Ipv4Net),
    /// A security group, such as a load balancer's.
    SecurityGroup(String),
    /// A prefix list.
    PrefixList(String),
}

/// Where a service is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Serves.
    Running,
    /// Stopped at once: its roles are denied everything and its group has no rule.
    Suspended {
        /// The day, ISO 8601.
        since: jiff::civil::Date,
        /// Why.
        reason: String,
    },
    /// Gone; the tombstone stays in the specification.
    Retired {
        /// The day, ISO 8601.
        since: jiff::civil::Date,
        /// Why.
        reason: String,
    },
}

impl Service {
    /// Whether it serves: only then has its group any rule.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// Whether it exists at all: retired services are tombstones.
    pub fn is_alive(&self) -> bool {
        !matches!(self.state, State::Retired { .. })
    }

    /// Whether `target` names one of its stores, or something inside one.
    pub fn owns(&self, target: &str) -> bool {
        self.stores.iter().any(|store| store.holds(target))
    }
}
