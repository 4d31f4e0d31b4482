//! What is kept of what happened: the buckets, and the log group and role of the trail.
//! Only the environment that owns the account-wide settings makes them.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{
        AUDIT, AUDIT_ACCESS, Address, BOUNDARY, Class, Home, INLINE_POLICY, KindName, Lock, Tags,
    },
    resource::{
        AccessLog, BucketEncryption, IamRole, LifecycleRule, LogGroup, ObjectOwnership,
        PublicBlock, Ref, Retention, S3Bucket, SseAlgorithm, Versioning,
    },
};

/// The logical name of the log group that the trail writes to.
pub(super) const AUDIT_TRAIL: &str = "audit-trail";
/// The logical name of the role by which it writes there.
pub(super) const TRAIL_DELIVERY: &str = "trail-delivery";

/// The storage class of what is kept and seldom read.
const ARCHIVE: &str = "GLACIER";
/// The shortest stay in the archive class that is not paid twice, in days.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html>
const ARCHIVE_DAYS: u32 = 90;
/// How long unfinished uploads are kept, in days.
const UPLOAD_DAYS: u32 = 7;
/// One hour, the shortest that IAM accepts for a role.
const SESSION_SECONDS: u32 = 3600;

impl Compiler<'_> {
    /// What the trail needs, and the trail.
    pub(super) fn audit(&mut self) {
        if !self.environment.baseline {
            return;
        }
        let (group, role) = (self.audit_log_group(), self.trail_delivery_role());
        self.add(AUDIT_TRAIL.to_owned(), group, None);
        self.add(TRAIL_DELIVERY.to_owned(), role, None);
        let (bucket, access) = (self.audit_bucket(), self.access_bucket());
        self.add(AUDIT.to_owned(), bucket, None);
        self.add(AUDIT_ACCESS.to_owned(), access, None);
        self.trail();
    }

    /// Where a bucket of the environment's own lives.
    pub(super) fn bucket_home(&self, logical: &str) -> Home {
        let address = Address::new(KindName::S3Bucket, logical);
        self.environment.home(&address)
    }

    /// The name of a bucket of the environment's own.
    pub(super) fn bucket_name(&self, logical: &str) -> String {
        let home = self.bucket_home(logical);
        self.naming.bucket(logical, &home.account)
    }

    fn audit_bucket(&self) -> S3Bucket {
        let lock = self.environment.audit.lock;
        S3Bucket {
            object_lock: true.into(),
            retention: Retention {
                mode: Some(lock.mode),
                days: lock.days,
            }
            .into(),
            encryption: BucketEncryption {
                algorithm: SseAlgorithm::Kms,
                key: Some(Ref::to(KindName::KmsKey, AUDIT)),
                bucket_key: false,
            }
            .into(),
            policy: self.audit_bucket_policy().into(),
            lifecycle: aging(lock, self.environment.audit.hot_days).into(),
            logging: AccessLog {
                target: Some(Ref::to(KindName::S3Bucket, AUDIT_ACCESS)),
                prefix: format!("{AUDIT}/"),
            }
            .into(),
            ..self.own_bucket(AUDIT)
        }
    }

    /// S3 writes access logs neither into a locked bucket nor with a key of KMS.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html>
    fn access_bucket(&self) -> S3Bucket {
        let rule = LifecycleRule {
            expire_days: Some(self.environment.audit.log_days),
            old_versions_days: Some(1),
            ..untouched()
        };
        S3Bucket {
            policy: self.access_bucket_policy().into(),
            lifecycle: BTreeMap::from([("expire".to_owned(), rule), markers()]).into(),
            ..self.own_bucket(AUDIT_ACCESS)
        }
    }

    /// A bucket of the environment's own.
    fn own_bucket(&self, logical: &str) -> S3Bucket {
        self.closed_bucket(self.bucket_name(logical), self.tags(None))
    }

    /// A bucket as all of ours are: closed to the public, without ACLs, versioned.
    pub(super) fn closed_bucket(&self, name: String, tags: Tags) -> S3Bucket {
        S3Bucket {
            name,
            region: self.environment.region.to_string().into(),
            object_lock: false.into(),
            retention: Retention::NONE.into(),
            versioning: Versioning::Enabled.into(),
            encryption: BucketEncryption::DEFAULT.into(),
            public_block: PublicBlock::ALL.into(),
            ownership: ObjectOwnership::BucketOwnerEnforced.into(),
            policy: PolicyDocument::default().into(),
            lifecycle: BTreeMap::new().into(),
            logging: AccessLog::OFF.into(),
            tags: tags.into(),
        }
    }

    fn audit_log_group(&self) -> LogGroup {
        LogGroup {
            name: self.naming.log_group(AUDIT_TRAIL),
            class: "STANDARD".to_owned().into(),
            kms_key: Some(Ref::to(KindName::KmsKey, AUDIT)).into(),
            retention_days: Some(self.environment.audit.log_days).into(),
            deletion_protected: (self.environment.class == Class::Production).into(),
            tags: self.tags(None).into(),
        }
    }

    /// CloudTrail names neither account nor trail when it assumes the role, so its trust has no
    /// condition; what it may do is one kind of stream in one log group.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html>
    fn trail_delivery_role(&self) -> IamRole {
        let trust = Statement::allow(["sts:AssumeRole"]).by_service("cloudtrail.amazonaws.com");
        let (account, region) = (&self.environment.account, &self.environment.region);
        let group = self.naming.log_group(AUDIT_TRAIL);
        let streams = format!("log-group:{group}:log-stream:{account}_CloudTrail_{region}*");
        let write = Statement::allow(["logs:CreateLogStream", "logs:PutLogEvents"])
            .on([Ref::Literal(self.arn("logs", &streams))]);
        let access = PolicyDocument::new([("WriteLogs", write)]);
        IamRole {
            name: self.naming.prefixed(TRAIL_DELIVERY),
            path: self.naming.path(),
            trust: PolicyDocument::new([("CloudTrail", trust)]).into(),
            boundary: Some(Ref::to(KindName::IamPolicy, BOUNDARY)).into(),
            inline: BTreeMap::from([(INLINE_POLICY.to_owned(), access)]).into(),
            managed: BTreeSet::new().into(),
            description: "Delivers the trail to its log group.".to_owned().into(),
            max_session_seconds: SESSION_SECONDS.into(),
            tags: self.tags(None).into(),
        }
    }
}

