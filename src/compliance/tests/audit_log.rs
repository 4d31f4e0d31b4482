//! Each way to tamper with the audit log fails the checks that are there for it.

use super::{bank::Bank, failing};
use crate::{
    compliance::{assess::ExitClass, verdict::Outcome},
    iam::Statement,
    model::{AUDIT, Address, KindName, LockMode},
    resource::{
        AccessLog, BucketEncryption, LogDelivery, PublicBlock, Read, Ref, S3Bucket, Trail,
        Versioning,
    },
    snapshot::{Delivery, Origin, PhysicalId},
};

fn bucket(bank: &mut Bank) -> &mut S3Bucket {
    bank.snapshot.resources.s3_bucket.get_mut(AUDIT).unwrap()
}

fn trail(bank: &mut Bank) -> &mut Trail {
    bank.snapshot.resources.trail.get_mut(AUDIT).unwrap()
}

fn known<T>(reading: &mut Read<T>) -> &mut T {
    match reading {
        Read::Known(value) => value,
        Read::Unread(why) => panic!("{why}"),
    }
}

fn after(tamper: impl FnOnce(&mut Bank)) -> Vec<String> {
    let mut bank = Bank::as_declared();
    tamper(&mut bank);
    let assessment = bank.assess();
    assert_eq!(assessment.exit_class, ExitClass::ControlFailed);
    failing(&assessment)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn without(sid: &'static str) -> Vec<String> {
    after(|bank| {
        known(&mut bucket(bank).policy).statements.remove(sid);
    })
}

#[test]
fn the_settings_of_the_bucket() {
    assert_eq!(
        after(|bank| known(&mut bucket(bank).retention).mode = Some(LockMode::Governance)),
        ["store.object-lock-compliance"]
    );
    assert_eq!(
        after(|bank| known(&mut bucket(bank).retention).days = 30),
        ["store.retention-min"]
    );
    assert_eq!(
        after(|bank| bucket(bank).versioning = Versioning::Suspended.into()),
        ["store.object-lock-compliance"]
    );
    assert_eq!(
        after(|bank| bucket(bank).public_block = PublicBlock::NOTHING.into()),
        ["store.public-access-blocked"]
    );
    assert_eq!(
        after(|bank| bucket(bank).encryption = BucketEncryption::DEFAULT.into()),
        ["store.kms-encrypted"]
    );
    assert_eq!(
        after(|bank| bucket(bank).logging = AccessLog::OFF.into()),
        ["store.access-logged"]
    );
    let sooner = |bank: &mut Bank| {
        let rules = known(&mut bucket(bank).lifecycle);
        rules.get_mut("age").unwrap().expire_days = Some(30);
    };
    assert_eq!(after(sooner), ["store.lifecycle-consistent"]);
}

#[test]
fn the_policy_of_the_bucket() {
    assert_eq!(without("Tls"), ["store.tls-only"]);
    assert_eq!(without("Tls12"), ["store.tls-only"]);
    assert_eq!(without("Writers"), ["store.writer-scoped"]);
    assert_eq!(without("Readers"), ["store.reader-allowlist"]);
    assert_eq!(without("Tamper"), ["store.delete-denied"]);
    let stranger = || {
        Statement::allow(["s3:GetObject", "s3:PutObject"])
            .by([Ref::literal("arn:aws:iam::999999999999:root")])
            .on_any()
    };
    let opened = after(|bank| {
        let policy = known(&mut bucket(bank).policy);
        policy.statements.insert("Opened".to_owned(), stranger());
    });
    assert_eq!(opened, ["store.reader-allowlist", "store.writer-scoped"]);
    let exempt = after(|bank| {
        let policy = known(&mut bucket(bank).policy);
        let tamper = policy.statements.get_mut("Tamper").unwrap();
        let keys = tamper.conditions.get_mut("ArnNotEquals").unwrap();
        let exempt = Ref::literal("arn:aws:iam::111122223333:role/somebody");
        keys.values_mut()
            .for_each(|values| _ = values.insert(exempt.clone()));
    });
    assert_eq!(exempt, ["store.delete-denied"]);
}

#[test]
fn the_trail() {
    assert_eq!(
        after(|bank| trail(bank).logging = false.into()),
        ["trail.logging"]
    );
    assert_eq!(
        after(|bank| known(&mut trail(bank).reach).multi_region = false),
        ["trail.multi-region"]
    );
    assert_eq!(
        after(|bank| trail(bank).validation = false.into()),
        ["trail.log-validation"]
    );
    assert_eq!(
        after(|bank| trail(bank).kms_key = None.into()),
        ["trail.kms-encrypted"]
    );
    assert_eq!(
        after(|bank| trail(bank).cloudwatch = LogDelivery::default().into()),
        ["trail.cloudwatch-delivery"]
    );
    let narrowed = |selector: &'static str| {
        after(move |bank| {
            let selectors = known(&mut trail(bank).selectors);
            let only = crate::resource::FieldCondition::equals(["false"]);
            let selector = selectors.get_mut(selector).unwrap();
            selector.insert("readOnly".to_owned(), only);
        })
    };
    assert_eq!(narrowed("management"), ["trail.management-events-complete"]);
    assert_eq!(narrowed("tables"), ["trail.data-events-declared"]);
    assert_eq!(narrowed("audit-bucket"), ["trail.data-events-declared"]);
    let gone = after(|bank| bank.snapshot.resources.trail.clear());
    assert!(gone.contains(&"trail.logging".to_owned()), "{gone:?}");
}

