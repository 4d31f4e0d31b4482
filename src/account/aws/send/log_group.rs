//! Sends the calls of log groups.

use aws_sdk_cloudwatchlogs::types::LogGroupClass;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{LogGroup, LogGroupCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &LogGroupCall) -> Sent {
    if let LogGroupCall::Create(group) = call {
        return create(order, group).await;
    }
    let (logs, name) = (&order.clients.logs, order.own_id()?);
    match call {
        LogGroupCall::Create(_) => {}
        LogGroupCall::AssociateKey(key) => {
            let request = logs.associate_kms_key().log_group_name(name);
            request.kms_key_id(order.arn(key)?).send().await?;
        }
        LogGroupCall::DisassociateKey => {
            let request = logs.disassociate_kms_key();
            request.log_group_name(name).send().await?;
        }
        LogGroupCall::PutRetention(days) => put_retention(order, *days).await?,
        LogGroupCall::DeleteRetention => {
            let request = logs.delete_retention_policy();
            request.log_group_name(name).send().await?;
        }
        LogGroupCall::Protect(on) => {
            let request = logs.put_log_group_deletion_protection();
            let request = request.log_group_identifier(name);
            request.deletion_protection_enabled(*on).send().await?;
        }
        LogGroupCall::Tag(tags) => {
            let request = logs.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(map(tags))).send().await?;
        }
        LogGroupCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = logs.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        LogGroupCall::Delete => {
            let request = logs.delete_log_group().log_group_name(name);
            request.send().await?;
        }
    }
    Ok(None)
}

fn map(tags: &Tags) -> std::collections::HashMap<String, String> {
    tags.clone().into_iter().collect()
}

async fn create(order: &Order<'_>, group: &LogGroup) -> Sent {
    let key = wanted(&group.kms_key, "key")?.as_ref();
    let key = key.map(|key| order.arn(key)).transpose()?;
    let class = LogGroupClass::from(wanted(&group.class, "class")?.as_str());
    let protected = *wanted(&group.deletion_protected, "protection")?;
    let request = order.clients.logs.create_log_group();
    request
        .log_group_name(&group.name)
        .set_kms_key_id(key)
        .log_group_class(class)
        .set_deletion_protection_enabled(protected.then_some(true))
        .set_tags(Some(map(wanted(&group.tags, "tags")?)))
        .send()
        .await?;
    created(order, &group.name).await
}

/// CreateLogGroup answers nothing, so the ARN is asked for.
async fn created(order: &Order<'_>, name: &str) -> Sent {
    let request = order.clients.logs.describe_log_groups();
    let shown = request.log_group_name_prefix(name).send().await?;
    let group = shown
        .log_groups()
        .iter()
        .find(|group| group.log_group_name() == Some(name));
    Ok(Some(PhysicalId {
        id: name.to_owned(),
        arn: group.and_then(crate::account::aws::observe::log_group_arn),
        unique_id: None,
    }))
}

async fn put_retention(order: &Order<'_>, days: u32) -> Result<(), Refusal> {
    let days = i32::try_from(days).map_err(|error| Refusal::own(error.to_string()))?;
    let request = order.clients.logs.put_retention_policy();
    request
        .log_group_name(order.own_id()?)
        .retention_in_days(days)
        .send()
        .await?;
    Ok(())
}
