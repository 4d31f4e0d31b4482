//! What passes between services and the world.

use super::*;
use crate::resource::{Flow, PortRange, Ref, SecurityGroupRule};

fn undeclared(snapshot: &Snapshot, environment: &Environment) -> Vec<String> {
    let reachability = Reachability::of(snapshot, environment);
    let services = environment.services.keys();
    services
        .flat_map(|service| reachability.outside(service))
        .filter(|way| !way.undeclared.is_empty())
        .map(|way| {
            let via = way.via.unwrap_or_default();
            format!("{} {} {}: {}", way.rule.name, way.peer, via, way.undeclared)
        })
        .collect()
}

#[test]
fn the_bank_leaves_by_declared_ways_only() {
    let environment = bank();
    let snapshot = as_declared(&environment);
    assert_eq!(undeclared(&snapshot, &environment), [""; 0]);
    let reachability = Reachability::of(&snapshot, &environment);
    let scheme = reachability.outside(&name("cards")).into_iter();
    let scheme: Vec<OutsideWay> = scheme
        .filter(|way| way.peer.starts_with("203.0.113."))
        .collect();
    assert_eq!(scheme.len(), 3, "one NAT gateway a zone");
    assert!(
        scheme
            .iter()
            .all(|way| way.open == tcp(443) && way.flow == Flow::Egress)
    );
    let door = reachability.outside(&name("edge")).into_iter();
    let door: Vec<OutsideWay> = door
        .filter(|way| way.flow == Flow::Ingress && way.via.is_none())
        .collect();
    assert!(
        door.iter()
            .any(|way| way.admitted == tcp(8443) && way.open.is_empty()),
        "no route leads in"
    );
}

#[test]
fn the_default_rule_leaves_by_the_ways_of_others() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    snapshot
        .resources
        .security_group
        .get_mut("login-v1")
        .unwrap()
        .default_egress = true.into();
    let found = undeclared(&snapshot, &environment);
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|way| way.starts_with("login-v1 203.0.113.")),
        "{found:?}"
    );
    assert!(
        found.iter().all(|way| way.ends_with("tcp 443")),
        "the network ACL knows one port: {found:?}"
    );
}

#[test]
fn a_foreign_group_that_nobody_declared_is_told() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let rule = SecurityGroupRule {
        group: Ref::to(KindName::SecurityGroup, "ledger-v1"),
        flow: Flow::Ingress,
        protocol: "tcp".to_owned(),
        ports: Some(PortRange::single(7443)),
        peer: Ref::literal("sg-0123"),
        description: String::new().into(),
    };
    snapshot
        .resources
        .security_group_rule
        .insert(rule.logical_name(), rule);
    assert_eq!(
        undeclared(&snapshot, &environment),
        ["ledger-v1:ingress:tcp:7443:sg-0123 sg-0123 : tcp 7443"]
    );
    let reachability = Reachability::of(&snapshot, &environment);
    let assumed = Assumption::ForeignGroup("sg-0123".to_owned());
    assert!(reachability.assumptions().contains(&assumed));
}

#[test]
fn another_network_may_pass_on_what_it_gets() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let resources = &mut snapshot.resources;
    for table in resources.route_table.values_mut() {
        let Read::Known(routes) = &mut table.routes else {
            panic!("the routes are known");
        };
        routes.insert("172.16.0.0/12".to_owned(), Ref::literal("tgw-0a"));
    }
    for (group, flow) in [
        ("statements-v1", Flow::Egress),
        ("ledger-v1", Flow::Ingress),
    ] {
        let rule = SecurityGroupRule {
            group: Ref::to(KindName::SecurityGroup, group),
            flow,
            protocol: "-1".to_owned(),
            ports: None,
            peer: Ref::literal("172.16.0.0/12"),
            description: String::new().into(),
        };
        resources
            .security_group_rule
            .insert(rule.logical_name(), rule);
    }
    let reachability = Reachability::of(&snapshot, &environment);
    let verdict = reachability.verdict(&name("statements"), &name("ledger"));
    let Verdict::Unknown(why) = verdict else {
        panic!("nobody knows: {verdict:?}");
    };
    let why = why.first().unwrap().to_string();
    assert!(why.contains("the network behind tgw-0a"), "{why}");
    assert_eq!(
        reachability.verdict(&name("ledger"), &name("statements")),
        Verdict::Isolated
    );
}
