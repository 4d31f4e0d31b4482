//! How AWS names resources: ids, ARNs, and the account and Region that hold them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccountId, Address, Region};

/// Physical ids by address.
pub type Ids = BTreeMap<Address, PhysicalId>;

/// How AWS names a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhysicalId {
    /// What API calls take: a name, a key id, `sg-…`.
    pub id: String,
    /// Its ARN, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The id that changes when it is recreated, where that is another: `AROA…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
}

impl PhysicalId {
    /// An id without an ARN.
    pub fn plain(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            arn: None,
            unique_id: None,
        }
    }

    /// An id with its ARN.
    pub fn with_arn(id: impl Into<String>, arn: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            arn: Some(arn.into()),
            unique_id: None,
        }
    }
}

/// The account and Region that hold a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Home {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
}

impl Home {
    /// The ARN of a regional resource, as `kms` and `key/…`.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Self { account, region } = self;
        let partition = region.partition();
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// The ARN of a resource of a global service, as `iam` and `role/…`.
    pub fn global_arn(&self, service: &str, resource: &str) -> String {
        let (partition, account) = (self.region.partition(), &self.account);
        format!("arn:{partition}:{service}::{account}:{resource}")
    }

    /// The ARN of an S3 bucket, which names neither account nor Region.
    pub fn bucket_arn(&self, bucket: &str) -> String {
        format!("arn:{}:s3:::{bucket}", self.region.partition())
    }
}
