//! What sending has in common for the kinds of EC2: tags, and tagging calls.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification, UnsuccessfulItem};

use super::{Order, Sent};
use crate::{
    account::aws::{error::Refusal, observe::ec2::with_name},
    model::Tags,
};

/// Tags as EC2 takes them.
pub(super) fn tags(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

/// The tags that a create call carries along: none can be made without them.
pub(super) fn created(kind: ResourceType, name: &str, given: &Tags) -> TagSpecification {
    TagSpecification::builder()
        .resource_type(kind)
        .set_tags(Some(tags(&with_name(name, given))))
        .build()
}

/// CreateTags on the resource itself.
pub(super) async fn tag(order: &Order<'_>, given: &Tags) -> Sent {
    let request = order.clients.ec2.create_tags().resources(order.own_id()?);
    request.set_tags(Some(tags(given))).send().await?;
    Ok(None)
}

/// DeleteTags on the resource itself.
pub(super) async fn untag(order: &Order<'_>, keys: &BTreeSet<String>) -> Sent {
    let keys = keys.iter().map(|key| Tag::builder().key(key).build());
    let request = order.clients.ec2.delete_tags().resources(order.own_id()?);
    request.set_tags(Some(keys.collect())).send().await?;
    Ok(None)
}

/// What a call for several resources could not do, as the refusal that it is.
pub(super) fn all_successful(unsuccessful: &[UnsuccessfulItem]) -> Result<(), Refusal> {
    match unsuccessful.iter().find_map(|item| item.error()) {
        Some(error) => Err(Refusal::coded(
            error.code().unwrap_or_default(),
            error.message().unwrap_or_default(),
        )),
        None => Ok(()),
    }
}
