//! The whole network of an environment, and what passes between two interfaces in it: the rules of
//! both groups, and where the subnets differ, what is between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Doubt, Ports, Reach,
    crossing::Crossing,
    interface::{Interface, Peer, Rule, interfaces},
    place::{Place, places},
    range::Range,
};
use crate::{
    model::{Environment, KindName},
    resource::Read,
    snapshot::Snapshot,
};

/// The kinds without which nothing about groups is known.
const GROUPS: [KindName; 2] = [KindName::SecurityGroup, KindName::SecurityGroupRule];

/// Everything that decides about a packet.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) interfaces: Vec<Interface>,
    pub(super) places: Vec<Place>,
    /// What passes between whole subnets, by their places.
    crossings: Vec<Vec<Crossing>>,
    /// What makes every verdict unsure.
    pub(super) blanket: BTreeSet<Doubt>,
}

/// One way of a packet: the rules that let it pass, and the addresses that it may have.
pub(super) struct Way<'n> {
    pub(super) egress: &'n Rule,
    pub(super) ingress: &'n Rule,
    ports: Ports,
    source: Range,
    destination: Range,
}

impl Network {
    pub(super) fn of(snapshot: &Snapshot, environment: &Environment) -> Self {
        let places = places(snapshot, environment);
        let mut blanket = unlisted(snapshot, &GROUPS);
        if places.is_empty() {
            blanket.extend(unlisted(snapshot, &[KindName::Subnet]));
            blanket.insert(Doubt::NoSubnet);
        }
        Self {
            interfaces: interfaces(snapshot, environment),
            crossings: crossings(&places),
            places,
            blanket,
        }
    }

    /// The ways from one interface to another.
    pub(super) fn ways(&self, from: usize, to: usize) -> impl Iterator<Item = Way<'_>> {
        let interface = |place: usize| self.interfaces.get(place);
        let leaving = interface(from).map(|one| matching(&one.egress, to));
        let arriving = interface(to).map(|one| matching(&one.ingress, from));
        let arriving = arriving.unwrap_or_default();
        let leaving = leaving.unwrap_or_default().into_iter();
        leaving.flat_map(move |leaving| {
            let ways = arriving
                .iter()
                .filter_map(|arriving| Way::of(leaving, *arriving));
            ways.collect::<Vec<_>>()
        })
    }

    /// What passes on a way, between two places or, without them, between any.
    pub(super) fn passes(&self, way: &Way<'_>, places: Option<(usize, usize)>) -> Crossing {
        let all = || {
            let each = 0..self.places.len();
            each.clone()
                .flat_map(move |from| each.clone().map(move |to| (from, to)))
        };
        let within = |place: usize| self.within(way, place);
        let mut crossing = match places {
            None if (0..self.places.len()).any(within) => Crossing::free().of(&way.ports),
            None => all().fold(Crossing::default(), |sum, pair| {
                sum.with(self.cross(way, pair))
            }),
            Some(pair) => self.cross(way, pair),
        };
        let doubts = [&way.egress.doubt, &way.ingress.doubt];
        let doubts: Vec<Doubt> = doubts.into_iter().flatten().cloned().collect();
        if !doubts.is_empty() {
            (crossing.open, crossing.answered) = (Ports::NONE, Ports::NONE);
            crossing.doubts.extend(doubts);
        }
        crossing
    }

    /// Whether two interfaces in the same place may talk on the way.
    fn within(&self, way: &Way<'_>, place: usize) -> bool {
        self.ends(way, (place, place))
            .is_some_and(|(source, destination)| source.two(destination).is_some())
    }

    fn cross(&self, way: &Way<'_>, (from, to): (usize, usize)) -> Crossing {
        let Some((source, destination)) = self.ends(way, (from, to)) else {
            return Crossing::default();
        };
        if from == to {
            let free = source
                .two(destination)
                .map(|_| Crossing::free().of(&way.ports));
            return free.unwrap_or_default();
        }
        let (Some(one), Some(other)) = (self.places.get(from), self.places.get(to)) else {
            return Crossing::default();
        };
        let whole = source == one.range && destination == other.range;
        let known = self.crossings.get(from).and_then(|row| row.get(to));
        match known.filter(|_| whole) {
            Some(crossing) => crossing.of(&way.ports),
            None => Crossing::between(one, other, source, destination).of(&way.ports),
        }
    }

    /// The addresses of a way that are in two places.
    pub(super) fn ends(&self, way: &Way<'_>, (from, to): (usize, usize)) -> Option<(Range, Range)> {
        let (one, other) = (self.places.get(from)?, self.places.get(to)?);
        let source = way.source.common(one.range)?;
        Some((source, way.destination.common(other.range)?))
    }

    /// What passes from one interface to another.
    pub(super) fn reach(&self, from: usize, to: usize, places: Option<(usize, usize)>) -> Reach {
        let mut reach = Reach::default();
        for way in self.ways(from, to) {
            reach.add(self.passes(&way, places));
        }
        reach
    }

    /// Pairs of interfaces that could have a way, few of all: those that name each other, and those
    /// that address ranges join.
    pub(super) fn candidates(&self) -> BTreeMap<usize, BTreeSet<usize>> {
        let wide = |rules: &[Rule]| rules.iter().any(|rule| self.is_wide(rule));
        let mut admitting: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut open: BTreeSet<usize> = BTreeSet::new();
        for (place, interface) in self.interfaces.iter().enumerate() {
            for caller in named(&interface.ingress) {
                admitting.entry(caller).or_default().insert(place);
            }
            if wide(&interface.ingress) {
                open.insert(place);
            }
        }
        let none = BTreeSet::new();
        let pairs = self
            .interfaces
            .iter()
            .enumerate()
            .map(|(place, interface)| {
                let admitting = admitting.get(&place).unwrap_or(&none);
                let others: BTreeSet<usize> = match wide(&interface.egress) {
                    true => admitting.union(&open).copied().collect(),
                    false => named(&interface.egress)
                        .filter(|other| admitting.contains(other) || open.contains(other))
                        .collect(),
                };
                (place, others)
            });
        pairs.collect()
    }

    /// Whether a rule is about addresses that services have.
    fn is_wide(&self, rule: &Rule) -> bool {
        let Peer::Range(range) = &rule.peer else {
            return false;
        };
        let mut places = self.places.iter();
        places.any(|place| range.common(place.range).is_some())
    }
}

