//! The address of a resource: its kind and its logical name.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Invalid;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $words:literal, $plural:literal;)*) => {
        /// The kinds of resource that an address can name.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum KindName {
            $($(#[$doc])* $kind,)*
        }

        impl KindName {
            /// Every kind, in the order of their addresses.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The kind as it stands in an address.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// One of the kind, in words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$kind => $words,)* }
            }

            /// Several of the kind, at the beginning of a sentence.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$kind => $plural,)* }
            }
        }
    };
}

kinds! {
    /// A virtual private cloud.
    Vpc: "vpc", "VPC", "VPCs";
    /// A subnet of the VPC.
    Subnet: "subnet", "subnet", "Subnets";
    /// A route table.
    RouteTable: "route_table", "route table", "Route tables";
    /// A network ACL.
    NetworkAcl: "network_acl", "network ACL", "Network ACLs";
    /// An internet gateway.
    InternetGateway: "internet_gateway", "internet gateway", "Internet gateways";
    /// An Elastic IP address.
    ElasticIp: "elastic_ip", "Elastic IP address", "Elastic IP addresses";
    /// A NAT gateway.
    NatGateway: "nat_gateway", "NAT gateway", "NAT gateways";
    /// A VPC endpoint, gateway or interface.
    VpcEndpoint: "vpc_endpoint", "VPC endpoint", "VPC endpoints";
    /// A flow log of the VPC.
    FlowLog: "flow_log", "flow log", "Flow logs";
    /// A customer managed IAM policy: the permissions boundary.
    IamPolicy: "iam_policy", "managed policy", "Managed policies";
    /// An IAM role.
    IamRole: "iam_role", "role", "Roles";
    /// An IAM instance profile.
    InstanceProfile: "instance_profile", "instance profile", "Instance profiles";
    /// An IAM OpenID Connect provider.
    OidcProvider: "oidc_provider", "OIDC provider", "OIDC providers";
    /// A role that an AWS service needs and defines itself.
    ServiceLinkedRole: "service_linked_role", "service-linked role", "Service-linked roles";
    /// An EKS Pod Identity association.
    PodIdentityAssociation: "pod_identity_association", "Pod Identity association", "Pod Identity associations";
    /// A KMS key with its alias.
    KmsKey: "kms_key", "key", "Keys";
    /// A CloudWatch log group.
    LogGroup: "log_group", "log group", "Log groups";
    /// A security group.
    SecurityGroup: "security_group", "security group", "Security groups";
    /// One rule of a security group.
    SecurityGroupRule: "security_group_rule", "security group rule", "Security group rules";
    /// An S3 bucket with all its settings.
    S3Bucket: "s3_bucket", "bucket", "Buckets";
    /// A DynamoDB table.
    DynamodbTable: "dynamodb_table", "table", "Tables";
    /// An SQS queue.
    SqsQueue: "sqs_queue", "queue", "Queues";
    /// An SNS topic.
    SnsTopic: "sns_topic", "topic", "Topics";
    /// A Secrets Manager secret, without its value.
    Secret: "secret", "secret", "Secrets";
    /// A CloudTrail trail.
    Trail: "trail", "trail", "Trails";
    /// A metric filter of a log group.
    MetricFilter: "metric_filter", "metric filter", "Metric filters";
    /// A CloudWatch metric alarm.
    MetricAlarm: "metric_alarm", "alarm", "Alarms";
    /// The account's S3 Block Public Access.
    AccountPublicAccessBlock: "account_public_access_block", "account public access block", "Account public access blocks";
    /// Encryption of new EBS volumes in the Region.
    EbsEncryption: "ebs_encryption", "EBS default encryption", "EBS default encryption settings";
    /// The account's password policy.
    PasswordPolicy: "password_policy", "password policy", "Password policies";
    /// An IAM Access Analyzer.
    AccessAnalyzer: "access_analyzer", "access analyzer", "Access analyzers";
    /// The GuardDuty detector of the Region.
    GuarddutyDetector: "guardduty_detector", "GuardDuty detector", "GuardDuty detectors";
    /// The AWS Config recorder of the Region with its delivery channel.
    ConfigRecorder: "config_recorder", "Config recorder", "Config recorders";
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The logical name of a resource, unique within its kind: `login`, `login-v1`.
pub type ResourceName = String;

/// `kind/name`, stable over recreation: `kms_key/login`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    /// What it is.
    pub kind: KindName,
    /// Which one.
    pub name: ResourceName,
}

impl Address {
    /// The address of `name` among the resources of `kind`.
    pub fn new(kind: KindName, name: impl Into<ResourceName>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.kind, self.name))
    }
}

impl FromStr for Address {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = text.split_once('/').and_then(|(kind, name)| {
            let kind = KindName::ALL
                .iter()
                .copied()
                .find(|known| known.as_str() == kind)?;
            (!name.is_empty()).then(|| Self::new(kind, name))
        });
        found.ok_or_else(|| Invalid::new("an address", text, "kind/name, such as kms_key/login"))
    }
}

impl TryFrom<String> for Address {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl JsonSchema for Address {
    fn schema_name() -> Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "kind/name" })
    }
}
