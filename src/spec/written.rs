//! The specification as it is written: what `environment.yaml` and a service file may say.
//! The published JSON Schema is generated from these types; defaults are applied elsewhere.

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::format;
use crate::model::{
    AccessLevel, AccountId, Class, Criticality, DataClass, DataEvents, Docs, Endpoints,
    EnvironmentName, FrameworkId, Listener, MailAddress, Port, Principals, Protocol, Region,
    ServiceName, Store, VersionName, VpcId, Zone,
};

/// The format that a file is written in.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
pub(super) enum Format {
    /// The first format.
    #[serde(rename = "strongroom/v1")]
    V1,
}

/// An environment of microservices in one account and Region.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Strongroom environment")]
pub(super) struct Environment {
    /// The format of the file: `strongroom/v1`.
    #[expect(dead_code, reason = "read for its validation only")]
    schema: Format,
    /// Another environment, as a path seen from here. Fields given here replace its fields
    /// whole, service files replace its service files by name.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "followed before the fields are read")]
    extends: Option<String>,
    /// Prefix of every physical name, and the value of the ownership tag.
    pub environment: EnvironmentName,
    /// The account that holds it, twelve digits in quotes.
    pub account: AccountId,
    /// The Region that holds it.
    pub region: Region,
    /// Who answers for it: a mail address or a team. It becomes a tag.
    #[schemars(schema_with = "format::tag_value")]
    pub owner: String,
    /// What kind of environment it is; production asks for more before it destroys.
    pub class: Class,
    /// Frameworks that it is judged by. None by default.
    #[serde(default)]
    pub frameworks: BTreeSet<FrameworkId>,
    /// Who may do what.
    pub principals: Principals,
    /// Where the services live.
    pub network: Network,
    /// Audit logs.
    #[serde(default)]
    pub audit: Audit,
    /// Defaults for KMS keys.
    #[serde(default)]
    pub keys: Keys,
    /// Who is told when something happens that must not go unnoticed.
    #[serde(default)]
    pub alarms: Alarms,
    /// Whether it owns the account-wide settings; the others only verify them. No by default.
    #[serde(default)]
    pub baseline: bool,
}

/// Where the services live.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Network {
    /// The address range of the VPC, /16 to /28.
    #[schemars(schema_with = "format::cidr")]
    pub cidr: Ipv4Net,
    /// An existing VPC; it is verified, and its subnets, routes, endpoints and network ACLs stay
    /// with whoever made it. By default Strongroom makes the VPC.
    #[serde(default)]
    pub vpc: Option<VpcId>,
    /// The availability zones that have subnets. `[a, b, c]` by default.
    #[serde(default)]
    #[schemars(length(min = 1, max = 6))]
    pub zones: Option<BTreeSet<Zone>>,
    /// Which VPC endpoints there are: those that runtimes and access need (`auto`, the default),
    /// or `none`.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// How flow logs are kept.
    #[serde(default)]
    pub flow_logs: FlowLogs,
}

/// How flow logs are kept.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowLogs {
    /// How long, in days; a value between those that CloudWatch knows is rounded up. 400 by
    /// default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3653))]
    pub retention_days: Option<u32>,
}

/// Audit logs: how long they are kept, and where.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Audit {
    /// How long CloudWatch keeps a service's log, in days; a value between those that CloudWatch
    /// knows is rounded up. 400 by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3653))]
    pub log_days: Option<u32>,
    /// The longest that logs with personal data may be kept, in days. No limit by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3653))]
    pub max_log_days: Option<u32>,
    /// How long the audit bucket keeps each object locked, in days. In production the lock is in
    /// COMPLIANCE mode, which nobody can undo, and 1,827 days by default; elsewhere it is in
    /// GOVERNANCE mode, and 1 day by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 36500))]
    pub lock_days: Option<u32>,
    /// How long audit logs can be read at once, in days, before they go to an archive class.
    /// 92 by default.
    #[serde(default)]
    #[schemars(range(min = 30, max = 36500))]
    pub hot_days: Option<u32>,
    /// Which data events the trail records: those of declared stores (`declared`, the default), or
    /// `none`.
    #[serde(default)]
    pub data_events: DataEvents,
    /// The account that holds the audit bucket and its key, twelve digits in quotes. The
    /// environment's own by default.
    #[serde(default)]
    pub archive_account: Option<AccountId>,
}

/// Who is told of alarms; only an environment with `baseline: true` has some.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Alarms {
    /// Mail addresses; each confirms its subscription once, by a link in the first mail. None by
    /// default.
    #[serde(default)]
    pub notify: BTreeSet<MailAddress>,
}

/// Defaults for KMS keys, in days.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    /// Rotation period. 365 by default.
    #[serde(default)]
    #[schemars(range(min = 90, max = 2560))]
    pub rotation_days: Option<u32>,
    /// Waiting period of a scheduled deletion. 30 by default.
    #[serde(default)]
    #[schemars(range(min = 7, max = 30))]
    pub deletion_window_days: Option<u32>,
}

