//! Sends the one call of service-linked roles.

use super::{Order, Sent};
use crate::{account::aws::error::Refusal, resource::ServiceLinkedRoleCall, snapshot::PhysicalId};

pub(super) async fn send(order: &Order<'_>, call: &ServiceLinkedRoleCall) -> Sent {
    let ServiceLinkedRoleCall::Create(role) = call;
    let request = order.clients.iam.create_service_linked_role();
    let created = request.aws_service_name(&role.service).send().await?;
    let created = created
        .role()
        .ok_or_else(|| Refusal::own("the answer names no role"))?;
    Ok(Some(PhysicalId {
        unique_id: Some(created.role_id().to_owned()),
        ..PhysicalId::with_arn(created.role_name(), created.arn())
    }))
}
