//! Sends the calls of subnets. An association has an id of its own, which is asked for.

use aws_sdk_ec2::types::{AttributeBooleanValue, NetworkAcl, ResourceType};

use super::{Order, Sent, ec2, network_acl, wanted};
use crate::{
    account::aws::{error::Refusal, observe::ec2::filter},
    resource::{Subnet, SubnetCall},
    snapshot::PhysicalId,
};

/// The filter by the subnet of an association.
const ASSOCIATED: &str = "association.subnet-id";

pub(super) async fn send(order: &Order<'_>, call: &SubnetCall) -> Sent {
    match call {
        SubnetCall::Create(subnet) => return create(order, subnet).await,
        SubnetCall::PublicIp(on) => {
            let on = AttributeBooleanValue::builder().value(*on).build();
            let request = order.clients.ec2.modify_subnet_attribute();
            let request = request.subnet_id(order.own_id()?);
            request.map_public_ip_on_launch(on).send().await?;
        }
        SubnetCall::AssociateRouteTable(table) => associate(order, &order.id(table)?).await?,
        SubnetCall::DisassociateRouteTable => {
            if let Some(association) = route_association(order).await? {
                let request = order.clients.ec2.disassociate_route_table();
                request.association_id(association).send().await?;
            }
        }
        SubnetCall::AssociateNetworkAcl(acl) => filter_by(order, &order.id(acl)?).await?,
        SubnetCall::DisassociateNetworkAcl => {
            let shown = associated_acl(order).await?;
            let vpc = shown.vpc_id().unwrap_or_default();
            let default = network_acl::default_of(order, vpc).await?;
            replace(order, &shown, &default).await?;
        }
        SubnetCall::Tag(tags) => return ec2::tag(order, tags).await,
        SubnetCall::Untag(keys) => return ec2::untag(order, keys).await,
        SubnetCall::Delete => {
            let request = order.clients.ec2.delete_subnet();
            request.subnet_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

/// CreateSubnet takes no client token either, but AWS refuses a second one of the same range.
async fn create(order: &Order<'_>, subnet: &Subnet) -> Sent {
    let tags = wanted(&subnet.tags, "tags")?;
    let request = order.clients.ec2.create_subnet();
    let created = request
        .vpc_id(order.id(&subnet.vpc)?)
        .cidr_block(subnet.cidr.to_string())
        .availability_zone(&subnet.zone)
        .tag_specifications(ec2::created(ResourceType::Subnet, &subnet.name, tags))
        .send()
        .await?;
    let id = created.subnet().and_then(|subnet| subnet.subnet_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no subnet"))?;
    Ok(Some(PhysicalId::plain(id)))
}

/// AWS refuses to associate what is associated already.
async fn associate(order: &Order<'_>, table: &str) -> Result<(), Refusal> {
    let ec2 = &order.clients.ec2;
    match route_association(order).await? {
        Some(association) => {
            let request = ec2.replace_route_table_association();
            let request = request.association_id(association);
            request.route_table_id(table).send().await?;
        }
        None => {
            let request = ec2.associate_route_table().subnet_id(order.own_id()?);
            request.route_table_id(table).send().await?;
        }
    }
    Ok(())
}

async fn route_association(order: &Order<'_>) -> Result<Option<String>, Refusal> {
    let own = order.own_id()?;
    let request = order.clients.ec2.describe_route_tables();
    let shown = request.filters(filter(ASSOCIATED, own)).send().await?;
    let mut all = shown
        .route_tables()
        .iter()
        .flat_map(|table| table.associations());
    let found = all.find(|association| association.subnet_id() == Some(own));
    let id = found.and_then(|association| association.route_table_association_id());
    Ok(id.map(str::to_owned))
}

async fn filter_by(order: &Order<'_>, acl: &str) -> Result<(), Refusal> {
    let shown = associated_acl(order).await?;
    replace(order, &shown, acl).await
}

/// Every subnet has exactly one network ACL.
async fn associated_acl(order: &Order<'_>) -> Result<NetworkAcl, Refusal> {
    let request = order.clients.ec2.describe_network_acls();
    let request = request.filters(filter(ASSOCIATED, order.own_id()?));
    let shown = request.send().await?;
    let found = shown.network_acls.unwrap_or_default().into_iter().next();
    found.ok_or_else(|| Refusal::own("the subnet shows no network ACL"))
}

async fn replace(order: &Order<'_>, shown: &NetworkAcl, acl: &str) -> Result<(), Refusal> {
    let own = order.own_id()?;
    let mut all = shown.associations().iter();
    let association = all.find(|association| association.subnet_id() == Some(own));
    let association = association.and_then(|found| found.network_acl_association_id());
    let association = association.ok_or_else(|| Refusal::own("the association has no id"))?;
    let request = order.clients.ec2.replace_network_acl_association();
    let request = request.association_id(association);
    request.network_acl_id(acl).send().await?;
    Ok(())
}
