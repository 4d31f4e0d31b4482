//! Sends the calls of Pod Identity associations.

use std::collections::HashMap;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{PodIdentityAssociation, PodIdentityAssociationCall, Ref},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &PodIdentityAssociationCall) -> Sent {
    if let PodIdentityAssociationCall::Create(association) = call {
        return create(order, association).await;
    }
    let eks = &order.clients.eks;
    match call {
        PodIdentityAssociationCall::Create(_) => {}
        PodIdentityAssociationCall::PutRole(role) => put_role(order, role).await?,
        PodIdentityAssociationCall::Tag(tags) => {
            let request = eks.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(map(tags))).send().await?;
        }
        PodIdentityAssociationCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = eks.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        PodIdentityAssociationCall::Delete => {
            let request = eks.delete_pod_identity_association();
            let request = request.cluster_name(cluster(order)?);
            request.association_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, association: &PodIdentityAssociation) -> Sent {
    let request = order.clients.eks.create_pod_identity_association();
    let created = request
        .cluster_name(&association.cluster)
        .namespace(&association.namespace)
        .service_account(&association.service_account)
        .role_arn(order.arn(wanted(&association.role, "role")?)?)
        .set_tags(Some(map(wanted(&association.tags, "tags")?)))
        .send()
        .await?;
    let created = created.association().and_then(|one| {
        let (id, arn) = (one.association_id()?, one.association_arn()?);
        Some(PhysicalId::with_arn(id, arn))
    });
    let nameless = || Refusal::own("the answer names no association");
    created.map(Some).ok_or_else(nameless)
}

async fn put_role(order: &Order<'_>, role: &Ref) -> Result<(), Refusal> {
    let request = order.clients.eks.update_pod_identity_association();
    let request = request.cluster_name(cluster(order)?);
    let request = request.association_id(order.own_id()?);
    request.role_arn(order.arn(role)?).send().await?;
    Ok(())
}

/// The cluster stands in the ARN: `…:podidentityassociation/<cluster>/<id>`.
fn cluster(order: &Order<'_>) -> Result<String, Refusal> {
    let arn = order.own_arn()?;
    let cluster = arn.rsplit('/').nth(1).map(str::to_owned);
    cluster.ok_or_else(|| Refusal::own(format!("{arn} names no cluster")))
}

fn map(tags: &Tags) -> HashMap<String, String> {
    tags.clone().into_iter().collect()
}
