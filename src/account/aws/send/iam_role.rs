//! Sends the calls of roles.

use super::{Order, Sent, iam_policy::iam_tags, wanted};
use crate::{
    account::aws::error::Refusal,
    iam::PolicyDocument,
    resource::{IamRole, IamRoleCall, Ref},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &IamRoleCall) -> Sent {
    if let IamRoleCall::Create(role) = call {
        return create(order, role).await;
    }
    let (iam, name) = (&order.clients.iam, order.own_id()?);
    match call {
        IamRoleCall::Create(_) => {}
        IamRoleCall::PutTrust(document) => put_trust(order, document).await?,
        IamRoleCall::PutBoundary(policy) => put_boundary(order, policy).await?,
        IamRoleCall::DeleteBoundary => {
            let request = iam.delete_role_permissions_boundary();
            request.role_name(name).send().await?;
        }
        IamRoleCall::PutInline(policy, document) => put_inline(order, policy, document).await?,
        IamRoleCall::DeleteInline(policy) => {
            let request = iam.delete_role_policy().role_name(name);
            request.policy_name(policy).send().await?;
        }
        IamRoleCall::Attach(policy) => {
            let request = iam.attach_role_policy().role_name(name);
            request.policy_arn(order.arn(policy)?).send().await?;
        }
        IamRoleCall::Detach(policy) => {
            let request = iam.detach_role_policy().role_name(name);
            request.policy_arn(order.arn(policy)?).send().await?;
        }
        IamRoleCall::Update(description, seconds) => {
            let request = iam.update_role().role_name(name).description(description);
            let request = request.max_session_duration(session(*seconds)?);
            request.send().await?;
        }
        IamRoleCall::Tag(tags) => {
            let request = iam.tag_role().role_name(name);
            request.set_tags(Some(iam_tags(tags)?)).send().await?;
        }
        IamRoleCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = iam.untag_role().role_name(name);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        IamRoleCall::Delete => {
            iam.delete_role().role_name(name).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, role: &IamRole) -> Sent {
    let boundary = wanted(&role.boundary, "boundary")?.as_ref();
    let boundary = boundary.map(|policy| order.arn(policy)).transpose()?;
    let description = wanted(&role.description, "description")?;
    let created = order
        .clients
        .iam
        .create_role()
        .role_name(&role.name)
        .path(&role.path)
        .assume_role_policy_document(order.document(wanted(&role.trust, "trust")?)?)
        .set_permissions_boundary(boundary)
        .set_description((!description.is_empty()).then(|| description.clone()))
        .max_session_duration(session(*wanted(&role.max_session_seconds, "session")?)?)
        .set_tags(Some(iam_tags(wanted(&role.tags, "tags")?)?))
        .send()
        .await?;
    let created = created
        .role()
        .ok_or_else(|| Refusal::own("the answer names no role"))?;
    Ok(Some(PhysicalId {
        id: created.role_name().to_owned(),
        arn: Some(created.arn().to_owned()),
        unique_id: Some(created.role_id().to_owned()),
    }))
}

fn session(seconds: u32) -> Result<i32, Refusal> {
    i32::try_from(seconds).map_err(|error| Refusal::own(format!("session of {seconds} s: {error}")))
}

async fn put_trust(order: &Order<'_>, document: &PolicyDocument) -> Result<(), Refusal> {
    let request = order.clients.iam.update_assume_role_policy();
    request
        .role_name(order.own_id()?)
        .policy_document(order.document(document)?)
        .send()
        .await?;
    Ok(())
}

async fn put_boundary(order: &Order<'_>, policy: &Ref) -> Result<(), Refusal> {
    let request = order.clients.iam.put_role_permissions_boundary();
    request
        .role_name(order.own_id()?)
        .permissions_boundary(order.arn(policy)?)
        .send()
        .await?;
    Ok(())
}

async fn put_inline(
    order: &Order<'_>,
    policy: &str,
    document: &PolicyDocument,
) -> Result<(), Refusal> {
    let request = order.clients.iam.put_role_policy();
    request
        .role_name(order.own_id()?)
        .policy_name(policy)
        .policy_document(order.document(document)?)
        .send()
        .await?;
    Ok(())
}
