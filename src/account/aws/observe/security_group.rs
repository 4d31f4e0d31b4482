//! Observes the security groups of the VPC that are ours.

use aws_sdk_ec2::{Client, types::SecurityGroup as Shown};

use super::{
    Target,
    found::{Candidate, Found},
    network::filter_of,
    security_group_rule::is_default_egress,
    tags::tags,
};
use crate::{
    account::aws::error::answer,
    model::{EnvironmentName, Naming, TagKey, Tags},
    resource::{Read, Ref, SecurityGroup},
    snapshot::{Ids, PhysicalId},
};

/// The call that shows groups.
const CALL: &str = "ec2:DescribeSecurityGroups";

/// The name of the group that AWS makes along with a VPC.
const DEFAULT: &str = "default";

/// Lists the groups of some VPCs; where there is no VPC there are none.
pub async fn list(client: &Client, vpcs: &Read<Vec<String>>) -> Read<Vec<Shown>> {
    let vpcs = match vpcs {
        Read::Known(vpcs) if vpcs.is_empty() => return Read::Known(Vec::new()),
        Read::Known(vpcs) => vpcs,
        Read::Unread(why) => return Read::Unread(why.clone()),
    };
    let pages = client
        .describe_security_groups()
        .filters(filter_of("vpc-id", vpcs))
        .max_results(1000)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await)
}

/// The ids of our groups, and of the default ones of our VPCs.
pub fn with_default(ours: &Ids, shown: &Read<Vec<Shown>>) -> Vec<String> {
    let shown = shown.known().into_iter().flatten();
    let default = shown.filter(|group| is_default(group));
    let default = default.filter_map(|group| group.group_id());
    let ours = ours.values().map(|id| id.id.as_str());
    ours.chain(default).map(str::to_owned).collect()
}

/// Whether AWS made the group along with its VPC.
pub fn is_default(group: &Shown) -> bool {
    group.group_name() == Some(DEFAULT)
}

/// The groups of the environment; [`add_default_egress`] fills in what their rules show.
pub fn observe(groups: &Read<Vec<Shown>>, target: &Target) -> Found<SecurityGroup> {
    match groups {
        Read::Known(groups) => Found::gather(
            groups.iter().filter_map(|group| candidate(group, target)),
            &target.environment,
        ),
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(group: &Shown, target: &Target) -> Option<Candidate<SecurityGroup>> {
    let name = group.group_name()?;
    let tags = tags(
        group
            .tags()
            .iter()
            .filter_map(|tag| Some((tag.key()?, tag.value()?))),
    );
    Some(Candidate {
        named: named(name, &tags, target),
        tags: Read::Known(tags.clone()),
        id: PhysicalId {
            id: group.group_id()?.to_owned(),
            arn: group.security_group_arn().map(str::to_owned),
            unique_id: None,
        },
        resource: SecurityGroup {
            name: name.to_owned(),
            description: group.description().unwrap_or_default().to_owned(),
            vpc: Ref::literal(group.vpc_id()?),
            default_egress: Read::Known(false),
            tags: Read::Known(tags),
        },
    })
}

/// The logical name, unless name and tag agree on another environment whose name begins like
/// ours: `bank-prod-login` is not `bank`'s.
fn named(name: &str, tags: &Tags, target: &Target) -> Option<String> {
    let other = tags
        .get(TagKey::ENVIRONMENT)
        .and_then(|owner| owner.parse::<EnvironmentName>().ok())
        .filter(|owner| *owner != target.environment);
    let theirs = other.is_some_and(|owner| Naming::of(&owner).logical(name).is_some());
    target
        .naming
        .logical(name)
        .filter(|_| !theirs)
        .map(str::to_owned)
}

/// Fills in whether the groups still have the rule that AWS adds to every new one.
pub fn add_default_egress(
    found: &mut Found<SecurityGroup>,
    rules: &Read<Vec<aws_sdk_ec2::types::SecurityGroupRule>>,
) {
    for (address, id) in &found.ids {
        let open = rules.as_ref().map(|rules| {
            rules
                .iter()
                .any(|rule| rule.group_id() == Some(id.id.as_str()) && is_default_egress(rule))
        });
        if let Some(group) = found.table.get_mut(&address.name) {
            group.default_egress = open;
        }
    }
}
