//! What was used and delivered: it changes by itself, so it is never compared, only asked about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::resource::Read;

/// Use and delivery, as a live account shows them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operated {
    /// The deliveries of each trail, by its ARN.
    pub trails: BTreeMap<String, Read<Delivery>>,
}

/// When a trail delivered last, and what went wrong.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Log files to the bucket.
    pub files_at: Option<jiff::Timestamp>,
    /// What S3 answered last, where it refused.
    pub files_error: Option<String>,
    /// Digests to the bucket.
    pub digests_at: Option<jiff::Timestamp>,
    /// What S3 answered last, where it refused.
    pub digests_error: Option<String>,
    /// Events to CloudWatch Logs.
    pub logs_at: Option<jiff::Timestamp>,
    /// What CloudWatch Logs answered last, where it refused.
    pub logs_error: Option<String>,
}

impl Operated {
    /// Adds what was found elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.trails.extend(other.trails);
    }
}
