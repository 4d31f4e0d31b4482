//! What the calls of EC2's kinds have in common: tags, with the name among them.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification, UnsuccessfulItem};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::{error::Refusal, observe::ec2::with_name},
    model::Tags,
    resource::Read,
};

/// The tags of a new resource.
pub fn tagged(
    resource: ResourceType,
    name: &str,
    tags: &Read<Tags>,
) -> Result<TagSpecification, Refusal> {
    let tags = with_name(name, wanted(tags, "tags")?);
    Ok(TagSpecification::builder()
        .resource_type(resource)
        .set_tags(Some(list(&tags)))
        .build())
}

/// CreateTags.
pub async fn tag(order: &Order<'_>, tags: &Tags) -> Sent {
    let request = order.clients.ec2.create_tags().resources(order.own_id()?);
    request.set_tags(Some(list(tags))).send().await?;
    Ok(None)
}

/// DeleteTags.
pub async fn untag(order: &Order<'_>, keys: &BTreeSet<String>) -> Sent {
    let keys = keys.iter().map(|key| Tag::builder().key(key).build());
    let request = order.clients.ec2.delete_tags().resources(order.own_id()?);
    request.set_tags(Some(keys.collect())).send().await?;
    Ok(None)
}

fn list(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

/// What a call for several resources could not do, as the refusal that it is.
pub fn all_successful(unsuccessful: &[UnsuccessfulItem]) -> Result<(), Refusal> {
    match unsuccessful.iter().find_map(|item| item.error()) {
        Some(error) => Err(Refusal::coded(
            error.code().unwrap_or_default(),
            error.message().unwrap_or_default(),
        )),
        None => Ok(()),
    }
}