/// Logs go to the archive once they are seldom read, and expire only after their lock: S3 would
/// hide a locked version behind a delete marker before.
fn aging(lock: Lock, hot_days: u32) -> BTreeMap<String, LifecycleRule> {
    let kept = lock.days.max(hot_days).saturating_add(1);
    let archived = kept > hot_days.saturating_add(ARCHIVE_DAYS);
    let transitions = archived.then(|| (ARCHIVE.to_owned(), hot_days));
    let rule = LifecycleRule {
        transitions: transitions.into_iter().collect(),
        expire_days: Some(kept),
        old_versions_days: Some(1),
        ..untouched()
    };
    [("age".to_owned(), rule), markers()].into()
}

/// Delete markers with nothing behind them; a rule of its own, for S3 wants no days beside it.
pub(super) fn markers() -> (String, LifecycleRule) {
    let rule = LifecycleRule {
        expire_markers: true,
        unfinished_uploads_days: Some(UPLOAD_DAYS),
        ..untouched()
    };
    ("clean-up".to_owned(), rule)
}

/// A rule about everything that does nothing yet.
fn untouched() -> LifecycleRule {
    LifecycleRule {
        enabled: true,
        prefix: String::new(),
        transitions: BTreeMap::new(),
        expire_days: None,
        old_versions_days: None,
        expire_markers: false,
        unfinished_uploads_days: None,
        further: BTreeSet::new(),
    }
}
