//! Networks of chance: what the analysis says of a pair is what every single packet finds, by a
//! simulator that knows nothing but rules.

use std::{net::Ipv4Addr, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::resource::{
    AclAction, AclEntries, AclEntry, AclKey, Flow, PortRange, Ref, SecurityGroupRule,
};

/// The groups of three services of the bank.
const GROUPS: [&str; 3] = ["login-v1", "ledger-v1", "statements-v1"];
const SERVICES: [&str; 3] = ["login", "ledger", "statements"];
/// Peers of rules, ranges that hold whole subnets, halves and single addresses.
const RANGES: [&str; 6] = [
    "10.40.0.0/16",
    "10.40.0.0/20",
    "10.40.16.0/21",
    "10.40.24.0/21",
    "10.40.0.9/32",
    "192.0.2.0/24",
];
const PROTOCOLS: [&str; 4] = ["tcp", "udp", "icmp", "-1"];
const NUMBERS: [&str; 4] = ["6", "17", "1", "-1"];
/// Addresses on both sides of every border of [`RANGES`].
const ADDRESSES: [(&str, &str); 9] = [
    ("private-a", "10.40.0.4"),
    ("private-a", "10.40.0.9"),
    ("private-a", "10.40.15.254"),
    ("private-b", "10.40.16.4"),
    ("private-b", "10.40.23.255"),
    ("private-b", "10.40.24.0"),
    ("private-b", "10.40.31.254"),
    ("private-c", "10.40.32.4"),
    ("private-c", "10.40.32.5"),
];
/// Ports on both sides of every border of the ranges of ports.
const PORTS: [u16; 8] = [0, 19, 20, 25, 30, 31, 443, 2048];

fn ports(protocol: &str) -> BoxedStrategy<Option<PortRange>> {
    let range = |first, last| Some(PortRange { first, last });
    match protocol {
        "icmp" | "1" => {
            prop_oneof![Just(range(-1, -1)), Just(range(8, -1)), Just(range(0, 20))].boxed()
        }
        "-1" => Just(None).boxed(),
        _ => prop_oneof![
            Just(None),
            Just(range(20, 30)),
            Just(range(25, 25)),
            Just(range(0, 65_535))
        ]
        .boxed(),
    }
}

fn rule() -> impl Strategy<Value = SecurityGroupRule> {
    let peer = prop_oneof![
        proptest::sample::select(GROUPS.to_vec())
            .prop_map(|name| Ref::to(KindName::SecurityGroup, name)),
        proptest::sample::select(RANGES.to_vec()).prop_map(Ref::literal),
    ];
    let what = proptest::sample::select(PROTOCOLS.to_vec())
        .prop_flat_map(|protocol| (Just(protocol), ports(protocol)));
    (
        proptest::sample::select(GROUPS.to_vec()),
        any::<bool>(),
        what,
        peer,
    )
        .prop_map(
            |(group, egress, (protocol, ports), peer)| SecurityGroupRule {
                group: Ref::to(KindName::SecurityGroup, group),
                flow: if egress { Flow::Egress } else { Flow::Ingress },
                protocol: protocol.to_owned(),
                ports,
                peer,
                description: String::new().into(),
            },
        )
}

fn entries() -> impl Strategy<Value = AclEntries> {
    let what = proptest::sample::select(NUMBERS.to_vec())
        .prop_flat_map(|protocol| (Just(protocol), ports(protocol)));
    let entry = (
        any::<bool>(),
        any::<bool>(),
        what,
        proptest::sample::select(RANGES.to_vec()),
    );
    proptest::collection::vec(entry, 0..8).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        numbered
            .map(|((egress, allow, (protocol, ports), cidr), number)| {
                let flow = if egress { Flow::Egress } else { Flow::Ingress };
                let entry = AclEntry {
                    action: if allow {
                        AclAction::Allow
                    } else {
                        AclAction::Deny
                    },
                    protocol: protocol.to_owned(),
                    ports,
                    cidr: cidr.parse().unwrap(),
                };
                (AclKey { flow, number }, entry)
            })
            .collect()
    })
}

/// Whether a rule or an entry means a packet, the plain way.
fn means(protocol: &str, ports: Option<PortRange>, point: Point) -> bool {
    let number = match protocol {
        "-1" => return true,
        "tcp" | "6" => 6,
        "udp" | "17" => 17,
        _ => 1,
    };
    let Some(range) = ports else {
        return number == point.protocol;
    };
    let (kind, code) = (i32::from(point.port >> 8), i32::from(point.port & 255));
    let inside = match number {
        1 => {
            (range.first == -1 || range.first == kind)
                && (range.first == -1 || range.last == -1 || range.last == code)
        }
        _ => range.first <= i32::from(point.port) && i32::from(point.port) <= range.last,
    };
    number == point.protocol && inside
}

