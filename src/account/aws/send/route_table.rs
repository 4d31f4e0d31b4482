//! Sends the calls of route tables, and changes of routes, those of the main table included.

use aws_sdk_ec2::types::ResourceType;

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::{error::Refusal, observe::ec2::filter},
    resource::{RouteCall, RouteTable, RouteTableCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &RouteTableCall) -> Sent {
    match call {
        RouteTableCall::Create(table) => return create(order, table).await,
        RouteTableCall::Route(route) => change(order, order.own_id()?, route).await?,
        RouteTableCall::Tag(tags) => return ec2::tag(order, tags).await,
        RouteTableCall::Untag(keys) => return ec2::untag(order, keys).await,
        RouteTableCall::Delete => {
            let request = order.clients.ec2.delete_route_table();
            request.route_table_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, table: &RouteTable) -> Sent {
    let tags = wanted(&table.tags, "tags")?;
    let request = order.clients.ec2.create_route_table();
    let created = request
        .vpc_id(order.id(&table.vpc)?)
        .tag_specifications(ec2::created(ResourceType::RouteTable, &table.name, tags))
        .send()
        .await?;
    let id = created
        .route_table()
        .and_then(|table| table.route_table_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no route table"))?;
    Ok(Some(PhysicalId::plain(id)))
}

/// The table that serves whatever names none.
pub(super) async fn main_of(order: &Order<'_>, vpc: &str) -> Result<String, Refusal> {
    let request = order.clients.ec2.describe_route_tables();
    let shown = request
        .filters(filter("vpc-id", vpc))
        .filters(filter("association.main", "true"))
        .send()
        .await?;
    let found = shown
        .route_tables()
        .iter()
        .find_map(|table| table.route_table_id());
    let found = found.ok_or_else(|| Refusal::own("the VPC shows no main route table"))?;
    Ok(found.to_owned())
}

/// Changes one route of a table.
pub(super) async fn change(
    order: &Order<'_>,
    table: &str,
    change: &RouteCall,
) -> Result<(), Refusal> {
    let ec2 = &order.clients.ec2;
    match change {
        RouteCall::Create(to, target) => {
            let (to, by) = (Destination::of(to), Way::of(order.id(target)?));
            ec2.create_route()
                .route_table_id(table)
                .set_destination_cidr_block(to.four)
                .set_destination_ipv6_cidr_block(to.six)
                .set_destination_prefix_list_id(to.list)
                .set_nat_gateway_id(by.nat)
                .set_gateway_id(by.gateway)
                .set_vpc_endpoint_id(by.endpoint)
                .set_egress_only_internet_gateway_id(by.egress_only)
                .set_transit_gateway_id(by.transit)
                .set_vpc_peering_connection_id(by.peering)
                .set_network_interface_id(by.interface)
                .send()
                .await?;
        }
        RouteCall::Replace(to, target) => {
            let (to, by) = (Destination::of(to), Way::of(order.id(target)?));
            ec2.replace_route()
                .route_table_id(table)
                .set_destination_cidr_block(to.four)
                .set_destination_ipv6_cidr_block(to.six)
                .set_destination_prefix_list_id(to.list)
                .set_nat_gateway_id(by.nat)
                .set_gateway_id(by.gateway)
                .set_vpc_endpoint_id(by.endpoint)
                .set_egress_only_internet_gateway_id(by.egress_only)
                .set_transit_gateway_id(by.transit)
                .set_vpc_peering_connection_id(by.peering)
                .set_network_interface_id(by.interface)
                .send()
                .await?;
        }
        RouteCall::Delete(to) => {
            let to = Destination::of(to);
            ec2.delete_route()
                .route_table_id(table)
                .set_destination_cidr_block(to.four)
                .set_destination_ipv6_cidr_block(to.six)
                .set_destination_prefix_list_id(to.list)
                .send()
                .await?;
        }
    }
    Ok(())
}

/// A destination, in the one of three fields that is meant for it.
#[derive(Default)]
struct Destination {
    four: Option<String>,
    six: Option<String>,
    list: Option<String>,
}

impl Destination {
    fn of(text: &str) -> Self {
        let (mut to, text) = (Self::default(), Some(text.to_owned()));
        match text.as_deref() {
            Some(list) if list.starts_with("pl-") => to.list = text,
            Some(six) if six.contains(':') => to.six = text,
            _ => to.four = text,
        }
        to
    }
}

/// A target, in the one field that is meant for its kind, which its id tells.
#[derive(Default)]
struct Way {
    nat: Option<String>,
    gateway: Option<String>,
    endpoint: Option<String>,
    egress_only: Option<String>,
    transit: Option<String>,
    peering: Option<String>,
    interface: Option<String>,
}

impl Way {
    fn of(id: String) -> Self {
        let mut way = Self::default();
        let field = match id.split_once('-').map(|(prefix, _)| prefix) {
            Some("nat") => &mut way.nat,
            Some("vpce") => &mut way.endpoint,
            Some("eigw") => &mut way.egress_only,
            Some("tgw") => &mut way.transit,
            Some("pcx") => &mut way.peering,
            Some("eni") => &mut way.interface,
            _ => &mut way.gateway,
        };
        *field = Some(id);
        way
    }
}
