//! One bucket as its calls show it. Where S3 says that a setting is not there, that is an answer.

use aws_sdk_s3::{
    Client,
    error::SdkError,
    types::{
        Bucket as Listed, BucketLocationConstraint, BucketVersioningStatus, DefaultRetention,
        ObjectLockEnabled, ObjectLockRetentionMode, PublicAccessBlockConfiguration,
        ServerSideEncryption, ServerSideEncryptionRule,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::join;

use super::{bucket_lifecycle, documents, tags};
use crate::{
    account::aws::error::{Refusal, answer, malformed},
    iam::PolicyDocument,
    model::{AccountId, LockMode, Region, Tags},
    resource::{
        AccessLog, BucketEncryption, LifecycleRule, ObjectOwnership, PublicBlock, Read, Ref,
        Retention, S3Bucket, SseAlgorithm, Versioning,
    },
};

/// Days of a year, as S3 counts them.
const YEAR: i32 = 365;
/// Where a bucket is that names no place.
const FIRST_REGION: &str = "us-east-1";

/// One bucket, call by call.
pub struct Sight {
    region: Read<String>,
    lock: Read<(bool, Retention)>,
    versioning: Read<Versioning>,
    encryption: Read<BucketEncryption>,
    public_block: Read<PublicBlock>,
    ownership: Read<ObjectOwnership>,
    policy: Read<PolicyDocument>,
    lifecycle: Read<std::collections::BTreeMap<String, LifecycleRule>>,
    logging: Read<AccessLog>,
    tags: Read<Tags>,
}

impl Sight {
    /// Reads a bucket, which must belong to `owner`.
    pub async fn read(client: &Client, listed: &Listed, owner: &AccountId, near: &Region) -> Self {
        let asking = Asking {
            client,
            bucket: listed.name().unwrap_or_default(),
            owner: owner.as_str(),
            partition: near.partition(),
        };
        let (region, lock, versioning, encryption, public_block) = join!(
            asking.region(listed),
            asking.lock(),
            asking.versioning(),
            asking.encryption(),
            asking.public_block(),
        );
        let (ownership, policy, lifecycle, logging, tags) = join!(
            asking.ownership(),
            asking.policy(),
            asking.lifecycle(),
            asking.logging(),
            asking.tags(),
        );
        Self {
            region,
            lock,
            versioning,
            encryption,
            public_block,
            ownership,
            policy,
            lifecycle,
            logging,
            tags,
        }
    }

    /// The bucket.
    pub fn bucket(self, name: &str) -> S3Bucket {
        S3Bucket {
            name: name.to_owned(),
            region: self.region,
            object_lock: self.lock.clone().map(|(on, _)| on),
            retention: self.lock.map(|(_, retention)| retention),
            versioning: self.versioning,
            encryption: self.encryption,
            public_block: self.public_block,
            ownership: self.ownership,
            policy: self.policy,
            lifecycle: self.lifecycle,
            logging: self.logging,
            tags: self.tags,
        }
    }
}

struct Asking<'a> {
    client: &'a Client,
    bucket: &'a str,
    owner: &'a str,
    partition: &'a str,
}

/// One GET of a setting, of the bucket and its expected owner.
macro_rules! get {
    ($asking:ident, $operation:ident) => {
        $asking
            .client
            .$operation()
            .bucket($asking.bucket)
            .expected_bucket_owner($asking.owner)
            .send()
            .await
    };
}

impl Asking<'_> {
    async fn region(&self, listed: &Listed) -> Read<String> {
        if let Some(region) = listed.bucket_region() {
            return Read::Known(region.to_owned());
        }
        let located = answer("s3:GetBucketLocation", get!(self, get_bucket_location));
        located.map(|place| match place.location_constraint() {
            None => FIRST_REGION.to_owned(),
            Some(BucketLocationConstraint::Eu) => "eu-west-1".to_owned(),
            Some(other) if other.as_str().is_empty() => FIRST_REGION.to_owned(),
            Some(other) => other.as_str().to_owned(),
        })
    }

    async fn lock(&self) -> Read<(bool, Retention)> {
        let shown = answer_or(
            "s3:GetBucketObjectLockConfiguration",
            get!(self, get_object_lock_configuration),
            "ObjectLockConfigurationNotFoundError",
        );
        shown.map(|shown| {
            let lock = shown.and_then(|shown| shown.object_lock_configuration);
            let on = lock.as_ref().and_then(|lock| lock.object_lock_enabled());
            let rule = lock.as_ref().and_then(|lock| lock.rule());
            let retention = rule.and_then(|rule| rule.default_retention());
            (
                on == Some(&ObjectLockEnabled::Enabled),
                retention.map_or(Retention::NONE, retained),
            )
        })
    }

    async fn versioning(&self) -> Read<Versioning> {
        let shown = answer("s3:GetBucketVersioning", get!(self, get_bucket_versioning));
        shown.map(|shown| match shown.status() {
            Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
            Some(_) => Versioning::Suspended,
            None => Versioning::Off,
        })
    }

    /// Since 2023 S3 encrypts in any case, also where an older bucket has no setting.
    async fn encryption(&self) -> Read<BucketEncryption> {
        const CALL: &str = "s3:GetEncryptionConfiguration";
        let shown = answer_or(
            CALL,
            get!(self, get_bucket_encryption),
            "ServerSideEncryptionConfigurationNotFoundError",
        );
        match shown {
            Read::Unread(why) => Read::Unread(why),
            Read::Known(shown) => {
                let shown = shown.and_then(|s| s.server_side_encryption_configuration);
                let rule = shown.as_ref().and_then(|shown| shown.rules().first());
                rule.map_or(Read::Known(BucketEncryption::DEFAULT), |rule| {
                    encrypted(CALL, rule)
                })
            }
        }
    }

    async fn public_block(&self) -> Read<PublicBlock> {
        let shown = answer_or(
            "s3:GetBucketPublicAccessBlock",
            get!(self, get_public_access_block),
            "NoSuchPublicAccessBlockConfiguration",
        );
        shown.map(|shown| {
            let block = shown.and_then(|shown| shown.public_access_block_configuration);
            block.map_or(PublicBlock::NOTHING, |block| blocked(&block))
        })
    }

    async fn ownership(&self) -> Read<ObjectOwnership> {
        use aws_sdk_s3::types::ObjectOwnership as Shown;
        let shown = answer_or(
            "s3:GetBucketOwnershipControls",
            get!(self, get_bucket_ownership_controls),
            "OwnershipControlsNotFoundError",
        );
        shown.map(|shown| {
            let controls = shown.and_then(|shown| shown.ownership_controls);
            let rule = controls
                .as_ref()
                .and_then(|controls| controls.rules().first());
            match rule.map(|rule| rule.object_ownership()) {
                Some(Shown::BucketOwnerEnforced) => ObjectOwnership::BucketOwnerEnforced,
                Some(Shown::BucketOwnerPreferred) => ObjectOwnership::BucketOwnerPreferred,
                _ => ObjectOwnership::ObjectWriter,
            }
        })
    }

    async fn policy(&self) -> Read<PolicyDocument> {
        const CALL: &str = "s3:GetBucketPolicy";
        match answer_or(CALL, get!(self, get_bucket_policy), "NoSuchBucketPolicy") {
            Read::Unread(why) => Read::Unread(why),
            Read::Known(shown) => match shown.as_ref().and_then(|shown| shown.policy()) {
                None => PolicyDocument::default().into(),
                Some(text) => documents::plain(CALL, text),
            },
        }
    }

    async fn lifecycle(&self) -> Read<std::collections::BTreeMap<String, LifecycleRule>> {
        let shown = answer_or(
            "s3:GetLifecycleConfiguration",
            get!(self, get_bucket_lifecycle_configuration),
            "NoSuchLifecycleConfiguration",
        );
        shown.map(|shown| {
            let rules = shown.and_then(|shown| shown.rules).unwrap_or_default();
            rules.iter().map(bucket_lifecycle::rule).collect()
        })
    }

    /// S3 names the target; its ARN is what other resources name it by.
    async fn logging(&self) -> Read<AccessLog> {
        let shown = answer("s3:GetBucketLogging", get!(self, get_bucket_logging));
        shown.map(|shown| match shown.logging_enabled() {
            None => AccessLog::OFF,
            Some(to) => AccessLog {
                target: Some(Ref::Literal(format!(
                    "arn:{}:s3:::{}",
                    self.partition,
                    to.target_bucket()
                ))),
                prefix: to.target_prefix().to_owned(),
            },
        })
    }

    async fn tags(&self) -> Read<Tags> {
        let shown = answer_or(
            "s3:GetBucketTagging",
            get!(self, get_bucket_tagging),
            "NoSuchTagSet",
        );
        shown.map(|shown| {
            let shown = shown.map(|shown| shown.tag_set).unwrap_or_default();
            tags::tags(shown.iter().map(|tag| (tag.key(), tag.value())))
        })
    }
}

