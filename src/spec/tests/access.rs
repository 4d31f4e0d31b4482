//! Access and stores that AWS or isolation refuses.

use insta::assert_snapshot;

use super::bank::{ACCOUNTS, Bank, LOGIN};

#[test]
fn an_access_without_a_grant() {
    assert_snapshot!(Bank::new().edit(LOGIN, "level: read, ", "").refused(), @r#"
    one-grant

      × the access has neither `level` nor `actions`
        ╭─[bank/services/login.yaml:13:6]
     12 │ access:
     13 │   - {to: "dynamodb:table/sessions", why: Finds sessions.}
        ·      ─┬
        ·       ╰── access[0]
        ╰────
      help: give either a `level` (read, write, list, tagging) or the exact `actions`
    "#);
}

#[test]
fn an_action_that_does_not_exist() {
    assert_snapshot!(Bank::new().edit(LOGIN, "level: read,", "actions: [\"dynamodb:GetItems\"],").refused(), @r#"
    unknown-action

      × `dynamodb:GetItems` is not an AWS action; did you mean `dynamodb:GetItem`?
        ╭─[bank/services/login.yaml:13:6]
     12 │ access:
     13 │   - {actions: ["dynamodb:GetItems"], to: "dynamodb:table/sessions", why: Finds sessions.}
        ·      ───┬───
        ·         ╰── access[0].actions
        ╰────
      help: name each action in full, as s3:GetObject
    "#);
}

#[test]
fn a_resource_type_that_does_not_exist() {
    assert_snapshot!(Bank::new().edit(LOGIN, "dynamodb:table/sessions", "dynamodb:tabel/sessions").refused(), @r#"
    unknown-resource

      × dynamodb has no resource type `tabel`; did you mean `table`?
        ╭─[bank/services/login.yaml:13:23]
     12 │ access:
     13 │   - {level: read, to: "dynamodb:tabel/sessions", why: Finds sessions.}
        ·                       ────────────┬────────────
        ·                                   ╰── access[0].to
        ╰────
      help: write service:type/name, as dynamodb:table/customers, or a whole ARN
    "#);
}

#[test]
fn an_action_on_another_type() {
    assert_snapshot!(Bank::new().edit(LOGIN, "level: read,", "actions: [\"s3:GetObject\"],").refused(), @r#"
    action-on-other-type

      × `s3:GetObject` does not act on `dynamodb:table/sessions`; it acts on s3:accesspointobject, s3:object
        ╭─[bank/services/login.yaml:13:6]
     12 │ access:
     13 │   - {actions: ["s3:GetObject"], to: "dynamodb:table/sessions", why: Finds sessions.}
        ·      ───┬───
        ·         ╰── access[0].actions
        ╰────
      help: move the action to an access to a resource that it acts on
    "#);
}

#[test]
fn a_level_that_grants_nothing() {
    assert_snapshot!(Bank::new().edit(LOGIN, "level: read, to: \"dynamodb:table/sessions\"", "level: tagging, to: \"dynamodb:table/sessions\"").refused(), @r#"
    no-such-level

      × level tagging grants nothing on `dynamodb:table/sessions`; it has read, write
        ╭─[bank/services/login.yaml:13:13]
     12 │ access:
     13 │   - {level: tagging, to: "dynamodb:table/sessions", why: Finds sessions.}
        ·             ───┬───
        ·                ╰── access[0].level
        ╰────
      help: choose another level, or give the exact `actions`
    "#);
}

#[test]
fn a_wildcard_action() {
    assert_snapshot!(Bank::new().edit(LOGIN, "level: read,", "actions: [\"dynamodb:*\"],").refused(), @r#"
    access-too-wide

      × `dynamodb:*` has a wildcard; name each action
        ╭─[bank/services/login.yaml:13:6]
     12 │ access:
     13 │   - {actions: ["dynamodb:*"], to: "dynamodb:table/sessions", why: Finds sessions.}
        ·      ───┬───
        ·         ╰── access[0].actions
        ╰────
      help: ask for less: actions by name, on one resource
    "#);
}

#[test]
fn a_store_with_two_owners() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: dynamodb, name: sessions}]\n").refused(), @r#"
    store-owned-twice

      × `sessions` belongs to `accounts` already
        ╭─[bank/services/login.yaml:11:33]
     10 │   - {service: mail, why: Tells customers.}
     11 │ stores: [{kind: dynamodb, name: sessions}]
        ·                                 ────┬───
        ·                                     ╰── stores[0].name
     12 │ access:
        ╰────
      help: let one service own it, and the other call that service
    foreign-store

      ⚠ `sessions` is a store of `accounts`
        ╭─[bank/services/login.yaml:13:23]
     12 │ access:
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
        ·                       ────────────┬────────────
        ·                                   ╰── access[0].to
        ╰────
      help: call `accounts` instead, if it can answer
    "#);
}

#[test]
fn a_store_name_that_aws_refuses() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: s3, name: Account_Statements}]\n").refused(), @r#"
    store-name

      × `Account_Statements` cannot be the name of an S3 bucket
       ╭─[bank/services/accounts.yaml:9:27]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: s3, name: Account_Statements}]
       ·                           ─────────┬────────
       ·                                    ╰── stores[0].name
       ╰────
      help: 3 to 63 lower-case letters, digits, hyphens or dots, beginning and ending with a letter or digit
    "#);
}

