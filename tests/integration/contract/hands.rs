//! What the pipeline cannot do is said in the plan, with who can.

use std::collections::BTreeSet;

use strongroom::{
    model::{Address, KindName},
    plan::{compare, other_hands},
    resource::Hands,
};

use super::bank::{Bank, digital_bank, nothing};

fn audit() -> Address {
    Address::new(KindName::S3Bucket, "audit")
}

#[test]
fn what_is_new_is_not_guarded_yet() {
    assert!(other_hands(&Bank::sandbox().plan()).is_empty());
}

#[test]
fn a_repair_of_the_audit_bucket_needs_break_glass() {
    let bank = Bank::sandbox().applied();
    let bank = bank.tampered("s3_bucket/audit", |bucket| {
        bucket["lifecycle"]["age"]["expire_days"] = 30.into();
        bucket["retention"]["days"] = 1.into();
        bucket["tags"]["team"] = "somebody".into();
    });
    let found = other_hands(&bank.plan());
    let break_glass = digital_bank().principals.break_glass.to_string();
    let hands = Hands::BreakGlass([break_glass].into());
    let operations = BTreeSet::from([
        "PutBucketLifecycleConfiguration",
        "PutObjectLockConfiguration",
    ]);
    assert_eq!(found, [((audit(), hands), operations)].into());
}

#[test]
fn keys_are_retired_by_their_administrators() {
    let bank = Bank::sandbox().applied();
    let plan = compare(&nothing(), &bank.observed());
    let found = other_hands(&plan);
    let login = Address::new(KindName::KmsKey, "login");
    let operations = &found[&(login, Hands::KeyAdmins)];
    assert!(operations.contains("ScheduleKeyDeletion"), "{operations:?}");
}
