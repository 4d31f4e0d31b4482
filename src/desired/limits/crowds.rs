//! More in one resource than AWS accepts after any raise of a quota.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html>

use std::collections::BTreeMap;

use crate::{
    desired::Problem,
    resource::{Flow, Ref, Resources, RouteTable},
};

/// Rules of a security group in each direction: groups of an interface times rules.
const RULES: usize = 1_000;
/// Entries of a network ACL in each direction, without the last.
const ENTRIES: usize = 39;
/// Routes of a route table, without the one inside the VPC.
const ROUTES: usize = 999;

/// Everything that is too crowded.
pub(super) fn problems(resources: &Resources) -> Vec<Problem> {
    let mut found = crowded_groups(resources);
    found.extend(crowded_acls(resources));
    found.extend(crowded_tables(resources));
    found
}

fn crowded_groups(resources: &Resources) -> Vec<Problem> {
    let mut rules: BTreeMap<(&Ref, Flow), usize> = BTreeMap::new();
    for rule in resources.security_group_rule.values() {
        *rules.entry((&rule.group, rule.flow)).or_default() += 1;
    }
    rules
        .into_iter()
        .filter(|(_, count)| *count > RULES)
        .map(|((group, flow), count)| Problem {
            service: None,
            field: "limits",
            message: format!(
                "{group} would have {count} {flow} rules, {} more than the {RULES} that AWS \
                 ever accepts; have fewer callers, or put a service in between",
                count - RULES
            ),
        })
        .collect()
}

/// Every entry is declared by some egress or ingress.
fn crowded_acls(resources: &Resources) -> Vec<Problem> {
    let mut entries: BTreeMap<(&str, Flow), usize> = BTreeMap::new();
    for (name, acl) in &resources.network_acl {
        for key in acl
            .entries
            .known()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            *entries.entry((name, key.flow)).or_default() += 1;
        }
    }
    let crowded = entries.into_iter().filter(|(_, count)| *count > ENTRIES);
    crowded
        .map(|((name, flow), count)| Problem {
            service: None,
            field: "limits",
            message: format!(
                "network_acl/{name} would have {count} {flow} entries, {} more than the {ENTRIES} \
                 that AWS ever accepts; declare fewer different ports and ranges outside",
                count - ENTRIES
            ),
        })
        .collect()
}

fn crowded_tables(resources: &Resources) -> Vec<Problem> {
    let count = |table: &RouteTable| table.routes.known().map_or(0, |routes| routes.len());
    let tables = resources.route_table.iter();
    let crowded = tables.map(|(name, table)| (name, count(table)));
    crowded
        .filter(|(_, count)| *count > ROUTES)
        .map(|(name, count)| Problem {
            service: None,
            field: "limits",
            message: format!(
                "route_table/{name} would have {count} routes, {} more than the {ROUTES} that AWS \
                 ever accepts; declare fewer ranges, or larger ones",
                count - ROUTES
            ),
        })
        .collect()
}