/// An environment that does not own the trail is judged by the best one that others have.
#[test]
fn the_trail_of_others() {
    let verdict = |bank: &Bank| {
        let assessment = bank.assess();
        let mut runs = assessment.checks.into_iter();
        let run = runs.find(|run| run.id == "trail.logging").unwrap();
        run.verdicts
            .into_iter()
            .map(|verdict| verdict.outcome)
            .collect::<Vec<_>>()
    };
    let mut bank = Bank::as_declared();
    let own = trail(&mut bank).clone();
    bank.desired.trail.clear();
    bank.snapshot.resources.trail.clear();
    assert_eq!(verdict(&bank), [Outcome::NeedsLive]);
    bank.snapshot.origin = Origin::Live { endpoint: None };
    assert_eq!(verdict(&bank), [Outcome::Fail]);
    let weak = Trail {
        logging: false.into(),
        ..own.clone()
    };
    bank.snapshot
        .foreign
        .trail
        .insert("arn:weak".to_owned(), weak);
    assert_eq!(verdict(&bank), [Outcome::Fail]);
    bank.snapshot
        .foreign
        .trail
        .insert("arn:organization".to_owned(), own);
    assert_eq!(verdict(&bank), [Outcome::Pass]);
}

#[test]
fn deliveries() {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/bank-prod-audit";
    let verdict = |delivery: Delivery| {
        let mut bank = Bank::as_declared();
        bank.snapshot.origin = Origin::Live { endpoint: None };
        let address = Address::new(KindName::Trail, AUDIT);
        bank.snapshot
            .ids
            .insert(address, PhysicalId::with_arn("bank-prod-audit", arn));
        let trails = &mut bank.snapshot.operated.trails;
        trails.insert(arn.to_owned(), Read::Known(delivery));
        let assessment = bank.assess();
        let mut runs = assessment.checks.into_iter();
        let run = runs.find(|run| run.id == "trail.delivery-healthy").unwrap();
        run.verdicts[0].outcome
    };
    let now = Some(jiff::Timestamp::UNIX_EPOCH);
    let healthy = Delivery {
        files_at: now,
        digests_at: now,
        logs_at: now,
        ..Delivery::default()
    };
    assert_eq!(verdict(healthy.clone()), Outcome::Pass);
    let refused = Delivery {
        files_error: Some("AccessDenied".to_owned()),
        ..healthy.clone()
    };
    assert_eq!(verdict(refused), Outcome::Fail);
    assert_eq!(
        verdict(Delivery {
            digests_at: None,
            ..healthy
        }),
        Outcome::Fail
    );
}
