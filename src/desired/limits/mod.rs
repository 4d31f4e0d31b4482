//! Hard limits of AWS, checked before anything is planned: what exceeds, and by how much. Quotas
//! that can be raised are compared with the account when it is planned.

mod crowds;

use serde_json::Value;

use super::Problem;
use crate::{
    iam::{PolicyDocument, grammar},
    model::{Address, Environment, Ids, KindName, PhysicalId},
    resource::{FieldCondition, Read, Resources},
};

/// Characters of a trust policy, without white space.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const TRUST: usize = 2_048;
/// Characters of all inline policies of a role.
const INLINE: usize = 10_240;
/// Characters of a managed policy.
const MANAGED: usize = 6_144;
/// Bytes of a key policy.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>
const KEY_POLICY: usize = 32_768;
/// Bytes of a table's policy.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html>
const TABLE_POLICY: usize = 20_480;
/// Bytes of a queue's policy.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html>
const QUEUE_POLICY: usize = 8_192;
/// Bytes of a topic's policy.
/// <https://docs.aws.amazon.com/general/latest/gr/sns.html>
const TOPIC_POLICY: usize = 30_720;
/// Characters of a secret's policy.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
const SECRET_POLICY: usize = 20_480;
/// Characters of the policy of a VPC endpoint.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
const ENDPOINT_POLICY: usize = 20_480;
/// Characters of a bucket name.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
const BUCKET_NAME: usize = 63;
/// Bytes of a bucket policy.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>
const BUCKET_POLICY: usize = 20_480;
/// Values in all selectors of a trail.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
const SELECTOR_VALUES: usize = 500;
/// In place of what AWS makes up.
const UNKNOWN: &str = "00000000000000000000000000000000";

/// Everything that AWS would refuse for its size.
pub fn problems(environment: &Environment, resources: &Resources) -> Vec<Problem> {
    let sizes = Sizes {
        environment,
        resources,
    };
    let mut found = Vec::new();
    for (name, policy) in &resources.iam_policy {
        let size = policy
            .document
            .known()
            .map_or(0, |document| sizes.of(document));
        found.extend(over(KindName::IamPolicy, name, "policy", size, MANAGED));
    }
    for (name, role) in &resources.iam_role {
        let trust = role.trust.known().map_or(0, |document| sizes.of(document));
        let inline = role.inline.known().into_iter().flatten();
        let inline: usize = inline.map(|(_, document)| sizes.of(document)).sum();
        found.extend(over(KindName::IamRole, name, "trust policy", trust, TRUST));
        found.extend(over(
            KindName::IamRole,
            name,
            "inline policies",
            inline,
            INLINE,
        ));
    }
    for (name, key) in &resources.kms_key {
        let size = key.policy.known().map_or(0, |document| sizes.of(document));
        found.extend(over(KindName::KmsKey, name, "key policy", size, KEY_POLICY));
    }
    for (name, endpoint) in &resources.vpc_endpoint {
        let policy = endpoint.policy.known();
        let size = policy.map_or(0, |document| sizes.of(document));
        let kind = KindName::VpcEndpoint;
        found.extend(over(kind, name, "policy", size, ENDPOINT_POLICY));
    }
    found.extend(store_policies(&sizes));
    found.extend(buckets(&sizes));
    found.extend(trails(resources));
    found.extend(crowds::problems(resources));
    found
}

fn buckets(sizes: &Sizes<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for (name, bucket) in &sizes.resources.s3_bucket {
        let length = bucket.name.len();
        if length > BUCKET_NAME {
            found.push(Problem {
                service: None,
                field: "limits",
                message: format!(
                    "s3_bucket/{name}: its name {} would have {length} characters, {} more than \
                     the {BUCKET_NAME} that S3 accepts; give it a shorter name, or the environment",
                    bucket.name,
                    length - BUCKET_NAME
                ),
            });
        }
        let size = bucket.policy.known().map_or(0, |policy| sizes.of(policy));
        found.extend(over(
            KindName::S3Bucket,
            name,
            "policy",
            size,
            BUCKET_POLICY,
        ));
    }
    found
}

