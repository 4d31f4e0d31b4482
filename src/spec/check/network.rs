//! Traffic with the outside, and the size of the network.

use ipnet::Ipv4Net;

use super::Declared;
use crate::{
    model::{Environment, Peer, Runtime, Service, State, SubnetPlan},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Lambda does not listen; ingress needs a listener.
pub(super) fn listeners(declared: &Declared<'_>) -> Vec<Draft> {
    declared
        .services
        .values()
        .flat_map(|service| lambda(service).into_iter().chain(unheard(service)))
        .collect()
}

fn lambda(service: &Service) -> Option<Draft> {
    let listens = service.runtime == Runtime::Lambda && !service.listens.is_empty();
    listens.then(|| {
        Draft::new(
            Code::LambdaListens,
            format!(
                "`{}` is a Lambda function and accepts no connection",
                service.name
            ),
        )
        .help("remove `listens`; whoever calls it declares the call without a port")
        .path(YamlPath::service(&service.name).key("listens"))
    })
}

fn unheard(service: &Service) -> Vec<Draft> {
    let place = YamlPath::service(&service.name).key("ingress");
    let silent = service
        .ingress
        .iter()
        .enumerate()
        .filter(|(_, edge)| !service.listens.contains(&edge.listener));
    silent
        .map(|(index, edge)| {
            Draft::new(
                Code::IngressWithoutListener,
                format!(
                    "traffic is let in to {}, and `{}` does not listen there",
                    edge.listener, service.name
                ),
            )
            .help("add the port to `listens`, or remove the ingress")
            .path(place.clone().index(index).key("port"))
        })
        .collect()
}

/// The address ranges of a service's edges, each with its place.
fn ranges(service: &Service) -> Vec<(Direction, Ipv4Net, YamlPath)> {
    let place = |field: &str, index| {
        let list = YamlPath::service(&service.name).key(field);
        list.index(index).key("cidr")
    };
    let range = |peer: &Peer| match peer {
        Peer::Cidr(range) => Some(*range),
        _ => None,
    };
    let ingress = service
        .ingress
        .iter()
        .enumerate()
        .filter_map(|(index, edge)| {
            Some((Direction::In, range(&edge.from)?, place("ingress", index)))
        });
    let egress = service
        .egress
        .iter()
        .enumerate()
        .filter_map(|(index, edge)| {
            Some((Direction::Out, range(&edge.to)?, place("egress", index)))
        });
    ingress.chain(egress).collect()
}

#[derive(Clone, Copy)]
enum Direction {
    In,
    Out,
}

/// Edges with everybody.
pub(super) fn open(declared: &Declared<'_>) -> Vec<Draft> {
    let all = declared.services.values().flat_map(ranges);
    all.filter(|(_, range, _)| range.prefix_len() == 0)
        .map(|(direction, _, path)| everybody(direction).path(path))
        .collect()
}

fn everybody(direction: Direction) -> Draft {
    match direction {
        Direction::In => Draft::new(Code::OpenIngress, "every address may reach this port")
            .help("name the load balancer's security group or the partners' ranges"),
        Direction::Out => Draft::new(Code::OpenEgress, "the service may reach every address")
            .help("name the ranges or a prefix list; data leaves through what is open"),
    }
}

/// A VPC has a /16 to a /28.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
pub(super) fn size(environment: &Environment) -> Vec<Draft> {
    let cidr = environment.network.cidr;
    if (16..=28).contains(&cidr.prefix_len()) {
        return Vec::new();
    }
    vec![
        Draft::new(
            Code::NetworkSize,
            format!("a VPC cannot have the range {cidr}"),
        )
        .help("choose a prefix from /16 (65,536 addresses) to /28 (16 addresses)")
        .path(YamlPath::root().key("network").key("cidr")),
    ]
}

/// The plan of the subnets, where they are made here.
pub(super) fn subnets(environment: &Environment) -> Vec<Draft> {
    let network = &environment.network;
    let size_is_told = network.cidr.prefix_len() > 28;
    if network.vpc.is_some() || size_is_told {
        return Vec::new();
    }
    let path = || YamlPath::root().key("network");
    let plan = match SubnetPlan::of(network.cidr) {
        Ok(plan) => plan,
        Err(error) => {
            let draft = Draft::new(Code::NetworkTooSmall, error.to_string());
            let draft = draft.help("choose a /24 or larger");
            return vec![draft.path(path().key("cidr"))];
        }
    };
    let errors = network
        .zones
        .iter()
        .filter_map(|zone| plan.private(zone).err());
    errors
        .map(|error| {
            Draft::new(Code::UnknownZone, error.to_string())
                .help("name the zones of the Region by their letters")
                .path(path().key("zones"))
        })
        .collect()
}

/// Network interfaces that Lambda may have in a VPC, by default.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const INTERFACES: usize = 250;

/// Lambda makes an interface for each pair of a subnet and a security group.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>
pub(super) fn lambda_interfaces(environment: &Environment) -> Vec<Draft> {
    let functions = environment.services.values().filter(|service| {
        service.runtime == Runtime::Lambda && !matches!(service.state, State::Retired { .. })
    });
    let groups: usize = functions.map(|service| service.versions.len()).sum();
    let zones = environment.network.zones.len();
    let needed = groups * zones;
    if needed <= INTERFACES {
        return Vec::new();
    }
    vec![
        Draft::new(
            Code::LambdaInterfaces,
            format!(
                "{groups} versions of Lambda functions in {zones} zones need {needed} network \
                 interfaces, {} more than the {INTERFACES} that a VPC has by default",
                needed - INTERFACES
            ),
        )
        .help("ask AWS for a higher quota, use fewer zones, or run some services on ECS")
        .path(YamlPath::root().key("network")),
    ]
}

/// Ranges that reach into the environment's own network.
pub(super) fn inside(environment: &Environment) -> Vec<Draft> {
    let network = environment.network.cidr;
    let overlaps = |range: &Ipv4Net| range.contains(&network) || network.contains(range);
    let all = environment.services.values().flat_map(ranges);
    // A range of every address has a problem of its own.
    all.filter(|(_, range, _)| range.prefix_len() > 0 && overlaps(range))
        .map(|(_, range, path)| {
            Draft::new(
                Code::InsideTheNetwork,
                format!("{range} overlaps the environment's own network {network}"),
            )
            .help("declare `calls` between services, or name a security group")
            .path(path)
        })
        .collect()
}
