//! Sends the calls of security groups.

use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType, Tag, TagSpecification};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{SecurityGroup, SecurityGroupCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &SecurityGroupCall) -> Sent {
    if let SecurityGroupCall::Create(group) = call {
        return create(order, group).await;
    }
    let (ec2, id) = (&order.clients.ec2, order.own_id()?);
    match call {
        SecurityGroupCall::Create(_) => {}
        SecurityGroupCall::RevokeDefaultEgress => {
            let request = ec2.revoke_security_group_egress().group_id(id);
            request.ip_permissions(everything()).send().await?;
        }
        SecurityGroupCall::AuthorizeDefaultEgress => {
            let request = ec2.authorize_security_group_egress().group_id(id);
            request.ip_permissions(everything()).send().await?;
        }
        SecurityGroupCall::Tag(tags) => {
            let request = ec2.create_tags().resources(id);
            request.set_tags(Some(ec2_tags(tags))).send().await?;
        }
        SecurityGroupCall::Untag(keys) => {
            let keys = keys.iter().map(|key| Tag::builder().key(key).build());
            let request = ec2.delete_tags().resources(id);
            request.set_tags(Some(keys.collect())).send().await?;
        }
        SecurityGroupCall::Delete => {
            ec2.delete_security_group().group_id(id).send().await?;
        }
    }
    Ok(None)
}

/// All traffic to everywhere: the rule that AWS adds to every new group.
fn everything() -> IpPermission {
    let range = IpRange::builder().cidr_ip("0.0.0.0/0").build();
    IpPermission::builder()
        .ip_protocol("-1")
        .ip_ranges(range)
        .build()
}

fn ec2_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

async fn create(order: &Order<'_>, group: &SecurityGroup) -> Sent {
    let tags = TagSpecification::builder()
        .resource_type(ResourceType::SecurityGroup)
        .set_tags(Some(ec2_tags(wanted(&group.tags, "tags")?)))
        .build();
    let created = order
        .clients
        .ec2
        .create_security_group()
        .group_name(&group.name)
        .description(&group.description)
        .vpc_id(order.id(&group.vpc)?)
        .tag_specifications(tags)
        .send()
        .await?;
    let id = created
        .group_id()
        .ok_or_else(|| Refusal::own("the answer names no group"))?;
    Ok(Some(PhysicalId {
        id: id.to_owned(),
        arn: created.security_group_arn().map(str::to_owned),
        unique_id: None,
    }))
}
