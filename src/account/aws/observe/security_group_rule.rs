//! Observes the rules of our groups.

use std::collections::BTreeSet;

use aws_sdk_ec2::{
    Client,
    types::{Filter, SecurityGroup, SecurityGroupRule as Shown},
};

use super::{
    Target,
    found::Found,
    prefix_list::{self, NamesById},
    rule_description::description,
};
use crate::{
    account::aws::error::answer,
    model::Address,
    resource::{Flow, Kind, PortRange, Read, Ref, SecurityGroupRule, Table},
    snapshot::{Ids, PhysicalId},
};

/// The call that shows rules.
const CALL: &str = "ec2:DescribeSecurityGroupRules";

/// Values that one filter may have.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>
const FILTER_VALUES: usize = 200;

/// Lists the rules of groups.
pub async fn list(client: &Client, ids: &[String]) -> Read<Vec<Shown>> {
    let mut all = Vec::new();
    for chunk in ids.chunks(FILTER_VALUES) {
        let filter = Filter::builder()
            .name("group-id")
            .set_values(Some(chunk.to_vec()))
            .build();
        let pages = client
            .describe_security_group_rules()
            .filters(filter)
            .max_results(1000)
            .into_paginator()
            .items()
            .send();
        match answer(CALL, pages.try_collect().await) {
            Read::Known(rules) => all.extend(rules),
            Read::Unread(why) => return Read::Unread(why),
        }
    }
    Read::Known(all)
}

/// The names of the prefix lists that rules lead to; nothing is asked where there are none.
pub(super) async fn prefix_lists(
    client: &Client,
    rules: &Read<Vec<Shown>>,
    target: &Target,
) -> Read<NamesById> {
    let mut rules = rules.known().into_iter().flatten();
    match rules.any(|rule| rule.prefix_list_id().is_some()) {
        true => prefix_list::names(client, target).await,
        false => Read::Known(NamesById::new()),
    }
}

/// Those rules that belong to some groups.
pub fn of(rules: &Read<Vec<Shown>>, groups: &Ids) -> Read<Vec<Shown>> {
    let ids: BTreeSet<&str> = groups.values().map(|id| id.id.as_str()).collect();
    let inside = |rule: &Shown| rule.group_id().is_some_and(|group| ids.contains(group));
    rules.as_ref().map(|rules| {
        let own = rules.iter().filter(|rule| inside(rule));
        own.cloned().collect()
    })
}

/// The rules, under provisional names: what they allow names them once it is linked.
pub fn observe(
    rules: &Read<Vec<Shown>>,
    groups: &Read<Vec<SecurityGroup>>,
    lists: &Read<NamesById>,
) -> Found<SecurityGroupRule> {
    let (rules, lists) = match (rules, groups, lists) {
        (Read::Known(rules), Read::Known(_), Read::Known(lists)) => (rules, lists),
        (Read::Unread(why), ..) | (_, Read::Unread(why), _) | (.., Read::Unread(why)) => {
            return Found::unread(why.clone());
        }
    };
    let groups = groups.known().map(Vec::as_slice).unwrap_or_default();
    let (mut table, mut ids) = (Table::new(), Ids::new());
    for shown in rules.iter().filter(|rule| !is_default_egress(rule)) {
        if let (Some(id), Some(rule)) = (
            shown.security_group_rule_id(),
            resource(shown, groups, lists),
        ) {
            let address = Address::new(SecurityGroupRule::NAME, id);
            ids.insert(address, physical(id));
            table.insert(id.to_owned(), rule);
        }
    }
    Found {
        listing: Read::Known(table.len() as u64),
        table,
        ids,
        conflicts: Vec::new(),
    }
}

/// The physical id of a rule.
pub fn physical(id: &str) -> PhysicalId {
    PhysicalId {
        id: id.to_owned(),
        arn: None,
        unique_id: None,
    }
}

/// The rule "all traffic to 0.0.0.0/0", which AWS adds to every new group.
pub fn is_default_egress(rule: &Shown) -> bool {
    rule.is_egress() == Some(true)
        && rule.ip_protocol() == Some("-1")
        && rule.cidr_ipv4() == Some("0.0.0.0/0")
}

fn resource(
    shown: &Shown,
    groups: &[SecurityGroup],
    lists: &NamesById,
) -> Option<SecurityGroupRule> {
    let flow = match shown.is_egress()? {
        true => Flow::Egress,
        false => Flow::Ingress,
    };
    let group = groups
        .iter()
        .find(|group| group.group_id() == shown.group_id());
    Some(SecurityGroupRule {
        group: Ref::literal(shown.group_id()?),
        flow,
        protocol: shown.ip_protocol()?.to_owned(),
        ports: ports(shown),
        peer: Ref::literal(named(peer(shown)?, lists)),
        description: description(shown, group).into(),
    })
}

/// The name of a gateway's prefix list, or what stands there.
fn named<'a>(peer: &'a str, lists: &'a NamesById) -> &'a str {
    lists.get(peer).map_or(peer, String::as_str)
}

/// EC2 writes -1 to -1 where a protocol has no ports and where all are meant.
pub fn ports(shown: &Shown) -> Option<PortRange> {
    let range = PortRange {
        first: shown.from_port()?,
        last: shown.to_port()?,
    };
    (range
        != PortRange {
            first: -1,
            last: -1,
        })
    .then_some(range)
}

/// The other side: a group, a CIDR or a prefix list.
pub fn peer(shown: &Shown) -> Option<&str> {
    shown
        .referenced_group_info()
        .and_then(|group| group.group_id())
        .or(shown.prefix_list_id())
        .or(shown.cidr_ipv4())
        .or(shown.cidr_ipv6())
}
