//! Observes buckets: the environment's own, by their names. S3 has no bulk read of settings.

use aws_sdk_s3::{Client, types::Bucket as Listed};
use futures::{StreamExt, stream};

use super::{
    IN_FLIGHT, Target,
    bucket_sight::Sight,
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::answer,
    model::{AUDIT, AUDIT_ACCESS, AccountId, Environment},
    resource::{Read, S3Bucket},
    snapshot::PhysicalId,
};

/// The call that lists the buckets of an account.
const LIST: &str = "s3:ListBuckets";
/// Buckets on one page, at most.
const PAGE: i32 = 1000;

/// The buckets that every environment has.
const OWN: [&str; 2] = [AUDIT, AUDIT_ACCESS];

/// Lists the buckets of an account, whatever their Region.
pub async fn list(client: &Client) -> Read<Vec<Listed>> {
    let pages = client.list_buckets().max_buckets(PAGE).into_paginator();
    answer(LIST, pages.items().send().try_collect().await)
}

/// Those of the listed buckets that have a logical name, each with its settings. Whoever asks says
/// how logical names are found, and whose the buckets must be.
pub async fn observe(
    client: &Client,
    listed: &Read<Vec<Listed>>,
    owner: &AccountId,
    logical: impl Fn(&str) -> Option<String>,
    target: &Target,
) -> Found<S3Bucket> {
    let listed = match listed {
        Read::Known(listed) => listed,
        Read::Unread(why) => return Found::unread(why.clone()),
    };
    let named = listed.iter();
    let named: Vec<(Listed, String)> = named
        .filter_map(|bucket| Some((bucket.clone(), logical(bucket.name()?)?)))
        .collect();
    let candidates: Vec<Candidate<S3Bucket>> =
        stream::iter(named)
            .map(|(bucket, logical)| async move {
                candidate(client, &bucket, logical, owner, target).await
            })
            .buffered(IN_FLIGHT)
            .collect()
            .await;
    Found::gather(candidates, &target.environment)
}

async fn candidate(
    client: &Client,
    listed: &Listed,
    logical: String,
    owner: &AccountId,
    target: &Target,
) -> Candidate<S3Bucket> {
    let name = listed.name().unwrap_or_default();
    let sight = Sight::read(client, listed, owner, &target.region).await;
    let arn = format!("arn:{}:s3:::{name}", target.region.partition());
    let resource = sight.bucket(name);
    // The name alone may be that of an environment whose name begins as ours.
    let tagged = resource.tags.known().is_some_and(|tags| target.owns(tags));
    let expected = OWN.contains(&logical.as_str()) || tagged;
    Candidate {
        named: expected.then_some(logical),
        tags: resource.tags.clone(),
        id: PhysicalId::with_arn(name, arn),
        resource,
    }
}

/// The logical name of a bucket of the environment's own, where it lives in `account`.
pub fn own(name: &str, account: &AccountId, target: &Target) -> Option<String> {
    let logical = target.naming.logical_of_bucket(name, account)?;
    let declared: &Environment = &target.declared;
    let archive = declared.audit.archive_account.as_ref();
    (archive.unwrap_or(&declared.account) == account).then(|| logical.to_owned())
}
