//! Which service's packets reach which other service, on which ports: security groups, network
//! ACLs both ways and routes, decided exactly for every ordered pair, with a packet to show for it.
//! Pure: it reads a snapshot and an environment, and judges nothing but packets.

mod acl;
mod crossing;
mod declared;
mod doubt;
mod interface;
mod network;
mod outside;
mod packet;
mod place;
mod ports;
mod range;
mod relay;
#[cfg(test)]
mod tests;
mod witness;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use declared::declared;
pub use doubt::{Assumption, Doubt};
pub use outside::OutsideWay;
pub use packet::{Blocked, End, Packet, Step};
pub use ports::{ICMP, Point, Ports, Span, TCP, UDP};
pub use relay::Relay;

use crate::{
    model::{Environment, Runtime, ServiceName},
    resource::{Flow, Ref},
    snapshot::Snapshot,
};
use crossing::Crossing;
use interface::Peer;
use network::Network;
use outside::Outside;
use relay::Graph;

/// Who reaches whom. Only pairs that have a way take room.
#[derive(Debug)]
pub struct Reachability<'a> {
    snapshot: &'a Snapshot,
    environment: &'a Environment,
    network: Network,
    /// Services by their place.
    services: Vec<&'a ServiceName>,
    /// Pairs of interfaces that have a way, by the places of their services.
    edges: BTreeMap<(usize, usize), Vec<(usize, usize)>>,
    graph: Graph,
    /// Services that can leave to another network, and those that it can reach, by place.
    leaving: BTreeMap<usize, BTreeSet<Doubt>>,
    entered: BTreeMap<usize, BTreeSet<Doubt>>,
}

/// What passes from one service to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// What arrives for sure, wherever the two run.
    pub open: Ports,
    /// The part of `open` whose replies come back through the network ACLs.
    pub answered: Ports,
    /// What arrives or may arrive: `open` and what could not be decided.
    pub possible: Ports,
    /// A packet that arrives: of undeclared traffic if there is any.
    pub witness: Option<Packet>,
    /// Why `possible` is more than `open`.
    pub unknown: BTreeSet<Doubt>,
}

/// What is to be said of an ordered pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing arrives.
    Isolated,
    /// Declared calls arrive, and nothing else.
    Declared,
    /// Something else arrives, such as this packet.
    Reachable(Box<Packet>),
    /// Something else may arrive.
    Unknown(BTreeSet<Doubt>),
}

impl<'a> Reachability<'a> {
    /// Decides for every pair of services of an environment, as a snapshot shows it.
    pub fn of(snapshot: &'a Snapshot, environment: &'a Environment) -> Self {
        let network = Network::of(snapshot, environment);
        let services: Vec<&ServiceName> = environment.services.keys().collect();
        let (mut edges, mut open) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
        for (from, others) in network.candidates() {
            for to in others {
                let ends = network.interfaces.get(from).zip(network.interfaces.get(to));
                let pair = ends.map(|(from, to)| (from.service, to.service));
                let Some(pair) = pair.filter(|(from, to)| from != to) else {
                    continue;
                };
                let reach = network.reach(from, to, None);
                if !reach.possible.is_empty() {
                    edges.entry(pair).or_default().push((from, to));
                }
                if !reach.open.is_empty() {
                    open.insert(pair);
                }
            }
        }
        let named = |place: usize| services.get(place).map(|name| (*name).clone());
        let open = open.into_iter();
        let open = open.filter_map(|(from, to)| Some((named(from)?, named(to)?)));
        let mut found = Self {
            snapshot,
            environment,
            network,
            graph: Graph::of(environment, open),
            services,
            edges,
            leaving: BTreeMap::new(),
            entered: BTreeMap::new(),
        };
        found.connect();
        found
    }

    /// Other networks can pass on what they get: who leaves to one may reach whom it can enter.
    fn connect(&mut self) {
        if !outside::is_connected(&self.network) {
            return;
        }
        for (place, service) in self.services.iter().enumerate() {
            for way in self.outside(service) {
                let doubts = way.connections();
                let ends = match way.flow {
                    Flow::Egress => &mut self.leaving,
                    Flow::Ingress => &mut self.entered,
                };
                if !doubts.is_empty() {
                    ends.entry(place).or_default().extend(doubts);
                }
            }
        }
    }

