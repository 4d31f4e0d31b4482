//! Pairs: the bank is isolated, and each change by hand opens exactly its cells.

use std::collections::BTreeSet;

use super::bank::{cells, changed, opened, snapshot};
use crate::{
    iam::Statement,
    isolation::Verdict,
    model::{INLINE_POLICY, KindName},
    resource::{Grant, Read, Ref, Resources, Unread, UnreadReason},
};

const ACCOUNTS: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/accounts";

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Adds a statement to the policy of a role.
fn allow(resources: &mut Resources, role: &str, statement: Statement) {
    let role = resources.iam_role.get_mut(role).unwrap();
    let Read::Known(inline) = &mut role.inline else {
        panic!()
    };
    let document = inline.entry(INLINE_POLICY.to_owned()).or_default();
    document.statements.insert("Extra".to_owned(), statement);
}

fn unread() -> Unread {
    Unread {
        call: "kms:GetKeyPolicy".to_owned(),
        reason: UnreadReason::Denied,
        message: "no".to_owned(),
    }
}

#[test]
fn nothing_undeclared_is_reachable_in_the_bank() {
    assert_eq!(opened(|_| {}), set(&[]));
}

#[test]
fn only_buckets_whose_policies_nobody_reads_are_unknown() {
    let matrix = changed(|_| {});
    assert!(matrix.rows.is_empty(), "{:?}", matrix.rows);
    let columns: BTreeSet<String> = matrix
        .columns
        .keys()
        .map(|(to, _)| to.to_string())
        .collect();
    assert_eq!(
        columns,
        set(&["fraud", "onboarding", "receipts", "statements"])
    );
    let findings = matrix.findings.values();
    assert!(findings.clone().all(|one| one.verdict != Verdict::Unknown));
}

#[test]
fn a_statement_on_a_table_opens_reading_and_writing_apart() {
    let read = |resources: &mut Resources| {
        let statement = Statement::allow(["dynamodb:GetItem"]).on([Ref::literal(ACCOUNTS)]);
        allow(resources, "login-v1", statement);
    };
    // The table's own policy lets its users through and nobody else.
    assert_eq!(opened(read), set(&[]));
    let open = |resources: &mut Resources| {
        let table = resources.dynamodb_table.get_mut("accounts").unwrap();
        table.policy = crate::iam::PolicyDocument::default().into();
        read(resources);
    };
    assert_eq!(opened(open), set(&["login read accounts"]));
    let write = |resources: &mut Resources| {
        let table = resources.dynamodb_table.get_mut("accounts").unwrap();
        table.policy = crate::iam::PolicyDocument::default().into();
        let statement = Statement::allow(["dynamodb:Put*"])
            .on([Ref::literal("arn:aws:dynamodb:*:*:table/acc*")]);
        allow(resources, "login-v1", statement);
    };
    assert_eq!(opened(write), set(&["login write accounts"]));
}

#[test]
fn an_object_below_a_prefix_is_enough() {
    let found = opened(|resources| {
        let on = Ref::literal("arn:aws:s3:::bank-prod-statements/2026/*");
        allow(
            resources,
            "login-v1",
            Statement::allow(["s3:GetObject"]).on([on]),
        );
    });
    assert_eq!(found, set(&["login read statements"]));
}

#[test]
fn a_widened_key_policy_opens_decryption() {
    let found = opened(|resources| {
        let key = resources.kms_key.get_mut("accounts").unwrap();
        let Read::Known(policy) = &mut key.policy else {
            panic!()
        };
        let users = [Ref::to(KindName::IamRole, "login-v1")];
        let statement = Statement::allow(["kms:Decrypt"]).by(users).on_any();
        policy.statements.insert("Extra".to_owned(), statement);
    });
    assert_eq!(found, set(&["login decrypt accounts"]));
}

#[test]
fn a_key_policy_that_delegates_needs_the_callers_own_policy_too() {
    let delegate = |resources: &mut Resources| {
        let key = resources.kms_key.get_mut("accounts").unwrap();
        let Read::Known(policy) = &mut key.policy else {
            panic!()
        };
        let root = [Ref::literal("arn:aws:iam::111122223333:root")];
        let statement = Statement::allow(["kms:*"]).by(root).on_any();
        policy.statements.insert("Extra".to_owned(), statement);
    };
    assert_eq!(opened(delegate), set(&[]));
    let found = opened(|resources| {
        delegate(resources);
        allow(
            resources,
            "cards-v1",
            Statement::allow(["kms:ReEncrypt*"]).on_any(),
        );
    });
    assert_eq!(found, set(&["cards decrypt accounts"]));
}

#[test]
fn a_grant_opens_decryption_in_its_context() {
    let found = opened(|resources| {
        let key = resources.kms_key.get_mut("ledger").unwrap();
        let Read::Known(grants) = &mut key.grants else {
            panic!()
        };
        let grant = Grant {
            grantee: Ref::to(KindName::IamRole, "fraud-v1"),
            retiring: None,
            operations: set(&["Decrypt"]),
            constraints: Some(r#"{"EncryptionContextSubset":{"table":"movements"}}"#.to_owned()),
        };
        grants.insert("g-1".to_owned(), grant);
    });
    assert_eq!(found, set(&["fraud decrypt ledger"]));
}

#[test]
fn what_was_not_read_is_unknown_and_never_isolated() {
    let matrix = changed(|resources| {
        resources.kms_key.get_mut("accounts").unwrap().policy = Read::Unread(unread());
        resources.iam_role.get_mut("login-v1").unwrap().managed = Read::Unread(unread());
    });
    let unknown = cells(&matrix, Verdict::Unknown);
    let others = matrix.services.len() - 1;
    let column = unknown
        .iter()
        .filter(|cell| cell.ends_with("decrypt accounts"));
    assert_eq!(column.count(), others);
    let row = unknown.iter().filter(|cell| cell.starts_with("login "));
    assert_eq!(row.count(), others * 4);
    for question in &matrix.questions {
        let totals = matrix.totals(*question);
        let counted = unknown.iter().filter(|cell| cell.contains(question.id()));
        assert_eq!(totals.unknown, counted.count(), "{question}");
    }
}

#[test]
fn the_order_of_the_account_does_not_count() {
    assert_eq!(changed(|_| {}), changed(|_| {}));
    assert_eq!(snapshot(), snapshot());
}