fn inside(cidr: &str, address: &str) -> bool {
    let block: ipnet::Ipv4Net = cidr.parse().unwrap();
    block.contains(&address.parse::<Ipv4Addr>().unwrap())
}

fn group_passes(
    snapshot: &Snapshot,
    flow: Flow,
    own: &str,
    other: (&str, &str),
    point: Point,
) -> bool {
    let mut rules = snapshot.resources.security_group_rule.values();
    rules.any(|rule| {
        let peer = match &rule.peer {
            Ref::To(group) => group.name == other.0,
            Ref::Literal(cidr) => inside(cidr, other.1),
        };
        let own = rule.group == Ref::to(KindName::SecurityGroup, own);
        own && peer && rule.flow == flow && means(&rule.protocol, rule.ports, point)
    })
}

fn acl_passes(snapshot: &Snapshot, subnet: &str, flow: Flow, other: &str, point: Point) -> bool {
    let acl = &snapshot.resources.network_acl[subnet];
    let entries = acl.entries.known().unwrap();
    let first = entries.iter().find(|(key, entry)| {
        let here = key.flow == flow && inside(&entry.cidr.to_string(), other);
        here && means(&entry.protocol, entry.ports, point)
    });
    first.is_some_and(|(_, entry)| entry.action == AclAction::Allow)
}

type At = (&'static str, &'static str);

fn arrives(
    snapshot: &Snapshot,
    (from, here): (&str, At),
    (to, there): (&str, At),
    point: Point,
) -> bool {
    here.1 != there.1
        && group_passes(snapshot, Flow::Egress, from, (to, there.1), point)
        && group_passes(snapshot, Flow::Ingress, to, (from, here.1), point)
        && (here.0 == there.0
            || acl_passes(snapshot, here.0, Flow::Egress, there.1, point)
                && acl_passes(snapshot, there.0, Flow::Ingress, here.1, point))
}

/// The bank with other rules, a network ACL a subnet, and nothing else changed.
fn world(rules: Vec<SecurityGroupRule>, acls: Vec<AclEntries>) -> (Environment, Snapshot) {
    static BANK: LazyLock<(Environment, Snapshot)> = LazyLock::new(|| {
        let environment = bank();
        let snapshot = as_declared(&environment);
        (environment, snapshot)
    });
    let (environment, mut snapshot) = BANK.clone();
    let resources = &mut snapshot.resources;
    resources.security_group_rule = rules
        .into_iter()
        .map(|rule| (rule.logical_name(), rule))
        .collect();
    let private = resources.network_acl["private"].clone();
    for (subnet, entries) in ["private-a", "private-b", "private-c"]
        .into_iter()
        .zip(acls)
    {
        let acl = crate::resource::NetworkAcl {
            entries: entries.into(),
            ..private.clone()
        };
        resources.network_acl.insert(subnet.to_owned(), acl);
        resources.subnet.get_mut(subnet).unwrap().network_acl =
            Some(Ref::to(KindName::NetworkAcl, subnet)).into();
    }
    (environment, snapshot)
}

fn points() -> impl Iterator<Item = Point> {
    [1, 6, 17, 47]
        .into_iter()
        .flat_map(|protocol| PORTS.into_iter().map(move |port| Point { protocol, port }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_analysis_says_what_packets_find(
        rules in proptest::collection::vec(rule(), 1..24),
        acls in proptest::collection::vec(entries(), 3),
    ) {
        let (environment, snapshot) = world(rules, acls);
        let reachability = Reachability::of(&snapshot, &environment);
        for (a, b) in [(0, 1), (1, 2), (2, 0)] {
            let (from, to) = (name(SERVICES[a]), name(SERVICES[b]));
            for x in ["private-a", "private-b", "private-c"] {
                for y in ["private-a", "private-b", "private-c"] {
                    let reach = reachability.between((&from, x), (&to, y));
                    prop_assert_eq!(&reach.open, &reach.possible);
                    if let Some(packet) = &reach.witness {
                        prop_assert_eq!(&packet.replay(&snapshot).unwrap(), &packet.passes);
                    }
                    prop_assert_eq!(reach.witness.is_some(), !reach.open.is_empty());
                    for point in points() {
                        let ends = |subnet| ADDRESSES.iter().filter(move |at| at.0 == subnet);
                        let found = ends(x).any(|here| ends(y).any(|there| {
                            arrives(&snapshot, (GROUPS[a], *here), (GROUPS[b], *there), point)
                        }));
                        prop_assert_eq!(
                            reach.open.contains(point), found,
                            "{} {} to {} {}: {} of {}", from, x, to, y, point, reach.open
                        );
                    }
                }
            }
        }
    }
}