    /// What passes between a service and the world outside of the environment's services.
    pub fn outside(&self, service: &ServiceName) -> Vec<OutsideWay> {
        let place = self.services.binary_search(&service).ok();
        let (Some(place), Some(service)) = (place, self.environment.services.get(service)) else {
            return Vec::new();
        };
        let outside = Outside {
            snapshot: self.snapshot,
            environment: self.environment,
            network: &self.network,
            service,
        };
        let interfaces = self.network.interfaces.iter();
        let own = interfaces.filter(|one| one.service == place);
        own.flat_map(|one| outside.ways(one)).collect()
    }

    /// What passes from one service to another, wherever they run. Nothing passes to itself.
    pub fn reach(&self, from: &ServiceName, to: &ServiceName) -> Reach {
        self.decide(from, to, None)
    }

    /// The same from one subnet to another, by their logical names, as `private-a`; nothing where
    /// no service runs in one of them.
    pub fn between(
        &self,
        (from, from_subnet): (&ServiceName, &str),
        (to, to_subnet): (&ServiceName, &str),
    ) -> Reach {
        match self.place(from_subnet).zip(self.place(to_subnet)) {
            Some(places) => self.decide(from, to, Some(places)),
            None => Reach::default(),
        }
    }

    /// The logical names of the subnets that services run in; none in somebody else's VPC.
    pub fn subnets(&self) -> Vec<&str> {
        let places = self.network.places.iter();
        let subnets = places.filter_map(|place| place.subnet.as_ref());
        subnets.map(|subnet| subnet.name.as_str()).collect()
    }

    /// What is to be said of a pair: what is open and not declared is a breach.
    pub fn verdict(&self, from: &ServiceName, to: &ServiceName) -> Verdict {
        if self.network.blanket.is_empty() && !self.may_reach(from, to) {
            return Verdict::Isolated;
        }
        let reach = self.reach(from, to);
        let declared = declared(self.environment, from, to);
        match reach.witness {
            Some(packet) if !declared.contains(packet.point) => {
                Verdict::Reachable(Box::new(packet))
            }
            _ if !declared.covers(&reach.possible) => Verdict::Unknown(reach.unknown),
            _ if reach.possible.is_empty() => Verdict::Isolated,
            _ => Verdict::Declared,
        }
    }

    /// The pairs between which anything passes or may pass, in order; none where the groups could
    /// not be listed, for then every pair may be one.
    pub fn edges(&self) -> impl Iterator<Item = (&'a ServiceName, &'a ServiceName)> {
        let mut pairs: BTreeSet<(usize, usize)> = self.edges.keys().copied().collect();
        for from in self.leaving.keys() {
            let others = self.entered.keys().filter(|to| *to != from);
            pairs.extend(others.map(|to| (*from, *to)));
        }
        let named = |place: usize| self.services.get(place).copied();
        let pairs = pairs.into_iter();
        pairs.filter_map(move |(from, to)| Some((named(from)?, named(to)?)))
    }

    /// The pairs between which another network may pass packets on.
    pub fn interconnected(&self) -> impl Iterator<Item = (&'a ServiceName, &'a ServiceName)> {
        let named = |place: &usize| self.services.get(*place).copied();
        self.leaving.keys().flat_map(move |from| {
            let entered = self.entered.keys().filter(move |to| from != *to);
            entered.filter_map(move |to| Some((named(from)?, named(to)?)))
        })
    }

    /// What leaves nothing sure, whatever the pair.
    pub fn blanket(&self) -> &BTreeSet<Doubt> {
        &self.network.blanket
    }

    /// The ways of a service to others through services that may call, where no direct way is.
    pub fn relays(&self, from: &ServiceName) -> BTreeMap<ServiceName, Relay> {
        self.graph.relays(from)
    }

