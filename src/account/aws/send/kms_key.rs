//! Sends the calls of keys.

use aws_sdk_kms::{
    Client,
    config::{Config, retry::RetryConfig},
    types::{KeySpec, OriginType, Tag},
};

use super::{Order, Sent, tag_list, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{KmsKey, KmsKeyCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &KmsKeyCall) -> Sent {
    if let KmsKeyCall::Create(key) = call {
        return create(order, key).await;
    }
    let (kms, key) = (&order.clients.kms, order.own_id()?);
    match call {
        KmsKeyCall::Create(_) => {}
        KmsKeyCall::PutAlias(alias) => put_alias(kms, key, alias).await?,
        KmsKeyCall::DeleteAlias(alias) => {
            kms.delete_alias().alias_name(alias).send().await?;
        }
        KmsKeyCall::Describe(text) => {
            let request = kms.update_key_description().key_id(key);
            request.description(text).send().await?;
        }
        KmsKeyCall::Enable => {
            kms.enable_key().key_id(key).send().await?;
        }
        KmsKeyCall::Disable => {
            kms.disable_key().key_id(key).send().await?;
        }
        KmsKeyCall::CancelDeletion => {
            kms.cancel_key_deletion().key_id(key).send().await?;
        }
        KmsKeyCall::PutPolicy(document) => {
            let request = kms.put_key_policy().key_id(key).policy_name("default");
            request.policy(order.document(document)?).send().await?;
        }
        KmsKeyCall::EnableRotation(days) => {
            let request = kms.enable_key_rotation().key_id(key);
            let request = request.rotation_period_in_days(number(*days)?);
            request.send().await?;
        }
        KmsKeyCall::DisableRotation => {
            kms.disable_key_rotation().key_id(key).send().await?;
        }
        KmsKeyCall::RevokeGrant(grant) => {
            let request = kms.revoke_grant().key_id(key);
            request.grant_id(grant).send().await?;
        }
        KmsKeyCall::Tag(tags) => {
            let request = kms.tag_resource().key_id(key);
            request.set_tags(Some(kms_tags(tags)?)).send().await?;
        }
        KmsKeyCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = kms.untag_resource().key_id(key);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        KmsKeyCall::ScheduleDeletion(days) => schedule(kms, key, *days).await?,
    }
    Ok(None)
}

fn number(days: u32) -> Result<i32, Refusal> {
    i32::try_from(days).map_err(|error| Refusal::own(format!("{days} days: {error}")))
}

fn kms_tags(tags: &Tags) -> Result<Vec<Tag>, Refusal> {
    tag_list(tags, |key, value| {
        Tag::builder().tag_key(key).tag_value(value).build()
    })
}

/// CreateKey takes no client token: a repetition after a broken connection would make a second
/// key, so the SDK does not repeat it. A key left behind is found by its tags.
async fn create(order: &Order<'_>, key: &KmsKey) -> Sent {
    let once = Config::builder().retry_config(RetryConfig::disabled());
    let created = order
        .clients
        .kms
        .create_key()
        .policy(order.document(wanted(&key.policy, "policy")?)?)
        .description(wanted(&key.description, "description")?)
        .key_spec(KeySpec::from(wanted(&key.spec, "spec")?.as_str()))
        .origin(OriginType::from(wanted(&key.origin, "origin")?.as_str()))
        .multi_region(*wanted(&key.multi_region, "multi_region")?)
        .set_tags(Some(kms_tags(wanted(&key.tags, "tags")?)?))
        .customize()
        .config_override(once)
        .send()
        .await?;
    let metadata = created
        .key_metadata()
        .ok_or_else(|| Refusal::own("the answer names no key"))?;
    Ok(Some(PhysicalId {
        id: metadata.key_id().to_owned(),
        arn: metadata.arn().map(str::to_owned),
        unique_id: None,
    }))
}

async fn put_alias(kms: &Client, key: &str, alias: &str) -> Result<(), Refusal> {
    let request = kms.create_alias().alias_name(alias).target_key_id(key);
    match request.send().await.map_err(Refusal::from) {
        Ok(_) => Ok(()),
        Err(refusal) if refusal.code() == "AlreadyExistsException" => {
            let request = kms.update_alias().alias_name(alias).target_key_id(key);
            request.send().await?;
            Ok(())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn schedule(kms: &Client, key: &str, days: u32) -> Result<(), Refusal> {
    let request = kms.schedule_key_deletion().key_id(key);
    let request = request.pending_window_in_days(number(days)?);
    request.send().await?;
    Ok(())
}
