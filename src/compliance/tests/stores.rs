//! Buckets and databases that services own: another key, nobody's key, and open to the world.

use super::{bank::Bank, failing};
use crate::{
    model::KindName,
    resource::{PublicBlock, Read, Ref, Unread, UnreadReason},
    snapshot::Database,
};

const BUCKET: &str = "bank-prod-statements";
const ENCRYPTED: [&str; 1] = ["kms.resources-encrypted"];

fn after(tamper: impl FnOnce(&mut Bank)) -> Vec<String> {
    let mut bank = Bank::as_declared();
    tamper(&mut bank);
    let assessment = bank.assess();
    let failing = failing(&assessment).into_iter();
    failing.map(str::to_owned).collect()
}

fn ledger(bank: &mut Bank) -> &mut Database {
    match &mut bank.snapshot.account_state.databases {
        Read::Known(all) => all.get_mut("ledger").unwrap(),
        Read::Unread(why) => panic!("{why}"),
    }
}

#[test]
fn a_bucket_under_another_key_is_told() {
    let other = |bank: &mut Bank| {
        let bucket = bank.snapshot.resources.s3_bucket.get_mut(BUCKET).unwrap();
        let mut encryption = bucket.encryption.known().unwrap().clone();
        encryption.key = Some(Ref::to(KindName::KmsKey, "login"));
        bucket.encryption = encryption.into();
    };
    assert_eq!(after(other), ENCRYPTED);
    let gone = |bank: &mut Bank| {
        bank.snapshot.resources.s3_bucket.remove(BUCKET);
    };
    assert_eq!(after(gone), ENCRYPTED);
}

#[test]
fn a_database_under_another_key_or_none_is_told() {
    assert_eq!(after(|bank| ledger(bank).kms_key = None), ENCRYPTED);
    let elsewhere = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";
    let other = |bank: &mut Bank| ledger(bank).kms_key = Some(Ref::literal(elsewhere));
    assert_eq!(after(other), ENCRYPTED);
    let gone = |bank: &mut Bank| {
        bank.snapshot.account_state.databases = Read::Known([].into());
    };
    assert_eq!(after(gone), ENCRYPTED);
}

/// Whose key it is cannot be said where keys could not be listed.
#[test]
fn a_literal_key_among_unread_keys_is_not_judged() {
    let why = Unread {
        call: "kms:ListAliases".to_owned(),
        reason: UnreadReason::Denied,
        message: "no".to_owned(),
    };
    let mut bank = Bank::as_declared();
    let listings = &mut bank.snapshot.coverage.listings;
    listings.insert(KindName::KmsKey, Read::Unread(why.clone()));
    let facts = bank.facts();
    let store = &facts.services["ledger"].stores["rds-db:db-user/ledger"];
    assert_eq!(store.encrypted_with_own_key, Read::Unread(why));
    assert_eq!(store.public, false.into());
}

#[test]
fn a_public_bucket_and_a_public_database_are_public() {
    let mut bank = Bank::as_declared();
    ledger(&mut bank).public = true;
    let bucket = bank.snapshot.resources.s3_bucket.get_mut(BUCKET).unwrap();
    bucket.public_block = PublicBlock::NOTHING.into();
    let facts = bank.facts();
    let public = |service: &str, store: &str| facts.services[service].stores[store].public.clone();
    assert_eq!(public("ledger", "rds-db:db-user/ledger"), true.into());
    let statements = public("statements", "s3:bucket/bank-prod-statements");
    assert_eq!(statements, true.into());
}
