//! Facts about the bucket that keeps the audit log: its lock, its policy, its aging.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World, bucket_policy, key_policy,
    observed::{Observed, both},
};
use crate::{
    model::{AUDIT, Address, KindName},
    resource::{
        Kind, KmsKey, LifecycleRule, ObjectOwnership, PublicBlock, Read, S3Bucket, SseAlgorithm,
        Versioning,
    },
};

/// Storage classes that take hours to read from.
const SLOW: [&str; 2] = ["DEEP_ARCHIVE", "GLACIER"];

/// The audit bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditBucketFacts {
    /// Whether the bucket is there.
    pub exists: Read<bool>,
    /// Whether old versions are kept.
    pub versioned: Read<bool>,
    /// Whether versions can be locked.
    pub object_lock: Read<bool>,
    /// How new objects are locked, as `COMPLIANCE`; empty where they are not.
    pub lock_mode: Read<String>,
    /// For how long new objects are locked, in days; 0 where they are not.
    pub lock_days: Read<i64>,
    /// Whether all four settings of S3 Block Public Access are on.
    pub public_access_blocked: Read<bool>,
    /// Whether ACLs do not count.
    pub acls_disabled: Read<bool>,
    /// Statements of the policy that allow anybody.
    pub public_statements: Read<Texts>,
    /// Whether the declared key encrypts new objects.
    pub key_is_declared: Read<bool>,
    /// Whether requests without TLS are denied to everybody.
    pub tls_required: Read<bool>,
    /// Whether TLS before version 1.2 is denied to everybody.
    pub tls12_required: Read<bool>,
    /// Whom the policy lets write and the specification does not, or not pinned to the declared
    /// source.
    pub undeclared_writers: Read<Texts>,
    /// Whether everybody but the declared writers is denied writing.
    pub other_writers_denied: Read<bool>,
    /// Actions that end or shorten the keeping and that somebody but the declared roles is not
    /// denied.
    pub undenied_tampering: Read<Texts>,
    /// Whom the policy lets read and the specification does not.
    pub undeclared_readers: Read<Texts>,
    /// Whether everybody but the declared readers is denied reading.
    pub other_readers_denied: Read<bool>,
    /// Use of the audit key that its policy gives beyond the compiled one, as `principal: action`.
    pub undeclared_key_use: Read<Texts>,
    /// After how many days objects expire, the soonest; 0 where they never do.
    pub expires_after_days: Read<i64>,
    /// After how many days objects take hours to read, the soonest; 0 where they never do.
    pub archived_after_days: Read<i64>,
    /// Whether accesses are logged to another bucket.
    pub access_logged: Read<bool>,
    /// Whether it is declared to be in another account than the workloads.
    pub separate_account: bool,
    /// Whether the policy is the compiled one; an unknown Deny, which only narrows, aside.
    pub policy_exact: Read<bool>,
}

/// The audit bucket, where this environment keeps one.
pub(super) fn facts(world: &World<'_>) -> BTreeMap<String, AuditBucketFacts> {
    let wanted = world.desired.s3_bucket.get(AUDIT);
    let facts = wanted.map(|wanted| (AUDIT.to_owned(), of(world, wanted)));
    facts.into_iter().collect()
}

fn of(world: &World<'_>, wanted: &S3Bucket) -> AuditBucketFacts {
    let bucket = Observed::<S3Bucket>::of(world.snapshot, AUDIT);
    let retention = || bucket.facet(|b| &b.retention);
    let policies = || both(bucket.facet(|b| &b.policy), wanted.policy.as_ref());
    let denied = |sid: &'static str| {
        policies().map(|(live, wanted)| bucket_policy::denies_as(live, wanted, sid))
    };
    let encryption = both(bucket.facet(|b| &b.encryption), wanted.encryption.as_ref());
    let kept = bucket.plain(|live| wanted.clone().keep(live, &mut |_| {}).policy);
    let lifecycle = || bucket.facet(|b| &b.lifecycle);
    AuditBucketFacts {
        exists: bucket.exists(),
        versioned: bucket
            .facet(|b| &b.versioning)
            .map(|v| *v == Versioning::Enabled),
        object_lock: bucket.facet(|b| &b.object_lock).map(|on| *on),
        lock_mode: retention().map(|r| {
            r.mode
                .map_or_else(String::new, |mode| mode.as_str().to_owned())
        }),
        lock_days: retention().map(|r| r.days.into()),
        public_access_blocked: bucket
            .facet(|b| &b.public_block)
            .map(|block| *block == PublicBlock::ALL),
        acls_disabled: bucket
            .facet(|b| &b.ownership)
            .map(|owner| *owner == ObjectOwnership::BucketOwnerEnforced),
        public_statements: bucket.facet(|b| &b.policy).map(bucket_policy::public),
        key_is_declared: encryption.map(|(live, wanted)| {
            live.algorithm != SseAlgorithm::S3 && live.key == wanted.key && live.key.is_some()
        }),
        tls_required: denied("Tls"),
        tls12_required: denied("Tls12"),
        undeclared_writers: policies()
            .map(|(live, wanted)| bucket_policy::undeclared(live, wanted, "s3:PutObject")),
        other_writers_denied: denied("Writers"),
        undenied_tampering: policies()
            .map(|(live, wanted)| bucket_policy::undenied(live, wanted, "Tamper")),
        undeclared_readers: policies()
            .map(|(live, wanted)| bucket_policy::undeclared(live, wanted, "s3:GetObject")),
        other_readers_denied: denied("Readers"),
        undeclared_key_use: key_use(world),
        expires_after_days: lifecycle().map(|rules| soonest(rules, |rule| rule.expire_days)),
        archived_after_days: lifecycle().map(|rules| soonest(rules, slow)),
        access_logged: bucket.facet(|b| &b.logging).map(|logging| {
            let own = Address::new(KindName::S3Bucket, AUDIT);
            let target = logging.target.as_ref();
            target.is_some_and(|target| target.address() != Some(&own))
        }),
        separate_account: separate(world),
        policy_exact: both(bucket.facet(|b| &b.policy), super::observed::flatten(kept))
            .map(|(live, kept)| *live == kept),
    }
}

fn separate(world: &World<'_>) -> bool {
    let archive = world.environment.audit.archive_account.as_ref();
    archive.is_some_and(|archive| *archive != world.environment.account)
}

fn key_use(world: &World<'_>) -> Read<Texts> {
    let key = Observed::<KmsKey>::of(world.snapshot, AUDIT);
    match world.desired.kms_key.get(AUDIT) {
        None => Read::Known(Texts::new()),
        Some(wanted) => both(key.facet(|k| &k.policy), wanted.policy.as_ref())
            .map(|(live, wanted)| key_policy::undeclared_use(live, wanted)),
    }
}

fn soonest(
    rules: &BTreeMap<String, LifecycleRule>,
    days: impl Fn(&LifecycleRule) -> Option<u32>,
) -> i64 {
    let enabled = rules.values().filter(|rule| rule.enabled);
    enabled.filter_map(days).min().map_or(0, i64::from)
}

fn slow(rule: &LifecycleRule) -> Option<u32> {
    let slow = SLOW.iter().filter_map(|class| rule.transitions.get(*class));
    slow.copied().min()
}
