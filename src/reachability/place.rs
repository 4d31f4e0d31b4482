//! Where services run: the private subnets, each with the network ACL and the routes that apply.

use ipnet::{IpNet, Ipv4Net};

use super::{Doubt, acl::Acl, range::Range};
use crate::{
    model::{Address, Environment, KindName, PRIVATE},
    resource::{AclEntries, Read, Ref, Routes, Subnet, Vpc},
    snapshot::Snapshot,
};

/// A subnet that services run in.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The subnet; none where services have any address of somebody else's VPC.
    pub(super) subnet: Option<Address>,
    /// The addresses that an interface may have.
    pub(super) range: Range,
    /// The address ranges of its VPC.
    pub(super) vpc: Vec<Range>,
    /// What filters at its edge.
    pub(super) acl: Acl,
    /// Routes that lead away from the VPC's own one, as far as they are known.
    pub(super) routes: Vec<Route>,
    /// Why its routes are not known.
    pub(super) unrouted: Option<Doubt>,
}

/// A route for IPv4.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// Where to.
    pub(super) block: Ipv4Net,
    /// By what.
    pub(super) target: Ref,
}

/// The subnets of the services.
pub(super) fn places(snapshot: &Snapshot, environment: &Environment) -> Vec<Place> {
    if environment.network.vpc.is_some() {
        return anywhere(environment).into_iter().collect();
    }
    let private = format!("{PRIVATE}-");
    let subnets = snapshot.resources.subnet.iter();
    subnets
        .filter(|(name, _)| name.starts_with(&private))
        .filter_map(|(name, subnet)| place(snapshot, name, subnet))
        .collect()
}

/// Any address of a VPC whose subnets are not ours to know.
fn anywhere(environment: &Environment) -> Option<Place> {
    Some(Place {
        subnet: None,
        range: Range::usable(environment.network.cidr)?,
        vpc: vec![Range::of(environment.network.cidr)],
        acl: Acl::of("", &Default::default()),
        routes: Vec::new(),
        unrouted: None,
    })
}

fn place(snapshot: &Snapshot, name: &str, subnet: &Subnet) -> Option<Place> {
    let address = Address::new(KindName::Subnet, name);
    let (routes, unrouted) = match routes(snapshot, &address, subnet) {
        Ok(routes) => (known(routes), None),
        Err(doubt) => (Vec::new(), Some(doubt)),
    };
    Some(Place {
        range: Range::usable(subnet.cidr)?,
        vpc: vpc_of(snapshot, subnet)
            .map_or_else(|| vec![Range::of(subnet.cidr)], |(_, vpc)| ranges(vpc)),
        acl: acl(snapshot, &address, subnet).unwrap_or_else(Acl::unknown),
        subnet: Some(address),
        routes,
        unrouted,
    })
}

fn known(routes: &Routes) -> Vec<Route> {
    let blocks = routes.iter().filter_map(|(destination, target)| {
        let block: Ipv4Net = destination.parse().ok()?;
        let target = target.clone();
        Some(Route { block, target })
    });
    blocks.collect()
}

/// What filters at the edge of a subnet.
fn acl(snapshot: &Snapshot, address: &Address, subnet: &Subnet) -> Result<Acl, Doubt> {
    let (at, entries) = acl_entries(snapshot, address, subnet)?;
    Ok(Acl::of(&at.to_string(), entries))
}

/// The entries of a subnet's network ACL: its own, one that nobody declared, or the default one,
/// which goes by the VPC's address.
pub(super) fn acl_entries<'s>(
    snapshot: &'s Snapshot,
    address: &Address,
    subnet: &'s Subnet,
) -> Result<(Address, &'s AclEntries), Doubt> {
    let own = read(&subnet.network_acl, address, "network_acl")?;
    let foreign = || Doubt::Foreign {
        subnet: address.clone(),
        uses: own.as_ref().map(Ref::to_string).unwrap_or_default(),
    };
    let (at, acl) = match own {
        None => {
            let (at, vpc) = vpc_of(snapshot, subnet).ok_or_else(foreign)?;
            return Ok((at.clone(), read(&vpc.default_acl, at, "default_acl")?));
        }
        Some(Ref::To(at)) => (at.clone(), snapshot.resources.network_acl.get(&at.name)),
        Some(Ref::Literal(id)) => {
            let at = Address::new(KindName::NetworkAcl, id.as_str());
            (at, snapshot.foreign.network_acl.get(id))
        }
    };
    let acl = acl.ok_or_else(foreign)?;
    let entries = read(&acl.entries, &at, "entries")?;
    Ok((at, entries))
}

/// The routes of a subnet: of its own table, of one that nobody declared, or of the VPC's main one.
pub(super) fn routes<'s>(
    snapshot: &'s Snapshot,
    address: &Address,
    subnet: &'s Subnet,
) -> Result<&'s Routes, Doubt> {
    let own = read(&subnet.route_table, address, "route_table")?;
    let foreign = || Doubt::Foreign {
        subnet: address.clone(),
        uses: own.as_ref().map(Ref::to_string).unwrap_or_default(),
    };
    let (at, table) = match own {
        None => {
            let (at, vpc) = vpc_of(snapshot, subnet).ok_or_else(foreign)?;
            return read(&vpc.main_routes, at, "main_routes");
        }
        Some(Ref::To(at)) => (at.clone(), snapshot.resources.route_table.get(&at.name)),
        Some(Ref::Literal(id)) => {
            let at = Address::new(KindName::RouteTable, id.as_str());
            (at, snapshot.foreign.route_table.get(id))
        }
    };
    let table = table.ok_or_else(foreign)?;
    read(&table.routes, &at, "routes")
}

/// The IPv4 ranges of a VPC, as far as they were read.
pub(super) fn ranges(vpc: &Vpc) -> Vec<Range> {
    let further = vpc.further_cidrs.known().into_iter().flatten();
    let further = further.filter_map(|range| match range {
        IpNet::V4(block) => Some(*block),
        IpNet::V6(_) => None,
    });
    [vpc.cidr]
        .into_iter()
        .chain(further)
        .map(Range::of)
        .collect()
}

fn vpc_of<'s>(snapshot: &'s Snapshot, subnet: &'s Subnet) -> Option<(&'s Address, &'s Vpc)> {
    let at = subnet.vpc.address()?;
    Some((at, snapshot.resources.vpc.get(&at.name)?))
}

/// A field, or the doubt that there is about it.
pub(super) fn read<'v, T>(
    value: &'v Read<T>,
    address: &Address,
    field: &'static str,
) -> Result<&'v T, Doubt> {
    match value {
        Read::Known(value) => Ok(value),
        Read::Unread(why) => Err(Doubt::Unread {
            address: address.clone(),
            field,
            why: why.to_string(),
        }),
    }
}
