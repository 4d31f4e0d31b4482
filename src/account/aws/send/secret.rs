//! Sends the calls of secrets. No call carries a value.

use aws_sdk_secretsmanager::types::Tag;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{Ref, Secret, SecretCall},
    snapshot::PhysicalId,
};

/// The key that Secrets Manager has in every account.
const DEFAULT_KEY: &str = "alias/aws/secretsmanager";

pub(super) async fn send(order: &Order<'_>, call: &SecretCall) -> Sent {
    if let SecretCall::Create(secret) = call {
        return create(order, secret).await;
    }
    let (secrets, name) = (&order.clients.secrets, order.own_id()?);
    match call {
        SecretCall::Create(_) => {}
        SecretCall::Restore => {
            secrets.restore_secret().secret_id(name).send().await?;
        }
        SecretCall::SetKey(key) => {
            let request = secrets.update_secret().secret_id(name);
            request
                .kms_key_id(key_id(order, key.as_ref())?)
                .send()
                .await?;
        }
        SecretCall::PutPolicy(document) => {
            let request = secrets.put_resource_policy().secret_id(name);
            let request = request.resource_policy(order.document(document)?);
            request.block_public_policy(true).send().await?;
        }
        SecretCall::DeletePolicy => {
            let request = secrets.delete_resource_policy().secret_id(name);
            request.send().await?;
        }
        SecretCall::Tag(tags) => {
            let request = secrets.tag_resource().secret_id(name);
            request.set_tags(Some(secret_tags(tags))).send().await?;
        }
        SecretCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = secrets.untag_resource().secret_id(name);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        SecretCall::Delete(days) => {
            let request = secrets.delete_secret().secret_id(name);
            request
                .recovery_window_in_days(i64::from(*days))
                .send()
                .await?;
        }
    }
    Ok(None)
}

fn key_id(order: &Order<'_>, key: Option<&Ref>) -> Result<String, Refusal> {
    key.map_or_else(|| Ok(DEFAULT_KEY.to_owned()), |key| order.arn(key))
}

fn secret_tags(tags: &Tags) -> Vec<Tag> {
    let build = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(build).collect()
}

async fn create(order: &Order<'_>, secret: &Secret) -> Sent {
    let key = wanted(&secret.kms_key, "KMS key")?.as_ref();
    let request = order.clients.secrets.create_secret().name(&secret.name);
    let created = request
        .kms_key_id(key_id(order, key)?)
        .set_tags(Some(secret_tags(wanted(&secret.tags, "tags")?)))
        .send()
        .await?;
    Ok(Some(PhysicalId {
        arn: created.arn,
        ..PhysicalId::plain(&secret.name)
    }))
}
