//! Sends the calls of instance profiles.

use super::{Order, Sent};
use crate::{
    account::aws::error::Refusal,
    resource::{InstanceProfile, InstanceProfileCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &InstanceProfileCall) -> Sent {
    if let InstanceProfileCall::Create(profile) = call {
        return create(order, profile).await;
    }
    let (iam, name) = (&order.clients.iam, order.own_id()?);
    match call {
        InstanceProfileCall::Create(_) => {}
        InstanceProfileCall::AddRole(role) => {
            let request = iam.add_role_to_instance_profile();
            let request = request.instance_profile_name(name);
            request.role_name(order.name(role)?).send().await?;
        }
        InstanceProfileCall::RemoveRole(role) => {
            let request = iam.remove_role_from_instance_profile();
            let request = request.instance_profile_name(name);
            request.role_name(order.name(role)?).send().await?;
        }
        InstanceProfileCall::Delete => {
            let request = iam.delete_instance_profile();
            request.instance_profile_name(name).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, profile: &InstanceProfile) -> Sent {
    let request = order.clients.iam.create_instance_profile();
    let created = request
        .instance_profile_name(&profile.name)
        .path(&profile.path)
        .send()
        .await?;
    let created = created
        .instance_profile()
        .ok_or_else(|| Refusal::own("the answer names no instance profile"))?;
    Ok(Some(PhysicalId::with_arn(
        created.instance_profile_name(),
        created.arn(),
    )))
}
