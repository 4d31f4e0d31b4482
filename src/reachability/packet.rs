//! One packet, and what it meets on its way: a witness that anybody can replay against the rules.
//! Replaying reads the rules one by one, as AWS does, and uses nothing of what found the packet.

use std::{fmt, net::Ipv4Addr};

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use super::{
    Doubt,
    place::{acl_entries, routes},
    ports::Point,
};
use crate::{
    model::{Address, KindName},
    resource::{AclAction, AclEntries, AclEntry, Flow, PortRange, Ref, SecurityGroupRule},
    snapshot::Snapshot,
};

/// One end of a packet's way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct End {
    /// The security group of the interface.
    pub group: Address,
    /// Its subnet; none where the subnets are somebody else's.
    pub subnet: Option<Address>,
    /// Its address.
    pub address: Ipv4Addr,
}

/// A packet from one service to another, with what lets it pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Packet {
    /// Where it comes from.
    pub from: End,
    /// Where it goes.
    pub to: End,
    /// Its protocol and destination port.
    pub point: Point,
    /// The rule that lets it out: of the group, or the group itself for AWS's default rule.
    pub egress: Address,
    /// The rule that lets it in.
    pub ingress: Address,
    /// Everything that it passes, in order.
    pub passes: Vec<Step>,
}

/// Something that lets a packet pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The resource.
    pub by: Address,
    /// The part of it: an entry, a route; empty where it is the whole of it.
    pub part: String,
}

/// What stops a packet, by the codes of Reachability Analyzer.
/// <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// A security group has no such rule.
    #[error("ENI_SG_RULES_MISMATCH: {0} does not let it pass")]
    Group(Address),
    /// A network ACL denies it.
    #[error("SUBNET_ACL_RESTRICTION: {0} lets it neither in nor out")]
    Acl(Address),
    /// A route leads elsewhere.
    #[error("NO_ROUTE_TO_DESTINATION: {0} routes it elsewhere")]
    Route(Address),
    /// What decides was not read.
    #[error("not known: {0}")]
    Unknown(Doubt),
}

impl Packet {
    /// Follows the packet through the rules of a snapshot, and says what it passes.
    ///
    /// # Errors
    /// What stops it, or what is not known.
    pub fn replay(&self, snapshot: &Snapshot) -> Result<Vec<Step>, Blocked> {
        let mut steps = vec![self.leaves_group(snapshot)?];
        if self.from.subnet != self.to.subnet {
            steps.extend(self.crosses(snapshot)?);
        }
        steps.push(self.enters_group(snapshot)?);
        Ok(steps)
    }

    fn leaves_group(&self, snapshot: &Snapshot) -> Result<Step, Blocked> {
        if self.egress == self.from.group {
            let group = snapshot.resources.security_group.get(&self.egress.name);
            let open = group.and_then(|group| group.default_egress.known());
            return match open {
                Some(true) => Ok(step(&self.egress, "default egress rule")),
                _ => Err(Blocked::Group(self.egress.clone())),
            };
        }
        self.passes_rule(snapshot, &self.egress, Flow::Egress)
    }

    fn enters_group(&self, snapshot: &Snapshot) -> Result<Step, Blocked> {
        self.passes_rule(snapshot, &self.ingress, Flow::Ingress)
    }

    fn passes_rule(&self, snapshot: &Snapshot, at: &Address, flow: Flow) -> Result<Step, Blocked> {
        let (own, other) = match flow {
            Flow::Egress => (&self.from, &self.to),
            Flow::Ingress => (&self.to, &self.from),
        };
        let rule = snapshot.resources.security_group_rule.get(&at.name);
        let passes = rule.is_some_and(|rule| {
            let here = rule.flow == flow && rule.group.address() == Some(&own.group);
            here && is_about(&rule.protocol, rule.ports, self.point) && is_peer(rule, other)
        });
        match passes {
            true => Ok(step(at, "")),
            false => Err(Blocked::Group(at.clone())),
        }
    }

    fn crosses(&self, snapshot: &Snapshot) -> Result<Vec<Step>, Blocked> {
        let out = self.passes_acl(snapshot, Flow::Egress)?;
        let route = self.passes_route(snapshot)?;
        let inwards = self.passes_acl(snapshot, Flow::Ingress)?;
        Ok(vec![out, route, inwards])
    }

