//! Sends the calls of customer managed policies.

use aws_sdk_iam::{Client, types::PolicyVersion, types::Tag};

use super::{Order, Sent, tag_list, wanted};
use crate::{
    account::aws::error::Refusal,
    iam::PolicyDocument,
    model::Tags,
    resource::{IamPolicy, IamPolicyCall},
    snapshot::PhysicalId,
};

/// Versions that a policy may have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const VERSIONS: usize = 5;

pub(super) async fn send(order: &Order<'_>, call: &IamPolicyCall) -> Sent {
    let iam = &order.clients.iam;
    match call {
        IamPolicyCall::Create(policy) => return create(order, policy).await,
        IamPolicyCall::PutVersion(document) => put_version(order, document).await?,
        IamPolicyCall::Tag(tags) => {
            let request = iam.tag_policy().policy_arn(order.own_id()?);
            request.set_tags(Some(iam_tags(tags)?)).send().await?;
        }
        IamPolicyCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = iam.untag_policy().policy_arn(order.own_id()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        IamPolicyCall::Delete => delete(iam, order.own_id()?).await?,
    }
    Ok(None)
}

/// Tags as IAM takes them.
pub(super) fn iam_tags(tags: &Tags) -> Result<Vec<Tag>, Refusal> {
    tag_list(tags, |key, value| {
        Tag::builder().key(key).value(value).build()
    })
}

async fn create(order: &Order<'_>, policy: &IamPolicy) -> Sent {
    let document = order.document(wanted(&policy.document, "document")?)?;
    let created = order
        .clients
        .iam
        .create_policy()
        .policy_name(&policy.name)
        .path(&policy.path)
        .policy_document(document)
        .set_tags(Some(iam_tags(wanted(&policy.tags, "tags")?)?))
        .send()
        .await?;
    let created = created.policy();
    let arn = created.and_then(|policy| policy.arn());
    let arn = arn.ok_or_else(|| Refusal::own("the answer names no policy"))?;
    Ok(Some(PhysicalId {
        id: arn.to_owned(),
        arn: Some(arn.to_owned()),
        unique_id: created
            .and_then(|policy| policy.policy_id())
            .map(str::to_owned),
    }))
}

async fn versions(iam: &Client, arn: &str) -> Result<Vec<PolicyVersion>, Refusal> {
    let pages = iam.list_policy_versions().policy_arn(arn).into_paginator();
    Ok(pages.items().send().try_collect().await?)
}

async fn delete_version(iam: &Client, arn: &str, version: &PolicyVersion) -> Result<(), Refusal> {
    let request = iam.delete_policy_version().policy_arn(arn);
    let id = version.version_id().unwrap_or_default();
    request.version_id(id).send().await?;
    Ok(())
}

/// Makes the document the default version and deletes the one that it replaces. A policy that is
/// full of versions loses its oldest first.
async fn put_version(order: &Order<'_>, document: &PolicyDocument) -> Result<(), Refusal> {
    let (iam, arn) = (&order.clients.iam, order.own_id()?);
    let before = versions(iam, arn).await?;
    if before.len() >= VERSIONS
        && let Some(oldest) = oldest(&before)
    {
        delete_version(iam, arn, oldest).await?;
    }
    iam.create_policy_version()
        .policy_arn(arn)
        .policy_document(order.document(document)?)
        .set_as_default(true)
        .send()
        .await?;
    match before.iter().find(|version| version.is_default_version) {
        Some(replaced) => delete_version(iam, arn, replaced).await,
        None => Ok(()),
    }
}

fn oldest(versions: &[PolicyVersion]) -> Option<&PolicyVersion> {
    versions
        .iter()
        .filter(|version| !version.is_default_version)
        .min_by_key(|version| version.create_date().map(|date| date.as_nanos()))
}

/// A policy can be deleted only once it has no other version than its default.
async fn delete(iam: &Client, arn: &str) -> Result<(), Refusal> {
    let all = versions(iam, arn).await?;
    for version in all.iter().filter(|version| !version.is_default_version) {
        delete_version(iam, arn, version).await?;
    }
    iam.delete_policy().policy_arn(arn).send().await?;
    Ok(())
}
