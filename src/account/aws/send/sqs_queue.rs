//! Sends the calls of queues.

use std::collections::HashMap;

use aws_sdk_sqs::types::QueueAttributeName;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::{Home, Tags},
    resource::{Kind, Ref, SqsQueue, SqsQueueCall},
};

pub(super) async fn send(order: &Order<'_>, call: &SqsQueueCall) -> Sent {
    if let SqsQueueCall::Create(queue) = call {
        return create(order, queue).await;
    }
    let (sqs, url) = (&order.clients.sqs, order.own_id()?);
    let set = || sqs.set_queue_attributes().queue_url(url);
    match call {
        SqsQueueCall::Create(_) => {}
        SqsQueueCall::SetKey(key) => {
            let key = key_id(order, key.as_ref())?;
            let set = set().attributes(QueueAttributeName::KmsMasterKeyId, key);
            set.send().await?;
        }
        SqsQueueCall::SetPolicy(document) => {
            let text = match document.statements.is_empty() {
                true => String::new(),
                false => order.document(document)?,
            };
            let set = set().attributes(QueueAttributeName::Policy, text);
            set.send().await?;
        }
        SqsQueueCall::Tag(tags) => {
            let request = sqs.tag_queue().queue_url(url);
            request.set_tags(Some(map(tags))).send().await?;
        }
        SqsQueueCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = sqs.untag_queue().queue_url(url);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        SqsQueueCall::Delete => {
            sqs.delete_queue().queue_url(url).send().await?;
        }
    }
    Ok(None)
}

fn map(tags: &Tags) -> HashMap<String, String> {
    tags.clone().into_iter().collect()
}

/// An empty id leaves encryption to SQS itself.
fn key_id(order: &Order<'_>, key: Option<&Ref>) -> Result<String, Refusal> {
    key.map_or_else(|| Ok(String::new()), |key| order.arn(key))
}

async fn create(order: &Order<'_>, queue: &SqsQueue) -> Sent {
    let sqs = &order.clients.sqs;
    let key = wanted(&queue.kms_key, "KMS key")?.as_ref();
    let mut attributes = HashMap::new();
    if key.is_some() {
        attributes.insert(QueueAttributeName::KmsMasterKeyId, key_id(order, key)?);
    }
    if queue.is_fifo() {
        attributes.insert(QueueAttributeName::FifoQueue, "true".to_owned());
    }
    let created = sqs
        .create_queue()
        .queue_name(&queue.name)
        .set_attributes(Some(attributes))
        .set_tags(Some(map(wanted(&queue.tags, "tags")?)))
        .send()
        .await?;
    let home = home(sqs, created.queue_url().unwrap_or_default())?;
    Ok(Some(queue.physical_id(&home, "")))
}

/// CreateQueue answers with a URL, whose last part but one is the account.
fn home(sqs: &aws_sdk_sqs::Client, url: &str) -> Result<Home, Refusal> {
    let unknown = || Refusal::own(format!("the answer names no queue: {url}"));
    let account = url.rsplit('/').nth(1).and_then(|text| text.parse().ok());
    let region = sqs.config().region();
    let region = region.and_then(|region| region.as_ref().parse().ok());
    Ok(Home {
        account: account.ok_or_else(unknown)?,
        region: region.ok_or_else(unknown)?,
    })
}