/// One microservice: one purpose, its own process and its own life.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Strongroom service")]
pub(super) struct Service {
    /// Its name, unique in the environment; in a folder also the name of its file.
    pub service: ServiceName,
    /// Its one purpose, in a sentence.
    #[schemars(schema_with = "format::sentence")]
    pub purpose: String,
    /// The team that answers for it. It becomes a tag.
    #[schemars(schema_with = "format::tag_value")]
    pub owner: String,
    /// What an outage or a leak would cost.
    pub criticality: Criticality,
    /// What it handles; `internal` where nothing else fits.
    #[schemars(length(min = 1))]
    pub data: BTreeSet<DataClass>,
    /// What runs it.
    pub runtime: Runtime,
    /// Where it runs in Kubernetes; only with the EKS runtimes, and required there.
    #[serde(default)]
    pub eks: Option<Eks>,
    /// Where it is documented.
    #[serde(default)]
    pub docs: Docs,
    /// Ports that it listens on. None by default; a Lambda function never listens.
    #[serde(default)]
    pub listens: BTreeSet<Listener>,
    /// Other services that it calls. None by default.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Stores that it owns; they are encrypted with its key. None by default.
    #[serde(default)]
    pub stores: Vec<Store>,
    /// Access to AWS APIs. None by default.
    #[serde(default)]
    pub access: Vec<Access>,
    /// Who reaches it from outside the environment. Nobody by default.
    #[serde(default)]
    pub ingress: Vec<Edge>,
    /// Whom it reaches outside the environment. Nobody by default.
    #[serde(default)]
    pub egress: Vec<Edge>,
    /// Versions that run side by side, each with its own roles and group. `v1` by default.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub versions: Option<BTreeSet<VersionName>>,
    /// Where it is in its life. `running` by default.
    #[serde(default)]
    #[schemars(schema_with = "format::state")]
    pub state: State,
    /// How long its log is kept, in days. The environment's value by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3653))]
    pub log_days: Option<u32>,
}

/// What runs a service; it decides trust, roles and endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Runtime {
    /// AWS Lambda: accepts no connection.
    Lambda,
    /// Amazon ECS on Fargate: two roles a version.
    EcsFargate,
    /// Amazon EKS with Pod Identity.
    EksPodIdentity,
    /// Amazon EKS with IAM roles for service accounts.
    EksIrsa,
    /// Amazon EC2 with an instance profile.
    Ec2,
}

/// Where a service runs in Kubernetes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Eks {
    /// Name of the cluster; with `eks-pod-identity`.
    #[serde(default)]
    #[schemars(schema_with = "format::cluster")]
    pub cluster: Option<String>,
    /// The cluster's OIDC issuer without the scheme; with `eks-irsa`.
    #[serde(default)]
    #[schemars(schema_with = "format::issuer")]
    pub issuer: Option<String>,
    /// Kubernetes namespace.
    #[schemars(schema_with = "format::kubernetes_name")]
    pub namespace: String,
    /// Kubernetes service account.
    #[schemars(schema_with = "format::kubernetes_name")]
    pub service_account: String,
}

/// A declared call to another service.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    /// The service that is called.
    pub service: ServiceName,
    /// The port that it listens on; absent where it is a Lambda function, which is invoked.
    #[serde(default)]
    pub port: Option<Port>,
    /// The protocol of the port. `tcp` by default.
    #[serde(default)]
    pub protocol: Protocol,
    /// Why.
    #[schemars(schema_with = "format::reason")]
    pub why: String,
}

/// Access to an AWS resource: by `level` or by `actions`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Access {
    /// All data actions of one access level.
    #[serde(default)]
    pub level: Option<AccessLevel>,
    /// Exactly these actions, as `s3:GetObject`.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub actions: Option<BTreeSet<String>>,
    /// The resource, as `dynamodb:table/customers` or an ARN.
    #[schemars(length(min = 1, max = 2048))]
    pub to: String,
    /// Why.
    #[schemars(schema_with = "format::reason")]
    pub why: String,
}

/// Traffic between a service and one peer outside the environment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edge {
    /// The peer as an address range.
    #[serde(default)]
    #[schemars(schema_with = "format::optional_cidr")]
    pub cidr: Option<Ipv4Net>,
    /// The peer as a security group, such as a load balancer's.
    #[serde(default)]
    #[schemars(schema_with = "format::security_group")]
    pub security_group: Option<String>,
    /// The peer as a prefix list.
    #[serde(default)]
    #[schemars(schema_with = "format::prefix_list")]
    pub prefix_list: Option<String>,
    /// The port of whoever is called: the service for ingress, the peer for egress.
    pub port: Port,
    /// The protocol of the port. `tcp` by default.
    #[serde(default)]
    pub protocol: Protocol,
    /// Why.
    #[schemars(schema_with = "format::reason")]
    pub why: String,
}

/// Where a service is in its life.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    #[default]
    Running,
    Suspended(Since),
    Retired(Since),
}

/// When and why a service left the running state.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Since {
    /// The day, as 2026-01-31.
    #[schemars(schema_with = "format::date")]
    pub since: Date,
    /// Why.
    #[schemars(schema_with = "format::reason")]
    pub reason: String,
}
