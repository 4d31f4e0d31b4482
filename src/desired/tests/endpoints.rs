//! The endpoints of the shipped bank: which there are, who reaches them, and by what policy.

use std::collections::BTreeSet;

use super::{bank, compiled, written};
use crate::{
    desired::{CompileError, compile},
    iam::catalogue::Catalogue,
    model::{Environment, KindName, Peer, Runtime, State},
    resource::{EndpointType, Flow, Ref, Resources},
};

fn peers(resources: &Resources, group: &str) -> BTreeSet<String> {
    let group = Ref::to(KindName::SecurityGroup, group);
    let rules = resources.security_group_rule.values();
    rules
        .filter(|rule| rule.group == group && rule.flow == Flow::Egress)
        .map(|rule| rule.peer.to_string())
        .collect()
}

fn names(environment: &Environment) -> BTreeSet<String> {
    let resources = compiled(environment).resources;
    resources.vpc_endpoint.into_keys().collect()
}

#[test]
fn endpoints_follow_from_runtimes_and_access() {
    let expected = [
        "dynamodb",
        "ec2",
        "ec2messages",
        "ecr.api",
        "ecr.dkr",
        "eks-auth",
        "elasticloadbalancing",
        "email",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "ssmmessages",
        "sts",
    ];
    assert_eq!(names(&bank()), expected.map(str::to_owned).into());
}

#[test]
fn what_nothing_alive_needs_is_not_there() {
    let mut environment = bank();
    for service in environment.services.values_mut() {
        if service.runtime == Runtime::Ec2 {
            service.state = State::Retired {
                since: jiff::civil::date(2026, 1, 1),
                reason: "moved".to_owned(),
            };
        }
    }
    assert!(!names(&environment).contains("ssmmessages"));
}

#[test]
fn gateways_lie_in_route_tables_and_interfaces_in_subnets() {
    let endpoints = compiled(&bank()).resources.vpc_endpoint;
    for (name, endpoint) in &endpoints {
        let gateway = ["dynamodb", "s3"].contains(&name.as_str());
        assert_eq!(endpoint.endpoint_type == EndpointType::Gateway, gateway);
        let (tables, subnets) = (endpoint.route_tables.known(), endpoint.subnets.known());
        assert_eq!(tables.unwrap().is_empty(), !gateway, "{name}");
        assert_eq!(subnets.unwrap().is_empty(), gateway, "{name}");
        assert_eq!(endpoint.private_dns.known(), Some(&!gateway), "{name}");
    }
}

#[test]
fn a_service_reaches_the_endpoints_that_it_needs() {
    let resources = compiled(&bank()).resources;
    let s3 = "com.amazonaws.eu-west-1.s3";
    let dynamodb = "com.amazonaws.eu-west-1.dynamodb";
    let group = "security_group/endpoints";
    let login = peers(&resources, "login-v1");
    assert!(
        [s3, dynamodb, group]
            .iter()
            .all(|peer| login.contains(*peer))
    );
    // A function without access to an API behind an interface reaches none.
    let statements = peers(&resources, "statements-v1");
    assert!(statements.contains(s3) && !statements.contains(dynamodb));
    assert_eq!(
        peers(&resources, "invoices-v1"),
        BTreeSet::new(),
        "it is suspended"
    );
}

/// The interfaces are reached from the private subnets and from nowhere else.
#[test]
fn the_group_of_the_endpoints_admits_the_services() {
    let resources = compiled(&bank()).resources;
    let group = Ref::to(KindName::SecurityGroup, "endpoints");
    let rules = resources.security_group_rule.values();
    let admitted: BTreeSet<String> = rules
        .filter(|rule| rule.group == group)
        .map(|rule| rule.logical_name())
        .collect();
    let private = resources.subnet.iter();
    let expected: BTreeSet<String> = private
        .filter(|(name, _)| name.starts_with("private-"))
        .map(|(_, subnet)| format!("endpoints:ingress:tcp:443:{}", subnet.cidr))
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(admitted, expected);
}

#[test]
fn the_policies_of_the_endpoints() {
    let environment = bank();
    let endpoints = compiled(&environment).resources.vpc_endpoint;
    for name in ["ecr.api", "eks-auth", "kms", "s3", "sqs", "sts"] {
        let Some(endpoint) = endpoints.get(name) else {
            continue;
        };
        let policy = written(&environment, endpoint.policy.known().unwrap());
        insta::assert_json_snapshot!(format!("endpoint-{name}"), policy);
    }
}

/// A queue of another account is reached because access to it is declared.
#[test]
fn a_declared_foreign_account_is_let_through() {
    let mut environment = bank();
    let payments = environment.services.values_mut();
    for service in payments.filter(|service| service.name.as_str() == "payments") {
        for access in &mut service.access {
            if access.to.starts_with("sqs:") {
                access.to = "arn:aws:sqs:eu-west-1:444455556666:clearing".to_owned();
            }
        }
    }
    let endpoints = compiled(&environment).resources.vpc_endpoint;
    let text = |name: &str| {
        let policy = endpoints[name].policy.known().unwrap();
        written(&environment, policy).to_string()
    };
    assert!(text("sqs").contains("444455556666"));
    assert!(!text("s3").contains("444455556666"));
}

#[test]
fn an_existing_network_gets_a_flow_log_and_no_endpoint() {
    let mut environment = bank();
    environment.network.vpc = Some("vpc-0123456789abcdef0".parse().unwrap());
    for service in environment.services.values_mut() {
        service
            .egress
            .retain(|egress| !matches!(egress.to, Peer::Cidr(_)));
    }
    let resources = compiled(&environment).resources;
    assert!(resources.vpc_endpoint.is_empty());
    assert!(!resources.security_group.contains_key("endpoints"));
    assert_eq!(resources.flow_log.len(), 1);
    assert_eq!(peers(&resources, "customers-v1"), BTreeSet::new());
}

/// The names there are not known: nothing is guessed.
#[test]
fn china_needs_endpoints_of_somebody_else() {
    let mut environment = bank();
    environment.region = "cn-north-1".parse().unwrap();
    let Err(CompileError(problems)) = compile(&environment, Catalogue::vendored().unwrap()) else {
        panic!("it compiles");
    };
    let told = problems.iter().any(|one| one.field == "network.endpoints");
    assert!(told, "{problems:#?}");
}