    /// What every verdict here takes for granted.
    pub fn assumptions(&self) -> BTreeSet<Assumption> {
        let placement = match &self.environment.network.vpc {
            Some(vpc) => Assumption::OthersVpc(vpc.to_string()),
            None => Assumption::Placement,
        };
        let services = self.environment.services.values();
        let pods = services.filter(|service| {
            use Runtime::{EksIrsa, EksPodIdentity};
            matches!(service.runtime, EksIrsa { .. } | EksPodIdentity { .. })
        });
        let pods = pods.map(|service| Assumption::PodGroup(service.name.clone()));
        [Assumption::OneGroup, Assumption::Unfiltered, placement]
            .into_iter()
            .chain(pods)
            .chain(self.foreign_groups())
            .collect()
    }

    fn foreign_groups(&self) -> impl Iterator<Item = Assumption> {
        let interfaces = self.network.interfaces.iter();
        let rules = interfaces.flat_map(|one| one.egress.iter().chain(&one.ingress));
        rules.filter_map(|rule| match &rule.peer {
            Peer::Other(Ref::Literal(id)) if id.starts_with("sg-") => {
                Some(Assumption::ForeignGroup(id.clone()))
            }
            _ => None,
        })
    }

    fn decide(
        &self,
        from: &ServiceName,
        to: &ServiceName,
        places: Option<(usize, usize)>,
    ) -> Reach {
        let mut reach = Reach::default();
        let pairs = self.pairs(from, to);
        for (from, to) in pairs {
            let part = self.network.reach(*from, *to, places);
            reach = reach.with(part);
        }
        if !self.network.blanket.is_empty() && from != to {
            reach.possible = Ports::all();
            reach.unknown.extend(self.network.blanket.iter().cloned());
        }
        if let Some(doubts) = self.connected(from, to) {
            reach.possible = Ports::all();
            reach.unknown.extend(doubts.iter().cloned());
        }
        let undeclared = reach.open.difference(&declared(self.environment, from, to));
        let shown = undeclared.example().or_else(|| reach.open.example());
        reach.witness = shown.and_then(|point| {
            let mut pairs = pairs.iter();
            pairs.find_map(|pair| self.network.packet(self.snapshot, *pair, point, places))
        });
        reach
    }

    fn may_reach(&self, from: &ServiceName, to: &ServiceName) -> bool {
        !self.pairs(from, to).is_empty() || self.connected(from, to).is_some()
    }

    /// Why another network may pass packets on from one to the other.
    fn connected(&self, from: &ServiceName, to: &ServiceName) -> Option<&BTreeSet<Doubt>> {
        let place = |name: &ServiceName| self.services.binary_search(&name).ok();
        let (one, other) = (place(from)?, place(to)?);
        let doubts = self.leaving.get(&one)?;
        (one != other && self.entered.contains_key(&other)).then_some(doubts)
    }

    fn pairs(&self, from: &ServiceName, to: &ServiceName) -> &[(usize, usize)] {
        let place = |name: &ServiceName| self.services.binary_search(&name).ok();
        let pair = place(from).zip(place(to));
        let pairs = pair.and_then(|pair| self.edges.get(&pair));
        pairs.map(Vec::as_slice).unwrap_or_default()
    }

    fn place(&self, subnet: &str) -> Option<usize> {
        self.network.places.iter().position(|place| {
            let name = place.subnet.as_ref().map(|subnet| subnet.name.as_str());
            name == Some(subnet)
        })
    }
}

impl Reach {
    fn add(&mut self, crossing: Crossing) {
        self.open = self.open.union(&crossing.open);
        self.answered = self.answered.union(&crossing.answered);
        self.possible = self.possible.union(&crossing.possible);
        if !crossing.open.covers(&crossing.possible) {
            self.unknown.extend(crossing.doubts);
        }
        if self.open.covers(&self.possible) {
            self.unknown.clear();
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.add(Crossing {
            open: other.open,
            answered: other.answered,
            possible: other.possible,
            doubts: other.unknown,
        });
        self
    }
}
