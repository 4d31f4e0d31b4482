//! Observes the VPC: the one that the specification names, or the one that is ours by name and
//! tag; and what AWS made along with it, from the listings of the kinds that those are.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::{
    Client,
    types::{SecurityGroupRule, Vpc as Shown, VpcAttributeName},
};
use futures::{future::join_all, join};
use ipnet::IpNet;

use super::{
    Target, ec2,
    ec2::filter,
    found::{Candidate, Found},
    gateways::Attached,
    network, network_acl, route_table, security_group,
    security_group_rule::{peer, ports},
};
use crate::{
    account::aws::error::{Refusal, answer},
    model::{Address, KindName},
    resource::{AclEntries, DefaultRule, Flow, Read, Ref, Routes, Unread, Vpc},
    snapshot::PhysicalId,
};

/// The call that shows VPCs.
const CALL: &str = "ec2:DescribeVpcs";
/// The call that shows one attribute of one VPC.
const ATTRIBUTE: &str = "ec2:DescribeVpcAttribute";

/// The VPCs that may be the environment's, with what their listing shows.
pub type Claimed = Found<Vpc>;

/// Lists the one VPC that the specification names, or all.
pub async fn list(client: &Client, target: &Target) -> Read<Vec<Shown>> {
    let given = target.vpc.as_ref();
    let given = given.map(|id| filter("vpc-id", id.as_str()));
    let request = client.describe_vpcs().set_filters(given.map(|id| vec![id]));
    let pages = request.into_paginator().items().send();
    answer(CALL, pages.try_collect().await)
}

