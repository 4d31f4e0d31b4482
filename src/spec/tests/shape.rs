//! What the JSON Schema refuses, in words.

use insta::assert_snapshot;

use super::bank::{Bank, ENVIRONMENT, LOGIN};

#[test]
fn a_misspelt_field() {
    assert_snapshot!(Bank::new().edit(LOGIN, "purpose:", "purpse:").refused(), @r#"
    missing-field

      × the field `purpose` is missing
       ╭─[bank/services/login.yaml:1:1]
     1 │ service: login
       · ───────
     2 │ purpse: Signs customers in.
       ╰────
      help: add `purpose:` (Its one purpose, in a sentence)
    unknown-field

      × `purpse` is not a field here
       ╭─[bank/services/login.yaml:2:1]
     1 │ service: login
     2 │ purpse: Signs customers in.
       · ───┬──
       ·    ╰── purpse
     3 │ owner: team-identity
       ╰────
      help: did you mean `purpose`?
    "#);
}

#[test]
fn a_comma_in_an_unquoted_reason() {
    assert_snapshot!(Bank::new().edit(LOGIN, "why: Shows accounts.", "why: Shows accounts, and closes them.").refused(), @r#"
    unknown-field

      × `and closes them.` is not a field here
        ╭─[bank/services/login.yaml:9:58]
      8 │ calls:
      9 │   - {service: accounts, port: 9443, why: Shows accounts, and closes them.}
        ·                                                          ────────┬───────
        ·                                                                  ╰── calls[0]["and closes them."]
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: a comma inside { } begins a new field: put the text before it in quotes
    "#);
}

#[test]
fn a_field_that_nothing_resembles() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "flow_logs: {retention_days: 400}\n").refused(), @r#"
    unknown-field

      × `flow_logs` is not a field here
        ╭─[bank/environment.yaml:16:1]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ flow_logs: {retention_days: 400}
        · ────┬────
        ·     ╰── flow_logs
        ╰────
      help: one of `schema`, `extends`, `environment`, `account`, `region`, `owner`, `class`, `frameworks`, `principals`, `network`, `audit`, `keys`, `baseline`
    "#);
}

#[test]
fn services_in_the_environment_of_a_folder() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "services: []\n").refused(), @r#"
    unknown-field

      × `services` is not a field here
        ╭─[bank/environment.yaml:16:1]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ services: []
        · ────┬───
        ·     ╰── services
        ╰────
      help: in a folder each service has a file of its own: services/<name>.yaml
    "#);
}

#[test]
fn a_missing_field() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "region: eu-west-1\n", "").refused(), @r#"
    missing-field

      × the field `region` is missing
       ╭─[bank/environment.yaml:1:1]
     1 │ schema: strongroom/v1
       · ──────
     2 │ environment: test
       ╰────
      help: add `region:` (The Region that holds it)
    "#);
}

#[test]
fn text_for_a_list() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: personal").refused(), @r#"
    wrong-type

      × `data` is text; a list is expected
       ╭─[bank/services/login.yaml:5:7]
     4 │ criticality: critical
     5 │ data: personal
       ·       ────┬───
       ·           ╰── data
     6 │ runtime: ecs-fargate
       ╰────
      help: write a list: `[…]`, or one item a line, each after `- `
    "#);
}

#[test]
fn text_for_a_number() {
    assert_snapshot!(Bank::new().edit(LOGIN, "port: 8443", "port: \"8443\"").refused(), @r#"
    wrong-type

      × `listens[0].port` is text; a whole number is expected
       ╭─[bank/services/login.yaml:7:18]
     6 │ runtime: ecs-fargate
     7 │ listens: [{port: "8443"}]
       ·                  ───┬──
       ·                     ╰── listens[0].port
     8 │ calls:
       ╰────
      help: write a number without quotes, not `8443`
    "#);
}

#[test]
fn nothing_for_a_list() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data:").refused(), @r#"
    wrong-type

      × `data` is empty; a list is expected
       ╭─[bank/services/login.yaml:5:5]
     4 │ criticality: critical
     5 │ data:
       ·     ▲
       ·     ╰── data
     6 │ runtime: ecs-fargate
       ╰────
      help: write a list: `[…]`, or one item a line, each after `- `
    "#);
}

#[test]
fn no_is_not_false() {
    assert_snapshot!(Bank::new().append(ENVIRONMENT, "baseline: no\n").refused(), @r#"
    wrong-type

      × `baseline` is text; true or false is expected
        ╭─[bank/environment.yaml:16:11]
     15 │ audit: {log_days: 400, max_log_days: 731}
     16 │ baseline: no
        ·           ─┬
        ·            ╰── baseline
        ╰────
      help: write `false`: YAML 1.2 reads `no` as text
    "#);
}

#[test]
fn a_number_for_text() {
    assert_snapshot!(Bank::new().edit(LOGIN, "owner: team-identity", "owner: 42").refused(), @r#"
    wrong-type

      × `owner` is a number; text is expected
       ╭─[bank/services/login.yaml:3:8]
     2 │ purpose: Signs customers in.
     3 │ owner: 42
       ·        ─┬
       ·         ╰── owner
     4 │ criticality: critical
       ╰────
      help: quote it: "42"
    "#);
}

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
