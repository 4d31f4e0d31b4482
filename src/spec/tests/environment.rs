//! Environments that contradict themselves.

use std::fs;

use insta::assert_snapshot;

use super::bank::{Bank, ENVIRONMENT, LOGIN, MAIL};

#[test]
fn no_service_at_all() {
    assert_snapshot!({
        let bank = Bank::new();
        fs::rename(bank.path("bank/services"), bank.path("bank/service")).unwrap();
        bank.refused()
    }, @r#"
    no-services

      × the environment declares no service
       ╭─[bank/environment.yaml:1:1]
     1 │ schema: strongroom/v1
       · ──────
     2 │ environment: test
       ╰────
      help: add services/<name>.yaml, or `services:` in a single file; applying nothing would destroy everything
    "#);
}

#[test]
fn a_network_that_is_no_vpc() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "10.40.0.0/16", "10.0.0.0/8").refused(), @r#"
    network-size

      × a VPC cannot have the range 10.0.0.0/8
        ╭─[bank/environment.yaml:14:17]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
     14 │ network: {cidr: 10.0.0.0/8}
        ·                 ─────┬────
        ·                      ╰── network.cidr
     15 │ audit: {log_days: 400, max_log_days: 731}
        ╰────
      help: choose a prefix from /16 (65,536 addresses) to /28 (16 addresses)
    "#);
}

#[test]
fn a_network_without_room_for_its_subnets() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "10.40.0.0/16", "10.40.0.0/26").refused(), @r#"
    network-too-small

      × 10.40.0.0/26 has 64 addresses, 4 for each zone's private subnet; AWS makes no subnet of fewer than 16, so at least a /24 is needed
        ╭─[bank/environment.yaml:14:17]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
     14 │ network: {cidr: 10.40.0.0/26}
        ·                 ──────┬─────
        ·                       ╰── network.cidr
     15 │ audit: {log_days: 400, max_log_days: 731}
        ╰────
      help: choose a /24 or larger
    "#);
}

#[test]
fn a_zone_that_no_region_has() {
    let zones = "{cidr: 10.40.0.0/16, zones: [a, z]}";
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "{cidr: 10.40.0.0/16}", zones).refused(), @r#"
    unknown-zone

      × there is no zone `z` in any Region: zones are a to h here
        ╭─[bank/environment.yaml:14:31]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
     14 │ network: {cidr: 10.40.0.0/16, zones: [a, z]}
        ·                               ──┬──
        ·                                 ╰── network.zones
     15 │ audit: {log_days: 400, max_log_days: 731}
        ╰────
      help: name the zones of the Region by their letters
    "#);
}

#[test]
fn more_functions_than_interfaces() {
    let versions: Vec<String> = (1..=84).map(|n| format!("v{n}")).collect();
    let many = format!("runtime: lambda\nversions: [{}]", versions.join(", "));
    assert_snapshot!(Bank::new().edit(MAIL, "runtime: lambda", &many).warned(), @r#"
    lambda-interfaces

      ⚠ 84 versions of Lambda functions in 3 zones need 252 network interfaces, 2 more than the 250 that a VPC has by default
        ╭─[bank/environment.yaml:14:1]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
     14 │ network: {cidr: 10.40.0.0/16}
        · ───┬───
        ·    ╰── network
     15 │ audit: {log_days: 400, max_log_days: 731}
        ╰────
      help: ask AWS for a higher quota, use fewer zones, or run some services on ECS
    "#);
}

#[test]
fn a_principal_that_is_no_role() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "role/emergency", "user/emergency").refused(), @r#"
    not-a-role

      × `arn:aws:iam::111122223333:user/emergency` is not an IAM role
        ╭─[bank/environment.yaml:13:16]
     12 │   key_admins: [arn:aws:iam::111122223333:role/keys]
     13 │   break_glass: arn:aws:iam::111122223333:user/emergency
        ·                ────────────────────┬───────────────────
        ·                                    ╰── principals.break_glass
     14 │ network: {cidr: 10.40.0.0/16}
        ╰────
      help: name a role, as arn:aws:iam::111122223333:role/NAME; sessions and users come and go
    "#);
}

#[test]
fn a_principal_of_another_account() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "111122223333:role/audit", "444455556666:role/audit").warned(), @r#"
    foreign-principal

      ⚠ `arn:aws:iam::444455556666:role/audit` belongs to account 444455556666, not to this one
        ╭─[bank/environment.yaml:11:14]
     10 │   plan: arn:aws:iam::111122223333:role/plan
     11 │   auditors: [arn:aws:iam::444455556666:role/audit]
        ·              ──────────────────┬─────────────────
        ·                                ╰── principals.auditors[0]
     12 │   key_admins: [arn:aws:iam::111122223333:role/keys]
        ╰────
      help: fine for a central pipeline or audit account; check that it is meant
    "#);
}

