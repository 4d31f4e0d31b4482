//! Stores under another key, gone, or open to others.

use super::{
    bank::Bank,
    tampering::{STRANGER, after, allow, known},
};
use crate::{iam::Statement, model::KindName, resource::Ref};

/// A store under no key of the owner's, whoever manages it.
#[test]
fn stores() {
    let encrypted = ["kms.resources-encrypted"];
    let table = |bank: &mut Bank| {
        let tables = &mut bank.snapshot.resources.dynamodb_table;
        tables.get_mut("login-sessions").unwrap().kms_key = None.into();
    };
    assert_eq!(after(table), encrypted);
    let queue = |bank: &mut Bank| {
        let queues = &mut bank.snapshot.resources.sqs_queue;
        let other = Ref::to(KindName::KmsKey, "login");
        queues.get_mut("payment-clearing.fifo").unwrap().kms_key = Some(other).into();
    };
    assert_eq!(after(queue), encrypted);
    let secret = |bank: &mut Bank| {
        bank.snapshot.resources.secret.remove("ledger/database");
    };
    assert_eq!(after(secret), encrypted);
}

/// What the facts say of a policy that lets others in.
#[test]
fn opened_stores() {
    let facts = |principal: &str| {
        let mut bank = Bank::as_declared();
        let queues = &mut bank.snapshot.resources.sqs_queue;
        let queue = queues.get_mut("payment-clearing.fifo").unwrap();
        let statement = Statement::allow(["sqs:SendMessage"]).by([Ref::literal(principal)]);
        allow(known(&mut queue.policy), statement);
        let facts = bank.facts();
        let store = &facts.services["payments"].stores["sqs:queue/payment-clearing.fifo"];
        (store.public.clone(), store.policy_closed.clone())
    };
    assert_eq!(facts("*"), (true.into(), false.into()));
    assert_eq!(facts(STRANGER), (false.into(), false.into()));
    let home = "arn:aws:iam::111122223333:root";
    assert_eq!(facts(home), (false.into(), true.into()));
}
