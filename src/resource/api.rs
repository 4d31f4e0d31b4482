//! The AWS API operations that change something, with their request quotas.

use std::fmt;

use serde::{Serialize, Serializer};

/// One AWS API operation that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Api {
    /// IAM prefix of the service, as `kms`.
    pub service: &'static str,
    /// Operation, as `CreateKey`.
    pub operation: &'static str,
    /// Requests a second that the account may send for long, at the default quota.
    pub per_second: u32,
    /// Requests that may be sent at once before that.
    pub burst: u32,
}

impl Api {
    /// IAM publishes no quota and refuses to raise it; ten a second is what it bears in practice.
    /// <https://repost.aws/knowledge-center/iam-sts-throttling>
    pub const fn iam(operation: &'static str) -> Self {
        Self::of("iam", operation, 10, 10)
    }

    /// <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>
    pub const fn kms(operation: &'static str, per_second: u32) -> Self {
        Self::of("kms", operation, per_second, per_second)
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
    pub const fn logs(operation: &'static str, per_second: u32) -> Self {
        Self::of("logs", operation, per_second, per_second)
    }

    /// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
    pub const fn ec2(operation: &'static str, per_second: u32, burst: u32) -> Self {
        Self::of("ec2", operation, per_second, burst)
    }

    const fn of(
        service: &'static str,
        operation: &'static str,
        per_second: u32,
        burst: u32,
    ) -> Self {
        Self {
            service,
            operation,
            per_second,
            burst,
        }
    }

    /// The least time in seconds that `requests` of this API take under its quota.
    pub fn least_seconds(self, requests: u32) -> f64 {
        f64::from(requests.saturating_sub(self.burst)) / f64::from(self.per_second.max(1))
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}:{}", self.service, self.operation))
    }
}

impl Serialize for Api {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
