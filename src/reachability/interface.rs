//! What the network interfaces of a service are allowed by their security group. A version of a
//! service has one group; a group that a tag gives to a service counts too, declared or not.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{Doubt, Ports, range::Range};
use crate::{
    model::{Address, Environment, KindName, Naming, ServiceName, TagKey},
    resource::{Flow, Kind, Read, Ref, SecurityGroup, SecurityGroupRule},
    snapshot::Snapshot,
};

/// All interfaces with one group.
#[derive(Debug, Clone)]
pub(super) struct Interface {
    /// The service, by its place among the environment's.
    pub(super) service: usize,
    /// The group.
    pub(super) group: Address,
    /// Rules for what leaves.
    pub(super) egress: Vec<Rule>,
    /// Rules for what arrives.
    pub(super) ingress: Vec<Rule>,
}

/// One rule. All rules allow.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// The rule, or the group whose default rule it is.
    pub(super) address: Address,
    /// What it allows.
    pub(super) ports: Ports,
    /// The other side.
    pub(super) peer: Peer,
    /// Why it may mean less than that.
    pub(super) doubt: Option<Doubt>,
}

/// The other side of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Peer {
    /// The interfaces of a service, by place.
    Interface(usize),
    /// Addresses.
    Range(Range),
    /// A group that is no service's, a gateway's prefix list, a range of IPv6.
    Other(Ref),
}

impl Rule {
    /// The addresses that an interface may have for the rule to match it.
    pub(super) fn range_of(&self, interface: usize) -> Option<Range> {
        match &self.peer {
            Peer::Interface(other) => (*other == interface).then_some(Range::ALL),
            Peer::Range(range) => Some(*range),
            Peer::Other(_) => None,
        }
    }
}

/// The interfaces of every service that is there, in the order of services and groups.
pub(super) fn interfaces(snapshot: &Snapshot, environment: &Environment) -> Vec<Interface> {
    let owned = owned(snapshot, environment);
    let groups: Vec<(usize, &str)> = owned
        .iter()
        .flat_map(|(service, groups)| groups.iter().map(|group| (*service, group.as_str())))
        .collect();
    let places: BTreeMap<&str, usize> = groups
        .iter()
        .enumerate()
        .map(|(place, (_, group))| (*group, place))
        .collect();
    let mut interfaces: Vec<Interface> = groups
        .iter()
        .map(|(service, group)| of_group(snapshot, *service, group))
        .collect();
    for (name, rule) in &snapshot.resources.security_group_rule {
        let group = rule.group.address().map(|group| group.name.as_str());
        let own = group.and_then(|group| places.get(group));
        if let Some(interface) = own.and_then(|place| interfaces.get_mut(*place)) {
            let side = match rule.flow {
                Flow::Egress => &mut interface.egress,
                Flow::Ingress => &mut interface.ingress,
            };
            side.push(read(snapshot, name, rule, &places));
        }
    }
    interfaces
}

/// The groups of each service: those of its versions, and those that are tagged as its own.
fn owned(snapshot: &Snapshot, environment: &Environment) -> BTreeMap<usize, BTreeSet<String>> {
    let services = environment.services.values().enumerate();
    let mut owned: BTreeMap<usize, BTreeSet<String>> = services
        .map(|(place, service)| {
            let versions = service.versions.iter();
            let groups = versions.map(|version| Naming::version(&service.name, version));
            // A tombstone needs no group, but one that is left over can still be used.
            let there = |group: &String| snapshot.resources.security_group.contains_key(group);
            let groups = groups.filter(|group| service.is_alive() || there(group));
            (place, groups.collect())
        })
        .collect();
    let declared: BTreeSet<String> = owned.values().flatten().cloned().collect();
    let names: BTreeMap<&ServiceName, usize> = environment.services.keys().zip(0..).collect();
    for (name, group) in &snapshot.resources.security_group {
        let tags = group.tags.known();
        let tag = tags.and_then(|tags| tags.get(TagKey::SERVICE));
        let service = tag.and_then(|tag| tag.parse::<ServiceName>().ok());
        let place = service.and_then(|service| names.get(&service));
        if let Some(place) = place.filter(|_| !declared.contains(name)) {
            owned.entry(*place).or_default().insert(name.clone());
        }
    }
    owned
}

fn of_group(snapshot: &Snapshot, service: usize, name: &str) -> Interface {
    let group = Address::new(SecurityGroup::NAME, name);
    let any = |doubt| Rule {
        address: group.clone(),
        ports: Ports::all(),
        peer: Peer::Range(Range::ALL),
        doubt,
    };
    let (egress, ingress) = match snapshot.resources.security_group.get(name) {
        None => {
            let doubt = Some(Doubt::NoGroup(group.clone()));
            (vec![any(doubt.clone())], vec![any(doubt)])
        }
        Some(found) => match &found.default_egress {
            Read::Known(true) => (vec![any(None)], Vec::new()),
            Read::Known(false) => (Vec::new(), Vec::new()),
            Read::Unread(why) => {
                let doubt = Doubt::Unread {
                    address: group.clone(),
                    field: "default_egress",
                    why: why.to_string(),
                };
                (vec![any(Some(doubt))], Vec::new())
            }
        },
    };
    Interface {
        service,
        group,
        egress,
        ingress,
    }
}

fn read(
    snapshot: &Snapshot,
    name: &str,
    rule: &SecurityGroupRule,
    places: &BTreeMap<&str, usize>,
) -> Rule {
    let address = Address::new(SecurityGroupRule::NAME, name);
    let ports = Ports::of_rule(&rule.protocol, rule.ports);
    let unknown = ports.is_none().then(|| Doubt::Protocol {
        rule: address.to_string(),
        protocol: rule.protocol.clone(),
    });
    let (peer, unresolved) = peer(snapshot, &address, rule, places);
    Rule {
        address,
        ports: ports.unwrap_or_else(Ports::all),
        peer,
        doubt: unknown.or(unresolved),
    }
}

fn peer(
    snapshot: &Snapshot,
    address: &Address,
    rule: &SecurityGroupRule,
    places: &BTreeMap<&str, usize>,
) -> (Peer, Option<Doubt>) {
    let other = || (Peer::Other(rule.peer.clone()), None);
    let anywhere = || {
        let doubt = Doubt::Peer {
            rule: address.clone(),
            peer: rule.peer.to_string(),
        };
        (Peer::Range(Range::ALL), Some(doubt))
    };
    match &rule.peer {
        Ref::To(group) if group.kind == KindName::SecurityGroup => places
            .get(group.name.as_str())
            .map_or_else(other, |place| (Peer::Interface(*place), None)),
        Ref::To(_) => anywhere(),
        // The lists of gateway endpoints hold public addresses of AWS only.
        Ref::Literal(text) if text.starts_with("sg-") || text.starts_with("com.amazonaws.") => {
            other()
        }
        Ref::Literal(text) => match text.parse() {
            Ok(IpNet::V4(block)) => (Peer::Range(Range::of(block)), None),
            Ok(IpNet::V6(_)) if !has_ipv6(snapshot) => other(),
            Ok(IpNet::V6(_)) | Err(_) => anywhere(),
        },
    }
}

/// Whether an interface may have an IPv6 address, as far as the VPCs show.
fn has_ipv6(snapshot: &Snapshot) -> bool {
    let mut vpcs = snapshot.resources.vpc.values();
    vpcs.any(|vpc| match &vpc.further_cidrs {
        Read::Known(ranges) => ranges.iter().any(|range| matches!(range, IpNet::V6(_))),
        Read::Unread(_) => true,
    })
}
