//! Facts about one security group: its rules beside the declared ones, and what the world may reach.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>

use std::collections::BTreeSet;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    observed::{Observed, both},
    rules::Rules,
};
use crate::resource::{Flow, Read, Ref, SecurityGroup, SecurityGroupRule};

/// A security group with its rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroupFacts {
    /// Whether the group is there.
    pub exists: Read<bool>,
    /// Declared rules that are not there.
    pub missing_rules: Read<Texts>,
    /// Rules that are not declared, the default rule for all outbound traffic included.
    pub extra_rules: Read<Texts>,
    /// Rules that admit more of the internet than any private address range holds.
    pub world_open_rules: Read<Texts>,
    /// Those of `world_open_rules` that are not declared.
    pub undeclared_world_open_rules: Read<Texts>,
    /// The TCP and UDP ports that `world_open_rules` admit.
    pub world_open_ports: Read<BTreeSet<PortSpan>>,
}

/// A span of ports, both ends included.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct PortSpan {
    /// First port.
    pub first: i64,
    /// Last port.
    pub last: i64,
}

/// Spans, sorted.
pub(super) type Spans = BTreeSet<PortSpan>;

const ALL_PORTS: PortSpan = PortSpan {
    first: 0,
    last: 65_535,
};
/// The rule "all traffic to 0.0.0.0/0" that AWS adds to every new group.
const DEFAULT_EGRESS: &str = "default egress rule";

pub(super) fn facts(
    world: &World<'_>,
    name: &str,
    wanted: Option<&SecurityGroup>,
) -> SecurityGroupFacts {
    let group = Observed::<SecurityGroup>::of(world.snapshot, name);
    // Rules of a group that is not there are no answer.
    let rules = || both(group.plain(|_| ()), world.rules.live(name)).map(|((), rules)| rules);
    let declared = world.rules.wanted(name);
    let default_wanted = wanted.and_then(|g| g.default_egress.known()) == Some(&true);
    let default_extra = group
        .facet(|g| &g.default_egress)
        .map(|open| *open && !default_wanted);
    SecurityGroupFacts {
        exists: group.exists(),
        missing_rules: rules().map(|live| absent(&declared, &live)),
        extra_rules: both(rules(), default_extra).map(|(live, default)| {
            let implicit = default.then(|| DEFAULT_EGRESS.to_owned());
            absent(&live, &declared)
                .into_iter()
                .chain(implicit)
                .collect()
        }),
        world_open_rules: rules().map(|live| open(&live).map(|(name, _)| name).collect()),
        undeclared_world_open_rules: rules().map(|live| {
            let names = open(&live).map(|(name, _)| name);
            names
                .filter(|name| !declared.contains_key(name.as_str()))
                .collect()
        }),
        world_open_ports: rules()
            .map(|live| open(&live).filter_map(|(_, rule)| span(rule)).collect()),
    }
}

fn absent(these: &Rules<'_>, from: &Rules<'_>) -> Texts {
    let names = these.keys().filter(|name| !from.contains_key(*name));
    names.map(|name| (*name).to_owned()).collect()
}

fn open<'r>(rules: &'r Rules<'r>) -> impl Iterator<Item = (String, &'r SecurityGroupRule)> + 'r {
    rules
        .iter()
        .filter(|(_, rule)| rule.flow == Flow::Ingress && is_world(&rule.peer))
        .map(|(name, rule)| ((*name).to_owned(), *rule))
}

fn is_world(peer: &Ref) -> bool {
    let Ref::Literal(text) = peer else {
        return false;
    };
    text.parse().is_ok_and(|range| covers_world(&range))
}

/// More than 10.0.0.0/8 or fc00::/7 can hold, so `0.0.0.0/1` counts like `0.0.0.0/0`.
pub(super) fn covers_world(range: &IpNet) -> bool {
    match range {
        IpNet::V4(range) => range.prefix_len() < 8,
        IpNet::V6(range) => range.prefix_len() < 7,
    }
}

/// None for protocols without ports.
fn span(rule: &SecurityGroupRule) -> Option<PortSpan> {
    match rule.protocol.as_str() {
        "-1" => Some(ALL_PORTS),
        "tcp" | "udp" | "6" | "17" => Some(rule.ports.map_or(ALL_PORTS, |ports| PortSpan {
            first: ports.first.into(),
            last: ports.last.into(),
        })),
        _ => None,
    }
}
