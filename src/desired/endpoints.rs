//! The VPC endpoints of the environment, the one security group of their interfaces, and the rules
//! that lead services to them.
//! <https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html>

use std::collections::BTreeSet;

use super::{Compiler, Problem, text};
use crate::{
    model::{
        KindName, Service, Zone,
        endpoint::{EndpointName, GATEWAYS},
    },
    resource::{
        EndpointState, EndpointType, Flow, PortRange, Ref, SecurityGroup, SecurityGroupRule,
        VpcEndpoint,
    },
};

/// The logical name of the interfaces' security group.
const GROUP: &str = "endpoints";
/// Every AWS API answers here.
const HTTPS: u16 = 443;

impl Compiler<'_> {
    pub(super) fn endpoints(&mut self) {
        let needed = self.provided();
        if needed.is_empty() {
            return;
        }
        if self.environment.region.partition() == "aws-cn" {
            return self.unnamed_in_china();
        }
        if needed.iter().any(|name| !is_gateway(name)) {
            self.endpoint_group();
        }
        for name in needed {
            let endpoint = self.vpc_endpoint(name);
            self.add(name.to_owned(), endpoint, None);
        }
    }

    /// The endpoints that this environment makes.
    fn provided(&self) -> BTreeSet<EndpointName> {
        match self.environment.network.makes_endpoints() {
            true => self.environment.endpoints(),
            false => BTreeSet::new(),
        }
    }

    fn unnamed_in_china(&mut self) {
        self.problems.push(Problem {
            service: None,
            field: "network.endpoints",
            message: "endpoint services have other names in the China Regions, which are not \
                      known here: make the endpoints elsewhere, and say `endpoints: none`"
                .to_owned(),
        });
    }

    fn vpc_endpoint(&self, name: EndpointName) -> VpcEndpoint {
        let gateway = is_gateway(name);
        let by_zone = |kind, wanted: bool| -> BTreeSet<Ref> {
            let zones = self.environment.network.zones.iter();
            let zones = zones.filter(|_| wanted);
            zones.map(|zone| Ref::to(kind, zone.private())).collect()
        };
        let group = (!gateway).then(|| Ref::to(KindName::SecurityGroup, GROUP));
        VpcEndpoint {
            name: self.naming.prefixed(name),
            service: self.environment.region.endpoint_service(name),
            endpoint_type: match gateway {
                true => EndpointType::Gateway,
                false => EndpointType::Interface,
            },
            vpc: self.vpc_ref(),
            state: EndpointState::Available,
            route_tables: by_zone(KindName::RouteTable, gateway).into(),
            subnets: by_zone(KindName::Subnet, !gateway).into(),
            groups: group.into_iter().collect::<BTreeSet<_>>().into(),
            private_dns: (!gateway).into(),
            policy: self.endpoint_policy(name).into(),
            tags: self.tags(None).into(),
        }
    }

    fn endpoint_group(&mut self) {
        let group = SecurityGroup {
            name: self.naming.prefixed(GROUP),
            description: text::group_description("Interfaces of the VPC endpoints"),
            vpc: self.vpc_ref(),
            default_egress: false.into(),
            tags: self.tags(None).into(),
        };
        self.add(GROUP.to_owned(), group, None);
        for cidr in self.private_ranges() {
            let rule = https(
                Ref::to(KindName::SecurityGroup, GROUP),
                Flow::Ingress,
                Ref::Literal(cidr),
                "Services call AWS",
            );
            self.add(rule.logical_name(), rule, None);
        }
    }

    /// The address ranges that services live in: each zone's private subnet.
    fn private_ranges(&self) -> BTreeSet<String> {
        let zones = self.environment.network.zones.iter().map(Zone::private);
        let subnets = zones.filter_map(|name| self.resources.subnet.get(&name));
        subnets.map(|subnet| subnet.cidr.to_string()).collect()
    }

    /// The rules that lead a version of a service to the endpoints that it needs, and to no other.
    pub(super) fn endpoint_rules(&mut self, service: &Service, group: &Ref) {
        let needed = service.endpoints(&self.environment.region);
        let provided = self.provided();
        let reached = needed.intersection(&provided);
        let peers: BTreeSet<Ref> = reached.map(|name| self.way_to(name)).collect();
        for peer in peers {
            let rule = https(group.clone(), Flow::Egress, peer, "Calls AWS");
            self.add(rule.logical_name(), rule, Some(&service.name));
        }
    }

    /// A gateway is reached by its prefix list, whose name is known and whose id is not.
    fn way_to(&self, name: &str) -> Ref {
        match is_gateway(name) {
            true => Ref::Literal(self.environment.region.endpoint_service(name)),
            false => Ref::to(KindName::SecurityGroup, GROUP),
        }
    }
}

fn is_gateway(name: &str) -> bool {
    GATEWAYS.contains(&name)
}

fn https(group: Ref, flow: Flow, peer: Ref, why: &str) -> SecurityGroupRule {
    SecurityGroupRule {
        group,
        flow,
        protocol: "tcp".to_owned(),
        ports: Some(PortRange::single(HTTPS)),
        peer,
        description: text::group_description(why).into(),
    }
}
