//! Finds the packet that shows a way to be open: the analysis says that there is one, and replaying
//! the rules confirms each candidate.

use super::{
    network::{Network, Way},
    packet::{End, Packet},
    place::Place,
    ports::Point,
    range::Range,
};
use crate::snapshot::Snapshot;

impl Network {
    /// A packet from one interface to another, about a protocol and a port; within one subnet if
    /// that is enough.
    pub(super) fn packet(
        &self,
        snapshot: &Snapshot,
        (from, to): (usize, usize),
        point: Point,
        places: Option<(usize, usize)>,
    ) -> Option<Packet> {
        let each = 0..self.places.len();
        let same = each.clone().map(|place| (place, place));
        let others = each
            .clone()
            .flat_map(|from| each.clone().map(move |to| (from, to)));
        let pairs: Vec<(usize, usize)> = match places {
            Some(pair) => vec![pair],
            None => same.chain(others.filter(|(from, to)| from != to)).collect(),
        };
        let ways: Vec<Way<'_>> = self.ways(from, to).collect();
        let mut packets = pairs.iter().flat_map(|pair| {
            let ways = ways.iter();
            ways.flat_map(|way| self.candidates_of(way, (from, to), *pair, point))
        });
        packets.find_map(|packet| {
            let passes = packet.replay(snapshot).ok()?;
            Some(Packet { passes, ..packet })
        })
    }

    fn candidates_of(
        &self,
        way: &Way<'_>,
        (from, to): (usize, usize),
        pair: (usize, usize),
        point: Point,
    ) -> Vec<Packet> {
        let ends = self.interfaces.get(from).zip(self.interfaces.get(to));
        let places = self.places.get(pair.0).zip(self.places.get(pair.1));
        let (Some((from, to)), Some((here, there)), Some((source, destination))) =
            (ends, places, self.ends(way, pair))
        else {
            return Vec::new();
        };
        let sources = pieces(source, here, there).into_iter();
        let addresses = sources.flat_map(|source| {
            let destinations = pieces(destination, here, there).into_iter();
            destinations.filter_map(move |destination| source.two(destination))
        });
        let end = |group: &crate::model::Address, place: &Place, address| End {
            group: group.clone(),
            subnet: place.subnet.clone(),
            address,
        };
        addresses
            .map(|(source, destination)| Packet {
                from: end(&from.group, here, source),
                to: end(&to.group, there, destination),
                point,
                egress: way.egress.address.clone(),
                ingress: way.ingress.address.clone(),
                passes: Vec::new(),
            })
            .collect()
    }
}

/// Addresses that the network ACLs and routes of two places do not divide.
fn pieces(range: Range, one: &Place, other: &Place) -> Vec<Range> {
    let routes = one.routes.iter().chain(&other.routes);
    let routes = routes.map(|route| Range::of(route.block));
    range.cut(one.acl.ranges().chain(other.acl.ranges()).chain(routes))
}
