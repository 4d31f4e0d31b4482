//! Observes the route tables of the VPC. The route inside the VPC is left out, and so are those
//! of gateway endpoints: no route call sets them.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Route, RouteTable as Seen};

use super::{
    Target, ec2,
    found::{Candidate, Found},
    network::Shown,
};
use crate::{
    resource::{Read, Ref, RouteTable, Routes, Table},
    snapshot::{Ids, PhysicalId},
};

/// The target of the route inside the VPC.
const LOCAL: &str = "local";

/// The route tables of the environment.
pub(super) fn observe(shown: &Shown, target: &Target) -> Found<RouteTable> {
    match &shown.tables {
        Read::Known(tables) => {
            let candidates = tables.iter().filter_map(|seen| candidate(seen, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, target: &Target) -> Option<Candidate<RouteTable>> {
    let labels = ec2::labels(seen.tags());
    Some(Candidate {
        named: labels.logical(target, target.inside() && !is_main(seen)),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(seen.route_table_id()?),
        resource: RouteTable {
            name: labels.name,
            vpc: Ref::literal(seen.vpc_id()?),
            routes: routes(seen).into(),
            tags: Read::Known(labels.tags),
        },
    })
}

/// Those in the VPC that belong to nobody known, by id: a subnet of ours may use one.
pub(super) fn foreign(shown: &Shown, ours: &Ids, target: &Target) -> Table<RouteTable> {
    let known: BTreeSet<&str> = ours.values().map(|id| id.id.as_str()).collect();
    let tables = shown.tables.known().into_iter().flatten();
    let others = tables.filter(|seen| !is_main(seen));
    others
        .filter_map(|seen| candidate(seen, target))
        .filter(|one| !known.contains(one.id.id.as_str()))
        .map(|one| (one.id.id, one.resource))
        .collect()
}

/// The routes of the table that serves whatever names none.
pub(super) fn main_routes(shown: &Shown, vpc: &str) -> Read<Routes> {
    shown.tables.as_ref().map(|tables| {
        let mut main = tables.iter().filter(|table| is_main(table));
        let main = main.find(|table| table.vpc_id() == Some(vpc));
        main.map(routes).unwrap_or_default()
    })
}

/// Whether the table serves whatever names none.
pub(in crate::account::aws) fn is_main(table: &Seen) -> bool {
    let mut all = table.associations().iter();
    all.any(|association| association.main() == Some(true))
}

fn routes(table: &Seen) -> Routes {
    let shown = table.routes().iter().filter(|route| !is_of_endpoint(route));
    shown
        .filter_map(|route| {
            let target = target_of(route).filter(|target| *target != LOCAL)?;
            Some((destination(route)?.to_owned(), Ref::literal(target)))
        })
        .collect()
}

fn destination(route: &Route) -> Option<&str> {
    route
        .destination_cidr_block()
        .or(route.destination_ipv6_cidr_block())
        .or(route.destination_prefix_list_id())
}

/// A route to an instance shows its interface too, which is what really gets the traffic.
fn target_of(route: &Route) -> Option<&str> {
    route
        .nat_gateway_id()
        .or(route.network_interface_id())
        .or(route.transit_gateway_id())
        .or(route.vpc_peering_connection_id())
        .or(route.egress_only_internet_gateway_id())
        .or(route.gateway_id())
        .or(route.local_gateway_id())
        .or(route.carrier_gateway_id())
        .or(route.core_network_arn())
        .or(route.instance_id())
}

/// A gateway endpoint routes a prefix list to itself.
fn is_of_endpoint(route: &Route) -> bool {
    let endpoint = route.gateway_id().is_some_and(|id| id.starts_with("vpce-"));
    endpoint && route.destination_prefix_list_id().is_some()
}
