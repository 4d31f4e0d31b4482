//! The stores that a service owns: what they are, and who makes them. Nothing is compiled here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arn, KindName};

/// A kind of store that a service can own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum StoreKind {
    /// Amazon DynamoDB table.
    Dynamodb,
    /// Amazon S3 bucket.
    S3,
    /// Amazon SQS queue.
    Sqs,
    /// Amazon SNS topic.
    Sns,
    /// AWS Secrets Manager secret.
    Secretsmanager,
    /// Amazon RDS database.
    Rds,
}

/// A store that a service owns; it is encrypted with the service's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// What it is.
    pub kind: StoreKind,
    /// Its name in the account.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Whether Strongroom makes and manages it; otherwise it is verified. No by default.
    #[serde(default)]
    pub manage: bool,
    /// Partition and sort key; of a managed DynamoDB table, and required there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<TableKey>,
}

/// The key schema of a DynamoDB table.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableKey {
    /// The attribute that items are distributed by.
    #[schemars(length(min = 1, max = 255))]
    pub partition: String,
    /// The type of the partition key. `S` by default.
    #[serde(default)]
    pub partition_type: KeyType,
    /// The attribute that items of one partition are sorted by. None by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub sort: Option<String>,
    /// The type of the sort key. `S` by default.
    #[serde(default)]
    pub sort_type: KeyType,
}

/// The types of a key attribute.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum KeyType {
    /// Text.
    #[default]
    S,
    /// A number.
    N,
    /// Bytes.
    B,
}

impl Store {
    /// The kind of resource that it is; none where it is neither made nor read.
    pub fn resource(&self) -> Option<KindName> {
        match self.kind {
            StoreKind::Dynamodb => Some(KindName::DynamodbTable),
            StoreKind::S3 => Some(KindName::S3Bucket),
            StoreKind::Sqs => Some(KindName::SqsQueue),
            StoreKind::Sns => Some(KindName::SnsTopic),
            StoreKind::Secretsmanager => Some(KindName::Secret),
            StoreKind::Rds => None,
        }
    }

    /// The store as a target of declared access: `dynamodb:table/sessions`.
    pub fn target(&self) -> String {
        let kind = match self.kind {
            StoreKind::Dynamodb => "dynamodb:table",
            StoreKind::S3 => "s3:bucket",
            StoreKind::Sqs => "sqs:queue",
            StoreKind::Sns => "sns:topic",
            StoreKind::Secretsmanager => "secretsmanager:secret",
            StoreKind::Rds => "rds-db:db-user",
        };
        format!("{kind}/{}", self.name)
    }

    /// Whether a target of access, short or an ARN, names the store or something in it.
    pub fn holds(&self, target: &str) -> bool {
        // Every store is asked about every target: most are answered here.
        if !target.contains(self.name.as_str()) {
            return false;
        }
        let own = self.target();
        target.strip_prefix(own.as_str()).is_some_and(is_end)
            || target
                .parse::<Arn>()
                .is_ok_and(|arn| is_of(&arn, &own, &self.name))
    }
}

/// Whether an ARN is that of the target: the same namespace, and the name with its type or bare.
fn is_of(arn: &Arn, target: &str, name: &str) -> bool {
    let (namespace, typed) = target.split_once(':').unwrap_or_default();
    let resource = arn.resource().replacen(':', "/", 1);
    let named = |name: &str| resource.strip_prefix(name).is_some_and(is_end);
    arn.service() == namespace && (named(typed) || named(name))
}

/// Whether nothing or a part below follows a name.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}
