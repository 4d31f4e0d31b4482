//! Sends the calls of VPC endpoints.

use std::collections::BTreeSet;

use aws_sdk_ec2::{
    operation::{
        create_vpc_endpoint::builders::CreateVpcEndpointFluentBuilder as Create,
        modify_vpc_endpoint::builders::ModifyVpcEndpointFluentBuilder as Modify,
    },
    types::{ResourceType, VpcEndpointType},
};

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{EndpointChange, EndpointType, Ref, VpcEndpoint, VpcEndpointCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &VpcEndpointCall) -> Sent {
    match call {
        VpcEndpointCall::Create(endpoint) => create(order, endpoint).await,
        VpcEndpointCall::Modify(change) => {
            modify(order, change)?.send().await?;
            Ok(None)
        }
        VpcEndpointCall::Tag(tags) => ec2::tag(order, tags).await,
        VpcEndpointCall::Untag(keys) => ec2::untag(order, keys).await,
        VpcEndpointCall::Delete => delete(order).await,
    }
}

async fn create(order: &Order<'_>, endpoint: &VpcEndpoint) -> Sent {
    let tags = ec2::created(
        ResourceType::VpcEndpoint,
        &endpoint.name,
        wanted(&endpoint.tags, "tags")?,
    );
    let request = order
        .clients
        .ec2
        .create_vpc_endpoint()
        .vpc_id(order.id(&endpoint.vpc)?)
        .service_name(&endpoint.service)
        .policy_document(order.document(wanted(&endpoint.policy, "policy")?)?)
        .tag_specifications(tags);
    let made = placed(order, request, endpoint)?.send().await?;
    let id = made.vpc_endpoint().and_then(|made| made.vpc_endpoint_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no endpoint"))?;
    Ok(Some(PhysicalId::plain(id)))
}

/// Where the endpoint is reached: AWS refuses what the other type has.
fn placed(order: &Order<'_>, request: Create, endpoint: &VpcEndpoint) -> Result<Create, Refusal> {
    Ok(match endpoint.endpoint_type {
        EndpointType::Gateway => {
            let tables = ids(order, wanted(&endpoint.route_tables, "route tables")?)?;
            request
                .vpc_endpoint_type(VpcEndpointType::Gateway)
                .set_route_table_ids(tables)
        }
        EndpointType::Interface => request
            .vpc_endpoint_type(VpcEndpointType::Interface)
            .set_subnet_ids(ids(order, wanted(&endpoint.subnets, "subnets")?)?)
            .set_security_group_ids(ids(order, wanted(&endpoint.groups, "groups")?)?)
            .private_dns_enabled(*wanted(&endpoint.private_dns, "private DNS")?),
    })
}

fn modify(order: &Order<'_>, change: &EndpointChange) -> Result<Modify, Refusal> {
    let policy = change.policy.as_ref();
    let policy = policy.map(|policy| order.document(policy)).transpose()?;
    let request = order.clients.ec2.modify_vpc_endpoint();
    Ok(request
        .vpc_endpoint_id(order.own_id()?)
        .set_policy_document(policy)
        .set_private_dns_enabled(change.private_dns)
        .set_add_route_table_ids(ids(order, &change.route_tables.add)?)
        .set_remove_route_table_ids(ids(order, &change.route_tables.remove)?)
        .set_add_subnet_ids(ids(order, &change.subnets.add)?)
        .set_remove_subnet_ids(ids(order, &change.subnets.remove)?)
        .set_add_security_group_ids(ids(order, &change.groups.add)?)
        .set_remove_security_group_ids(ids(order, &change.groups.remove)?))
}

/// The ids of references; an empty list is not sent.
fn ids(order: &Order<'_>, references: &BTreeSet<Ref>) -> Result<Option<Vec<String>>, Refusal> {
    let ids: Result<Vec<String>, Refusal> = references.iter().map(|one| order.id(one)).collect();
    ids.map(|ids| (!ids.is_empty()).then_some(ids))
}

/// What cannot be deleted is told in an answer that succeeds.
async fn delete(order: &Order<'_>) -> Sent {
    let request = order.clients.ec2.delete_vpc_endpoints();
    let answer = request.vpc_endpoint_ids(order.own_id()?).send().await?;
    ec2::all_successful(answer.unsuccessful())?;
    Ok(None)
}
