//! Values that the JSON Schema refuses, in words.

use insta::assert_snapshot;

use super::bank::{Bank, ENVIRONMENT, LOGIN};

#[test]
fn an_unquoted_account() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "\"111122223333\"", "111122223333").refused(), @r#"
    unquoted-account

      × the account id 111122223333 is written as a number, which loses its leading zeros
       ╭─[bank/environment.yaml:3:10]
     2 │ environment: test
     3 │ account: 111122223333
       ·          ──────┬─────
       ·                ╰── account
     4 │ region: eu-west-1
       ╰────
      help: quote it: "111122223333"
    "#);
}

#[test]
fn an_account_with_leading_zeros() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "\"111122223333\"", "011122223333").refused(), @r#"
    unquoted-account

      × the account id 011122223333 is written as a number, which loses its leading zeros
       ╭─[bank/environment.yaml:3:10]
     2 │ environment: test
     3 │ account: 011122223333
       ·          ──────┬─────
       ·                ╰── account
     4 │ region: eu-west-1
       ╰────
      help: quote it: "011122223333"
    "#);
}

#[test]
fn an_unknown_runtime() {
    assert_snapshot!(Bank::new().edit(LOGIN, "ecs-fargate", "fargate").refused(), @r#"
    unknown-value

      × `fargate` is not a value of `runtime`
       ╭─[bank/services/login.yaml:6:10]
     5 │ data: [personal]
     6 │ runtime: fargate
       ·          ───┬───
       ·             ╰── runtime
     7 │ listens: [{port: 8443}]
       ╰────
      help: did you mean `ecs-fargate`?
    "#);
}

#[test]
fn an_unknown_state() {
    assert_snapshot!(Bank::new().append(LOGIN, "state: suspended\n").refused(), @r#"
    unknown-value

      × `suspended` is not a value of `state`
        ╭─[bank/services/login.yaml:14:8]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ state: suspended
        ·        ────┬────
        ·            ╰── state
        ╰────
      help: `running`, or `{suspended: {since: 2026-01-31, reason: …}}`, or `{retired: {since: 2026-01-31, reason: …}}`
    "#);
}

#[test]
fn a_state_without_reason() {
    assert_snapshot!(Bank::new().append(LOGIN, "state: {suspended: {since: 2026-02-30}}\n").refused(), @r#"
    missing-field

      × the field `reason` is missing
        ╭─[bank/services/login.yaml:14:9]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ state: {suspended: {since: 2026-02-30}}
        ·         ────┬────
        ·             ╰── state.suspended
        ╰────
      help: add `reason:` (Why)
    invalid-value

      × `2026-02-30` is not a day
        ╭─[bank/services/login.yaml:14:28]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ state: {suspended: {since: 2026-02-30}}
        ·                            ─────┬────
        ·                                 ╰── state.suspended.since
        ╰────
      help: a day of the calendar, as 2026-01-31
    "#);
}

#[test]
fn another_schema_version() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "strongroom/v1", "strongroom/v2").refused(), @r#"
    unknown-value

      × `strongroom/v2` is not a value of `schema`
       ╭─[bank/environment.yaml:1:9]
     1 │ schema: strongroom/v2
       ·         ──────┬──────
       ·               ╰── schema
     2 │ environment: test
       ╰────
      help: The format of the file: `strongroom/v1`
    "#);
}

#[test]
fn a_bad_arn() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "plan: arn:aws:iam::111122223333:role/plan", "plan: arn:aws:iam::11112222333:role/*").refused(), @r#"
    invalid-value

      × `arn:aws:iam::11112222333:role/*` is not an ARN
        ╭─[bank/environment.yaml:10:9]
      9 │   pipeline: arn:aws:iam::111122223333:role/apply
     10 │   plan: arn:aws:iam::11112222333:role/*
        ·         ───────────────┬───────────────
        ·                        ╰── principals.plan
     11 │   auditors: [arn:aws:iam::111122223333:role/audit]
        ╰────
      help: arn:partition:service:region:account:resource, without wildcards
    "#);
}

#[test]
fn a_bad_name() {
    assert_snapshot!(Bank::new().edit(LOGIN, "service: accounts", "service: Accounts_Service").refused(), @r#"
    invalid-value

      × `Accounts_Service` is not a service name
        ╭─[bank/services/login.yaml:9:15]
      8 │ calls:
      9 │   - {service: Accounts_Service, port: 9443, why: Shows accounts.}
        ·               ────────┬───────
        ·                       ╰── calls[0].service
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: lower-case letters, digits and single hyphens, starting with a letter, at most 32
    "#);
}

#[test]
fn host_bits_in_a_range() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "10.40.0.0/16", "10.40.0.7/16").refused(), @r#"
    invalid-value

      × `10.40.0.7/16` is not an IPv4 address range
        ╭─[bank/environment.yaml:14:17]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
     14 │ network: {cidr: 10.40.0.7/16}
        ·                 ──────┬─────
        ·                       ╰── network.cidr
     15 │ audit: {log_days: 400, max_log_days: 731}
        ╰────
      help: the first address of the range, a slash and its prefix length, as 10.40.0.0/16
    "#);
}

#[test]
fn a_port_beyond_the_last() {
    assert_snapshot!(Bank::new().edit(LOGIN, "port: 8443", "port: 84430").refused(), @r#"
    out-of-range

      × `listens[0].port` is 84430
       ╭─[bank/services/login.yaml:7:18]
     6 │ runtime: ecs-fargate
     7 │ listens: [{port: 84430}]
       ·                  ──┬──
       ·                    ╰── listens[0].port
     8 │ calls:
       ╰────
      help: write a number from 1 to 65535
    "#);
}

#[test]
fn a_rotation_that_is_too_short() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "keys: {rotation_days: 30, deletion_window_days: 90}\n").refused(), @r#"
    out-of-range

      × `keys.rotation_days` is 30
        ╭─[bank/environment.yaml:16:23]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ keys: {rotation_days: 30, deletion_window_days: 90}
        ·                       ─┬
        ·                        ╰── keys.rotation_days
        ╰────
      help: write a number from 90 to 2560
    out-of-range

      × `keys.deletion_window_days` is 90
        ╭─[bank/environment.yaml:16:49]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ keys: {rotation_days: 30, deletion_window_days: 90}
        ·                                                 ─┬
        ·                                                  ╰── keys.deletion_window_days
        ╰────
      help: write a number from 7 to 30
    "#);
}

#[test]
fn an_empty_purpose() {
    assert_snapshot!(Bank::new().edit(LOGIN, "purpose: Signs customers in.", "purpose: \" \"").refused(), @r#"
    empty-value

      × `purpose` is empty
       ╭─[bank/services/login.yaml:2:10]
     1 │ service: login
     2 │ purpose: " "
       ·          ─┬─
       ·           ╰── purpose
     3 │ owner: team-identity
       ╰────
      help: Its one purpose, in a sentence
    "#);
}

#[test]
fn no_data_class() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: []").refused(), @r#"
    empty-value

      × `data` is empty
       ╭─[bank/services/login.yaml:5:1]
     4 │ criticality: critical
     5 │ data: []
       · ──┬─
       ·   ╰── data
     6 │ runtime: ecs-fargate
       ╰────
      help: What it handles; `internal` where nothing else fits
    "#);
}

#[test]
fn a_purpose_like_a_novel() {
    assert_snapshot!(Bank::new().edit(LOGIN, "Signs", &"Signs ".repeat(80)).refused().lines().take(3).collect::<Vec<_>>().join("\n"), @r#"
    too-long

      × bank/services/login.yaml:2:10: `purpose` is longer than 400 characters
    "#);
}

#[test]
fn a_set_with_the_same_item_twice() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: [personal, card, personal]").refused(), @r#"
    repeated-item

      × `data` names "personal" twice
       ╭─[bank/services/login.yaml:5:24]
     4 │ criticality: critical
     5 │ data: [personal, card, personal]
       ·                        ────┬───
       ·                            ╰── data[2]
     6 │ runtime: ecs-fargate
       ╰────
      help: keep one of the two
    "#);
}

#[test]
fn a_list_for_the_document() {
    assert_snapshot!(Bank::new().write(LOGIN, "- login\n").refused(), @r#"
    wrong-type

      × the document is a list; a mapping is expected
       ╭─[bank/services/login.yaml:1:3]
     1 │ - login
       ·   ─────
       ╰────
      help: write a mapping: fields with a colon, indented below
    "#);
}
