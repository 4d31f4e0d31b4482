//! Services that do not fit to their runtime or to each other.

use insta::assert_snapshot;

use super::bank::{ACCOUNTS, Bank, ENVIRONMENT, LOGIN, MAIL};

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
fn a_service_twice_in_one_file() {
    assert_snapshot!({
        let bank = Bank::new();
        let read = |file| std::fs::read_to_string(bank.path(file)).unwrap();
        let item = "  - service: mail\n    purpose: Sends mail.\n    owner: team-mail\n    criticality: medium\n    data: [personal]\n    runtime: lambda\n";
        let text = format!("{}services:\n{item}{item}", read(ENVIRONMENT));
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
