//! Facts about the VPC: what AWS made along with it, and what leads out of it.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/configure-your-vpc.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    observed::{Observed, both, listing},
};
use crate::resource::{
    Attachment, DefaultRule, InternetGateway, Kind, NatGateway, Read, Ref, RouteTable, Routes, Vpc,
};

/// The VPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VpcFacts {
    /// Whether it is there.
    pub exists: Read<bool>,
    /// Whether the environment makes it; one that the specification names is somebody else's.
    pub provisioned: bool,
    /// The rules of its default security group.
    pub default_group_rules: Read<Texts>,
    /// Declared internet and NAT gateways that are not there.
    pub missing_gateways: Read<Texts>,
    /// Internet, egress-only and NAT gateways that nobody declared, each as `id: kind`.
    pub undeclared_gateways: Read<Texts>,
    /// Peerings, transit gateways and VPN gateways that nobody declared, each as `id: kind`.
    pub undeclared_interconnects: Read<Texts>,
    /// Routes of its route tables that lead to another network, each as `table: range to target`.
    pub interconnect_routes: Read<Texts>,
}

/// How the ids of what leads to another network begin.
const INTERCONNECTS: [&str; 5] = ["pcx-", "tgw-", "vgw-", "lgw-", "arn:"];

pub(super) fn facts(world: &World<'_>, name: &str) -> VpcFacts {
    let vpc = Observed::<Vpc>::of(world.snapshot, name);
    VpcFacts {
        exists: vpc.exists(),
        provisioned: world.environment.network.vpc.is_none(),
        default_group_rules: vpc
            .facet(|v| &v.default_group)
            .map(|rules| rules.iter().map(told).collect()),
        missing_gateways: both(
            missing::<InternetGateway>(world),
            missing::<NatGateway>(world),
        )
        .map(|(internet, nat)| internet.into_iter().chain(nat).collect()),
        undeclared_gateways: vpc.facet(|v| &v.gateways).map(attachments),
        undeclared_interconnects: vpc.facet(|v| &v.interconnects).map(attachments),
        interconnect_routes: both(vpc.facet(|v| &v.main_routes), tables(world))
            .map(|(main, tables)| interconnects("main", main).chain(tables).collect()),
    }
}

/// As `ingress -1 all self`.
fn told(rule: &DefaultRule) -> String {
    let ports = rule.ports.map_or_else(
        || "all".to_owned(),
        |ports| format!("{}-{}", ports.first, ports.last),
    );
    format!("{} {} {ports} {}", rule.flow, rule.protocol, rule.peer)
}

fn attachments(all: &BTreeMap<String, Attachment>) -> Texts {
    all.iter()
        .map(|(id, kind)| format!("{id}: {}", kind.words()))
        .collect()
}

fn missing<K: Kind>(world: &World<'_>) -> Read<Texts> {
    let live = K::table(&world.snapshot.resources);
    let wanted = K::table(world.desired).keys();
    let gone = wanted.filter(|name| !live.contains_key(*name));
    listing::<K>(world.snapshot).map(|_| gone.map(|name| format!("{}/{name}", K::NAME)).collect())
}

/// Of the environment's tables and of others in its VPC.
fn tables(world: &World<'_>) -> Read<Texts> {
    let snapshot = world.snapshot;
    let mut found = listing::<RouteTable>(snapshot).map(|_| Texts::new());
    let all = snapshot.resources.route_table.iter();
    for (name, table) in all.chain(&snapshot.foreign.route_table) {
        let routes = table.routes.as_ref();
        found = both(found, routes).map(|(found, routes)| {
            let more = interconnects(name, routes);
            found.into_iter().chain(more).collect()
        });
    }
    found
}

fn interconnects<'r>(table: &'r str, routes: &'r Routes) -> impl Iterator<Item = String> + 'r {
    routes.iter().filter_map(move |(range, target)| {
        let Ref::Literal(id) = target else {
            return None;
        };
        let leads = INTERCONNECTS.iter().any(|prefix| id.starts_with(prefix));
        leads.then(|| format!("{table}: {range} to {id}"))
    })
}
