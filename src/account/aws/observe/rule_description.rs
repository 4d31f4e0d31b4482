//! The description of a rule. Both the rules and the groups' permissions show it; emulators
//! leave it out of the former where the peer is not a CIDR.

use aws_sdk_ec2::types::{IpPermission, SecurityGroup, SecurityGroupRule};

use super::security_group_rule::{peer, ports};
use crate::resource::PortRange;

/// The description of a rule, empty where it has none.
pub fn description(rule: &SecurityGroupRule, group: Option<&SecurityGroup>) -> String {
    rule.description()
        .or_else(|| in_permissions(rule, group?))
        .unwrap_or_default()
        .to_owned()
}

fn in_permissions<'a>(rule: &SecurityGroupRule, group: &'a SecurityGroup) -> Option<&'a str> {
    let permissions = match rule.is_egress()? {
        true => group.ip_permissions_egress(),
        false => group.ip_permissions(),
    };
    let peer = peer(rule)?;
    permissions
        .iter()
        .filter(|permission| same_traffic(permission, rule))
        .find_map(|permission| of_peer(permission, peer))
}

fn same_traffic(permission: &IpPermission, rule: &SecurityGroupRule) -> bool {
    let range = permission
        .from_port()
        .zip(permission.to_port())
        .map(|(first, last)| PortRange { first, last })
        .filter(|range| {
            *range
                != PortRange {
                    first: -1,
                    last: -1,
                }
        });
    permission.ip_protocol() == rule.ip_protocol() && range == ports(rule)
}

fn of_peer<'a>(permission: &'a IpPermission, peer: &str) -> Option<&'a str> {
    let groups = permission
        .user_id_group_pairs()
        .iter()
        .map(|pair| (pair.group_id(), pair.description()));
    let lists = permission
        .prefix_list_ids()
        .iter()
        .map(|list| (list.prefix_list_id(), list.description()));
    groups
        .chain(lists)
        .find(|(id, _)| *id == Some(peer))
        .and_then(|(_, description)| description)
}
