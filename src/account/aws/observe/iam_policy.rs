//! Observes the customer managed policies under our path.

use std::collections::BTreeMap;

use aws_sdk_iam::{Client, types::ManagedPolicyDetail};
use futures::{StreamExt, stream};

use super::{
    IN_FLIGHT, Target,
    documents::encoded,
    found::{Candidate, Found},
    iam::{DETAILS, Details},
    tags::tags,
};
use crate::{
    account::aws::error::answer,
    model::Tags,
    resource::{IamPolicy, Read},
    snapshot::PhysicalId,
};

/// The call that shows the tags of a policy.
const TAGS: &str = "iam:ListPolicyTags";

/// Tags by ARN of the policy.
type TagsOfPolicies = BTreeMap<String, Read<Tags>>;

/// The policies of the environment.
pub async fn observe(
    client: &Client,
    details: &Read<Details>,
    target: &Target,
) -> Found<IamPolicy> {
    let all = match details {
        Read::Known(details) => &details.policies,
        Read::Unread(why) => return Found::unread(why.clone()),
    };
    let ours: Vec<_> = all.iter().filter(|policy| below(policy, target)).collect();
    let arns: Vec<String> = ours
        .iter()
        .filter_map(|policy| policy.arn.clone())
        .collect();
    let tags: TagsOfPolicies = stream::iter(arns)
        .map(|arn| async move {
            let tags = read_tags(client, &arn).await;
            (arn, tags)
        })
        .buffer_unordered(IN_FLIGHT)
        .collect()
        .await;
    let candidates = ours
        .into_iter()
        .filter_map(|policy| candidate(policy, &tags, target));
    Found::gather(candidates, &target.environment)
}

fn below(policy: &ManagedPolicyDetail, target: &Target) -> bool {
    policy
        .path()
        .is_some_and(|path| path.starts_with(&target.naming.path()))
}

async fn read_tags(client: &Client, arn: &str) -> Read<Tags> {
    let pages = client
        .list_policy_tags()
        .policy_arn(arn)
        .into_paginator()
        .items()
        .send();
    answer(TAGS, pages.try_collect().await)
        .map(|pairs| tags(pairs.iter().map(|tag| (tag.key(), tag.value()))))
}

fn candidate(
    policy: &ManagedPolicyDetail,
    tags: &TagsOfPolicies,
    target: &Target,
) -> Option<Candidate<IamPolicy>> {
    // Every endpoint shows the ARN; the name is its last part.
    let arn = policy.arn()?;
    let (_, name) = arn.rsplit_once('/')?;
    let tags = tags.get(arn)?.clone();
    let document = policy
        .policy_version_list()
        .iter()
        .find(|version| version.is_default_version)
        .and_then(|version| version.document());
    Some(Candidate {
        named: Some(target.logical(name)),
        tags: tags.clone(),
        id: PhysicalId {
            id: arn.to_owned(),
            arn: Some(arn.to_owned()),
            unique_id: policy.policy_id().map(str::to_owned),
        },
        resource: IamPolicy {
            name: name.to_owned(),
            path: policy.path()?.to_owned(),
            document: encoded(DETAILS, document).map_or_else(Read::Unread, Read::Known),
            tags,
        },
    })
}
