//! Sends the calls of buckets. Only buckets that the account listed as its own are changed: names
//! can be guessed, and S3 refuses to create what somebody else has.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint,
    BucketLoggingStatus, BucketVersioningStatus, CreateBucketConfiguration, DefaultRetention,
    ExpirationStatus, LifecycleExpiration, LifecycleRule as SentRule, LifecycleRuleFilter,
    LoggingEnabled, NoncurrentVersionExpiration, ObjectLockConfiguration, ObjectLockEnabled,
    ObjectLockRetentionMode, ObjectLockRule, ObjectOwnership as SentOwnership, OwnershipControls,
    OwnershipControlsRule, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    Tag, Tagging, Transition, TransitionStorageClass, VersioningConfiguration,
};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    iam::PolicyDocument,
    model::{Invalid, LockMode, Region, Tags},
    resource::{
        AccessLog, BucketEncryption, LifecycleRule, ObjectOwnership, PublicBlock, Ref, Retention,
        S3Bucket, S3BucketCall,
    },
    snapshot::PhysicalId,
};

/// The Region that must not be named: it is where buckets are that name none.
const FIRST_REGION: &str = "us-east-1";

/// A request about the bucket itself.
macro_rules! request {
    ($order:ident, $operation:ident) => {
        $order.clients.s3.$operation().bucket($order.own_id()?)
    };
}

