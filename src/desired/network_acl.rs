//! What the network ACLs of the two tiers let pass. They keep no state, so replies have entries of
//! their own, and they know no prefix lists, so what leaves through a gateway endpoint passes by
//! port alone: where traffic can go is for routes and security groups to say.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>

use std::collections::BTreeSet;

use ipnet::{IpNet, Ipv4Net};

use crate::{
    model::{Environment, Listener, Peer, Protocol},
    resource::{AclAction, AclEntries, AclEntry, AclKey, Flow, PortRange},
};

/// Ports of administration and of databases above 1,023, which replies must not open.
const ADMINISTRATION: [u16; 8] = [3389, 5432, 3306, 1433, 1521, 6379, 9200, 27_017];
/// Where replies arrive.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html>
const EPHEMERAL: PortRange = PortRange {
    first: 1024,
    last: 65_535,
};
/// The port of AWS's own APIs.
const HTTPS: u16 = 443;

/// The number of the entry for the VPC itself.
const WITHIN: u16 = 100;
/// The number of the first entry that opens what a later one denies.
const EXCEPTIONS: u16 = 101;
/// The number of the first denied port.
const DENIED: u16 = 110;
/// The number of the entry for replies, and of the one for AWS's own APIs.
const STANDING: u16 = 200;
/// The number of the first entry for declared edges.
const DECLARED: u16 = 210;
/// The distance between entries.
const STEP: u16 = 10;

/// Traffic that passes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Traffic {
    protocol: Protocol,
    ports: PortRange,
    range: IpNet,
}

impl Environment {
    /// The entries of the services' tier.
    pub(super) fn private_entries(&self) -> AclEntries {
        let (ingress, egress) = (self.ingress_traffic(), self.egress_traffic());
        let (exceptions, others): (BTreeSet<_>, _) =
            ingress.iter().partition(|edge| edge.is_denied());
        let unanswered = others.into_iter().filter(|edge| !edge.passes_as_reply());
        let https = Traffic {
            protocol: Protocol::Tcp,
            ports: PortRange::single(HTTPS),
            range: anywhere(),
        };
        let out: BTreeSet<Traffic> = egress
            .iter()
            .map(Traffic::to_anywhere)
            .filter(|edge| *edge != https)
            .chain(ingress.iter().map(Traffic::replies))
            .collect();
        let mut entries = Entries::within(self.network.cidr);
        entries.allow(Flow::Ingress, (EXCEPTIONS, 1), exceptions);
        entries.deny_administration();
        entries.allow(Flow::Ingress, (STANDING, STEP), [&tcp_replies()]);
        let udp = udp_replies(&egress);
        entries.allow(Flow::Ingress, (DECLARED, STEP), unanswered.chain(&udp));
        entries.allow(Flow::Egress, (STANDING, STEP), [&https]);
        entries.allow(Flow::Egress, (DECLARED, STEP), &out);
        entries.0
    }

    /// The entries of the NAT gateways' tier.
    pub(super) fn public_entries(&self) -> AclEntries {
        let egress = self.egress_traffic();
        let out: BTreeSet<Traffic> = egress.iter().map(Traffic::to_anywhere).collect();
        let mut entries = Entries::within(self.network.cidr);
        entries.deny_administration();
        entries.allow(Flow::Ingress, (STANDING, STEP), [&tcp_replies()]);
        entries.allow(Flow::Ingress, (DECLARED, STEP), &udp_replies(&egress));
        entries.allow(Flow::Egress, (DECLARED, STEP), &out);
        entries.0
    }

    fn ingress_traffic(&self) -> BTreeSet<Traffic> {
        let running = self
            .services
            .values()
            .filter(|service| service.is_running());
        let edges = running.flat_map(|service| &service.ingress);
        edges
            .filter_map(|edge| Traffic::with(&edge.from, &edge.listener))
            .collect()
    }

    fn egress_traffic(&self) -> BTreeSet<Traffic> {
        let running = self
            .services
            .values()
            .filter(|service| service.is_running());
        let edges = running.flat_map(|service| &service.egress);
        edges
            .filter_map(|edge| Traffic::with(&edge.to, &edge.listener))
            .collect()
    }
}

