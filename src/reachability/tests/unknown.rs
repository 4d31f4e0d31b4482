//! What was not read is never taken for closed.

use super::*;
use crate::resource::{Ref, Unread, UnreadReason};

fn unread(call: &str) -> Unread {
    Unread {
        call: call.to_owned(),
        reason: UnreadReason::Denied,
        message: "no".to_owned(),
    }
}

fn isolated() -> (ServiceName, ServiceName) {
    (name("statements"), name("ledger"))
}

#[test]
fn without_the_rules_every_pair_is_unknown() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    snapshot.resources.security_group_rule.clear();
    let listing = Read::Unread(unread("ec2:DescribeSecurityGroupRules"));
    snapshot
        .coverage
        .listings
        .insert(KindName::SecurityGroupRule, listing);
    let reachability = Reachability::of(&snapshot, &environment);
    let (from, to) = isolated();
    let Verdict::Unknown(why) = reachability.verdict(&from, &to) else {
        panic!("nothing is known");
    };
    let why: Vec<String> = why.iter().map(Doubt::to_string).collect();
    assert_eq!(
        why,
        ["Security group rules were not listed: ec2:DescribeSecurityGroupRules was denied: no"]
    );
}

#[test]
fn an_unread_default_rule_and_an_open_callee_are_unknown_together() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let (from, to) = isolated();
    let group = snapshot
        .resources
        .security_group
        .get_mut("statements-v1")
        .unwrap();
    group.default_egress = Read::Unread(unread("ec2:DescribeSecurityGroupRules"));
    let closed = Reachability::of(&snapshot, &environment).verdict(&from, &to);
    assert_eq!(
        closed,
        Verdict::Isolated,
        "the callee admits its callers only"
    );
    let mut rule =
        snapshot.resources.security_group_rule["ledger-v1:ingress:tcp:7443:@payments-v1"].clone();
    rule.peer = Ref::literal("10.40.0.0/16");
    snapshot
        .resources
        .security_group_rule
        .insert(rule.logical_name(), rule);
    let unknown = Reachability::of(&snapshot, &environment).verdict(&from, &to);
    assert!(matches!(unknown, Verdict::Unknown(_)), "{unknown:?}");
}

#[test]
fn a_prefix_list_may_hold_any_address() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let (from, to) = isolated();
    snapshot
        .resources
        .security_group
        .get_mut("statements-v1")
        .unwrap()
        .default_egress = true.into();
    let rules = &mut snapshot.resources.security_group_rule;
    let mut rule = rules["ledger-v1:ingress:tcp:7443:@payments-v1"].clone();
    rule.peer = Ref::literal("pl-0123456789abcdef0");
    rules.insert(rule.logical_name(), rule);
    let reachability = Reachability::of(&snapshot, &environment);
    let Verdict::Unknown(why) = reachability.verdict(&from, &to) else {
        panic!("a prefix list is not known");
    };
    let text = why.first().unwrap().to_string();
    assert!(
        text.ends_with("names pl-0123456789abcdef0, whose addresses are not known"),
        "{text}"
    );
}

#[test]
fn a_group_that_is_not_there_says_nothing() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    snapshot.resources.security_group.remove("statements-v1");
    snapshot.resources.security_group.remove("ledger-v1");
    let (from, to) = isolated();
    let verdict = Reachability::of(&snapshot, &environment).verdict(&from, &to);
    assert!(matches!(verdict, Verdict::Unknown(_)), "{verdict:?}");
}

#[test]
fn an_unread_network_acl_leaves_the_crossing_open() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let subnet = snapshot.resources.subnet.get_mut("private-a").unwrap();
    subnet.network_acl = Read::Unread(unread("ec2:DescribeNetworkAcls"));
    let reachability = Reachability::of(&snapshot, &environment);
    let (edge, login) = (name("edge"), name("login"));
    let reach = reachability.between((&edge, "private-a"), (&login, "private-b"));
    assert_eq!((reach.open, reach.possible), (Ports::NONE, tcp(8443)));
    assert_eq!(reach.unknown.len(), 1);
    assert_eq!(reachability.verdict(&edge, &login), Verdict::Declared);
}

#[test]
fn a_route_inside_the_vpc_diverts() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let table = snapshot.resources.route_table.get_mut("private-a").unwrap();
    let Read::Known(routes) = &mut table.routes else {
        panic!("the routes are known");
    };
    routes.insert("10.40.16.0/20".to_owned(), Ref::literal("eni-0a"));
    let reachability = Reachability::of(&snapshot, &environment);
    let (edge, login) = (name("edge"), name("login"));
    let reach = reachability.between((&edge, "private-a"), (&login, "private-b"));
    assert_eq!((reach.open, reach.possible), (Ports::NONE, tcp(8443)));
    let back = reachability.between((&edge, "private-b"), (&login, "private-a"));
    assert_eq!((back.open, back.answered), (tcp(8443), Ports::NONE));
}

#[test]
fn without_subnets_nobody_knows_where_services_run() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    snapshot.resources.subnet.clear();
    let (from, to) = isolated();
    let verdict = Reachability::of(&snapshot, &environment).verdict(&from, &to);
    assert!(matches!(verdict, Verdict::Unknown(_)), "{verdict:?}");
}