pub(super) async fn send(order: &Order<'_>, call: &S3BucketCall) -> Sent {
    use S3BucketCall as Call;
    match call {
        Call::Create(bucket) => return create(order, bucket).await,
        Call::PutOwnership(ownership) => put_ownership(order, *ownership).await?,
        Call::PutPublicBlock(block) => put_public_block(order, *block).await?,
        Call::PutEncryption(encryption) => put_encryption(order, encryption).await?,
        Call::PutVersioning(on) => put_versioning(order, *on).await?,
        Call::PutRetention(retention) => put_retention(order, *retention).await?,
        Call::PutLifecycle(rules) => put_lifecycle(order, rules).await?,
        Call::PutLogging(logging) => put_logging(order, logging).await?,
        Call::PutTags(tags) => put_tags(order, tags).await?,
        Call::PutPolicy(policy) => put_policy(order, policy).await?,
        Call::Delete => {
            request!(order, delete_bucket).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, bucket: &S3Bucket) -> Sent {
    let region = wanted(&bucket.region, "Region")?;
    let place = BucketLocationConstraint::from(region.as_str());
    let place = CreateBucketConfiguration::builder().location_constraint(place);
    let ownership = SentOwnership::from(wanted(&bucket.ownership, "ownership")?.as_str());
    let lock = *wanted(&bucket.object_lock, "object lock")?;
    let request = order.clients.s3.create_bucket().bucket(&bucket.name);
    request
        .set_create_bucket_configuration((region != FIRST_REGION).then(|| place.build()))
        .object_ownership(ownership)
        .set_object_lock_enabled_for_bucket(lock.then_some(true))
        .send()
        .await?;
    let region: Region = region
        .parse()
        .map_err(|why: Invalid| Refusal::own(why.to_string()))?;
    let arn = format!("arn:{}:s3:::{}", region.partition(), bucket.name);
    Ok(Some(PhysicalId::with_arn(&bucket.name, arn)))
}

async fn put_ownership(order: &Order<'_>, to: ObjectOwnership) -> Result<(), Refusal> {
    let ownership = SentOwnership::from(to.as_str());
    let rule = OwnershipControlsRule::builder().object_ownership(ownership);
    let controls = OwnershipControls::builder().rules(rule.build()?).build()?;
    let request = request!(order, put_bucket_ownership_controls);
    request.ownership_controls(controls).send().await?;
    Ok(())
}

async fn put_public_block(order: &Order<'_>, block: PublicBlock) -> Result<(), Refusal> {
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(block.acls_refused)
        .ignore_public_acls(block.acls_ignored)
        .block_public_policy(block.policies_refused)
        .restrict_public_buckets(block.policies_restricted)
        .build();
    let request = request!(order, put_public_access_block);
    request
        .public_access_block_configuration(block)
        .send()
        .await?;
    Ok(())
}

async fn put_encryption(order: &Order<'_>, to: &BucketEncryption) -> Result<(), Refusal> {
    let key = to.key.as_ref().map(|key| order.arn(key)).transpose()?;
    let default = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::from(to.algorithm.as_str()))
        .set_kms_master_key_id(key)
        .build()?;
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(default)
        .bucket_key_enabled(to.bucket_key)
        .build();
    let all = ServerSideEncryptionConfiguration::builder()
        .rules(rule)
        .build()?;
    let request = request!(order, put_bucket_encryption);
    request
        .server_side_encryption_configuration(all)
        .send()
        .await?;
    Ok(())
}

async fn put_versioning(order: &Order<'_>, on: bool) -> Result<(), Refusal> {
    let status = match on {
        true => BucketVersioningStatus::Enabled,
        false => BucketVersioningStatus::Suspended,
    };
    let to = VersioningConfiguration::builder().status(status).build();
    let request = request!(order, put_bucket_versioning);
    request.versioning_configuration(to).send().await?;
    Ok(())
}

async fn put_retention(order: &Order<'_>, to: Retention) -> Result<(), Refusal> {
    let days = number(to.days)?;
    let rule = to.mode.map(|mode| {
        let mode = match mode {
            LockMode::Compliance => ObjectLockRetentionMode::Compliance,
            LockMode::Governance => ObjectLockRetentionMode::Governance,
        };
        let retention = DefaultRetention::builder().mode(mode).days(days).build();
        ObjectLockRule::builder()
            .default_retention(retention)
            .build()
    });
    let to = ObjectLockConfiguration::builder()
        .object_lock_enabled(ObjectLockEnabled::Enabled)
        .set_rule(rule)
        .build();
    let request = request!(order, put_object_lock_configuration);
    request.object_lock_configuration(to).send().await?;
    Ok(())
}

async fn put_lifecycle(
    order: &Order<'_>,
    rules: &BTreeMap<String, LifecycleRule>,
) -> Result<(), Refusal> {
    if rules.is_empty() {
        request!(order, delete_bucket_lifecycle).send().await?;
        return Ok(());
    }
    let rules = rules.iter().map(|(id, rule)| sent_rule(id, rule));
    let rules: Vec<SentRule> = rules.collect::<Result<_, _>>()?;
    let all = BucketLifecycleConfiguration::builder().set_rules(Some(rules));
    let request = request!(order, put_bucket_lifecycle_configuration);
    request.lifecycle_configuration(all.build()?).send().await?;
    Ok(())
}

fn sent_rule(id: &str, rule: &LifecycleRule) -> Result<SentRule, Refusal> {
    if !rule.further.is_empty() {
        return Err(Refusal::own(format!(
            "the lifecycle rule {id} is not one of ours"
        )));
    }
    let transitions = rule.transitions.iter().map(|(class, days)| {
        let class = TransitionStorageClass::from(class.as_str());
        let transition = Transition::builder()
            .storage_class(class)
            .days(number(*days)?);
        Ok(transition.build())
    });
    let old = rule.old_versions_days.map(|days| {
        let days = number(days)?;
        Ok::<_, Refusal>(
            NoncurrentVersionExpiration::builder()
                .noncurrent_days(days)
                .build(),
        )
    });
    let uploads = rule.unfinished_uploads_days.map(|days| {
        let days = number(days)?;
        let uploads = AbortIncompleteMultipartUpload::builder().days_after_initiation(days);
        Ok::<_, Refusal>(uploads.build())
    });
    let status = match rule.enabled {
        true => ExpirationStatus::Enabled,
        false => ExpirationStatus::Disabled,
    };
    Ok(SentRule::builder()
        .id(id)
        .status(status)
        .filter(LifecycleRuleFilter::builder().prefix(&rule.prefix).build())
        .set_transitions(Some(transitions.collect::<Result<_, Refusal>>()?))
        .set_expiration(expiration(rule)?)
        .set_noncurrent_version_expiration(old.transpose()?)
        .set_abort_incomplete_multipart_upload(uploads.transpose()?)
        .build()?)
}

fn expiration(rule: &LifecycleRule) -> Result<Option<LifecycleExpiration>, Refusal> {
    let days = rule.expire_days.map(number).transpose()?;
    let markers = rule.expire_markers.then_some(true);
    Ok((days.is_some() || markers.is_some()).then(|| {
        LifecycleExpiration::builder()
            .set_days(days)
            .set_expired_object_delete_marker(markers)
            .build()
    }))
}

async fn put_logging(order: &Order<'_>, to: &AccessLog) -> Result<(), Refusal> {
    let target = to.target.as_ref().map(|target| bucket_name(order, target));
    let enabled = target.transpose()?.map(|target| {
        let enabled = LoggingEnabled::builder().target_bucket(target);
        enabled.target_prefix(&to.prefix).build()
    });
    let status = BucketLoggingStatus::builder().set_logging_enabled(enabled.transpose()?);
    let request = request!(order, put_bucket_logging);
    request.bucket_logging_status(status.build()).send().await?;
    Ok(())
}

/// The name of a bucket: an ARN ends with it.
pub(super) fn bucket_name(order: &Order<'_>, bucket: &Ref) -> Result<String, Refusal> {
    let id = order.id(bucket)?;
    Ok(id.rsplit(":::").next().unwrap_or_default().to_owned())
}

async fn put_tags(order: &Order<'_>, tags: &Tags) -> Result<(), Refusal> {
    if tags.is_empty() {
        request!(order, delete_bucket_tagging).send().await?;
        return Ok(());
    }
    let tags = super::tag_list(tags, |key, value| {
        Tag::builder().key(key).value(value).build()
    })?;
    let tagging = Tagging::builder().set_tag_set(Some(tags)).build()?;
    request!(order, put_bucket_tagging)
        .tagging(tagging)
        .send()
        .await?;
    Ok(())
}

async fn put_policy(order: &Order<'_>, policy: &PolicyDocument) -> Result<(), Refusal> {
    if policy.statements.is_empty() {
        request!(order, delete_bucket_policy).send().await?;
        return Ok(());
    }
    let text = order.document(policy)?;
    request!(order, put_bucket_policy)
        .policy(text)
        .send()
        .await?;
    Ok(())
}

fn number(days: u32) -> Result<i32, Refusal> {
    i32::try_from(days).map_err(|error| Refusal::own(error.to_string()))
}