#[test]
fn a_principal_of_another_partition() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "arn:aws:iam::111122223333:role/plan", "arn:aws-cn:iam::111122223333:role/plan").refused(), @r#"
    partition-mismatch

      × `arn:aws-cn:iam::111122223333:role/plan` is not in the partition aws of eu-west-1
        ╭─[bank/environment.yaml:10:9]
      9 │   pipeline: arn:aws:iam::111122223333:role/apply
     10 │   plan: arn:aws-cn:iam::111122223333:role/plan
        ·         ───────────────────┬──────────────────
        ·                            ╰── principals.plan
     11 │   auditors: [arn:aws:iam::111122223333:role/audit]
        ╰────
      help: write arn:aws:…, or correct the Region
    "#);
}

#[test]
fn a_pipeline_that_retires_keys() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "role/keys", "role/apply").refused(), @r#"
    separation-of-duties

      × `arn:aws:iam::111122223333:role/apply` is both `pipeline` and `key_admins`: who applies plans must not retire keys
        ╭─[bank/environment.yaml:12:16]
     11 │   auditors: [arn:aws:iam::111122223333:role/audit]
     12 │   key_admins: [arn:aws:iam::111122223333:role/apply]
        ·                ──────────────────┬─────────────────
        ·                                  ╰── principals.key_admins[0]
     13 │   break_glass: arn:aws:iam::111122223333:role/emergency
        ╰────
      help: give each duty a role of its own
    "#);
}

#[test]
fn a_pipeline_that_plans() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "role/plan", "role/apply").refused(), @r#"
    separation-of-duties

      × `arn:aws:iam::111122223333:role/apply` is both `pipeline` and `plan`: planning must not be able to change anything
        ╭─[bank/environment.yaml:10:9]
      9 │   pipeline: arn:aws:iam::111122223333:role/apply
     10 │   plan: arn:aws:iam::111122223333:role/apply
        ·         ──────────────────┬─────────────────
        ·                           ╰── principals.plan
     11 │   auditors: [arn:aws:iam::111122223333:role/audit]
        ╰────
      help: give each duty a role of its own
    "#);
}

#[test]
fn an_unknown_framework() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "pci-dss@4.0.1", "pci-dss@4.0").refused(), @r#"
    unknown-framework

      × the framework `pci-dss@4.0` is not known
       ╭─[bank/environment.yaml:7:14]
     6 │ class: development
     7 │ frameworks: [pci-dss@4.0]
       ·              ─────┬─────
       ·                   ╰── frameworks[0]
     8 │ principals:
       ╰────
      help: did you mean `pci-dss@4.0.1`?
    "#);
}

#[test]
fn a_retired_framework() {
    assert_snapshot!(Bank::new().edit(ENVIRONMENT, "pci-dss@4.0.1", "ffiec-cat@2017").warned(), @r#"
    retired-framework

      ⚠ `ffiec-cat@2017`, FFIEC Cybersecurity Assessment Tool (2017), is no longer in force
       ╭─[bank/environment.yaml:7:14]
     6 │ class: development
     7 │ frameworks: [ffiec-cat@2017]
       ·              ───────┬──────
       ·                     ╰── frameworks[0]
     8 │ principals:
       ╰────
      help: The FFIEC withdrew it on 31 August 2025 and named no successor of its own. It points to the NIST CSF 2.0, and names the CRI Profile among others: choose nist-csf@2.0 or cri-profile@2.1.
    "#);
}

#[test]
fn problems_of_all_files_at_once() {
    assert_snapshot!(Bank::new()
        .edit(ENVIRONMENT, "class: development", "class: dev")
        .edit(LOGIN, "service: accounts", "service: acounts")
        .edit(MAIL, "runtime: lambda", "runtime: Lambda")
        .refused(), @r#"
    unknown-value

      × `dev` is not a value of `class`
       ╭─[bank/environment.yaml:6:8]
     5 │ owner: platform@bank.example
     6 │ class: dev
       ·        ─┬─
       ·         ╰── class
     7 │ frameworks: [pci-dss@4.0.1]
       ╰────
      help: did you mean `development`?
    call-to-undeclared

      × no service is called `acounts`
        ╭─[bank/services/login.yaml:9:15]
      8 │ calls:
      9 │   - {service: acounts, port: 9443, why: Shows accounts.}
        ·               ───┬───
        ·                  ╰── calls[0].service
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: did you mean `accounts`?
    unknown-value

      × `Lambda` is not a value of `runtime`
       ╭─[bank/services/mail.yaml:6:10]
     5 │ data: [personal]
     6 │ runtime: Lambda
       ·          ───┬──
       ·             ╰── runtime
       ╰────
      help: did you mean `lambda`?
    "#);
}

#[test]
fn machines_read_the_same() {
    let bank = Bank::new().edit(LOGIN, "service: accounts", "service: acounts");
    let errors = bank.load("bank").unwrap_err();
    let mut machine = serde_json::to_value(errors.machine()).unwrap();
    let file = machine[0]["file"].take();
    assert!(file.as_str().unwrap().ends_with(LOGIN), "{file}");
    assert_snapshot!(format!("{machine:#}"), @r#"
    [
      {
        "code": "call-to-undeclared",
        "severity": "error",
        "message": "no service is called `acounts`",
        "help": "did you mean `accounts`?",
        "file": null,
        "line": 9,
        "column": 15,
        "path": "calls[0].service"
      }
    ]
    "#);
}
