//! Sends the calls of OpenID Connect providers.

use super::{Order, Sent, iam_policy::iam_tags, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{OidcProvider, OidcProviderCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &OidcProviderCall) -> Sent {
    if let OidcProviderCall::Create(provider) = call {
        return create(order, provider).await;
    }
    let (iam, arn) = (&order.clients.iam, order.own_id()?);
    match call {
        OidcProviderCall::Create(_) => {}
        OidcProviderCall::AddAudience(name) => {
            let request = iam.add_client_id_to_open_id_connect_provider();
            let request = request.open_id_connect_provider_arn(arn);
            request.client_id(name).send().await?;
        }
        OidcProviderCall::RemoveAudience(name) => {
            let request = iam.remove_client_id_from_open_id_connect_provider();
            let request = request.open_id_connect_provider_arn(arn);
            request.client_id(name).send().await?;
        }
        OidcProviderCall::Tag(tags) => {
            let request = iam.tag_open_id_connect_provider();
            let request = request.open_id_connect_provider_arn(arn);
            request.set_tags(Some(iam_tags(tags)?)).send().await?;
        }
        OidcProviderCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = iam.untag_open_id_connect_provider();
            let request = request.open_id_connect_provider_arn(arn);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        OidcProviderCall::Delete => {
            let request = iam.delete_open_id_connect_provider();
            let request = request.open_id_connect_provider_arn(arn);
            request.send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, provider: &OidcProvider) -> Sent {
    let audiences = wanted(&provider.audiences, "audiences")?;
    let request = order.clients.iam.create_open_id_connect_provider();
    let created = request
        .url(format!("https://{}", provider.issuer))
        .set_client_id_list(Some(audiences.iter().cloned().collect()))
        .set_tags(Some(iam_tags(wanted(&provider.tags, "tags")?)?))
        .send()
        .await?;
    let arn = created
        .open_id_connect_provider_arn()
        .ok_or_else(|| Refusal::own("the answer names no provider"))?;
    Ok(Some(PhysicalId::with_arn(arn, arn)))
}
