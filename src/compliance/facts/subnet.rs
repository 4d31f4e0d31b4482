//! Facts about one subnet: what can reach it from the internet, and what filters it.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World, network_acl,
    observed::{Observed, both, flatten},
};
use crate::{
    model::{KindName, PUBLIC},
    resource::{AclEntries, Read, Ref, Routes, Subnet, Unread, UnreadReason},
};

/// A subnet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetFacts {
    /// Whether it is there.
    pub exists: Read<bool>,
    /// What it is for.
    pub tier: SubnetTier,
    /// Whether what starts in it gets a public address by itself.
    pub assigns_public_ip: Read<bool>,
    /// Interfaces in it with a public address, NAT gateways aside.
    pub public_interfaces: Read<Texts>,
    /// Ranges that its route table leads to an internet gateway.
    pub internet_routes: Read<Texts>,
    /// Whether it uses the network ACL that is declared for it.
    pub uses_declared_acl: Read<bool>,
    /// Declared entries that the network ACL which it uses does not have.
    pub missing_acl_entries: Read<Texts>,
    /// Entries of that network ACL which nobody declared.
    pub extra_acl_entries: Read<Texts>,
}

/// What a subnet is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SubnetTier {
    /// It holds services.
    Private,
    /// It holds NAT gateways and nothing else.
    Public,
    /// Nobody declared it.
    Undeclared,
}

pub(super) fn facts(world: &World<'_>, name: &str, wanted: Option<&Subnet>) -> SubnetFacts {
    let subnet = Observed::<Subnet>::of(world.snapshot, name);
    let declared = wanted.and_then(|wanted| wanted.network_acl.known()?.as_ref());
    let entries = || {
        flatten(
            subnet
                .facet(|s| &s.network_acl)
                .map(|acl| entries(world, acl)),
        )
    };
    let expected = declared
        .map(|acl| declared_entries(world, acl))
        .unwrap_or_default();
    SubnetFacts {
        exists: subnet.exists(),
        tier: tier(wanted),
        assigns_public_ip: subnet.facet(|s| &s.public_ip).map(|on| *on),
        public_interfaces: subnet.facet(|s| &s.public_interfaces).cloned(),
        internet_routes: flatten(
            subnet
                .facet(|s| &s.route_table)
                .map(|table| routes(world, table)),
        )
        .map(internet),
        uses_declared_acl: subnet
            .facet(|s| &s.network_acl)
            .map(|acl| declared.is_some() && acl.as_ref() == declared),
        missing_acl_entries: entries().map(|live| network_acl::absent(&expected, live)),
        extra_acl_entries: entries().map(|live| network_acl::absent(live, &expected)),
    }
}

fn tier(wanted: Option<&Subnet>) -> SubnetTier {
    let public = Ref::to(KindName::NetworkAcl, PUBLIC);
    match wanted {
        None => SubnetTier::Undeclared,
        Some(wanted) if wanted.network_acl.known() == Some(&Some(public)) => SubnetTier::Public,
        Some(_) => SubnetTier::Private,
    }
}

/// The routes that serve a subnet: those of its own table, or of the main one.
fn routes<'a>(world: &World<'a>, table: &Option<Ref>) -> Read<&'a Routes> {
    let snapshot = world.snapshot;
    let found = match table {
        None => main(world).map(|vpc| &vpc.main_routes),
        Some(Ref::To(address)) => {
            let table = snapshot.resources.route_table.get(&address.name);
            table.map(|table| &table.routes)
        }
        Some(Ref::Literal(id)) => {
            let table = snapshot.foreign.route_table.get(id);
            table.map(|table| &table.routes)
        }
    };
    found.map_or_else(|| unseen("ec2:DescribeRouteTables"), Read::as_ref)
}

/// The entries that filter a subnet: those of its own network ACL, or of the default one.
pub(super) fn entries<'a>(world: &World<'a>, acl: &Option<Ref>) -> Read<&'a AclEntries> {
    let snapshot = world.snapshot;
    let found = match acl {
        None => main(world).map(|vpc| &vpc.default_acl),
        Some(Ref::To(address)) => {
            let acl = snapshot.resources.network_acl.get(&address.name);
            acl.map(|acl| &acl.entries)
        }
        Some(Ref::Literal(id)) => {
            let acl = snapshot.foreign.network_acl.get(id);
            acl.map(|acl| &acl.entries)
        }
    };
    found.map_or_else(|| unseen("ec2:DescribeNetworkAcls"), Read::as_ref)
}

fn main<'a>(world: &World<'a>) -> Option<&'a crate::resource::Vpc> {
    world.snapshot.resources.vpc.get(&world.naming.vpc())
}

fn declared_entries(world: &World<'_>, acl: &Ref) -> AclEntries {
    let acl = acl.address();
    let acl = acl.and_then(|acl| world.desired.network_acl.get(&acl.name));
    let entries = acl.and_then(|acl| acl.entries.known());
    entries.cloned().unwrap_or_default()
}

fn unseen<T>(call: &str) -> Read<T> {
    Read::Unread(Unread {
        call: call.to_owned(),
        reason: UnreadReason::Failed,
        message: "what the subnet uses was not shown".to_owned(),
    })
}

fn internet(routes: &Routes) -> Texts {
    let leads = |target: &Ref| match target {
        Ref::To(address) => address.kind == KindName::InternetGateway,
        Ref::Literal(id) => id.starts_with("igw-") || id.starts_with("eigw-"),
    };
    routes
        .iter()
        .filter(|(_, target)| leads(target))
        .map(|(range, _)| range.clone())
        .collect()
}

/// What the entries that filter the private subnets let in from the internet.
pub(super) fn world_open(world: &World<'_>) -> Read<super::security_group::Spans> {
    let mut found = Read::Known(super::security_group::Spans::new());
    for (name, wanted) in &world.desired.subnet {
        if tier(Some(wanted)) != SubnetTier::Private {
            continue;
        }
        let subnet = Observed::<Subnet>::of(world.snapshot, name);
        let entries = flatten(
            subnet
                .facet(|s| &s.network_acl)
                .map(|acl| entries(world, acl)),
        );
        found = both(found, entries).map(|(found, entries)| {
            let open = network_acl::world_open(entries);
            found.into_iter().chain(open).collect()
        });
    }
    found
}