impl<'n> Way<'n> {
    fn of(
        (egress, destination): (&'n Rule, Range),
        (ingress, source): (&'n Rule, Range),
    ) -> Option<Self> {
        let ports = egress.ports.intersection(&ingress.ports);
        (!ports.is_empty()).then_some(Self {
            egress,
            ingress,
            ports,
            source,
            destination,
        })
    }
}

/// The rules that may be about an interface, with the addresses that it needs for that.
fn matching(rules: &[Rule], other: usize) -> Vec<(&Rule, Range)> {
    let rules = rules.iter();
    rules
        .filter_map(|rule| Some((rule, rule.range_of(other)?)))
        .collect()
}

impl Crossing {
    fn with(self, other: Self) -> Self {
        Self {
            open: self.open.union(&other.open),
            answered: self.answered.union(&other.answered),
            possible: self.possible.union(&other.possible),
            doubts: self.doubts.into_iter().chain(other.doubts).collect(),
        }
    }
}

fn named(rules: &[Rule]) -> impl Iterator<Item = usize> {
    rules.iter().filter_map(|rule| match rule.peer {
        Peer::Interface(other) => Some(other),
        Peer::Range(_) | Peer::Other(_) => None,
    })
}

fn crossings(places: &[Place]) -> Vec<Vec<Crossing>> {
    let row = |from: &Place| {
        let others = places.iter();
        others
            .map(|to| Crossing::between(from, to, from.range, to.range))
            .collect()
    };
    places.iter().map(row).collect()
}

/// Why some kinds are not known: a listing that failed, or was never made.
pub(super) fn unlisted(snapshot: &Snapshot, kinds: &[KindName]) -> BTreeSet<Doubt> {
    let listings = &snapshot.coverage.listings;
    let missing = kinds.iter().filter_map(|kind| match listings.get(kind) {
        Some(Read::Known(_)) => None,
        Some(Read::Unread(why)) => Some((*kind, why.to_string())),
        None => Some((*kind, "the snapshot does not say".to_owned())),
    });
    missing
        .map(|(kind, why)| Doubt::Unlisted { kind, why })
        .collect()
}