impl Traffic {
    /// The traffic of an edge; none where the other side has no addresses of its own.
    fn with(peer: &Peer, listener: &Listener) -> Option<Self> {
        let Peer::Cidr(range) = peer else {
            return None;
        };
        Some(Self {
            protocol: listener.protocol,
            ports: PortRange::single(listener.port.get()),
            range: range.trunc().into(),
        })
    }

    /// The same ports of every address: the route decides which can be reached, and AWS accepts
    /// twenty entries only.
    fn to_anywhere(&self) -> Self {
        Self {
            range: anywhere(),
            ..self.clone()
        }
    }

    /// What answers it.
    fn replies(&self) -> Self {
        Self {
            ports: EPHEMERAL,
            ..self.clone()
        }
    }

    fn is_denied(&self) -> bool {
        let denied = |port| PortRange::single(port) == self.ports;
        self.protocol == Protocol::Tcp && ADMINISTRATION.into_iter().any(denied)
    }

    /// Whether the entry for replies lets it pass already.
    fn passes_as_reply(&self) -> bool {
        self.protocol == Protocol::Tcp && self.ports.first >= EPHEMERAL.first
    }
}

/// Replies over TCP, of whatever gateway endpoint or declared range.
fn tcp_replies() -> Traffic {
    Traffic {
        protocol: Protocol::Tcp,
        ports: EPHEMERAL,
        range: anywhere(),
    }
}

/// Replies over UDP, of those declared ranges that are asked over it.
fn udp_replies(egress: &BTreeSet<Traffic>) -> BTreeSet<Traffic> {
    let asked = egress.iter().filter(|edge| edge.protocol == Protocol::Udp);
    asked.map(Traffic::replies).collect()
}

fn anywhere() -> IpNet {
    IpNet::V4(Ipv4Net::default())
}

/// The number of a protocol, as network ACLs write it.
fn number(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "6",
        Protocol::Udp => "17",
    }
}

struct Entries(AclEntries);

impl Entries {
    /// Whatever stays inside the VPC.
    fn within(network: Ipv4Net) -> Self {
        let entry = AclEntry {
            action: AclAction::Allow,
            protocol: "-1".to_owned(),
            ports: None,
            cidr: network.trunc().into(),
        };
        let key = |flow| AclKey {
            flow,
            number: WITHIN,
        };
        Self(
            [Flow::Ingress, Flow::Egress]
                .map(|flow| (key(flow), entry.clone()))
                .into(),
        )
    }

    fn allow<'t>(
        &mut self,
        flow: Flow,
        (first, step): (u16, u16),
        traffic: impl IntoIterator<Item = &'t Traffic>,
    ) {
        for (number, passing) in numbers(first, step).zip(traffic) {
            self.put(flow, number, AclAction::Allow, passing);
        }
    }

    /// After the exceptions, before the replies.
    fn deny_administration(&mut self) {
        let exceptions = self.0.keys().filter(|key| key.number >= EXCEPTIONS);
        let taken = exceptions.map(|key| key.number + 1).max();
        let first = taken.unwrap_or(DENIED).max(DENIED);
        for (number, port) in numbers(first, STEP).zip(ADMINISTRATION) {
            let closed = Traffic {
                protocol: Protocol::Tcp,
                ports: PortRange::single(port),
                range: anywhere(),
            };
            self.put(Flow::Ingress, number, AclAction::Deny, &closed);
        }
    }

    fn put(&mut self, flow: Flow, at: u16, action: AclAction, traffic: &Traffic) {
        let entry = AclEntry {
            action,
            protocol: number(traffic.protocol).to_owned(),
            ports: Some(traffic.ports),
            cidr: traffic.range,
        };
        self.0.insert(AclKey { flow, number: at }, entry);
    }
}

fn numbers(first: u16, step: u16) -> impl Iterator<Item = u16> {
    std::iter::successors(Some(first), move |number| number.checked_add(step))
}
