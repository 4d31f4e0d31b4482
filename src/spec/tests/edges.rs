//! Edges to the outside, and listening.

use insta::assert_snapshot;

use super::bank::{Bank, LOGIN, MAIL};

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
