//! Observes secrets: two calls each, neither of which shows a value.

use aws_sdk_secretsmanager::{
    Client, operation::describe_secret::DescribeSecretOutput, types::Tag,
};
use futures::join;

use super::{
    found::Found,
    store::{self, Sight, Sought},
    tags::tags,
};
use crate::{
    account::aws::error::there,
    iam::PolicyDocument,
    model::Tags,
    resource::{Read, Secret},
    snapshot::PhysicalId,
};

const DESCRIBE: &str = "secretsmanager:DescribeSecret";
const POLICY: &str = "secretsmanager:GetResourcePolicy";

/// The secrets of the environment.
pub async fn observe(client: &Client, sought: &Sought<'_>) -> Found<Secret> {
    sought.gather(|name| look(client, sought, name)).await
}

async fn look(client: &Client, sought: &Sought<'_>, name: String) -> Option<Sight<Secret>> {
    let describe = client.describe_secret().secret_id(&name).send();
    let (described, policy) = join!(describe, policy(client, &name));
    let shown = there(DESCRIBE, described)?;
    let id = PhysicalId {
        arn: shown.known().and_then(|shown| shown.arn.clone()),
        ..PhysicalId::plain(&name)
    };
    let resource = Secret {
        kms_key: shown
            .as_ref()
            .map(|shown| shown.kms_key_id().map(|key| sought.target.key(key))),
        pending_deletion: shown.as_ref().map(|shown| shown.deleted_date().is_some()),
        tags: shown.as_ref().map(tags_of),
        policy,
        name,
    };
    Some(Sight {
        tags: resource.tags.clone(),
        id,
        resource,
    })
}

fn tags_of(shown: &DescribeSecretOutput) -> Tags {
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned()));
    let pairs: Vec<_> = shown.tags().iter().filter_map(pair).collect();
    tags(
        pairs
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str())),
    )
}

async fn policy(client: &Client, name: &str) -> Read<PolicyDocument> {
    let request = client.get_resource_policy().secret_id(name);
    match there(POLICY, request.send().await) {
        None => store::policy(POLICY, None),
        Some(Read::Known(shown)) => store::policy(POLICY, shown.resource_policy()),
        Some(Read::Unread(why)) => Read::Unread(why),
    }
}
