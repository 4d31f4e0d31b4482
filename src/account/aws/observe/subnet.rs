//! Observes the subnets of the VPC that are ours, with what serves and filters each.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NetworkInterface, NetworkInterfaceType, Subnet as Seen};

use super::{
    Target, ec2,
    found::{Candidate, Found},
    network::Shown,
};
use crate::{
    resource::{Read, Ref, Subnet},
    snapshot::PhysicalId,
};

/// The subnets of the environment.
pub(super) fn observe(shown: &Shown, target: &Target) -> Found<Subnet> {
    match &shown.subnets {
        Read::Known(subnets) => {
            let candidates = subnets
                .iter()
                .filter_map(|seen| candidate(seen, shown, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, shown: &Shown, target: &Target) -> Option<Candidate<Subnet>> {
    let labels = ec2::labels(seen.tags());
    let id = seen.subnet_id()?;
    Some(Candidate {
        named: labels.logical(target, target.inside()),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(id),
        resource: Subnet {
            name: labels.name,
            vpc: Ref::literal(seen.vpc_id()?),
            cidr: seen.cidr_block()?.parse().ok()?,
            zone: seen.availability_zone()?.to_owned(),
            public_ip: Read::Known(seen.map_public_ip_on_launch() == Some(true)),
            public_interfaces: public_interfaces(shown, id),
            route_table: route_table(shown, id),
            network_acl: network_acl(shown, id),
            tags: Read::Known(labels.tags),
        },
    })
}

/// The table that names the subnet; none where the main one serves it.
fn route_table(shown: &Shown, subnet: &str) -> Read<Option<Ref>> {
    shown.tables.as_ref().map(|tables| {
        let mut all = tables.iter().flat_map(|table| table.associations());
        let own = all.find(|association| association.subnet_id() == Some(subnet));
        own.and_then(|own| own.route_table_id()).map(Ref::literal)
    })
}

/// The network ACL that names the subnet; none where it is the default one.
fn network_acl(shown: &Shown, subnet: &str) -> Read<Option<Ref>> {
    shown.acls.as_ref().map(|acls| {
        let mut others = acls.iter().filter(|acl| acl.is_default() != Some(true));
        let own = others.find(|acl| {
            let mut all = acl.associations().iter();
            all.any(|association| association.subnet_id() == Some(subnet))
        });
        own.and_then(|own| own.network_acl_id()).map(Ref::literal)
    })
}

/// Interfaces with a public address; those of NAT gateways are told as gateways, and are known by
/// them too: not every emulator says what an interface is for.
fn public_interfaces(shown: &Shown, subnet: &str) -> Read<BTreeSet<String>> {
    let (interfaces, gateways) = match (&shown.interfaces, &shown.nat_gateways) {
        (Read::Known(interfaces), Read::Known(gateways)) => (interfaces, gateways),
        (Read::Unread(why), _) | (_, Read::Unread(why)) => return Read::Unread(why.clone()),
    };
    let of_gateways: BTreeSet<&str> = gateways
        .iter()
        .flat_map(|gateway| gateway.nat_gateway_addresses())
        .filter_map(|address| address.network_interface_id())
        .collect();
    let public = interfaces.iter().filter(|interface| {
        let inside = interface.subnet_id() == Some(subnet);
        inside && is_public(interface)
    });
    let ids = public.filter_map(|interface| interface.network_interface_id());
    let others = ids.filter(|id| !of_gateways.contains(id));
    Read::Known(others.map(str::to_owned).collect())
}

fn is_public(interface: &NetworkInterface) -> bool {
    let gateway = interface.interface_type() == Some(&NetworkInterfaceType::NatGateway);
    let address = interface.association().and_then(|at| at.public_ip());
    !gateway && address.is_some()
}
