//! An S3 bucket with all its settings: one facet a call.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AccessLog, Api, Aspect, BucketEncryption, Direction, FieldChange, Kept, Kind, LifecycleRule,
    Linked, ObjectOwnership, PublicBlock, Read, Retention, Sides, SseAlgorithm, Versioning,
    direction, keep, linked, store,
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Bucket {
    /// Bucket name, unique in the partition.
    pub name: String,
    /// The Region that holds it.
    pub region: Read<String>,
    /// Whether versions can be locked; it is decided when the bucket is made.
    pub object_lock: Read<bool>,
    /// The retention that each new object gets.
    pub retention: Read<Retention>,
    /// Whether old versions are kept.
    pub versioning: Read<Versioning>,
    /// Default encryption.
    pub encryption: Read<BucketEncryption>,
    /// S3 Block Public Access.
    pub public_block: Read<PublicBlock>,
    /// Who owns objects.
    pub ownership: Read<ObjectOwnership>,
    /// Bucket policy; without statements where there is none.
    pub policy: Read<PolicyDocument>,
    /// Lifecycle rules by id.
    pub lifecycle: Read<BTreeMap<String, LifecycleRule>>,
    /// Server access logs.
    pub logging: Read<AccessLog>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(S3Bucket {
    encryption,
    policy,
    logging
});

/// A call on a bucket.
#[derive(Debug, Clone, PartialEq)]
pub enum S3BucketCall {
    /// CreateBucket with Region, object lock and ownership.
    Create(Box<S3Bucket>),
    /// PutBucketOwnershipControls.
    PutOwnership(ObjectOwnership),
    /// PutPublicAccessBlock.
    PutPublicBlock(PublicBlock),
    /// PutBucketEncryption.
    PutEncryption(BucketEncryption),
    /// PutBucketVersioning: on, or suspended.
    PutVersioning(bool),
    /// PutObjectLockConfiguration.
    PutRetention(Retention),
    /// PutBucketLifecycleConfiguration, or DeleteBucketLifecycle without rules.
    PutLifecycle(BTreeMap<String, LifecycleRule>),
    /// PutBucketLogging.
    PutLogging(AccessLog),
    /// PutBucketTagging, or DeleteBucketTagging without tags.
    PutTags(Tags),
    /// PutBucketPolicy, or DeleteBucketPolicy without statements.
    PutPolicy(PolicyDocument),
    /// DeleteBucket: S3 refuses where anything is in it.
    Delete,
}

impl S3Bucket {
    /// Whether what is in it cannot be deleted, as far as is known.
    fn locked(&self) -> bool {
        self.object_lock.known() == Some(&true)
    }
}

impl Kind for S3Bucket {
    const NAME: KindName = KindName::S3Bucket;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name", "region", "object_lock"];
    const LISTING: &'static str = "s3:ListBuckets";
    const LOSS: Option<&'static str> = Some("deleted, which S3 does only where it is empty");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = S3BucketCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    /// S3 asks whether the other bucket's policy lets it write there.
    fn settle_waits(&self) -> BTreeSet<Address> {
        self.logging.addresses()
    }

    /// What is locked in the bucket is worth nothing without its key.
    fn retains(&self) -> BTreeSet<Address> {
        self.encryption.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        PhysicalId::with_arn(&self.name, home.bucket_arn(&self.name))
    }

    fn create(&self) -> S3BucketCall {
        S3BucketCall::Create(Box::new(self.clone()))
    }

    /// The policy comes last: it may deny everything else.
    fn settle(from: &Self, to: &Self) -> Vec<S3BucketCall> {
        use S3BucketCall as Call;
        let changes = [
            changed(&from.ownership, &to.ownership, Call::PutOwnership),
            changed(&from.public_block, &to.public_block, Call::PutPublicBlock),
            changed(&from.encryption, &to.encryption, Call::PutEncryption),
            versioning(from, to),
            changed(&from.retention, &to.retention, Call::PutRetention).filter(|_| to.locked()),
            changed(&from.lifecycle, &to.lifecycle, Call::PutLifecycle),
            changed(&from.logging, &to.logging, Call::PutLogging),
            changed(&from.tags, &to.tags, Call::PutTags),
            changed(&from.policy, &to.policy, Call::PutPolicy),
        ];
        changes.into_iter().flatten().collect()
    }

    /// A bucket with a lock stays: nobody can empty it before its time.
    fn delete(&self) -> Vec<S3BucketCall> {
        match self.locked() {
            true => Vec::new(),
            false => vec![S3BucketCall::Delete],
        }
    }

    fn retained_days(&self) -> Option<u32> {
        let retention = self.retention.known().filter(|_| self.locked())?;
        Some(retention.days)
    }

    fn apply(state: Option<Self>, call: &S3BucketCall) -> Option<Self> {
        use S3BucketCall as Call;
        if let Call::Create(bucket) = call {
            return Some(created(bucket));
        }
        let mut bucket = state?;
        match call {
            Call::Create(_) | Call::Delete => return None,
            Call::PutOwnership(ownership) => bucket.ownership.set(*ownership),
            Call::PutPublicBlock(block) => bucket.public_block.set(*block),
            Call::PutEncryption(encryption) => bucket.encryption.set(encryption.clone().shown()),
            Call::PutVersioning(true) => bucket.versioning.set(Versioning::Enabled),
            Call::PutVersioning(false) => bucket.versioning.set(Versioning::Suspended),
            Call::PutRetention(retention) => bucket.retention.set(retention.shown()),
            Call::PutLifecycle(rules) => bucket.lifecycle.set(rules.clone()),
            Call::PutLogging(logging) => bucket.logging.set(logging.clone().shown()),
            Call::PutTags(tags) => bucket.tags.set(tags.clone()),
            Call::PutPolicy(policy) => bucket.policy.set(policy.clone()),
        }
        Some(bucket)
    }

    fn api(call: &S3BucketCall) -> Api {
        use S3BucketCall as Call;
        Api::s3(match call {
            Call::Create(_) => "CreateBucket",
            Call::PutOwnership(_) => "PutBucketOwnershipControls",
            Call::PutPublicBlock(_) => "PutPublicAccessBlock",
            Call::PutEncryption(_) => "PutBucketEncryption",
            Call::PutVersioning(_) => "PutBucketVersioning",
            Call::PutRetention(_) => "PutObjectLockConfiguration",
            Call::PutLifecycle(rules) if rules.is_empty() => "DeleteBucketLifecycle",
            Call::PutLifecycle(_) => "PutBucketLifecycleConfiguration",
            Call::PutLogging(_) => "PutBucketLogging",
            Call::PutTags(tags) if tags.is_empty() => "DeleteBucketTagging",
            Call::PutTags(_) => "PutBucketTagging",
            Call::PutPolicy(policy) if policy.statements.is_empty() => "DeleteBucketPolicy",
            Call::PutPolicy(_) => "PutBucketPolicy",
            Call::Delete => "DeleteBucket",
        })
    }

    fn removes(call: &S3BucketCall) -> bool {
        matches!(call, S3BucketCall::Delete)
    }

    fn named(call: &S3BucketCall) -> BTreeSet<Address> {
        match call {
            S3BucketCall::PutEncryption(encryption) => encryption.addresses(),
            S3BucketCall::PutLogging(logging) => logging.addresses(),
            S3BucketCall::PutPolicy(policy) => policy.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        let on = change.after == Some(true.into());
        match change.path.field() {
            "policy" => direction::of_policy(change, sides),
            "public_block" => Direction::access(!on),
            "ownership" => Direction::access(!is(&change.after, "BucketOwnerEnforced")),
            "encryption" => encryption_direction(change),
            "object_lock" => Direction::logging(on),
            "versioning" => Direction::logging(is(&change.after, "Enabled")),
            "retention" => retention_direction(change),
            "lifecycle" => lifecycle_direction(change),
            "logging" => logging_direction(change),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.policy, &live.policy, "policy", note);
        self
    }

    /// Key, public access and whom the policy lets through; the rest is its manager's.
    fn verify(self, live: &Self) -> Self {
        Self {
            encryption: verified_encryption(self.encryption, &live.encryption),
            public_block: self.public_block,
            policy: store::closed(self.policy, &live.policy),
            ..live.clone()
        }
    }
}

/// Two layers are as good as one, and how often S3 asks KMS is its manager's choice.
fn verified_encryption(
    wanted: Read<BucketEncryption>,
    live: &Read<BucketEncryption>,
) -> Read<BucketEncryption> {
    let (Read::Known(mut wanted), Read::Known(live)) = (wanted, live) else {
        return live.clone();
    };
    wanted.bucket_key = live.bucket_key;
    if live.algorithm == SseAlgorithm::KmsTwice {
        wanted.algorithm = live.algorithm;
    }
    wanted.into()
}

fn changed<T: Clone + PartialEq>(
    from: &Read<T>,
    to: &Read<T>,
    call: impl FnOnce(T) -> S3BucketCall,
) -> Option<S3BucketCall> {
    from.changed(to).cloned().map(call)
}

/// Versioning can be suspended, but never be as if it had not been; under a lock it stays on.
fn versioning(from: &S3Bucket, to: &S3Bucket) -> Option<S3BucketCall> {
    match from.versioning.changed(&to.versioning)? {
        Versioning::Enabled => Some(S3BucketCall::PutVersioning(true)),
        Versioning::Suspended if !to.locked() => Some(S3BucketCall::PutVersioning(false)),
        Versioning::Suspended | Versioning::Off => None,
    }
}

/// What CreateBucket leaves. AWS blocks public access of new buckets, but not everything that
/// speaks S3 does, so it is not relied upon.
fn created(bucket: &S3Bucket) -> S3Bucket {
    let versioning = match bucket.locked() {
        true => Versioning::Enabled,
        false => Versioning::Off,
    };
    S3Bucket {
        retention: Retention::NONE.into(),
        versioning: versioning.into(),
        encryption: BucketEncryption::DEFAULT.into(),
        public_block: PublicBlock::NOTHING.into(),
        policy: PolicyDocument::default().into(),
        lifecycle: BTreeMap::new().into(),
        logging: AccessLog::OFF.into(),
        tags: Tags::new().into(),
        ..bucket.clone()
    }
}

fn is(value: &Option<Value>, text: &str) -> bool {
    value.as_ref().is_some_and(|value| value == text)
}

/// Another key is not the declared one: only gaining one is known to strengthen.
fn encryption_direction(change: &FieldChange) -> Direction {
    match change.path.key_at(1) {
        Some("algorithm") => Direction::encryption(is(&change.before, "AES256")),
        Some("key") => Direction::encryption(change.before.is_none()),
        _ => Direction::Neutral,
    }
}

fn retention_direction(change: &FieldChange) -> Direction {
    match change.path.key_at(1) {
        Some("mode") => {
            let stricter = is(&change.after, "COMPLIANCE") || change.before.is_none();
            Direction::logging(stricter)
        }
        _ => Direction::logging(number(&change.after) > number(&change.before)),
    }
}

fn number(value: &Option<Value>) -> u64 {
    value.as_ref().and_then(Value::as_u64).unwrap_or_default()
}

/// A rule takes away: what it does sooner, or does at all, leaves less of the log.
fn lifecycle_direction(change: &FieldChange) -> Direction {
    match change.path.key_at(2) {
        Some("enabled") => Direction::logging(change.after != Some(true.into())),
        Some("expire_days" | "old_versions_days" | "transitions") => {
            direction::of_retention(change)
        }
        _ => Direction::Neutral,
    }
}

fn logging_direction(change: &FieldChange) -> Direction {
    match change.path.key_at(1) {
        Some("target") => Direction::logging(change.before.is_none()),
        _ => Direction::Neutral,
    }
}