    fn passes_acl(&self, snapshot: &Snapshot, flow: Flow) -> Result<Step, Blocked> {
        let (own, other) = match flow {
            Flow::Egress => (&self.from, &self.to),
            Flow::Ingress => (&self.to, &self.from),
        };
        let (at, subnet) = subnet(snapshot, own)?;
        let (acl, entries) = acl_entries(snapshot, at, subnet).map_err(Blocked::Unknown)?;
        match first(entries, flow, other.address, self.point) {
            Some((number, entry)) if entry.action == AclAction::Allow => {
                Ok(step(&acl, &format!("{flow}:{number}")))
            }
            _ => Err(Blocked::Acl(acl)),
        }
    }

    /// The VPC's own route leads from subnet to subnet, unless a longer one is there.
    fn passes_route(&self, snapshot: &Snapshot) -> Result<Step, Blocked> {
        let (at, subnet) = subnet(snapshot, &self.from)?;
        let routes = routes(snapshot, at, subnet).map_err(Blocked::Unknown)?;
        let vpc = subnet.vpc.address();
        let vpc = vpc.and_then(|vpc| snapshot.resources.vpc.get(&vpc.name));
        let elsewhere = routes.keys().any(|destination| {
            let block: Option<ipnet::Ipv4Net> = destination.parse().ok();
            block.is_some_and(|block| {
                let inside = vpc.is_some_and(|vpc| vpc.cidr.contains(&block));
                inside && block.contains(&self.to.address)
            })
        });
        match elsewhere {
            true => Err(Blocked::Route(at.clone())),
            false => Ok(step(at, "local route")),
        }
    }
}

fn step(by: &Address, part: &str) -> Step {
    Step {
        by: by.clone(),
        part: part.to_owned(),
    }
}

fn subnet<'s>(
    snapshot: &'s Snapshot,
    end: &'s End,
) -> Result<(&'s Address, &'s crate::resource::Subnet), Blocked> {
    let at = end.subnet.as_ref();
    let found = at.and_then(|at| Some((at, snapshot.resources.subnet.get(&at.name)?)));
    found.ok_or(Blocked::Unknown(Doubt::NoSubnet))
}

/// The entry that decides: the first by number that matches.
fn first(
    entries: &AclEntries,
    flow: Flow,
    other: Ipv4Addr,
    point: Point,
) -> Option<(u16, &AclEntry)> {
    let mut tried = entries.iter().filter(|(key, entry)| {
        key.flow == flow
            && matches!(entry.cidr, IpNet::V4(block) if block.contains(&other))
            && is_about(&entry.protocol, entry.ports, point)
    });
    tried.next().map(|(key, entry)| (key.number, entry))
}

fn is_peer(rule: &SecurityGroupRule, other: &End) -> bool {
    match &rule.peer {
        Ref::To(address) => address.kind == KindName::SecurityGroup && *address == other.group,
        Ref::Literal(text) => {
            let block: Option<ipnet::Ipv4Net> = text.parse().ok();
            block.is_some_and(|block| block.contains(&other.address))
        }
    }
}

/// Whether a rule or an entry is about a protocol and a port.
fn is_about(protocol: &str, ports: Option<PortRange>, point: Point) -> bool {
    let number = match protocol {
        "-1" | "all" => return true,
        "tcp" => Some(6),
        "udp" => Some(17),
        "icmp" => Some(1),
        "icmpv6" => Some(58),
        other => other.parse().ok(),
    };
    let (port, [kind, code]) = (
        i32::from(point.port),
        point.port.to_be_bytes().map(i32::from),
    );
    number == Some(point.protocol)
        && match (point.protocol, ports) {
            (1 | 58, Some(range)) => {
                (range.first == -1 || range.first == kind)
                    && (range.first == -1 || range.last == -1 || range.last == code)
            }
            (6 | 17, Some(range)) => (range.first..=range.last).contains(&port),
            _ => true,
        }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.by)?;
        match self.part.as_str() {
            "" => Ok(()),
            part => write!(f, " {part}"),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from, to, point, ..
        } = self;
        write!(f, "{point} from {} to {}", from.address, to.address)?;
        let passes: Vec<String> = self.passes.iter().map(Step::to_string).collect();
        write!(f, ", by {}", passes.join(", "))
    }
}
