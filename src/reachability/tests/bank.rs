//! The shipped bank: exactly its declared calls are open, and each change of a rule opens or closes
//! the cells that it should.

use super::*;
use crate::resource::{AclAction, AclEntry, AclKey, Flow, PortRange, Ref, SecurityGroupRule};

fn rule(
    group: &str,
    flow: Flow,
    protocol: &str,
    ports: Option<PortRange>,
    peer: Ref,
) -> SecurityGroupRule {
    SecurityGroupRule {
        group: Ref::to(KindName::SecurityGroup, group),
        flow,
        protocol: protocol.to_owned(),
        ports,
        peer,
        description: String::new().into(),
    }
}

fn add(snapshot: &mut Snapshot, rule: SecurityGroupRule) {
    let rules = &mut snapshot.resources.security_group_rule;
    rules.insert(rule.logical_name(), rule);
}

fn group(name: &str) -> Ref {
    Ref::to(KindName::SecurityGroup, name)
}

#[test]
fn exactly_the_declared_calls_are_open() {
    let environment = bank();
    let snapshot = as_declared(&environment);
    let reachability = Reachability::of(&snapshot, &environment);
    let mut calls = 0;
    for from in environment.services.keys() {
        for to in environment.services.keys() {
            let wanted = declared(&environment, from, to);
            let reach = reachability.reach(from, to);
            assert_eq!(reach.open, wanted, "{from} to {to}");
            assert_eq!(reach.answered, wanted, "{from} to {to}");
            assert_eq!(reach.possible, wanted, "{from} to {to}");
            assert_eq!(reach.unknown, BTreeSet::new());
            let verdict = reachability.verdict(from, to);
            let expected = if wanted.is_empty() {
                Verdict::Isolated
            } else {
                Verdict::Declared
            };
            assert_eq!(verdict, expected);
            calls += usize::from(!wanted.is_empty());
        }
    }
    assert!(calls > 20, "the bank declares many calls");
    assert_eq!(reachability.edges().count(), calls);
}

#[test]
fn a_packet_shows_what_is_open() {
    let environment = bank();
    let snapshot = as_declared(&environment);
    let reachability = Reachability::of(&snapshot, &environment);
    let (edge, login) = (name("edge"), name("login"));
    let packet = reachability.reach(&edge, &login).witness.unwrap();
    assert_eq!(
        packet.to_string(),
        "tcp 8443 from 10.40.0.4 to 10.40.0.5, by \
         security_group_rule/edge-v1:egress:tcp:8443:@login-v1, \
         security_group_rule/login-v1:ingress:tcp:8443:@edge-v1"
    );
    let crossing = reachability.between((&edge, "private-a"), (&login, "private-b"));
    assert_eq!(
        crossing.witness.unwrap().passes[1].to_string(),
        "network_acl/private egress:100"
    );
    assert_eq!(crossing.answered, tcp(8443));
}

#[test]
fn a_call_needs_both_of_its_rules() {
    let environment = bank();
    let whole = as_declared(&environment);
    let before = cells(&whole, &environment);
    let reachability = Reachability::of(&whole, &environment);
    let mut tried = 0;
    for (key, rule) in &whole.resources.security_group_rule {
        let mut snapshot = whole.clone();
        snapshot.resources.security_group_rule.remove(key);
        let changes = changed(&before, &cells(&snapshot, &environment));
        let peers = rule.peer.address().filter(|peer| peer.name != "endpoints");
        if peers.is_none() {
            assert_eq!(changes, [], "{key}");
            continue;
        }
        // A service with two versions stays reachable by the other one.
        let twice = |name: &str| name.ends_with("-v2") || name.starts_with("payments-");
        let ends = [rule.group.address(), rule.peer.address()];
        if ends.into_iter().flatten().any(|end| twice(&end.name)) {
            assert_eq!(changes, [], "{key}");
            continue;
        }
        assert_eq!(changes.len(), 1, "{key}");
        let (from, to, gained, lost) = &changes[0];
        assert!(gained.is_empty());
        assert_eq!(*lost, reachability.reach(&name(from), &name(to)).open);
        tried += 1;
    }
    assert!(tried > 20, "many rules are alone");
}

#[test]
fn one_rule_alone_opens_nothing_and_both_open_one_cell() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let before = cells(&snapshot, &environment);
    let ssh = Some(PortRange::single(22));
    add(
        &mut snapshot,
        rule(
            "statements-v1",
            Flow::Egress,
            "tcp",
            ssh,
            group("ledger-v1"),
        ),
    );
    assert_eq!(changed(&before, &cells(&snapshot, &environment)), []);
    add(
        &mut snapshot,
        rule(
            "ledger-v1",
            Flow::Ingress,
            "tcp",
            ssh,
            group("statements-v1"),
        ),
    );
    let changes = changed(&before, &cells(&snapshot, &environment));
    let expected = (
        "statements".to_owned(),
        "ledger".to_owned(),
        tcp(22),
        Ports::NONE,
    );
    assert_eq!(changes, [expected]);
    let reachability = Reachability::of(&snapshot, &environment);
    let verdict = reachability.verdict(&name("statements"), &name("ledger"));
    let Verdict::Reachable(packet) = verdict else {
        panic!("it is reachable: {verdict:?}");
    };
    assert_eq!(packet.replay(&snapshot).unwrap(), packet.passes);
}

