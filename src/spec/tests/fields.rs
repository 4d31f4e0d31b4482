//! Fields that the JSON Schema refuses: unknown, absent, of another type.

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
      help: one of `schema`, `extends`, `environment`, `account`, `region`, `owner`, `class`, `frameworks`, `principals`, `network`, `audit`, `keys`, `alarms`, `baseline`
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
