//! Names, retention, links and the scope of frameworks.

use insta::assert_snapshot;

use super::bank::{ACCOUNTS, Bank, ENVIRONMENT, LOGIN};

#[test]
fn a_link_without_tls() {
    assert_snapshot!(Bank::new().append(LOGIN, "docs: {api: \"http://docs.bank.example/login\"}\n").refused(), @r#"
    insecure-url

      × `http://docs.bank.example/login` is not an https URL
        ╭─[bank/services/login.yaml:14:13]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ docs: {api: "http://docs.bank.example/login"}
        ·             ────────────────┬───────────────
        ·                             ╰── docs.api
        ╰────
      help: give the full address, starting with https://
    "#);
}

#[test]
fn a_retention_that_cloudwatch_rounds() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "log_days: 366\n").warned(), @r#"
    log-days-rounded

      ⚠ CloudWatch cannot keep logs for 366 days; 400 is used
       ╭─[bank/services/accounts.yaml:9:11]
     8 │ listens: [{port: 9443}]
     9 │ log_days: 366
       ·           ─┬─
       ·            ╰── log_days
       ╰────
      help: write 400
    "#);
}

#[test]
fn a_retention_beyond_the_limit() {
    assert_snapshot!(Bank::new().append(LOGIN, "log_days: 1827\n").refused(), @r#"
    retention-conflict

      × the log of `login` is kept for 1827 days; with personal data 731 is the limit
        ╭─[bank/services/login.yaml:14:11]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ log_days: 1827
        ·           ──┬─
        ·             ╰── log_days
        ╰────
      help: shorten `log_days` of the service, or raise `audit.max_log_days`
    "#);
}

#[test]
fn a_name_that_grows_too_long() {
    assert_snapshot!(Bank::new()
        .edit(ENVIRONMENT, "environment: test", "environment: an-environment-of-31-characters")
        .edit(LOGIN, "service: login", "service: login\nversions: [the-summer-of-26]")
        .write("bank/services/credit-decisions-2.yaml", "service: credit-decisions-2\npurpose: P.\nowner: o\ncriticality: low\ndata: [internal]\nruntime: ecs-fargate\nversions: [the-summer-of-26]\n")
        .refused(), @r#"
    name-too-long

      × the role `an-environment-of-31-characters-credit-decisions-2-the-summer-of-26-x` would have 69 characters; IAM takes 64
       ╭─[bank/services/credit-decisions-2.yaml:1:10]
     1 │ service: credit-decisions-2
       ·          ─────────┬────────
       ·                   ╰── service
     2 │ purpose: P.
       ╰────
      help: shorten the environment, service or version name by 5
    "#);
}

#[test]
fn names_that_collide() {
    assert_snapshot!({
        let service = "service: login-v1\npurpose: P.\nowner: o\ncriticality: low\ndata: [internal]\nruntime: lambda\nversions: [x]\n";
        Bank::new().write("bank/services/login-v1.yaml", service).refused()
    }, @r#"
    name-collision

      × `login-v1` x and `login` v1 would share the role `test-login-v1-x`
       ╭─[bank/services/login-v1.yaml:1:10]
     1 │ service: login-v1
       ·          ────┬───
       ·              ╰── service
     2 │ purpose: P.
       ╰────
      help: rename one of the services or versions
    "#);
}

#[test]
fn card_data_without_pci() {
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: [card]").edit(ENVIRONMENT, "pci-dss@4.0.1", "dora@2022/2554").warned(), @r#"
    card-data-without-pci

      ⚠ `login` handles card data and PCI DSS is not among the frameworks
       ╭─[bank/services/login.yaml:5:8]
     4 │ criticality: critical
     5 │ data: [card]
       ·        ──┬─
       ·          ╰── data[0]
     6 │ runtime: ecs-fargate
       ╰────
      help: add pci-dss@4.0.1 to `frameworks`
    "#);
}

#[test]
fn a_service_called_like_the_environments_own() {
    assert_snapshot!({
        let service = "service: audit\npurpose: P.\nowner: o\ncriticality: low\ndata: [internal]\nruntime: lambda\n";
        Bank::new().write("bank/services/audit.yaml", service).refused()
    }, @r#"
    reserved-name

      × `audit` is a name of the environment's own resources
       ╭─[bank/services/audit.yaml:1:10]
     1 │ service: audit
       ·          ──┬──
       ·            ╰── service
     2 │ purpose: P.
       ╰────
      help: name the service after its purpose
    "#);
}
