//! What passes between a service and the world outside of the environment's services: address
//! ranges, other people's groups, the endpoints of AWS. A rule without a route is told as closed.

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde::Serialize;

use super::{
    Doubt, Ports, declared,
    interface::{Interface, Peer, Rule},
    network::Network,
    place::{Place, ranges},
    ports::TCP,
    range::Range,
};
use crate::{
    model::{self, Address, Environment, KindName, Listener, Service},
    resource::{Flow, Ref, VpcEndpoint},
    snapshot::Snapshot,
};

/// Every AWS API answers here.
const HTTPS: u16 = 443;
/// The logical name of the group of the endpoints' interfaces.
const ENDPOINTS: &str = "endpoints";

/// What a rule lets pass between a service and something that is no service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OutsideWay {
    /// Out of the service, or into it.
    pub flow: Flow,
    /// The rule, or the group whose default rule it is.
    pub rule: Address,
    /// The other side: addresses, a group, a prefix list.
    pub peer: String,
    /// What leads there: a gateway, a connection; none where no route does, and none is needed for
    /// a group in the VPC.
    pub via: Option<String>,
    /// What the rule admits.
    pub admitted: Ports,
    /// What passes: none of it where no route leads there.
    pub open: Ports,
    /// The part of `open` that the environment does not declare.
    pub undeclared: Ports,
    /// Why more may pass.
    pub unknown: BTreeSet<Doubt>,
}

impl OutsideWay {
    /// Why it may lead to another network, or come from one.
    pub(super) fn connections(&self) -> BTreeSet<Doubt> {
        let addresses = self.peer.starts_with(|c: char| c.is_ascii_digit());
        match &self.via {
            Some(via) if addresses && is_connection(via) => [Doubt::Interconnect {
                connection: via.clone(),
            }]
            .into(),
            None if addresses => self.unknown.clone(),
            _ => BTreeSet::new(),
        }
    }
}

/// Whether a route's target is another network, rather than the internet or AWS.
fn is_connection(target: &str) -> bool {
    let gateways = [
        "nat_gateway/",
        "nat-",
        "internet_gateway/",
        "igw-",
        "vpc_endpoint/",
        "vpce-",
    ];
    !gateways.iter().any(|prefix| target.starts_with(prefix))
}

/// Whether any subnet of services has a way to another network, as far as its routes are known.
pub(super) fn is_connected(network: &Network) -> bool {
    network.places.iter().any(|place| {
        let mut targets = place.routes.iter().map(|route| route.target.to_string());
        place.unrouted.is_some() || targets.any(|target| is_connection(&target))
    })
}

/// The ways of one interface.
pub(super) struct Outside<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) environment: &'a Environment,
    pub(super) network: &'a Network,
    pub(super) service: &'a Service,
}

