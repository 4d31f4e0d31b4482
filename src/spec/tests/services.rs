//! Services that do not fit together, or not to AWS.

use insta::assert_snapshot;

use super::bank::{ACCOUNTS, Bank, LOGIN, MAIL};

#[test]
fn eks_without_settings() {
    assert_snapshot!(Bank::new().edit(ACCOUNTS, "eks: {cluster: core, namespace: accounts, service_account: accounts}\n", "").refused(), @r#"
    runtime-settings

      × an EKS runtime needs to know its service account
       ╭─[bank/services/accounts.yaml:6:10]
     5 │ data: [financial]
     6 │ runtime: eks-pod-identity
       ·          ────────┬───────
       ·                  ╰── runtime
     7 │ listens: [{port: 9443}]
       ╰────
      help: add `eks: {cluster: …, namespace: …, service_account: …}`, with `issuer` in place of `cluster` for IRSA
    "#);
}

#[test]
fn settings_of_another_runtime() {
    assert_snapshot!(Bank::new().edit(ACCOUNTS, "eks-pod-identity", "eks-irsa").refused(), @r#"
    runtime-settings

      × IAM roles for service accounts trust an issuer, not a cluster
       ╭─[bank/services/accounts.yaml:7:1]
     6 │ runtime: eks-irsa
     7 │ eks: {cluster: core, namespace: accounts, service_account: accounts}
       · ─┬─
       ·  ╰── eks
     8 │ listens: [{port: 9443}]
       ╰────
      help: give `issuer` and no `cluster`
    "#);
}

#[test]
fn settings_without_eks() {
    assert_snapshot!(Bank::new().edit(ACCOUNTS, "eks-pod-identity", "ec2").refused(), @r#"
    runtime-settings

      × `eks` says nothing about this runtime
       ╭─[bank/services/accounts.yaml:7:1]
     6 │ runtime: ec2
     7 │ eks: {cluster: core, namespace: accounts, service_account: accounts}
       · ─┬─
       ·  ╰── eks
     8 │ listens: [{port: 9443}]
       ╰────
      help: remove `eks`, or choose the runtime eks-pod-identity or eks-irsa
    "#);
}

#[test]
fn two_versions_of_one_service_account() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "versions: [v1, v2]\n").refused(), @r#"
    workload-shared

      × the service account accounts/accounts is shared with its own versions
       ╭─[bank/services/accounts.yaml:7:60]
     6 │ runtime: eks-pod-identity
     7 │ eks: {cluster: core, namespace: accounts, service_account: accounts}
       ·                                                            ────┬───
       ·                                                                ╰── eks.service_account
     8 │ listens: [{port: 9443}]
       ╰────
      help: give each workload a service account of its own; on EKS that means one version a service
    "#);
}

#[test]
fn a_call_to_nobody() {
    assert_snapshot!(Bank::new().edit(LOGIN, "service: accounts", "service: acounts").refused(), @r#"
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
    "#);
}

#[test]
fn a_call_to_itself() {
    assert_snapshot!(Bank::new().edit(LOGIN, "service: accounts, port: 9443", "service: login, port: 8443").refused(), @r#"
    call-to-self

      × `login` calls itself
        ╭─[bank/services/login.yaml:9:15]
      8 │ calls:
      9 │   - {service: login, port: 8443, why: Shows accounts.}
        ·               ──┬──
        ·                 ╰── calls[0].service
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: remove the call; inside one service nothing has to be declared
    "#);
}

#[test]
fn a_call_to_a_retired_service() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "state: {retired: {since: 2026-01-31, reason: Replaced.}}\n").refused(), @r#"
    call-to-retired

      × `accounts` is retired since 2026-01-31
        ╭─[bank/services/login.yaml:9:15]
      8 │ calls:
      9 │   - {service: accounts, port: 9443, why: Shows accounts.}
        ·               ────┬───
        ·                   ╰── calls[0].service
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: remove the call, or call what replaced it
    "#);
}

#[test]
fn a_call_to_a_suspended_service() {
    assert_snapshot!(Bank::new().append(ACCOUNTS, "state: {suspended: {since: 2026-01-31, reason: Incident.}}\n").warned(), @r#"
    call-to-suspended

      ⚠ `accounts` is suspended since 2026-01-31
        ╭─[bank/services/login.yaml:9:15]
      8 │ calls:
      9 │   - {service: accounts, port: 9443, why: Shows accounts.}
        ·               ────┬───
        ·                   ╰── calls[0].service
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: expect the call to fail until it runs again
    "#);
}

#[test]
fn a_call_to_a_silent_port() {
    assert_snapshot!(Bank::new().edit(LOGIN, "port: 9443", "port: 9444").refused(), @r#"
    port-not-listened

      × `accounts` does not listen on tcp 9444
        ╭─[bank/services/login.yaml:9:31]
      8 │ calls:
      9 │   - {service: accounts, port: 9444, why: Shows accounts.}
        ·                               ──┬─
        ·                                 ╰── calls[0].port
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: `accounts` listens on tcp 9443
    "#);
}

#[test]
fn a_call_to_a_port_of_a_function() {
    assert_snapshot!(Bank::new().edit(LOGIN, "service: mail,", "service: mail, port: 443,").refused(), @r#"
    port-for-lambda

      × `mail` is a Lambda function: it is invoked and has no port
        ╭─[bank/services/login.yaml:10:27]
      9 │   - {service: accounts, port: 9443, why: Shows accounts.}
     10 │   - {service: mail, port: 443, why: Tells customers.}
        ·                           ─┬─
        ·                            ╰── calls[1].port
     11 │ stores: [{kind: dynamodb, name: sessions}]
        ╰────
      help: remove `port`
    "#);
}

#[test]
fn a_call_without_a_port() {
    assert_snapshot!(Bank::new().edit(LOGIN, ", port: 9443", "").refused(), @r#"
    port-missing

      × the call to `accounts` names no port
        ╭─[bank/services/login.yaml:9:6]
      8 │ calls:
      9 │   - {service: accounts, why: Shows accounts.}
        ·      ───┬───
        ·         ╰── calls[0]
     10 │   - {service: mail, why: Tells customers.}
        ╰────
      help: `accounts` listens on tcp 9443
    "#);
}

#[test]
fn a_critical_service_on_a_low_one() {
    assert_snapshot!(Bank::new().edit(MAIL, "criticality: medium", "criticality: low").warned(), @r#"
    criticality-inversion

      ⚠ critical `login` depends on `mail`, whose criticality is low
        ╭─[bank/services/login.yaml:10:15]
      9 │   - {service: accounts, port: 9443, why: Shows accounts.}
     10 │   - {service: mail, why: Tells customers.}
        ·               ──┬─
        ·                 ╰── calls[1].service
     11 │ stores: [{kind: dynamodb, name: sessions}]
        ╰────
      help: raise the criticality of `mail`, or let `login` live without it
    "#);
}

#[test]
fn a_call_twice() {
    assert_snapshot!(Bank::new().edit(LOGIN, "  - {service: mail, why: Tells customers.}", "  - {service: mail, why: Tells customers.}\n  - {service: mail, why: Tells them again.}").refused(), @r#"
    duplicate-entry

      × the same entry stands further up
        ╭─[bank/services/login.yaml:11:6]
     10 │   - {service: mail, why: Tells customers.}
     11 │   - {service: mail, why: Tells them again.}
        ·      ───┬───
        ·         ╰── calls[2]
     12 │ stores: [{kind: dynamodb, name: sessions}]
        ╰────
      help: keep one of the two, with one reason
    "#);
}

#[test]
fn a_function_that_listens() {
    assert_snapshot!(Bank::new().append(MAIL, "listens: [{port: 443}]\n").refused(), @r#"
    lambda-listens

      × `mail` is a Lambda function and accepts no connection
       ╭─[bank/services/mail.yaml:7:1]
     6 │ runtime: lambda
     7 │ listens: [{port: 443}]
       · ───┬───
       ·    ╰── listens
       ╰────
      help: remove `listens`; whoever calls it declares the call without a port
    "#);
}

#[test]
fn ingress_to_a_silent_port() {
    assert_snapshot!(Bank::new().append(LOGIN, "ingress: [{security_group: sg-0a1b2c3d4e5f60718, port: 443, why: Customers.}]\n").refused(), @r#"
    ingress-without-listener

      × traffic is let in to tcp 443, and `login` does not listen there
        ╭─[bank/services/login.yaml:14:56]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ ingress: [{security_group: sg-0a1b2c3d4e5f60718, port: 443, why: Customers.}]
        ·                                                        ─┬─
        ·                                                         ╰── ingress[0].port
        ╰────
      help: add the port to `listens`, or remove the ingress
    "#);
}

#[test]
fn an_edge_with_two_peers() {
    assert_snapshot!(Bank::new().append(LOGIN, "egress: [{cidr: 203.0.113.0/24, prefix_list: pl-0a1b2c3d, port: 443, why: Scheme.}]\n").refused(), @r#"
    one-peer

      × the edge needs exactly one peer
        ╭─[bank/services/login.yaml:14:11]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ egress: [{cidr: 203.0.113.0/24, prefix_list: pl-0a1b2c3d, port: 443, why: Scheme.}]
        ·           ──┬─
        ·             ╰── egress[0]
        ╰────
      help: give one of `cidr`, `security_group`, `prefix_list`
    "#);
}

#[test]
fn egress_to_everybody() {
    assert_snapshot!(Bank::new().append(LOGIN, "egress: [{cidr: 0.0.0.0/0, port: 443, why: Scheme.}]\n").refused(), @r#"
    open-egress

      × the service may reach every address
        ╭─[bank/services/login.yaml:14:17]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ egress: [{cidr: 0.0.0.0/0, port: 443, why: Scheme.}]
        ·                 ────┬────
        ·                     ╰── egress[0].cidr
        ╰────
      help: name the ranges or a prefix list; data leaves through what is open
    "#);
}

#[test]
fn ingress_from_everybody() {
    assert_snapshot!(Bank::new().append(LOGIN, "ingress: [{cidr: 0.0.0.0/0, port: 8443, why: Customers.}]\n").warned(), @r#"
    open-ingress

      ⚠ every address may reach this port
        ╭─[bank/services/login.yaml:14:18]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ ingress: [{cidr: 0.0.0.0/0, port: 8443, why: Customers.}]
        ·                  ────┬────
        ·                      ╰── ingress[0].cidr
        ╰────
      help: name the load balancer's security group or the partners' ranges
    "#);
}

#[test]
fn an_edge_inside_the_network() {
    assert_snapshot!(Bank::new().append(LOGIN, "egress: [{cidr: 10.40.3.0/24, port: 443, why: Neighbours.}]\n").refused(), @r#"
    inside-the-network

      × 10.40.3.0/24 overlaps the environment's own network 10.40.0.0/16
        ╭─[bank/services/login.yaml:14:17]
     13 │   - {level: read, to: "dynamodb:table/sessions", why: Finds sessions.}
     14 │ egress: [{cidr: 10.40.3.0/24, port: 443, why: Neighbours.}]
        ·                 ──────┬─────
        ·                       ╰── egress[0].cidr
        ╰────
      help: declare `calls` between services, or name a security group
    "#);
}

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
        .edit(super::bank::ENVIRONMENT, "environment: test", "environment: an-environment-of-32-characters-x")
        .edit(LOGIN, "service: login", "service: login\nversions: [the-summer-of-26]")
        .write("bank/services/credit-decisions-2.yaml", "service: credit-decisions-2\npurpose: P.\nowner: o\ncriticality: low\ndata: [internal]\nruntime: ecs-fargate\nversions: [the-summer-of-26]\n")
        .refused(), @r#"
    invalid-value

      × `an-environment-of-32-characters-x` is not an environment name
       ╭─[bank/environment.yaml:2:14]
     1 │ schema: strongroom/v1
     2 │ environment: an-environment-of-32-characters-x
       ·              ────────────────┬────────────────
       ·                              ╰── environment
     3 │ account: "111122223333"
       ╰────
      help: lower-case letters, digits and single hyphens, starting with a letter, at most 32
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
    assert_snapshot!(Bank::new().edit(LOGIN, "data: [personal]", "data: [card]").edit(super::bank::ENVIRONMENT, "pci-dss@4.0.1", "dora@2022/2554").warned(), @r#"
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
fn a_service_twice_in_one_file() {
    assert_snapshot!({
        let bank = Bank::new();
        let read = |file| std::fs::read_to_string(bank.path(file)).unwrap();
        let item = "  - service: mail\n    purpose: Sends mail.\n    owner: team-mail\n    criticality: medium\n    data: [personal]\n    runtime: lambda\n";
        let text = format!("{}services:\n{item}{item}", read(super::bank::ENVIRONMENT));
        bank.write("one.yaml", text).refused_at("one.yaml")
    }, @r#"
    duplicate-service

      × the service `mail` is declared twice
        ╭─[one.yaml:23:14]
     22 │     runtime: lambda
     23 │   - service: mail
        ·              ──┬─
        ·                ╰── services[1].service
     24 │     purpose: Sends mail.
        ╰────
      help: keep one of the two, or give one another name
    "#);
}
