//! The AWS API operations that change something, with their request quotas.

use std::{fmt, time::Duration};

use serde::{Serialize, Serializer};

/// One AWS API operation that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Api {
    /// IAM prefix of the service, as `kms`.
    pub service: &'static str,
    /// Operation, as `CreateKey`.
    pub operation: &'static str,
    /// How fast the account may send requests for long, at the default quota.
    pub rate: Rate,
    /// Requests that may be sent at once before that.
    pub burst: u32,
}

/// A rate of requests that an account may keep up: so many in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    requests: u32,
    seconds: u32,
}

impl Rate {
    /// So many requests in each second.
    pub const fn per_second(requests: u32) -> Self {
        Self::of(requests, 1)
    }

    /// So many requests in so many seconds: quotas below one a second.
    pub const fn of(requests: u32, seconds: u32) -> Self {
        Self { requests, seconds }
    }

    /// The time from one request to the next.
    pub fn interval(self) -> Duration {
        Duration::from_secs(self.seconds.into()) / self.requests.max(1)
    }
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

    /// Endpoints have a bucket of their own that fills three times in ten seconds.
    /// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
    pub const fn vpc_endpoint(operation: &'static str) -> Self {
        Self {
            rate: Rate::of(3, 10),
            ..Self::ec2(operation, 1, 4)
        }
    }

    /// EKS publishes quotas of requests for a few operations only; five a second is what all bear.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html>
    pub const fn eks(operation: &'static str) -> Self {
        Self::of("eks", operation, 5, 5)
    }

    /// CreateTable, UpdateTable and DeleteTable are slow, not many: AWS lets 500 of them run at
    /// once.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
    pub const fn dynamodb(operation: &'static str) -> Self {
        Self::of("dynamodb", operation, 10, 10)
    }

    /// SQS publishes no quota for what changes queues.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>
    pub const fn sqs(operation: &'static str) -> Self {
        Self::of("sqs", operation, 10, 10)
    }

    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
    pub const fn secrets(operation: &'static str) -> Self {
        Self::of("secretsmanager", operation, 50, 50)
    }

    /// S3 publishes no quota for the settings of buckets; ten a second is what it bears.
    pub const fn s3(operation: &'static str) -> Self {
        Self::of("s3", operation, 10, 10)
    }

    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
    pub const fn cloudtrail(operation: &'static str) -> Self {
        Self::of("cloudtrail", operation, 1, 1)
    }

    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
    pub const fn cloudwatch(operation: &'static str, per_second: u32) -> Self {
        Self::of("cloudwatch", operation, per_second, per_second)
    }

    /// <https://docs.aws.amazon.com/general/latest/gr/sns.html>
    pub const fn sns(operation: &'static str, per_second: u32) -> Self {
        Self::of("sns", operation, per_second, per_second)
    }

    /// An operation with its sustained rate a second and its burst.
    pub const fn of(
        service: &'static str,
        operation: &'static str,
        per_second: u32,
        burst: u32,
    ) -> Self {
        Self {
            service,
            operation,
            rate: Rate::per_second(per_second),
            burst,
        }
    }

    /// The least time in seconds that `requests` of this API take under its quota.
    pub fn least_seconds(self, requests: u32) -> f64 {
        f64::from(requests.saturating_sub(self.burst)) * self.rate.interval().as_secs_f64()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Four at once, then three in ten seconds.
    #[test]
    fn twelve_endpoints_take_half_a_minute() {
        let api = Api::vpc_endpoint("CreateVpcEndpoint");
        assert_eq!(api.least_seconds(12).ceil(), 27.0);
        assert_eq!(api.least_seconds(4), 0.0);
        assert_eq!(Api::kms("CreateKey", 5).least_seconds(15), 2.0);
    }
}