fn trails(resources: &Resources) -> Vec<Problem> {
    let mut found = Vec::new();
    for (name, trail) in &resources.trail {
        let selectors = trail
            .selectors
            .known()
            .into_iter()
            .flat_map(|all| all.values());
        let conditions = selectors.flat_map(|selector| selector.values());
        let values: usize = conditions.map(FieldCondition::len).sum();
        if values > SELECTOR_VALUES {
            found.push(Problem {
                service: None,
                field: "audit.data_events",
                message: format!(
                    "trail/{name} would select by {values} values, {} more than the \
                     {SELECTOR_VALUES} that CloudTrail accepts; declare fewer stores, or none of \
                     their data events",
                    values - SELECTOR_VALUES
                ),
            });
        }
    }
    found
}

fn store_policies(sizes: &Sizes<'_>) -> Vec<Problem> {
    let Resources {
        dynamodb_table,
        sqs_queue,
        secret,
        sns_topic,
        ..
    } = sizes.resources;
    let tables = dynamodb_table.iter().map(|(name, table)| {
        let size = sizes.of_known(&table.policy);
        (KindName::DynamodbTable, name, size, TABLE_POLICY)
    });
    let queues = sqs_queue.iter().map(|(name, queue)| {
        let size = sizes.of_known(&queue.policy);
        (KindName::SqsQueue, name, size, QUEUE_POLICY)
    });
    let secrets = secret.iter().map(|(name, secret)| {
        let size = sizes.of_known(&secret.policy);
        (KindName::Secret, name, size, SECRET_POLICY)
    });
    let topics = sns_topic.iter().map(|(name, topic)| {
        let size = sizes.of_known(&topic.policy);
        (KindName::SnsTopic, name, size, TOPIC_POLICY)
    });
    tables
        .chain(queues)
        .chain(secrets)
        .chain(topics)
        .filter_map(|(kind, name, size, limit)| over(kind, name, "policy", size, limit))
        .collect()
}

fn over(kind: KindName, name: &str, what: &str, size: usize, limit: usize) -> Option<Problem> {
    (size > limit).then(|| Problem {
        service: None,
        field: "limits",
        message: format!(
            "{kind}/{name}: its {what} would have {size} characters, {} more than the {limit} \
             that AWS accepts; declare less access, or split the service",
            size - limit
        ),
    })
}

struct Sizes<'a> {
    environment: &'a Environment,
    resources: &'a Resources,
}

impl Sizes<'_> {
    fn of_known(&self, document: &Read<PolicyDocument>) -> usize {
        document.known().map_or(0, |document| self.of(document))
    }

    /// Characters as IAM counts them: compact JSON.
    fn of(&self, document: &PolicyDocument) -> usize {
        let arn = |address: &Address| expected_arn(self.environment, self.resources, address);
        grammar::write(document, &arn).map_or(0, |value: Value| value.to_string().len())
    }
}

/// The ARN that a resource will have; where only AWS knows it, one of the same length.
pub fn expected_arn(
    environment: &Environment,
    resources: &Resources,
    address: &Address,
) -> Option<String> {
    let home = environment.home(address);
    let id = resources.physical_id(address, &home, UNKNOWN)?;
    Some(id.arn.unwrap_or(id.id))
}

/// The ids of resources that are named, not numbered: they are known before they exist.
pub fn expected_ids(environment: &Environment, resources: &Resources) -> Ids {
    let named = |kind| Resources::profile(kind).named;
    let addresses = resources.addresses().into_iter();
    addresses
        .filter(|address| named(address.kind))
        .filter_map(|address| {
            let home = environment.home(&address);
            let id = resources.physical_id(&address, &home, UNKNOWN)?;
            // What only AWS makes up is not known.
            let id = PhysicalId {
                unique_id: None,
                ..id
            };
            Some((address, id))
        })
        .collect()
}
