//! Sends the calls of topics.

use aws_sdk_sns::{Client, types::Tag};

use super::{Order, Sent, tag_list, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{Ref, SnsTopic, SnsTopicCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &SnsTopicCall) -> Sent {
    if let SnsTopicCall::Create(topic) = call {
        return create(order, topic).await;
    }
    let (client, arn) = (&order.clients.sns, order.own_id()?);
    match call {
        SnsTopicCall::Create(_) => {}
        SnsTopicCall::PutPolicy(policy) => {
            put(client, arn, "Policy", order.document(policy)?).await?;
        }
        SnsTopicCall::PutKey(key) => {
            put(client, arn, "KmsMasterKeyId", key_id(order, key.as_ref())?).await?;
        }
        SnsTopicCall::Subscribe(who) => subscribe(client, arn, who).await?,
        SnsTopicCall::Unsubscribe(who) => unsubscribe(client, arn, who).await?,
        SnsTopicCall::Tag(tags) => {
            let request = client.tag_resource().resource_arn(arn);
            request.set_tags(Some(sns_tags(tags)?)).send().await?;
        }
        SnsTopicCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = client.untag_resource().resource_arn(arn);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        SnsTopicCall::Delete => {
            client.delete_topic().topic_arn(arn).send().await?;
        }
    }
    Ok(None)
}

fn sns_tags(tags: &Tags) -> Result<Vec<Tag>, Refusal> {
    tag_list(tags, |key, value| {
        Tag::builder().key(key).value(value).build()
    })
}

/// An empty id turns encryption off.
fn key_id(order: &Order<'_>, key: Option<&Ref>) -> Result<String, Refusal> {
    key.map_or(Ok(String::new()), |key| order.arn(key))
}

async fn create(order: &Order<'_>, topic: &SnsTopic) -> Sent {
    let policy = order.document(wanted(&topic.policy, "policy")?)?;
    let key = key_id(order, wanted(&topic.kms_key, "key")?.as_ref())?;
    let mut request = order.clients.sns.create_topic().name(&topic.name);
    request = request.attributes("Policy", policy);
    if !key.is_empty() {
        request = request.attributes("KmsMasterKeyId", key);
    }
    if topic.fifo() {
        request = request.attributes("FifoTopic", "true");
    }
    let tags = sns_tags(wanted(&topic.tags, "tags")?)?;
    let created = request.set_tags(Some(tags)).send().await?;
    let arn = created.topic_arn();
    let arn = arn.ok_or_else(|| Refusal::own("the answer names no topic"))?;
    Ok(Some(PhysicalId::with_arn(arn, arn)))
}

async fn put(client: &Client, arn: &str, name: &str, value: String) -> Result<(), Refusal> {
    let request = client.set_topic_attributes().topic_arn(arn);
    let request = request.attribute_name(name).attribute_value(value);
    request.send().await?;
    Ok(())
}

fn parts(who: &str) -> Result<(&str, &str), Refusal> {
    who.split_once(':')
        .ok_or_else(|| Refusal::own(format!("{who} is no protocol and endpoint")))
}

async fn subscribe(client: &Client, arn: &str, who: &str) -> Result<(), Refusal> {
    let (protocol, endpoint) = parts(who)?;
    let request = client.subscribe().topic_arn(arn).protocol(protocol);
    request.endpoint(endpoint).send().await?;
    Ok(())
}

/// A subscription is taken away by its ARN, which it has once it is confirmed.
async fn unsubscribe(client: &Client, arn: &str, who: &str) -> Result<(), Refusal> {
    let (protocol, endpoint) = parts(who)?;
    let request = client.list_subscriptions_by_topic().topic_arn(arn);
    let pages = request.into_paginator().items().send();
    let all: Vec<aws_sdk_sns::types::Subscription> = pages.try_collect().await?;
    let own = all
        .iter()
        .filter(|one| (one.protocol(), one.endpoint()) == (Some(protocol), Some(endpoint)));
    for one in own.filter_map(|one| one.subscription_arn()) {
        if one.starts_with("arn:") {
            client.unsubscribe().subscription_arn(one).send().await?;
        }
    }
    Ok(())
}
