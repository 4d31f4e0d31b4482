//! What passes from addresses of one subnet to addresses of another: the network ACLs of both, in
//! both directions, and the routes inside the VPC. Knows nothing of security groups.

use std::collections::BTreeSet;

use super::{
    Doubt, Ports,
    acl::Passing,
    place::Place,
    ports::{ICMP, TCP, UDP},
    range::Range,
};
use crate::resource::Flow;

/// Where replies arrive, whichever system asks.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html>
pub(super) const EPHEMERAL: (u16, u16) = (1024, u16::MAX);
/// An ICMP echo request, type 8 and code 0, and its reply, type 0 and code 0.
const ECHO: (u16, u16) = (0x0800, 0x0000);

/// What passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Crossing {
    /// What arrives for sure.
    pub(super) open: Ports,
    /// The part of `open` whose replies come back.
    pub(super) answered: Ports,
    /// What arrives, or may arrive.
    pub(super) possible: Ports,
    /// Why some of it is not sure.
    pub(super) doubts: BTreeSet<Doubt>,
}

impl Crossing {
    /// Everything passes, as within one subnet.
    pub(super) fn free() -> Self {
        Self {
            open: Ports::all(),
            answered: Ports::all(),
            possible: Ports::all(),
            doubts: BTreeSet::new(),
        }
    }

    /// What passes between some addresses of two different subnets.
    pub(super) fn between(from: &Place, to: &Place, source: Range, destination: Range) -> Self {
        let there = sides(to, source, from);
        let here = sides(from, destination, to);
        let mut crossing = Self::default();
        for arrive in &there {
            for leave in &here {
                crossing.add(leave, arrive);
            }
        }
        let doubts = from.acl.doubts().union(to.acl.doubts()).cloned();
        crossing.doubts.extend(doubts);
        crossing
    }

    fn add(&mut self, leave: &Side, arrive: &Side) {
        let open = leave.to.sure.intersection(&arrive.from.sure);
        let possible = leave.to.possible.intersection(&arrive.from.possible);
        let replies = leave.from.sure.intersection(&arrive.to.sure);
        self.possible = self.possible.union(&possible);
        self.doubts.extend(leave.diverted.clone());
        if leave.diverted.is_some() {
            return;
        }
        if arrive.diverted.is_none() {
            self.answered = self.answered.union(&answered(&open, &replies));
        }
        self.open = self.open.union(&open);
    }

    /// What passes of that which rules let pass.
    pub(super) fn of(&self, ports: &Ports) -> Self {
        Self {
            open: self.open.intersection(ports),
            answered: self.answered.intersection(ports),
            possible: self.possible.intersection(ports),
            doubts: self.doubts.clone(),
        }
    }
}

/// What the network ACL of a place lets pass to and from some addresses elsewhere.
struct Side {
    to: Passing,
    from: Passing,
    /// Why traffic to the addresses does not go straight.
    diverted: Option<Doubt>,
}

/// The addresses `far`, which are in the place `of`, as the network ACL of `at` sees them.
fn sides(at: &Place, far: Range, of: &Place) -> Vec<Side> {
    let routes = at.routes.iter().map(|route| Range::of(route.block));
    let pieces = far.cut(at.acl.ranges().chain(routes));
    pieces
        .into_iter()
        .map(|piece| Side {
            to: at.acl.passing(Flow::Egress, piece),
            from: at.acl.passing(Flow::Ingress, piece),
            diverted: diverted(at, piece, of),
        })
        .collect()
}

/// A route to part of the VPC wins over the VPC's own one, which is for all of it; one that is for
/// more than a subnet of it is for elsewhere, and loses.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html>
fn diverted(at: &Place, piece: Range, of: &Place) -> Option<Doubt> {
    if let Some(doubt) = &at.unrouted {
        return Some(doubt.clone());
    }
    let mut routes = at.routes.iter().filter(|route| {
        let block = Range::of(route.block);
        block.covers(piece) && of.vpc.iter().any(|vpc| vpc.covers(block))
    });
    let (route, subnet) = (routes.next()?, at.subnet.clone()?);
    Some(Doubt::Diverted {
        subnet,
        destination: route.block.to_string(),
        target: route.target.to_string(),
    })
}

/// The part of some traffic whose replies pass among `replies`.
fn answered(traffic: &Ports, replies: &Ports) -> Ports {
    let whole = |protocol| Ports::span(protocol, 0, u16::MAX);
    let (first, last) = EPHEMERAL;
    let asked = [
        (whole(TCP), Ports::span(TCP, first, last)),
        (whole(UDP), Ports::span(UDP, first, last)),
        (
            Ports::span(ICMP, ECHO.0, ECHO.0),
            Ports::span(ICMP, ECHO.1, ECHO.1),
        ),
    ];
    let mut found = Ports::NONE;
    let mut others = traffic.difference(&whole(ICMP));
    for (asked, reply) in &asked {
        others = others.difference(asked);
        if !replies.intersection(reply).is_empty() {
            found = found.union(&traffic.intersection(asked));
        }
    }
    found.union(&others.intersection(replies))
}
