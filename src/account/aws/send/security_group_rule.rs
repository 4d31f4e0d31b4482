//! Sends the calls of security group rules.

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroupRule as Shown, UserIdGroupPair,
};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::{
        error::Refusal,
        observe::security_group_rule::{peer, physical, ports},
    },
    model::{Address, KindName},
    resource::{Flow, PortRange, SecurityGroupRule, SecurityGroupRuleCall},
};

pub(super) async fn send(order: &Order<'_>, call: &SecurityGroupRuleCall) -> Sent {
    match call {
        SecurityGroupRuleCall::Authorize(rule) => authorize(order, rule).await,
        SecurityGroupRuleCall::Describe(flow, text) => describe(order, *flow, text).await,
        SecurityGroupRuleCall::Revoke(flow) => revoke(order, *flow).await,
    }
}

async fn authorize(order: &Order<'_>, rule: &SecurityGroupRule) -> Sent {
    let group = order.id(&rule.group)?;
    let traffic = Traffic {
        protocol: &rule.protocol,
        ports: rule.ports,
        peer: &order.id(&rule.peer)?,
    };
    let permission = traffic.permission(wanted(&rule.description, "description")?);
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
    let id = rules.first().and_then(|rule| rule.security_group_rule_id());
    Ok(id.map(physical))
}

/// Descriptions are set by what a rule allows, as that is what every endpoint understands; the
/// rule is asked for it, since it is named by its id.
async fn describe(order: &Order<'_>, flow: Flow, text: &str) -> Sent {
    let ec2 = &order.clients.ec2;
    let request = ec2.describe_security_group_rules();
    let shown = request
        .security_group_rule_ids(order.own_id()?)
        .send()
        .await?;
    let gone = || Refusal::own("the rule is not there");
    let rule = shown.security_group_rules().first().ok_or_else(gone)?;
    let group = rule.group_id().ok_or_else(gone)?;
    let permission = Traffic::of(rule).ok_or_else(gone)?.permission(text);
    match flow {
        Flow::Ingress => {
            let request = ec2.update_security_group_rule_descriptions_ingress();
            let request = request.group_id(group).ip_permissions(permission);
            request.send().await?;
        }
        Flow::Egress => {
            let request = ec2.update_security_group_rule_descriptions_egress();
            let request = request.group_id(group).ip_permissions(permission);
            request.send().await?;
        }
    }
    Ok(None)
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

impl<'a> Traffic<'a> {
    fn of(rule: &'a Shown) -> Option<Self> {
        Some(Self {
            protocol: rule.ip_protocol()?,
            ports: ports(rule),
            peer: peer(rule)?,
        })
    }

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
