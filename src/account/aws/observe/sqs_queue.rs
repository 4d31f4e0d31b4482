//! Observes queues: one call each, which shows no message.

use std::collections::HashMap;

use aws_sdk_sqs::{Client, types::QueueAttributeName};

use super::{
    found::Found,
    store::{self, Sight, Sought},
};
use crate::{
    account::aws::error::there,
    iam::PolicyDocument,
    model::Tags,
    resource::{Read, SqsQueue},
};

const ATTRIBUTES: &str = "sqs:GetQueueAttributes";

/// The queues of the environment.
pub async fn observe(client: &Client, sought: &Sought<'_>) -> Found<SqsQueue> {
    sought.gather(|name| look(client, sought, name)).await
}

async fn look(client: &Client, sought: &Sought<'_>, name: String) -> Option<Sight<SqsQueue>> {
    let mut resource = SqsQueue {
        name,
        kms_key: None.into(),
        policy: PolicyDocument::default().into(),
        tags: Tags::new().into(),
    };
    let id = sought.id(&resource);
    let request = client.get_queue_attributes().queue_url(&id.id);
    let request = request.attribute_names(QueueAttributeName::All);
    let shown = there(ATTRIBUTES, request.send().await)?;
    let attributes = shown.map(|shown| shown.attributes.unwrap_or_default());
    resource.kms_key = attributes.as_ref().map(|attributes| {
        let key = text(attributes, &QueueAttributeName::KmsMasterKeyId);
        key.map(|key| sought.target.key(key))
    });
    resource.policy = match &attributes {
        Read::Known(attributes) => {
            store::policy(ATTRIBUTES, text(attributes, &QueueAttributeName::Policy))
        }
        Read::Unread(why) => Read::Unread(why.clone()),
    };
    resource.tags = sought.tags(&id);
    Some(Sight {
        tags: resource.tags.clone(),
        id,
        resource,
    })
}

fn text<'a>(
    attributes: &'a HashMap<QueueAttributeName, String>,
    name: &QueueAttributeName,
) -> Option<&'a str> {
    let value = attributes.get(name).map(String::as_str);
    value.filter(|value| !value.is_empty())
}
