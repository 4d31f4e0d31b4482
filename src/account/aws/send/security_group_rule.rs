//! Sends the calls of security group rules.

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule as Shown,
    SecurityGroupRuleRequest, SecurityGroupRuleUpdate, UserIdGroupPair,
};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::{
        error::Refusal,
        observe::{ec2::filter, security_group_rule::physical},
    },
    model::{Address, KindName},
    resource::{Flow, PortRange, Ref, SecurityGroupRule, SecurityGroupRuleCall},
};

/// How AWS names the prefix lists that it manages.
const AWS_LIST: &str = "com.amazonaws.";

pub(super) async fn send(order: &Order<'_>, call: &SecurityGroupRuleCall) -> Sent {
    match call {
        SecurityGroupRuleCall::Authorize(rule) => authorize(order, rule).await,
        SecurityGroupRuleCall::Describe(_, text) => describe(order, order.own_id()?, text).await,
        SecurityGroupRuleCall::Revoke(flow) => revoke(order, *flow).await,
    }
}

async fn authorize(order: &Order<'_>, rule: &SecurityGroupRule) -> Sent {
    let group = order.id(&rule.group)?;
    let traffic = Traffic {
        protocol: &rule.protocol,
        ports: rule.ports,
        peer: &peer(order, &rule.peer).await?,
    };
    let text = wanted(&rule.description, "description")?;
    let permission = traffic.permission(text);
    let ec2 = &order.clients.ec2;
    let rules = match rule.flow {
        Flow::Ingress => {
            let request = ec2.authorize_security_group_ingress().group_id(group);
            let answer = request.ip_permissions(permission).send().await?;
            answer.security_group_rules
        }
        Flow::Egress => {
            let request = ec2.authorize_security_group_egress().group_id(group);
            let answer = request.ip_permissions(permission).send().await?;
            answer.security_group_rules
        }
    };
    let rules = rules.unwrap_or_default();
    let Some(made) = rules.first() else {
        return Ok(None);
    };
    let id = made.security_group_rule_id().map(physical);
    // An emulator forgets what is said of a prefix list, and shows so in its answer.
    let forgot = made.prefix_list_id().is_some() && made.description().is_none();
    if let (true, Some(id)) = (forgot && !text.is_empty(), &id) {
        describe(order, &id.id, text).await?;
    }
    Ok(id)
}

/// The other side as EC2 takes it; the id of a gateway's prefix list is asked for by its name.
async fn peer(order: &Order<'_>, peer: &Ref) -> Result<String, Refusal> {
    let peer = order.id(peer)?;
    if !peer.starts_with(AWS_LIST) {
        return Ok(peer);
    }
    let request = order.clients.ec2.describe_managed_prefix_lists();
    let filter = filter("prefix-list-name", &peer);
    let shown = request.filters(filter).send().await?;
    let mut ids = shown.prefix_lists().iter();
    let id = ids.find_map(|list| list.prefix_list_id());
    id.map(str::to_owned)
        .ok_or_else(|| Refusal::own(format!("there is no prefix list {peer} in the Region")))
}

/// ModifySecurityGroupRules sets a whole rule, so the rule is asked for first.
async fn describe(order: &Order<'_>, id: &str, text: &str) -> Sent {
    let ec2 = &order.clients.ec2;
    let request = ec2.describe_security_group_rules();
    let shown = request.security_group_rule_ids(id).send().await?;
    let gone = || Refusal::own("the rule is not there");
    let rule = shown.security_group_rules().first().ok_or_else(gone)?;
    let update = SecurityGroupRuleUpdate::builder()
        .security_group_rule_id(id)
        .security_group_rule(described(rule, text))
        .build();
    ec2.modify_security_group_rules()
        .set_group_id(rule.group_id.clone())
        .security_group_rules(update)
        .send()
        .await?;
    Ok(None)
}

/// The same rule with another description.
fn described(rule: &Shown, text: &str) -> SecurityGroupRuleRequest {
    let group = rule.referenced_group_info();
    SecurityGroupRuleRequest::builder()
        .set_ip_protocol(rule.ip_protocol.clone())
        .from_port(rule.from_port().unwrap_or(-1))
        .to_port(rule.to_port().unwrap_or(-1))
        .set_cidr_ipv4(rule.cidr_ipv4.clone())
        .set_cidr_ipv6(rule.cidr_ipv6.clone())
        .set_prefix_list_id(rule.prefix_list_id.clone())
        .set_referenced_group_id(group.and_then(|group| group.group_id.clone()))
        .description(text)
        .build()
}

async fn revoke(order: &Order<'_>, flow: Flow) -> Sent {
    let (ec2, rule) = (&order.clients.ec2, order.own_id()?);
    let group = group_of(order, flow)?;
    match flow {
        Flow::Ingress => {
            let request = ec2.revoke_security_group_ingress().group_id(group);
            request.security_group_rule_ids(rule).send().await?;
        }
        Flow::Egress => {
            let request = ec2.revoke_security_group_egress().group_id(group);
            request.security_group_rule_ids(rule).send().await?;
        }
    }
    Ok(None)
}

/// The group that a rule's logical name begins with.
fn group_of(order: &Order<'_>, flow: Flow) -> Result<String, Refusal> {
    let name = &order.address.name;
    let group = name
        .split_once(&format!(":{flow}:"))
        .map(|(group, _)| group);
    let group = group.ok_or_else(|| Refusal::own(format!("{name} names no group")))?;
    if group.starts_with("sg-") {
        return Ok(group.to_owned());
    }
    let address = Address::new(KindName::SecurityGroup, group);
    order.physical(&address).map(|id| id.id.clone())
}

/// What a rule allows, resolved.
struct Traffic<'a> {
    protocol: &'a str,
    ports: Option<PortRange>,
    peer: &'a str,
}

impl Traffic<'_> {
    fn permission(&self, description: &str) -> IpPermission {
        let text = (!description.is_empty()).then(|| description.to_owned());
        let ports = self.ports.unwrap_or(PortRange {
            first: -1,
            last: -1,
        });
        let permission = IpPermission::builder()
            .ip_protocol(self.protocol)
            .from_port(ports.first)
            .to_port(ports.last);
        if self.peer.starts_with("sg-") {
            let pair = UserIdGroupPair::builder().group_id(self.peer);
            permission.user_id_group_pairs(pair.set_description(text).build())
        } else if self.peer.starts_with("pl-") {
            let list = PrefixListId::builder().prefix_list_id(self.peer);
            permission.prefix_list_ids(list.set_description(text).build())
        } else if self.peer.contains(':') {
            let range = Ipv6Range::builder().cidr_ipv6(self.peer);
            permission.ipv6_ranges(range.set_description(text).build())
        } else {
            let range = IpRange::builder().cidr_ip(self.peer);
            permission.ip_ranges(range.set_description(text).build())
        }
        .build()
    }
}
