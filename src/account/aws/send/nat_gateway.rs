//! Sends the calls of NAT gateways. One takes minutes to come: whoever sends again asks again.

use aws_sdk_ec2::types::{NatGatewayState, ResourceType};

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{NatGateway, NatGatewayCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &NatGatewayCall) -> Sent {
    match call {
        NatGatewayCall::Create(gateway) => create(order, gateway).await,
        NatGatewayCall::Await => available(order).await,
        NatGatewayCall::Tag(tags) => ec2::tag(order, tags).await,
        NatGatewayCall::Untag(keys) => ec2::untag(order, keys).await,
        NatGatewayCall::Delete => {
            let request = order.clients.ec2.delete_nat_gateway();
            request.nat_gateway_id(order.own_id()?).send().await?;
            Ok(None)
        }
    }
}

async fn create(order: &Order<'_>, gateway: &NatGateway) -> Sent {
    let tags = wanted(&gateway.tags, "tags")?;
    let request = order.clients.ec2.create_nat_gateway();
    let created = request
        .subnet_id(order.id(wanted(&gateway.subnet, "subnet")?)?)
        .allocation_id(order.id(wanted(&gateway.address, "address")?)?)
        .tag_specifications(ec2::created(ResourceType::Natgateway, &gateway.name, tags))
        .send()
        .await?;
    let made = created.nat_gateway();
    let id = made.and_then(|gateway| gateway.nat_gateway_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no NAT gateway"))?;
    Ok(Some(PhysicalId::plain(id)))
}

async fn available(order: &Order<'_>) -> Sent {
    let request = order.clients.ec2.describe_nat_gateways();
    let shown = request.nat_gateway_ids(order.own_id()?).send().await?;
    let gateway = shown.nat_gateways().first();
    let state = gateway.and_then(|gateway| gateway.state());
    match state {
        Some(NatGatewayState::Available) => Ok(None),
        Some(NatGatewayState::Pending) | None => {
            Err(Refusal::pending("the NAT gateway is not available yet"))
        }
        Some(state) => {
            let why = gateway.and_then(|gateway| gateway.failure_message());
            let why = why.unwrap_or("AWS does not say why");
            Err(Refusal::own(format!("the NAT gateway is {state}: {why}")))
        }
    }
}