/// A reading of what may be absent: S3 answers that with an error of its own.
fn answer_or<T, E>(
    call: &str,
    result: Result<T, SdkError<E, HttpResponse>>,
    absent: &str,
) -> Read<Option<T>>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match result {
        Ok(shown) => Read::Known(Some(shown)),
        Err(error) => match Refusal::from(error) {
            refusal if refusal.code() == absent => Read::Known(None),
            refusal => Read::Unread(refusal.unread(call)),
        },
    }
}

fn retained(retention: &DefaultRetention) -> Retention {
    let years = retention.years().unwrap_or_default().saturating_mul(YEAR);
    let days = retention.days().unwrap_or_default().saturating_add(years);
    Retention {
        mode: retention.mode().map(|mode| match mode {
            ObjectLockRetentionMode::Compliance => LockMode::Compliance,
            _ => LockMode::Governance,
        }),
        days: u32::try_from(days).unwrap_or_default(),
    }
}

fn encrypted(call: &str, rule: &ServerSideEncryptionRule) -> Read<BucketEncryption> {
    let default = rule.apply_server_side_encryption_by_default();
    let algorithm = match default.map(|default| default.sse_algorithm()) {
        None | Some(ServerSideEncryption::Aes256) => SseAlgorithm::S3,
        Some(ServerSideEncryption::AwsKms) => SseAlgorithm::Kms,
        Some(ServerSideEncryption::AwsKmsDsse) => SseAlgorithm::KmsTwice,
        Some(other) => {
            let unknown = format!("the algorithm {}", other.as_str());
            return Read::Unread(malformed(call, unknown));
        }
    };
    Read::Known(BucketEncryption {
        algorithm,
        key: default
            .and_then(|default| default.kms_master_key_id())
            .map(Ref::literal),
        bucket_key: rule.bucket_key_enabled().unwrap_or(false),
    })
}

fn blocked(block: &PublicAccessBlockConfiguration) -> PublicBlock {
    PublicBlock {
        acls_refused: block.block_public_acls().unwrap_or(false),
        acls_ignored: block.ignore_public_acls().unwrap_or(false),
        policies_refused: block.block_public_policy().unwrap_or(false),
        policies_restricted: block.restrict_public_buckets().unwrap_or(false),
    }
}
