//! Sends the calls of tables.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType as KeyRole,
    PointInTimeRecoverySpecification, ScalarAttributeType, SseSpecification, SseType, Tag,
};

use super::{Order, Sent, tag_list, wanted};
use crate::{
    account::aws::error::Refusal,
    model::{KeyType, TableKey, Tags},
    resource::{DynamodbTable, DynamodbTableCall, Ref},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &DynamodbTableCall) -> Sent {
    if let DynamodbTableCall::Create(table) = call {
        return create(order, table).await;
    }
    let (dynamodb, name) = (&order.clients.dynamodb, order.own_id()?);
    let update = || dynamodb.update_table().table_name(name);
    match call {
        DynamodbTableCall::Create(_) => {}
        DynamodbTableCall::SetKey(key) => {
            let encryption = encryption(order, key.as_ref())?;
            update().sse_specification(encryption).send().await?;
        }
        DynamodbTableCall::PayPerRequest => {
            let update = update().billing_mode(BillingMode::PayPerRequest);
            update.send().await?;
        }
        DynamodbTableCall::Protect(on) => {
            update().deletion_protection_enabled(*on).send().await?;
        }
        DynamodbTableCall::Recover(on) => {
            let recovery = PointInTimeRecoverySpecification::builder();
            let recovery = recovery.point_in_time_recovery_enabled(*on).build()?;
            let request = dynamodb.update_continuous_backups().table_name(name);
            let request = request.point_in_time_recovery_specification(recovery);
            request.send().await?;
        }
        DynamodbTableCall::PutPolicy(document) => {
            let request = dynamodb.put_resource_policy();
            let request = request.resource_arn(order.own_arn()?);
            request.policy(order.document(document)?).send().await?;
        }
        DynamodbTableCall::DeletePolicy => {
            let request = dynamodb.delete_resource_policy();
            request.resource_arn(order.own_arn()?).send().await?;
        }
        DynamodbTableCall::Tag(tags) => {
            let request = dynamodb.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(table_tags(tags)?)).send().await?;
        }
        DynamodbTableCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = dynamodb.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        DynamodbTableCall::Delete => {
            dynamodb.delete_table().table_name(name).send().await?;
        }
    }
    Ok(None)
}

fn table_tags(tags: &Tags) -> Result<Vec<Tag>, Refusal> {
    tag_list(tags, |key, value| {
        Tag::builder().key(key).value(value).build()
    })
}

fn encryption(order: &Order<'_>, key: Option<&Ref>) -> Result<SseSpecification, Refusal> {
    let encryption = SseSpecification::builder().enabled(key.is_some());
    Ok(match key {
        Some(key) => encryption
            .sse_type(SseType::Kms)
            .kms_master_key_id(order.arn(key)?)
            .build(),
        None => encryption.build(),
    })
}

async fn create(order: &Order<'_>, table: &DynamodbTable) -> Sent {
    let key = wanted(&table.key, "key")?.as_ref();
    let key = key.ok_or_else(|| Refusal::own("a table needs a key"))?;
    let own = wanted(&table.kms_key, "KMS key")?.as_ref();
    let created = order
        .clients
        .dynamodb
        .create_table()
        .table_name(&table.name)
        .set_key_schema(Some(schema(key)?))
        .set_attribute_definitions(Some(attributes(key)?))
        .billing_mode(BillingMode::PayPerRequest)
        .sse_specification(encryption(order, own)?)
        .deletion_protection_enabled(*wanted(&table.deletion_protected, "protection")?)
        .set_tags(Some(table_tags(wanted(&table.tags, "tags")?)?))
        .send()
        .await
        .map_err(|error| Refusal::from(error).for_good())?;
    let shown = created.table_description();
    Ok(Some(PhysicalId {
        arn: shown.and_then(|table| table.table_arn.clone()),
        ..PhysicalId::plain(&table.name)
    }))
}

/// Name, role and type of the attributes of a key.
fn parts(key: &TableKey) -> impl Iterator<Item = (&String, KeyRole, KeyType)> {
    let sort = key.sort.iter();
    [(&key.partition, KeyRole::Hash, key.partition_type)]
        .into_iter()
        .chain(sort.map(|sort| (sort, KeyRole::Range, key.sort_type)))
}

fn schema(key: &TableKey) -> Result<Vec<KeySchemaElement>, Refusal> {
    parts(key)
        .map(|(name, role, _)| {
            let element = KeySchemaElement::builder().attribute_name(name);
            Ok(element.key_type(role).build()?)
        })
        .collect()
}

fn attributes(key: &TableKey) -> Result<Vec<AttributeDefinition>, Refusal> {
    parts(key)
        .map(|(name, _, kind)| {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            let kind = match kind {
                KeyType::S => ScalarAttributeType::S,
                KeyType::N => ScalarAttributeType::N,
                KeyType::B => ScalarAttributeType::B,
            };
            Ok(attribute.attribute_type(kind).build()?)
        })
        .collect()
}
