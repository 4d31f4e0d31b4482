//! Tags: what AWS itself writes is left out, and the tagging API is asked in bulk.

use std::collections::BTreeMap;

use aws_sdk_resourcegroupstagging::{
    Client,
    types::{ResourceTagMapping, TagFilter},
};
use futures::future::join_all;

use super::super::error::answer;
use crate::{
    model::{EnvironmentName, TagKey, Tags},
    resource::Read,
};

/// The call that shows tags.
const CALL: &str = "tag:GetResources";

/// ARNs that one request may name.
/// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
const ARNS: usize = 100;

/// Tags by ARN.
pub type TagsByArn = BTreeMap<String, Tags>;

/// The tags of a resource: those that AWS itself writes are not ours to compare.
pub fn tags<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Tags {
    pairs
        .into_iter()
        .filter(|(key, _)| !key.starts_with("aws:"))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// The resources of some types that carry the environment's tag, with all their tags.
pub async fn owned(
    client: &Client,
    environment: &EnvironmentName,
    types: &[&str],
) -> Read<TagsByArn> {
    let filter = TagFilter::builder()
        .key(TagKey::ENVIRONMENT)
        .values(environment.as_str())
        .build();
    let pages = client
        .get_resources()
        .set_resource_type_filters(Some(types.iter().map(|&kind| kind.to_owned()).collect()))
        .tag_filters(filter)
        .resources_per_page(100)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await).map(by_arn)
}

/// The tags of exactly these resources; what was never tagged is not in the answer.
pub async fn of(client: &Client, arns: Vec<String>) -> Read<TagsByArn> {
    let chunks = arns.chunks(ARNS).map(|chunk| async move {
        let pages = client
            .get_resources()
            .set_resource_arn_list(Some(chunk.to_vec()))
            .into_paginator()
            .items()
            .send();
        answer(CALL, pages.try_collect().await).map(by_arn)
    });
    let mut all = TagsByArn::new();
    for chunk in join_all(chunks).await {
        match chunk {
            Read::Known(tags) => all.extend(tags),
            unread => return unread,
        }
    }
    Read::Known(all)
}

fn by_arn(mappings: Vec<ResourceTagMapping>) -> TagsByArn {
    mappings
        .iter()
        .filter_map(|mapping| {
            let pairs = mapping.tags().iter().map(|tag| (tag.key(), tag.value()));
            Some((mapping.resource_arn()?.to_owned(), tags(pairs)))
        })
        .collect()
}

/// The tags of one resource out of all that were read.
pub fn of_one(all: &Read<TagsByArn>, arn: &str) -> Read<Tags> {
    all.as_ref()
        .map(|all| all.get(arn).cloned().unwrap_or_default())
}
