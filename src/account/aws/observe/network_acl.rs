//! Observes the network ACLs of the VPC. The last entry, which denies all and which nobody can
//! change, is left out.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NetworkAcl as Seen, NetworkAclEntry, RuleAction};

use super::{
    Target, ec2,
    found::{Candidate, Found},
    network::Shown,
};
use crate::{
    resource::{
        AclAction, AclEntries, AclEntry, AclKey, Flow, NetworkAcl, PortRange, Read, Ref, Table,
    },
    snapshot::{Ids, PhysicalId},
};

/// The first number that only AWS itself uses.
const LAST: u16 = 32_767;

/// The network ACLs of the environment.
pub(super) fn observe(shown: &Shown, target: &Target) -> Found<NetworkAcl> {
    match &shown.acls {
        Read::Known(acls) => {
            let candidates = acls.iter().filter_map(|seen| candidate(seen, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, target: &Target) -> Option<Candidate<NetworkAcl>> {
    let labels = ec2::labels(seen.tags());
    let own = target.inside() && seen.is_default() != Some(true);
    Some(Candidate {
        named: labels.logical(target, own),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(seen.network_acl_id()?),
        resource: NetworkAcl {
            name: labels.name,
            vpc: Ref::literal(seen.vpc_id()?),
            entries: entries(seen).into(),
            tags: Read::Known(labels.tags),
        },
    })
}

/// Those in the VPC that belong to nobody known, by id: a subnet of ours may use one.
pub(super) fn foreign(shown: &Shown, ours: &Ids, target: &Target) -> Table<NetworkAcl> {
    let known: BTreeSet<&str> = ours.values().map(|id| id.id.as_str()).collect();
    let acls = shown.acls.known().into_iter().flatten();
    let others = acls.filter(|seen| seen.is_default() != Some(true));
    others
        .filter_map(|seen| candidate(seen, target))
        .filter(|one| !known.contains(one.id.id.as_str()))
        .map(|one| (one.id.id, one.resource))
        .collect()
}

/// The entries of the network ACL that a subnet has which names none.
pub(super) fn default_entries(shown: &Shown, vpc: &str) -> Read<AclEntries> {
    shown.acls.as_ref().map(|acls| {
        let mut default = acls.iter().filter(|acl| acl.is_default() == Some(true));
        let default = default.find(|acl| acl.vpc_id() == Some(vpc));
        default.map(entries).unwrap_or_default()
    })
}

fn entries(acl: &Seen) -> AclEntries {
    acl.entries().iter().filter_map(entry).collect()
}

fn entry(seen: &NetworkAclEntry) -> Option<(AclKey, AclEntry)> {
    let number = u16::try_from(seen.rule_number()?).ok();
    let key = AclKey {
        flow: if seen.egress()? {
            Flow::Egress
        } else {
            Flow::Ingress
        },
        number: number.filter(|number| *number < LAST)?,
    };
    let entry = AclEntry {
        action: match seen.rule_action()? {
            RuleAction::Allow => AclAction::Allow,
            _ => AclAction::Deny,
        },
        protocol: seen.protocol()?.to_owned(),
        ports: ports(seen),
        cidr: seen.cidr_block().or(seen.ipv6_cidr_block())?.parse().ok()?,
    };
    Some((key, entry))
}

fn ports(seen: &NetworkAclEntry) -> Option<PortRange> {
    let range = seen.port_range().and_then(|range| {
        Some(PortRange {
            first: range.from()?,
            last: range.to()?,
        })
    });
    let icmp = || {
        let shown = seen.icmp_type_code()?;
        Some(PortRange {
            first: shown.r#type()?,
            last: shown.code()?,
        })
    };
    range.or_else(icmp)
}
