//! Observes the network: one listing a kind for the whole VPC, whatever number of subnets it has.
//! What a call does not show is unread in every facet that it would have shown.

use aws_sdk_ec2::{Client, types};
use futures::join;

use super::{
    Sum, Target, elastic_ip, flow_log, gateways, internet_gateway, nat_gateway, network_acl,
    route_table, security_group, security_group_rule, subnet, vpc, vpc_endpoint,
};
use crate::{
    account::aws::{client::Clients, error::answer},
    model::Ids,
    resource::Read,
};

/// What the calls of one VPC showed.
pub(super) struct Shown {
    pub(super) groups: Read<Vec<types::SecurityGroup>>,
    pub(super) rules: Read<Vec<types::SecurityGroupRule>>,
    pub(super) subnets: Read<Vec<types::Subnet>>,
    pub(super) interfaces: Read<Vec<types::NetworkInterface>>,
    pub(super) tables: Read<Vec<types::RouteTable>>,
    pub(super) acls: Read<Vec<types::NetworkAcl>>,
    pub(super) nat_gateways: Read<Vec<types::NatGateway>>,
}

/// Calls an operation of EC2 for each of some VPCs at once, page by page. Where the VPCs are
/// unread, so is the answer; where there is none, it is empty and nothing is asked.
macro_rules! in_vpcs {
    ($client:expr, $operation:ident, $filter:literal, $call:literal, $vpcs:expr) => {
        match $vpcs {
            Read::Unread(why) => Read::Unread(why.clone()),
            Read::Known(vpcs) if vpcs.is_empty() => Read::Known(Vec::new()),
            Read::Known(vpcs) => {
                let request = $client.$operation().filters(filter_of($filter, vpcs));
                let pages = request.into_paginator().items().send();
                answer($call, pages.try_collect().await)
            }
        }
    };
}
pub(super) use in_vpcs;

/// A filter with several values.
pub(super) fn filter_of(name: &str, values: &[String]) -> types::Filter {
    let filter = types::Filter::builder().name(name);
    filter.set_values(Some(values.to_vec())).build()
}

impl Shown {
    async fn of(client: &Client, vpcs: &Read<Vec<String>>) -> Self {
        let (groups, subnets, interfaces, tables, acls, nat_gateways) = join!(
            security_group::list(client, vpcs),
            async {
                in_vpcs!(
                    client,
                    describe_subnets,
                    "vpc-id",
                    "ec2:DescribeSubnets",
                    vpcs
                )
            },
            async {
                in_vpcs!(
                    client,
                    describe_network_interfaces,
                    "vpc-id",
                    "ec2:DescribeNetworkInterfaces",
                    vpcs
                )
            },
            async {
                in_vpcs!(
                    client,
                    describe_route_tables,
                    "vpc-id",
                    "ec2:DescribeRouteTables",
                    vpcs
                )
            },
            async {
                in_vpcs!(
                    client,
                    describe_network_acls,
                    "vpc-id",
                    "ec2:DescribeNetworkAcls",
                    vpcs
                )
            },
            nat_gateway::list(client, vpcs),
        );
        Self {
            groups,
            rules: Read::Known(Vec::new()),
            subnets,
            interfaces,
            tables,
            acls,
            nat_gateways,
        }
    }
}

/// Everything of the network.
pub(super) async fn network(clients: &Clients, target: &Target) -> Sum {
    let client = &clients.ec2;
    let (vpcs, internet_gateways, addresses) = join!(
        vpc::list(client, target),
        internet_gateway::list(client),
        elastic_ip::list(client),
    );
    let claimed = vpc::claim(&vpcs, target);
    let ids = claimed.vpcs();
    let (mut shown, attached, endpoints, flow_logs) = join!(
        Shown::of(client, &ids),
        gateways::Attached::list(client, &ids),
        vpc_endpoint::observe(client, target, &ids),
        flow_log::observe(client, target, &ids),
    );
    let mut groups = security_group::observe(&shown.groups, target);
    let listed = security_group::with_default(&groups.ids, &shown.groups);
    shown.rules = security_group_rule::list(client, &listed).await;
    security_group::add_default_egress(&mut groups, &shown.rules);
    let own = security_group_rule::of(&shown.rules, &groups.ids);
    let mut sum = Sum::default();
    let lists = security_group_rule::prefix_lists(client, &own, target).await;
    sum.add(security_group_rule::observe(&own, &shown.groups, &lists));
    sum.add(groups);
    sum.add(subnet::observe(&shown, target));
    sum.add(route_table::observe(&shown, target));
    sum.add(network_acl::observe(&shown, target));
    sum.add(internet_gateway::observe(&internet_gateways, &ids, target));
    sum.add(nat_gateway::observe(&shown, target));
    sum.add(elastic_ip::observe(&addresses, target));
    let attached = attached.with(&internet_gateways, &shown.nat_gateways);
    let ours: Vec<&str> = ours(&sum.ids, &sum);
    let attached = attached.without(&ours);
    sum.foreign.route_table = route_table::foreign(&shown, &sum.ids, target);
    sum.foreign.network_acl = network_acl::foreign(&shown, &sum.ids, target);
    sum.merge(endpoints);
    sum.add(flow_logs);
    sum.add(vpc::observe(client, claimed, &shown, &attached).await);
    sum
}

/// The ids of gateways that are declared, or whose owner is in doubt.
fn ours<'a>(ids: &'a Ids, sum: &'a Sum) -> Vec<&'a str> {
    let disputed = sum.conflicts.iter().flat_map(|conflict| &conflict.ids);
    let ours = ids.values().map(|id| &id.id);
    ours.chain(disputed).map(String::as_str).collect()
}
