//! Sends the calls of VPCs. What AWS made along with one has ids of its own, which are asked for.

use aws_sdk_ec2::types::{
    AttributeBooleanValue, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType,
    UserIdGroupPair,
};

use super::{Order, Sent, ec2, network_acl, route_table, wanted};
use crate::{
    account::aws::{error::Refusal, observe::ec2::filter},
    model::TagKey,
    resource::{DefaultRule, Flow, PortRange, Vpc, VpcCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &VpcCall) -> Sent {
    match call {
        VpcCall::Create(vpc) => return create(order, vpc).await,
        VpcCall::DnsSupport(on) => {
            let request = order.clients.ec2.modify_vpc_attribute();
            let request = request.vpc_id(order.own_id()?);
            request.enable_dns_support(flag(*on)).send().await?;
        }
        VpcCall::DnsHostnames(on) => {
            let request = order.clients.ec2.modify_vpc_attribute();
            let request = request.vpc_id(order.own_id()?);
            request.enable_dns_hostnames(flag(*on)).send().await?;
        }
        VpcCall::AuthorizeDefault(rule) => authorize(order, rule).await?,
        VpcCall::RevokeDefault(rule) => revoke(order, rule).await?,
        VpcCall::DefaultAcl(change) => {
            let acl = network_acl::default_of(order, order.own_id()?).await?;
            network_acl::change(order, &acl, change).await?;
        }
        VpcCall::MainRoute(change) => {
            let table = route_table::main_of(order, order.own_id()?).await?;
            route_table::change(order, &table, change).await?;
        }
        VpcCall::Tag(tags) => return ec2::tag(order, tags).await,
        VpcCall::Untag(keys) => return ec2::untag(order, keys).await,
        VpcCall::Delete => {
            let request = order.clients.ec2.delete_vpc();
            request.vpc_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

fn flag(on: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(on).build()
}

/// CreateVpc takes no client token, so a second one could be made when an answer is lost: one
/// that bears the name and the tag already is taken for it.
async fn create(order: &Order<'_>, vpc: &Vpc) -> Sent {
    if let Some(left) = left_behind(order, vpc).await? {
        return Ok(Some(PhysicalId::plain(left)));
    }
    let tags = wanted(&vpc.tags, "tags")?;
    let request = order.clients.ec2.create_vpc();
    let created = request
        .cidr_block(vpc.cidr.to_string())
        .tag_specifications(ec2::created(ResourceType::Vpc, &vpc.name, tags))
        .send()
        .await?;
    let id = created.vpc().and_then(|vpc| vpc.vpc_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no VPC"))?;
    Ok(Some(PhysicalId::plain(id)))
}

async fn left_behind(order: &Order<'_>, vpc: &Vpc) -> Result<Option<String>, Refusal> {
    let tags = wanted(&vpc.tags, "tags")?;
    let owner = tags.get(TagKey::ENVIRONMENT).map(String::as_str);
    let shown = order
        .clients
        .ec2
        .describe_vpcs()
        .filters(filter("tag:Name", &vpc.name))
        .filters(filter(
            &format!("tag:{}", TagKey::ENVIRONMENT),
            owner.unwrap_or_default(),
        ))
        .send()
        .await?;
    let found = shown.vpcs().iter().find_map(|vpc| vpc.vpc_id());
    Ok(found.map(str::to_owned))
}

async fn authorize(order: &Order<'_>, rule: &DefaultRule) -> Result<(), Refusal> {
    let group = default_group(order).await?;
    let permission = permission(order, rule, &group)?;
    let ec2 = &order.clients.ec2;
    match rule.flow {
        Flow::Ingress => {
            let request = ec2.authorize_security_group_ingress().group_id(group);
            request.ip_permissions(permission).send().await?;
        }
        Flow::Egress => {
            let request = ec2.authorize_security_group_egress().group_id(group);
            request.ip_permissions(permission).send().await?;
        }
    }
    Ok(())
}

async fn revoke(order: &Order<'_>, rule: &DefaultRule) -> Result<(), Refusal> {
    let group = default_group(order).await?;
    let permission = permission(order, rule, &group)?;
    let ec2 = &order.clients.ec2;
    match rule.flow {
        Flow::Ingress => {
            let request = ec2.revoke_security_group_ingress().group_id(group);
            request.ip_permissions(permission).send().await?;
        }
        Flow::Egress => {
            let request = ec2.revoke_security_group_egress().group_id(group);
            request.ip_permissions(permission).send().await?;
        }
    }
    Ok(())
}

async fn default_group(order: &Order<'_>) -> Result<String, Refusal> {
    let request = order.clients.ec2.describe_security_groups();
    let shown = request
        .filters(filter("vpc-id", order.own_id()?))
        .filters(filter("group-name", "default"))
        .send()
        .await?;
    let found = shown
        .security_groups()
        .iter()
        .find_map(|group| group.group_id());
    let found = found.ok_or_else(|| Refusal::own("the VPC shows no default group"))?;
    Ok(found.to_owned())
}

fn permission(order: &Order<'_>, rule: &DefaultRule, own: &str) -> Result<IpPermission, Refusal> {
    let all = PortRange {
        first: -1,
        last: -1,
    };
    let ports = rule.ports.unwrap_or(all);
    let permission = IpPermission::builder()
        .ip_protocol(&rule.protocol)
        .from_port(ports.first)
        .to_port(ports.last);
    let peer = match order.id(&rule.peer)? {
        peer if peer == DefaultRule::SELF => own.to_owned(),
        peer => peer,
    };
    Ok(if peer.starts_with("sg-") {
        let pair = UserIdGroupPair::builder().group_id(peer);
        permission.user_id_group_pairs(pair.build())
    } else if peer.starts_with("pl-") {
        permission.prefix_list_ids(PrefixListId::builder().prefix_list_id(peer).build())
    } else if peer.contains(':') {
        permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).build())
    } else {
        permission.ip_ranges(IpRange::builder().cidr_ip(peer).build())
    }
    .build())
}