/// The environment's among them.
pub fn claim(vpcs: &Read<Vec<Shown>>, target: &Target) -> Claimed {
    match vpcs {
        Read::Known(vpcs) => {
            let candidates = vpcs.iter().filter_map(|vpc| candidate(vpc, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => unread(why.clone(), target),
    }
}

/// A VPC that the specification names is known even where it cannot be looked at.
fn unread(why: Unread, target: &Target) -> Claimed {
    let mut found = Found::unread(why);
    let given = target.vpc.as_ref().map(|id| {
        let address = Address::new(KindName::Vpc, target.naming.vpc());
        (address, PhysicalId::plain(id.as_str()))
    });
    found.ids.extend(given);
    found
}

/// A VPC that the specification names is the environment's whatever it is called and whoever made
/// it; its tags are not asked.
fn candidate(vpc: &Shown, target: &Target) -> Option<Candidate<Vpc>> {
    let labels = ec2::labels(vpc.tags());
    let given = target.vpc.is_some();
    let own = target.naming.vpc();
    let named = match given {
        true => Some(own),
        // A tag that is gone is repaired: nobody else gives this name to a VPC.
        false => labels.logical(target, labels.name == target.naming.prefixed(&own)),
    };
    let tags = Read::Known(labels.tags);
    Some(Candidate {
        named,
        tags: if given {
            Read::Known(Default::default())
        } else {
            tags.clone()
        },
        id: PhysicalId::plain(vpc.vpc_id()?),
        resource: Vpc {
            name: labels.name,
            cidr: vpc.cidr_block()?.parse().ok()?,
            further_cidrs: further(vpc).into(),
            dns_support: Read::Known(false),
            dns_hostnames: Read::Known(false),
            default_group: BTreeSet::new().into(),
            default_acl: AclEntries::new().into(),
            main_routes: Routes::new().into(),
            gateways: BTreeMap::new().into(),
            interconnects: BTreeMap::new().into(),
            tags,
        },
    })
}

/// Every range but the first, those of IPv6 included.
fn further(vpc: &Shown) -> BTreeSet<IpNet> {
    let four = vpc.cidr_block_association_set().iter().filter(|range| {
        let state = range.cidr_block_state().and_then(|state| state.state());
        state.is_none_or(|state| state.as_str() == "associated")
    });
    let six = vpc
        .ipv6_cidr_block_association_set()
        .iter()
        .filter(|range| {
            let state = range
                .ipv6_cidr_block_state()
                .and_then(|state| state.state());
            state.is_none_or(|state| state.as_str() == "associated")
        });
    let four = four.filter_map(|range| range.cidr_block());
    let six = six.filter_map(|range| range.ipv6_cidr_block());
    four.filter(|range| Some(*range) != vpc.cidr_block())
        .chain(six)
        .filter_map(|range| range.parse().ok())
        .collect()
}

impl Claimed {
    /// The ids of the VPCs whose parts are looked at.
    pub fn vpcs(&self) -> Read<Vec<String>> {
        let ids: Vec<String> = self.ids.values().map(|id| id.id.clone()).collect();
        match &self.listing {
            Read::Unread(why) if ids.is_empty() => Read::Unread(why.clone()),
            _ => Read::Known(ids),
        }
    }
}

/// Fills in what other calls show of each VPC.
pub async fn observe(
    client: &Client,
    mut claimed: Claimed,
    shown: &network::Shown,
    attached: &Attached,
) -> Found<Vpc> {
    let ids = claimed.ids.clone();
    let seen = ids
        .iter()
        .filter(|(at, _)| claimed.table.contains_key(&at.name));
    let each = seen.map(|(address, id)| async move {
        let (support, hostnames) = join!(
            attribute(client, &id.id, VpcAttributeName::EnableDnsSupport),
            attribute(client, &id.id, VpcAttributeName::EnableDnsHostnames),
        );
        (&address.name, &id.id, support, hostnames)
    });
    for (name, id, support, hostnames) in join_all(each).await {
        let Some(vpc) = claimed.table.get_mut(name) else {
            continue;
        };
        vpc.dns_support = support;
        vpc.dns_hostnames = hostnames;
        vpc.default_group = default_group(shown, id);
        vpc.default_acl = network_acl::default_entries(shown, id);
        vpc.main_routes = route_table::main_routes(shown, id);
        vpc.gateways = attached.gateways_of(id);
        vpc.interconnects = attached.interconnects_of(id);
    }
    claimed
}

/// DescribeVpcAttribute answers one attribute at a time.
async fn attribute(client: &Client, vpc: &str, name: VpcAttributeName) -> Read<bool> {
    let request = client.describe_vpc_attribute().vpc_id(vpc);
    let shown = match request.attribute(name.clone()).send().await {
        Ok(shown) => shown,
        Err(error) => return Read::Unread(Refusal::from(error).unread(ATTRIBUTE)),
    };
    let value = match name {
        VpcAttributeName::EnableDnsSupport => shown.enable_dns_support(),
        _ => shown.enable_dns_hostnames(),
    };
    Read::Known(value.and_then(|value| value.value()) == Some(true))
}

/// The rules of the default group, read with those of all groups.
fn default_group(shown: &network::Shown, vpc: &str) -> Read<BTreeSet<DefaultRule>> {
    let (groups, rules) = match (&shown.groups, &shown.rules) {
        (Read::Known(groups), Read::Known(rules)) => (groups, rules),
        (Read::Unread(why), _) | (_, Read::Unread(why)) => return Read::Unread(why.clone()),
    };
    let default = groups
        .iter()
        .find(|group| security_group::is_default(group) && group.vpc_id() == Some(vpc))
        .and_then(|group| group.group_id());
    let own = rules.iter().filter(|rule| rule.group_id() == default);
    Read::Known(own.filter_map(|rule| default_rule(rule, default)).collect())
}

fn default_rule(rule: &SecurityGroupRule, own: Option<&str>) -> Option<DefaultRule> {
    let other = peer(rule)?;
    Some(DefaultRule {
        flow: if rule.is_egress()? {
            Flow::Egress
        } else {
            Flow::Ingress
        },
        protocol: rule.ip_protocol()?.to_owned(),
        ports: ports(rule),
        peer: Ref::literal(if Some(other) == own {
            DefaultRule::SELF
        } else {
            other
        }),
    })
}