impl Outside<'_> {
    pub(super) fn ways(&self, interface: &Interface) -> Vec<OutsideWay> {
        let egress = interface.egress.iter().map(|rule| (Flow::Egress, rule));
        let ingress = interface.ingress.iter().map(|rule| (Flow::Ingress, rule));
        egress
            .chain(ingress)
            .flat_map(|(flow, rule)| self.of_rule(flow, rule))
            .collect()
    }

    fn of_rule(&self, flow: Flow, rule: &Rule) -> Vec<OutsideWay> {
        match &rule.peer {
            Peer::Interface(_) => Vec::new(),
            Peer::Other(peer) => vec![self.of_other(flow, rule, peer)],
            Peer::Range(range) => {
                let pieces = range.without(&vpc(self.snapshot, self.environment));
                let pieces = pieces.into_iter();
                pieces
                    .flat_map(|piece| self.of_piece(flow, rule, piece))
                    .collect()
            }
        }
    }

    /// A group or a list of AWS: what leads there is in the VPC itself.
    fn of_other(&self, flow: Flow, rule: &Rule, peer: &Ref) -> OutsideWay {
        let text = peer.to_string();
        let endpoints = *peer == Ref::to(KindName::SecurityGroup, ENDPOINTS);
        let gateway = text.starts_with("com.amazonaws.");
        let via = match gateway {
            true => self.gateway(&text),
            false => endpoints.then(|| text.clone()),
        };
        let mut way = self.way(flow, rule, text.clone());
        if !gateway || via.is_some() {
            way.open = rule.ports.clone();
        }
        let declared = match (endpoints || gateway, flow) {
            (true, Flow::Egress) => self.of_apis(&text, endpoints),
            (true, Flow::Ingress) => Ports::NONE,
            (false, _) => self.declared(flow, |peer| match peer {
                model::Peer::SecurityGroup(id) | model::Peer::PrefixList(id) => *id == text,
                model::Peer::Cidr(_) => false,
            }),
        };
        way.undeclared = way.open.difference(&declared);
        OutsideWay { via, ..way }
    }

    /// The endpoint whose prefix list it is.
    fn gateway(&self, list: &str) -> Option<String> {
        let own = self.snapshot.resources.vpc_endpoint.iter();
        let all = own.chain(&self.snapshot.foreign.vpc_endpoint);
        let mut found = all.filter(|(_, endpoint)| endpoint.service == list);
        let (name, _) = found.next()?;
        let kind = <VpcEndpoint as crate::resource::Kind>::NAME;
        Some(Address::new(kind, name.as_str()).to_string())
    }

    /// HTTPS to the APIs that the service needs.
    fn of_apis(&self, list: &str, interfaces: bool) -> Ports {
        let region = &self.environment.region;
        let needed = self.service.endpoints(region);
        let mut needed = needed.iter();
        let wanted = needed.any(|name| interfaces || region.endpoint_service(name) == list);
        match wanted && self.service.is_running() {
            true => Ports::span(TCP, HTTPS, HTTPS),
            false => Ports::NONE,
        }
    }

    /// Addresses outside of the VPC: by the routes that lead there, or closed.
    fn of_piece(&self, flow: Flow, rule: &Rule, piece: Range) -> Vec<OutsideWay> {
        let mut ways: BTreeSet<OutsideWay> = BTreeSet::new();
        for place in &self.network.places {
            for (piece, target) in routed(place, piece) {
                ways.extend(self.by_route(flow, rule, (place, piece), target));
            }
        }
        if ways.is_empty() {
            let mut way = self.way(flow, rule, piece.to_string());
            let unrouted = self.network.places.iter();
            let unrouted = unrouted.filter_map(|place| place.unrouted.clone());
            way.unknown.extend(unrouted);
            ways.insert(way);
        }
        ways.into_iter().collect()
    }

    fn by_route(
        &self,
        flow: Flow,
        rule: &Rule,
        (place, piece): (&Place, Range),
        target: &Ref,
    ) -> Option<OutsideWay> {
        let passing = place.acl.passing(flow, piece);
        let mut way = self.way(flow, rule, piece.to_string());
        if self.carries(flow, place, target) {
            way.open = rule.ports.intersection(&passing.sure);
            way.unknown.extend(place.acl.doubts().iter().cloned());
        }
        let declared = self.declared(flow, |peer| match peer {
            model::Peer::Cidr(block) => Range::of(*block).covers(piece),
            model::Peer::SecurityGroup(_) | model::Peer::PrefixList(_) => false,
        });
        way.undeclared = way.open.difference(&declared);
        way.via = Some(target.to_string());
        (!way.open.is_empty()).then_some(way)
    }

    /// Whether a route's target carries traffic for services: a NAT gateway outwards only, an
    /// internet gateway for whoever has a public address.
    fn carries(&self, flow: Flow, place: &Place, target: &Ref) -> bool {
        let resources = &self.snapshot.resources;
        match target {
            Ref::To(at) if at.kind == KindName::NatGateway => {
                let gateway = resources.nat_gateway.get(&at.name);
                let available = gateway.map(|gateway| gateway.available.known() != Some(&false));
                flow == Flow::Egress && available == Some(true)
            }
            Ref::Literal(id) if id.starts_with("nat-") => flow == Flow::Egress,
            Ref::To(at) if at.kind == KindName::InternetGateway => self.is_public(place),
            Ref::Literal(id) if id.starts_with("igw-") => self.is_public(place),
            Ref::To(_) | Ref::Literal(_) => true,
        }
    }

    fn is_public(&self, place: &Place) -> bool {
        let name = place.subnet.as_ref().map(|subnet| subnet.name.as_str());
        let subnet = name.and_then(|name| self.snapshot.resources.subnet.get(name));
        subnet.is_none_or(|subnet| {
            subnet.public_ip.known() != Some(&false)
                || subnet
                    .public_interfaces
                    .known()
                    .is_none_or(|all| !all.is_empty())
        })
    }

    fn declared(&self, flow: Flow, is: impl Fn(&model::Peer) -> bool) -> Ports {
        if !self.service.is_running() {
            return Ports::NONE;
        }
        let out = self
            .service
            .egress
            .iter()
            .map(|edge| (&edge.to, &edge.listener));
        let inwards = self.service.ingress.iter();
        let inwards = inwards.map(|edge| (&edge.from, &edge.listener));
        let edges: Vec<(&model::Peer, &Listener)> = match flow {
            Flow::Egress => out.collect(),
            Flow::Ingress => inwards.collect(),
        };
        let meant = edges.into_iter().filter(|(peer, _)| is(peer));
        meant.fold(Ports::NONE, |all, (_, listener)| {
            all.union(&declared::of(listener))
        })
    }

    fn way(&self, flow: Flow, rule: &Rule, peer: String) -> OutsideWay {
        OutsideWay {
            flow,
            rule: rule.address.clone(),
            peer,
            via: None,
            admitted: rule.ports.clone(),
            open: Ports::NONE,
            undeclared: Ports::NONE,
            unknown: rule.doubt.iter().cloned().collect(),
        }
    }
}

/// The pieces of a range that routes of a place are for, the longest prefix first.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>
fn routed(place: &Place, range: Range) -> Vec<(Range, &Ref)> {
    let mut routes: Vec<(Ipv4Net, &Ref)> = place
        .routes
        .iter()
        .map(|route| (route.block, &route.target))
        .collect();
    routes.sort_by_key(|(block, _)| std::cmp::Reverse(block.prefix_len()));
    let blocks = || routes.iter().map(|(block, _)| Range::of(*block));
    let pieces = range.cut(blocks().chain(place.acl.ranges())).into_iter();
    pieces
        .filter_map(|piece| {
            let mut leading = routes.iter();
            let (_, target) = leading.find(|(block, _)| Range::of(*block).covers(piece))?;
            Some((piece, *target))
        })
        .collect()
}

/// The address ranges of the VPC.
fn vpc(snapshot: &Snapshot, environment: &Environment) -> Vec<Range> {
    let shown = snapshot.resources.vpc.values().flat_map(ranges);
    [Range::of(environment.network.cidr)]
        .into_iter()
        .chain(shown)
        .collect()
}