#[test]
fn a_rule_that_is_wider_alone_opens_nothing() {
    let environment = bank();
    let whole = as_declared(&environment);
    let before = cells(&whole, &environment);
    let keys: Vec<&String> = whole.resources.security_group_rule.keys().collect();
    for key in keys.into_iter().step_by(7) {
        let mut snapshot = whole.clone();
        let rules = &mut snapshot.resources.security_group_rule;
        let rule = rules.get_mut(key).unwrap();
        (rule.protocol, rule.ports) = ("-1".to_owned(), None);
        assert_eq!(
            changed(&before, &cells(&snapshot, &environment)),
            [],
            "{key}"
        );
    }
}

#[test]
fn ranges_open_every_cell_that_admits_them() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let before = cells(&snapshot, &environment);
    snapshot
        .resources
        .security_group
        .get_mut("login-v1")
        .unwrap()
        .default_egress = true.into();
    assert_eq!(
        changed(&before, &cells(&snapshot, &environment)),
        [],
        "nobody admits login"
    );
    let vpc = Ref::literal("10.40.0.0/16");
    add(
        &mut snapshot,
        rule("ledger-v1", Flow::Ingress, "-1", None, vpc),
    );
    let changes = changed(&before, &cells(&snapshot, &environment));
    let pairs: Vec<_> = changes
        .iter()
        .map(|(from, to, ..)| (from.as_str(), to.as_str()))
        .collect();
    assert_eq!(pairs, [("login", "ledger")]);
    assert_eq!(changes[0].2, Ports::all());
}

#[test]
fn a_network_acl_closes_between_subnets_and_nothing_within_one() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let acl = snapshot.resources.network_acl.get_mut("private").unwrap();
    let Read::Known(entries) = &mut acl.entries else {
        panic!("the entries are known");
    };
    let deny = AclEntry {
        action: AclAction::Deny,
        protocol: "6".to_owned(),
        ports: Some(PortRange::single(8443)),
        cidr: "10.40.16.0/20".parse().unwrap(),
    };
    let key = AclKey {
        flow: Flow::Egress,
        number: 50,
    };
    entries.insert(key, deny);
    let reachability = Reachability::of(&snapshot, &environment);
    let (edge, login) = (name("edge"), name("login"));
    let between = |from, to| reachability.between((&edge, from), (&login, to)).open;
    assert_eq!(between("private-a", "private-b"), Ports::NONE);
    assert_eq!(between("private-b", "private-a"), tcp(8443));
    assert_eq!(between("private-b", "private-b"), tcp(8443));
    assert_eq!(reachability.reach(&edge, &login).open, tcp(8443));
}

#[test]
fn a_packet_without_reply_still_arrives() {
    let environment = bank();
    let mut snapshot = as_declared(&environment);
    let acl = snapshot.resources.network_acl.get_mut("private").unwrap();
    let Read::Known(entries) = &mut acl.entries else {
        panic!("the entries are known");
    };
    let deny = AclEntry {
        action: AclAction::Deny,
        protocol: "6".to_owned(),
        ports: Some(PortRange {
            first: 1024,
            last: 8442,
        }),
        cidr: "10.40.0.0/16".parse().unwrap(),
    };
    let high = AclEntry {
        ports: Some(PortRange {
            first: 8444,
            last: 65_535,
        }),
        ..deny.clone()
    };
    let key = |number| AclKey {
        flow: Flow::Ingress,
        number,
    };
    entries.extend([(key(50), deny), (key(51), high)]);
    let reachability = Reachability::of(&snapshot, &environment);
    let (edge, login) = (name("edge"), name("login"));
    let reach = reachability.between((&edge, "private-a"), (&login, "private-b"));
    assert_eq!(reach.open, tcp(8443));
    assert_eq!(reach.answered, tcp(8443), "port 8443 itself may answer");
    let Read::Known(entries) = &mut snapshot
        .resources
        .network_acl
        .get_mut("private")
        .unwrap()
        .entries
    else {
        panic!("the entries are known");
    };
    let all = AclEntry {
        action: AclAction::Deny,
        protocol: "6".to_owned(),
        ports: Some(PortRange {
            first: 1024,
            last: 65_535,
        }),
        cidr: "10.40.16.0/20".parse().unwrap(),
    };
    entries.insert(key(49), all);
    let reachability = Reachability::of(&snapshot, &environment);
    let reach = reachability.between((&edge, "private-a"), (&login, "private-b"));
    assert_eq!((reach.open, reach.answered), (tcp(8443), Ports::NONE));
}

#[test]
fn relays_are_told_and_are_no_breach() {
    let environment = bank();
    let snapshot = as_declared(&environment);
    let reachability = Reachability::of(&snapshot, &environment);
    let relays = reachability.relays(&name("edge"));
    let ledger = &relays[&name("ledger")];
    assert_eq!(ledger.undeclared, None);
    assert!(!ledger.through.is_empty());
    assert!(
        !relays.contains_key(&name("login")),
        "edge calls login itself"
    );
    let verdict = reachability.verdict(&name("edge"), &name("ledger"));
    assert_eq!(verdict, Verdict::Isolated);
}
