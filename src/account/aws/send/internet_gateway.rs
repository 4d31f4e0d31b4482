//! Sends the calls of internet gateways.

use aws_sdk_ec2::types::ResourceType;

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{InternetGateway, InternetGatewayCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &InternetGatewayCall) -> Sent {
    let client = &order.clients.ec2;
    match call {
        InternetGatewayCall::Create(gateway) => return create(order, gateway).await,
        InternetGatewayCall::Attach(vpc) => {
            let request = client.attach_internet_gateway();
            let request = request.internet_gateway_id(order.own_id()?);
            request.vpc_id(order.id(vpc)?).send().await?;
        }
        InternetGatewayCall::Detach(vpc) => {
            let request = client.detach_internet_gateway();
            let request = request.internet_gateway_id(order.own_id()?);
            request.vpc_id(order.id(vpc)?).send().await?;
        }
        InternetGatewayCall::Tag(tags) => return ec2::tag(order, tags).await,
        InternetGatewayCall::Untag(keys) => return ec2::untag(order, keys).await,
        InternetGatewayCall::Delete => {
            let request = client.delete_internet_gateway();
            request.internet_gateway_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, gateway: &InternetGateway) -> Sent {
    let tags = wanted(&gateway.tags, "tags")?;
    let kind = ResourceType::InternetGateway;
    let request = order.clients.ec2.create_internet_gateway();
    let created = request
        .tag_specifications(ec2::created(kind, &gateway.name, tags))
        .send()
        .await?;
    let made = created.internet_gateway();
    let id = made.and_then(|gateway| gateway.internet_gateway_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no internet gateway"))?;
    Ok(Some(PhysicalId::plain(id)))
}
