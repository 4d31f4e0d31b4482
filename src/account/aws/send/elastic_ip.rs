//! Sends the calls of Elastic IP addresses.

use aws_sdk_ec2::types::{DomainType, ResourceType};

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{ElasticIp, ElasticIpCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &ElasticIpCall) -> Sent {
    match call {
        ElasticIpCall::Allocate(address) => allocate(order, address).await,
        ElasticIpCall::Tag(tags) => ec2::tag(order, tags).await,
        ElasticIpCall::Untag(keys) => ec2::untag(order, keys).await,
        ElasticIpCall::Release => {
            let request = order.clients.ec2.release_address();
            request.allocation_id(order.own_id()?).send().await?;
            Ok(None)
        }
    }
}

async fn allocate(order: &Order<'_>, address: &ElasticIp) -> Sent {
    let tags = wanted(&address.tags, "tags")?;
    let request = order.clients.ec2.allocate_address();
    let allocated = request
        .domain(DomainType::Vpc)
        .tag_specifications(ec2::created(ResourceType::ElasticIp, &address.name, tags))
        .send()
        .await?;
    let id = allocated.allocation_id();
    let id = id.ok_or_else(|| Refusal::own("the answer names no allocation"))?;
    Ok(Some(PhysicalId::plain(id)))
}
