//! Sends the calls of network ACLs, and changes of entries, those of the default one included.

use aws_sdk_ec2::types::{IcmpTypeCode, PortRange as Ports, ResourceType, RuleAction};
use ipnet::IpNet;

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::{error::Refusal, observe::ec2::filter},
    resource::{AclAction, AclEntry, AclEntryCall, AclKey, Flow, NetworkAcl, NetworkAclCall},
    snapshot::PhysicalId,
};

/// The protocols that have a type and a code in place of ports: ICMP and ICMPv6.
const ICMP: [&str; 2] = ["1", "58"];

pub(super) async fn send(order: &Order<'_>, call: &NetworkAclCall) -> Sent {
    match call {
        NetworkAclCall::Create(acl) => return create(order, acl).await,
        NetworkAclCall::Entry(entry) => change(order, order.own_id()?, entry).await?,
        NetworkAclCall::Tag(tags) => return ec2::tag(order, tags).await,
        NetworkAclCall::Untag(keys) => return ec2::untag(order, keys).await,
        NetworkAclCall::Delete => {
            let request = order.clients.ec2.delete_network_acl();
            request.network_acl_id(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn create(order: &Order<'_>, acl: &NetworkAcl) -> Sent {
    let tags = wanted(&acl.tags, "tags")?;
    let request = order.clients.ec2.create_network_acl();
    let created = request
        .vpc_id(order.id(&acl.vpc)?)
        .tag_specifications(ec2::created(ResourceType::NetworkAcl, &acl.name, tags))
        .send()
        .await?;
    let id = created.network_acl().and_then(|acl| acl.network_acl_id());
    let id = id.ok_or_else(|| Refusal::own("the answer names no network ACL"))?;
    Ok(Some(PhysicalId::plain(id)))
}

/// The network ACL that a subnet has which names none.
pub(super) async fn default_of(order: &Order<'_>, vpc: &str) -> Result<String, Refusal> {
    let request = order.clients.ec2.describe_network_acls();
    let shown = request
        .filters(filter("vpc-id", vpc))
        .filters(filter("default", "true"))
        .send()
        .await?;
    let found = shown
        .network_acls()
        .iter()
        .find_map(|acl| acl.network_acl_id());
    let found = found.ok_or_else(|| Refusal::own("the VPC shows no default network ACL"))?;
    Ok(found.to_owned())
}

/// Changes one entry of a network ACL.
pub(super) async fn change(
    order: &Order<'_>,
    acl: &str,
    change: &AclEntryCall,
) -> Result<(), Refusal> {
    let ec2 = &order.clients.ec2;
    match change {
        AclEntryCall::Create(key, entry) => {
            let sent = Sendable::of(*key, entry);
            ec2.create_network_acl_entry()
                .network_acl_id(acl)
                .egress(sent.egress)
                .rule_number(sent.number)
                .rule_action(sent.action)
                .protocol(&entry.protocol)
                .set_cidr_block(sent.four)
                .set_ipv6_cidr_block(sent.six)
                .set_port_range(sent.ports)
                .set_icmp_type_code(sent.icmp)
                .send()
                .await?;
        }
        AclEntryCall::Replace(key, entry) => {
            let sent = Sendable::of(*key, entry);
            ec2.replace_network_acl_entry()
                .network_acl_id(acl)
                .egress(sent.egress)
                .rule_number(sent.number)
                .rule_action(sent.action)
                .protocol(&entry.protocol)
                .set_cidr_block(sent.four)
                .set_ipv6_cidr_block(sent.six)
                .set_port_range(sent.ports)
                .set_icmp_type_code(sent.icmp)
                .send()
                .await?;
        }
        AclEntryCall::Delete(key) => {
            ec2.delete_network_acl_entry()
                .network_acl_id(acl)
                .egress(key.flow == Flow::Egress)
                .rule_number(key.number.into())
                .send()
                .await?;
        }
    }
    Ok(())
}

/// An entry in the fields of the SDK.
struct Sendable {
    egress: bool,
    number: i32,
    action: RuleAction,
    four: Option<String>,
    six: Option<String>,
    ports: Option<Ports>,
    icmp: Option<IcmpTypeCode>,
}

impl Sendable {
    fn of(key: AclKey, entry: &AclEntry) -> Self {
        let icmp = ICMP.contains(&entry.protocol.as_str());
        let ports = entry.ports.filter(|_| !icmp).map(|ports| {
            let range = Ports::builder().from(ports.first);
            range.to(ports.last).build()
        });
        let icmp = entry.ports.filter(|_| icmp).map(|ports| {
            let shown = IcmpTypeCode::builder().r#type(ports.first);
            shown.code(ports.last).build()
        });
        let (four, six) = match entry.cidr {
            IpNet::V4(range) => (Some(range.to_string()), None),
            IpNet::V6(range) => (None, Some(range.to_string())),
        };
        Self {
            egress: key.flow == Flow::Egress,
            number: key.number.into(),
            action: match entry.action {
                AclAction::Allow => RuleAction::Allow,
                AclAction::Deny => RuleAction::Deny,
            },
            four,
            six,
            ports,
            icmp,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::resource::PortRange;

    /// Moto forgets type and code, so this is told here.
    #[test]
    fn icmp_has_a_type_and_a_code_and_no_ports() {
        let key = "egress:110".parse().unwrap();
        let mut entry = AclEntry {
            action: AclAction::Deny,
            protocol: "1".to_owned(),
            ports: Some(PortRange { first: 8, last: -1 }),
            cidr: "10.0.0.0/8".parse().unwrap(),
        };
        let sent = Sendable::of(key, &entry);
        let icmp = sent.icmp.unwrap();
        assert_eq!((icmp.r#type(), icmp.code()), (Some(8), Some(-1)));
        assert!(sent.ports.is_none() && sent.egress);
        entry.protocol = "6".to_owned();
        let sent = Sendable::of(key, &entry);
        assert!(sent.icmp.is_none() && sent.ports.is_some());
    }
}
