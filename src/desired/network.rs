//! The network: the VPC, a private subnet a zone, and where a running service declares egress to
//! an address range, a NAT gateway a zone with what it needs. No route leads to everywhere but the
//! one that NAT gateways have.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;

use super::{Compiler, Problem};
use crate::{
    model::{
        Address, Environment, INTERNET_GATEWAY, KindName, PRIVATE, PUBLIC, Peer, PlanError,
        SubnetPlan, Zone,
    },
    resource::{
        AclEntries, ElasticIp, InternetGateway, Kind, NatGateway, NetworkAcl, Ref, RouteTable,
        Routes, Subnet, Vpc,
    },
};

/// Everywhere.
const ANYWHERE: &str = "0.0.0.0/0";

impl Compiler<'_> {
    /// The network, or what is asked of one that somebody else manages.
    pub(super) fn network(&mut self) {
        let name = self.naming.vpc();
        let vpc = self.vpc(&name);
        if self.environment.network.vpc.is_some() {
            return self.verify(name, vpc, None);
        }
        self.add(name, vpc, None);
        match SubnetPlan::of(self.environment.network.cidr) {
            Ok(plan) => self.tiers(plan),
            Err(error) => self.unplanned(&error),
        }
    }

    fn vpc(&self, name: &str) -> Vpc {
        Vpc {
            name: self.naming.prefixed(name),
            cidr: self.environment.network.cidr,
            further_cidrs: BTreeSet::new().into(),
            dns_support: true.into(),
            dns_hostnames: true.into(),
            default_group: BTreeSet::new().into(),
            default_acl: AclEntries::new().into(),
            main_routes: Routes::new().into(),
            gateways: BTreeMap::new().into(),
            interconnects: BTreeMap::new().into(),
            tags: self.tags(None).into(),
        }
    }

    fn tiers(&mut self, plan: SubnetPlan) {
        let egress = self.environment.egress_ranges();
        self.acl(PRIVATE, self.environment.private_entries());
        for zone in &self.environment.network.zones {
            self.private(plan, zone, &egress);
        }
        if !egress.is_empty() {
            self.way_out();
            for zone in &self.environment.network.zones {
                self.public(plan, zone);
            }
        }
    }

    /// A zone's private subnet, and its ways to the declared ranges.
    fn private(&mut self, plan: SubnetPlan, zone: &Zone, egress: &BTreeSet<Ipv4Net>) {
        let nat = Ref::to(KindName::NatGateway, zone.as_str());
        let routes = egress.iter().map(|range| (range.to_string(), nat.clone()));
        self.route_table(&zone.private(), routes.collect());
        match plan.private(zone) {
            Ok(cidr) => self.subnet(zone, zone.private(), cidr, (&zone.private(), PRIVATE)),
            Err(error) => self.unplanned(&error),
        }
    }

    /// What all NAT gateways share.
    fn way_out(&mut self) {
        let gateway = InternetGateway {
            name: self.naming.prefixed(INTERNET_GATEWAY),
            vpc: Some(self.vpc_ref()).into(),
            tags: self.tags(None).into(),
        };
        self.add(INTERNET_GATEWAY.to_owned(), gateway, None);
        let out = Ref::to(KindName::InternetGateway, INTERNET_GATEWAY);
        self.route_table(PUBLIC, [(ANYWHERE.to_owned(), out)].into());
        self.acl(PUBLIC, self.environment.public_entries());
    }

    /// A zone's NAT gateway with the subnet that holds it and the address that partners see.
    fn public(&mut self, plan: SubnetPlan, zone: &Zone) {
        match plan.public(zone) {
            Ok(cidr) => self.subnet(zone, zone.public(), cidr, (PUBLIC, PUBLIC)),
            Err(error) => return self.unplanned(&error),
        }
        let address = ElasticIp {
            name: self.naming.prefixed(&zone.nat_address()),
            tags: self.tags(None).into(),
        };
        self.add(zone.nat_address(), address, None);
        let gateway = NatGateway {
            name: self.naming.prefixed(zone.as_str()),
            subnet: Ref::to(KindName::Subnet, zone.public()).into(),
            address: Ref::to(KindName::ElasticIp, zone.nat_address()).into(),
            available: true.into(),
            tags: self.tags(None).into(),
        };
        self.add(zone.to_string(), gateway, None);
    }

    fn subnet(&mut self, zone: &Zone, name: String, cidr: Ipv4Net, (table, acl): (&str, &str)) {
        let subnet = Subnet {
            name: self.naming.prefixed(&name),
            vpc: self.vpc_ref(),
            cidr,
            zone: format!("{}{zone}", self.environment.region),
            public_ip: false.into(),
            public_interfaces: BTreeSet::new().into(),
            route_table: Some(Ref::to(KindName::RouteTable, table)).into(),
            network_acl: Some(Ref::to(KindName::NetworkAcl, acl)).into(),
            tags: self.tags(None).into(),
        };
        self.add(name, subnet, None);
    }

    fn route_table(&mut self, name: &str, routes: Routes) {
        let table = RouteTable {
            name: self.naming.prefixed(name),
            vpc: self.vpc_ref(),
            routes: routes.into(),
            tags: self.tags(None).into(),
        };
        self.add(name.to_owned(), table, None);
    }

    fn acl(&mut self, name: &str, entries: AclEntries) {
        let acl = NetworkAcl {
            name: self.naming.prefixed(name),
            vpc: self.vpc_ref(),
            entries: entries.into(),
            tags: self.tags(None).into(),
        };
        self.add(name.to_owned(), acl, None);
    }

    /// The environment's VPC, provisioned or verified.
    pub(super) fn vpc_ref(&self) -> Ref {
        Ref::To(Address::new(Vpc::NAME, self.naming.vpc()))
    }

    fn unplanned(&mut self, error: &PlanError) {
        self.problems.push(Problem {
            service: None,
            field: "network",
            message: error.to_string(),
        });
    }
}

impl Environment {
    /// The address ranges outside that running services may reach.
    pub fn egress_ranges(&self) -> BTreeSet<Ipv4Net> {
        let running = self
            .services
            .values()
            .filter(|service| service.is_running());
        let edges = running.flat_map(|service| &service.egress);
        edges
            .filter_map(|edge| match &edge.to {
                Peer::Cidr(range) => Some(range.trunc()),
                Peer::SecurityGroup(_) | Peer::PrefixList(_) => None,
            })
            .collect()
    }
}
