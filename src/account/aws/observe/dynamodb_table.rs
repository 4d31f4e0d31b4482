//! Observes tables: three calls each, none of which shows an item.

use aws_sdk_dynamodb::{
    Client,
    types::{
        BillingMode, KeyType as KeyRole, PointInTimeRecoveryStatus, ScalarAttributeType, SseStatus,
        TableDescription, TableStatus,
    },
};
use futures::join;

use super::{
    found::Found,
    store::{self, Sight, Sought},
};
use crate::{
    account::aws::error::{answer, malformed, there},
    iam::PolicyDocument,
    model::{KeyType, TableKey, Tags},
    resource::{Billing, DynamodbTable, Read, Ref},
};

const DESCRIBE: &str = "dynamodb:DescribeTable";
const BACKUPS: &str = "dynamodb:DescribeContinuousBackups";
const POLICY: &str = "dynamodb:GetResourcePolicy";

/// The tables of the environment.
pub async fn observe(client: &Client, sought: &Sought<'_>) -> Found<DynamodbTable> {
    sought.gather(|name| look(client, sought, name)).await
}

async fn look(client: &Client, sought: &Sought<'_>, name: String) -> Option<Sight<DynamodbTable>> {
    let described = client.describe_table().table_name(&name).send().await;
    let table = there(DESCRIBE, described)?.map(|described| described.table);
    if table.known().is_some_and(is_gone) {
        return None;
    }
    let mut resource = DynamodbTable {
        key: facet(&table, key),
        billing: facet(&table, billing),
        kms_key: facet(&table, |table| Some(kms_key(sought, table))),
        deletion_protected: facet(&table, |table| {
            Some(table.deletion_protection_enabled() == Some(true))
        }),
        recovery: false.into(),
        policy: PolicyDocument::default().into(),
        tags: Tags::new().into(),
        name,
    };
    let id = sought.id(&resource);
    let arn = id.arn.as_deref().unwrap_or_default();
    (resource.recovery, resource.policy) =
        join!(recovery(client, &resource.name), policy(client, arn));
    resource.tags = sought.tags(&id);
    Some(Sight {
        tags: resource.tags.clone(),
        id,
        resource,
    })
}

/// A table on its way out answers for some seconds more.
fn is_gone(table: &Option<TableDescription>) -> bool {
    let status = table.as_ref().and_then(TableDescription::table_status);
    status == Some(&TableStatus::Deleting)
}

fn facet<T>(
    table: &Read<Option<TableDescription>>,
    read: impl FnOnce(&TableDescription) -> Option<T>,
) -> Read<T> {
    match table {
        Read::Known(table) => table.as_ref().and_then(read).map_or_else(
            || Read::Unread(malformed(DESCRIBE, "a field is missing")),
            Read::Known,
        ),
        Read::Unread(why) => Read::Unread(why.clone()),
    }
}

fn key(table: &TableDescription) -> Option<Option<TableKey>> {
    let named = |role: KeyRole| {
        let mut schema = table.key_schema().iter();
        schema.find(|element| *element.key_type() == role)
    };
    let kind = |name: &str| {
        let mut attributes = table.attribute_definitions().iter();
        let found = attributes.find(|attribute| attribute.attribute_name() == name);
        match found?.attribute_type() {
            ScalarAttributeType::S => Some(KeyType::S),
            ScalarAttributeType::N => Some(KeyType::N),
            ScalarAttributeType::B => Some(KeyType::B),
            _ => None,
        }
    };
    let partition = named(KeyRole::Hash)?.attribute_name();
    let sort = named(KeyRole::Range).map(|element| element.attribute_name());
    Some(Some(TableKey {
        partition: partition.to_owned(),
        partition_type: kind(partition)?,
        sort: sort.map(str::to_owned),
        sort_type: sort.map_or(Some(KeyType::default()), kind)?,
    }))
}

/// A table that was never billed by request shows no billing mode.
fn billing(table: &TableDescription) -> Option<Billing> {
    let mode = table
        .billing_mode_summary()
        .and_then(|summary| summary.billing_mode());
    Some(match mode {
        Some(BillingMode::PayPerRequest) => Billing::PayPerRequest,
        _ => Billing::Provisioned,
    })
}

/// Without a description of its encryption a table is encrypted with a key that AWS owns.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSEDescription.html>
fn kms_key(sought: &Sought<'_>, table: &TableDescription) -> Option<Ref> {
    let encryption = table.sse_description()?;
    let off = [SseStatus::Disabled, SseStatus::Disabling];
    let on = encryption
        .status()
        .is_some_and(|status| !off.contains(status));
    let arn = encryption.kms_master_key_arn().filter(|_| on)?;
    Some(sought.target.key(arn))
}

async fn recovery(client: &Client, name: &str) -> Read<bool> {
    let request = client.describe_continuous_backups().table_name(name);
    answer(BACKUPS, request.send().await).map(|shown| {
        let backups = shown.continuous_backups_description();
        let recovery = backups.and_then(|b| b.point_in_time_recovery_description());
        let status = recovery.and_then(|r| r.point_in_time_recovery_status());
        status == Some(&PointInTimeRecoveryStatus::Enabled)
    })
}

async fn policy(client: &Client, arn: &str) -> Read<PolicyDocument> {
    let request = client.get_resource_policy().resource_arn(arn);
    match there(POLICY, request.send().await) {
        None => store::policy(POLICY, None),
        Some(Read::Known(shown)) => store::policy(POLICY, shown.policy()),
        Some(Read::Unread(why)) => Read::Unread(why),
    }
}