#[test]
fn a_store_that_cannot_be_made() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: rds, name: books, manage: true}]\n").refused(), @r#"
    store-not-managed

      × `books` cannot be made here: it is a database
       ╭─[bank/services/accounts.yaml:9:43]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: rds, name: books, manage: true}]
       ·                                           ──┬─
       ·                                             ╰── stores[0].manage
       ╰────
      help: remove `manage`; whoever makes the database encrypts it with the service's key
    "#);
}

#[test]
fn a_table_without_a_key() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: dynamodb, name: books, manage: true}]\n").refused(), @r#"
    table-key

      × the table `books` is managed and has no key
       ╭─[bank/services/accounts.yaml:9:33]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: dynamodb, name: books, manage: true}]
       ·                                 ──┬──
       ·                                   ╰── stores[0].name
       ╰────
      help: add `key: {partition: …}`, with `sort` where items are sorted
    "#);
}

#[test]
fn a_key_without_a_table() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: sqs, name: books, manage: true, key: {partition: id}}]\n").refused(), @r#"
    table-key

      × `books` is no managed table, and a key says nothing about it
       ╭─[bank/services/accounts.yaml:9:49]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: sqs, name: books, manage: true, key: {partition: id}}]
       ·                                                 ─┬─
       ·                                                  ╰── stores[0].key
       ╰────
      help: remove `key`, or add `manage: true`
    "#);
}

#[test]
fn a_key_of_one_attribute_twice() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: dynamodb, name: books, manage: true, key: {partition: id, sort: id}}]\n").refused(), @r#"
    table-key

      × one attribute cannot be partition and sort key
       ╭─[bank/services/accounts.yaml:9:81]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: dynamodb, name: books, manage: true, key: {partition: id, sort: id}}]
       ·                                                                                 ─┬
       ·                                                                                  ╰── stores[0].key.sort
       ╰────
      help: sort by another attribute, or by none
    "#);
}

#[test]
fn a_type_of_no_sort_key() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "stores: [{kind: dynamodb, name: books, manage: true, key: {partition: id, sort_type: N}}]\n").refused(), @r#"
    table-key

      × a sort key that does not exist has a type
       ╭─[bank/services/accounts.yaml:9:86]
     8 │ listens: [{port: 9443}]
     9 │ stores: [{kind: dynamodb, name: books, manage: true, key: {partition: id, sort_type: N}}]
       ·                                                                                      ┬
       ·                                                                                      ╰── stores[0].key.sort_type
       ╰────
      help: add `sort`, or remove `sort_type`
    "#);
}

#[test]
fn a_store_with_two_owners_who_describe_it_differently() {
    let twice = "stores: [{kind: dynamodb, name: sessions, manage: true, key: {partition: id}}]\n";
    assert_snapshot!(Bank::new().append(ACCOUNTS, twice).refused(), @r#"
    store-owned-twice

      × `sessions` belongs to `accounts` already
        ╭─[bank/services/login.yaml:11:33]
     10 │   - {service: mail, why: Tells customers.}
     11 │ stores: [{kind: dynamodb, name: sessions}]
        ·                                 ────┬───
        ·                                     ╰── stores[0].name
     12 │ access:
        ╰────
      help: let one service own it, and the other call that service
    foreign-store

      ⚠ `sessions` is a store of `accounts`
        ╭─[bank/services/login.yaml:13:23]
     12 │ access:
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
        ·                       ────────────┬────────────
        ·                                   ╰── access[0].to
        ╰────
      help: call `accounts` instead, if it can answer
    "#);
}

#[test]
fn a_bucket_name_that_s3_keeps_for_itself() {
    for name in ["10.0.0.1", "xn--books", "books-s3alias", "books--x-s3"] {
        let store = format!("stores: [{{kind: s3, name: \"{name}\"}}]\n");
        let refused = Bank::new().append(ACCOUNTS, &store).refused();
        assert!(refused.starts_with("store-name"), "{refused}");
    }
}

#[test]
fn a_store_called_like_one_of_the_environments_own() {
    for store in [
        "s3, name: audit",
        "s3, name: audit-access",
        "sns, name: alarms",
    ] {
        let store = format!("stores: [{{kind: {store}}}]\n");
        let refused = Bank::new().append(ACCOUNTS, &store).refused();
        assert!(
            refused.contains("a name of the environment's own"),
            "{refused}"
        );
    }
}

#[test]
fn access_to_a_store_of_another() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "access: [{level: read, to: \"dynamodb:table/sessions\", why: Peeks.}]\n").warned(), @r#"
    foreign-store

      ⚠ `sessions` is a store of `login`
       ╭─[bank/services/accounts.yaml:9:28]
     8 │ listens: [{port: 9443}]
     9 │ access: [{level: read, to: "dynamodb:table/sessions", why: Peeks.}]
       ·                            ────────────┬────────────
       ·                                        ╰── access[0].to
       ╰────
      help: call `login` instead, if it can answer
    "#);
}
