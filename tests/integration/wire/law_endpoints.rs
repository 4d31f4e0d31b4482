//! The law of predict for VPC endpoints and flow logs, on the network of a whole environment:
//! what moto shows after each call is what applying the call in memory says.

use std::{collections::BTreeSet, slice};

use strongroom::{
    iam::{PolicyDocument, Statement},
    model::{KindName, Tags},
    resource::{
        EndpointChange, FlowLogCall, Kind, Ref, SecurityGroupRule, SetChange, VpcEndpoint,
        VpcEndpointCall,
    },
};

use super::{
    bank::{Step, step},
    estate::Estate,
    law::hold,
};

/// The sandbox's specification, applied.
async fn applied() -> Option<Estate> {
    Some(Estate::shipped("sandbox.yaml").await?.applied().await)
}

/// Sends the steps one by one and holds the law after each.
async fn walk(ground: &Estate, steps: &[Step]) {
    let mut seen = ground.observe().await;
    for one in steps {
        seen = hold(&ground.aws, &ground.scope(), seen, slice::from_ref(one)).await;
    }
}

fn endpoint(name: &str, call: VpcEndpointCall) -> Step {
    step(KindName::VpcEndpoint, name, call)
}

fn modify(name: &str, change: EndpointChange) -> Step {
    endpoint(name, VpcEndpointCall::Modify(Box::new(change)))
}

fn one(kind: KindName, name: &str) -> BTreeSet<Ref> {
    [Ref::to(kind, name)].into()
}

/// A set that loses an element, and gets it back.
fn there_and_back(set: BTreeSet<Ref>) -> [SetChange; 2] {
    let remove = SetChange {
        add: BTreeSet::new(),
        remove: set.clone(),
    };
    let add = SetChange {
        add: set,
        remove: BTreeSet::new(),
    };
    [remove, add]
}

fn more() -> Tags {
    [("team", "platform"), ("cost", "42")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

fn less() -> BTreeSet<String> {
    ["cost".to_owned()].into()
}

fn open() -> PolicyDocument {
    let anybody = Statement::allow(["*"]).by([Ref::literal("*")]).on_any();
    PolicyDocument::new([("Open", anybody)])
}

/// Everything that is made stays as it was made: a second plan has nothing to do.
#[tokio::test]
async fn the_endpoints_of_an_environment_are_made_and_found_again() {
    let Some(ground) = applied().await else {
        return;
    };
    let (seen, plan) = (ground.observe().await, ground.plan().await);
    let kinds = [
        VpcEndpoint::NAME,
        KindName::FlowLog,
        SecurityGroupRule::NAME,
    ];
    let left = plan.steps.keys().filter(|one| kinds.contains(&one.kind));
    assert_eq!(left.count(), 0, "{:#?}", plan.steps);
    let wanted = &ground.desired.resources;
    assert_eq!(seen.resources.vpc_endpoint, wanted.vpc_endpoint);
    assert_eq!(seen.resources.flow_log, wanted.flow_log);
    assert_eq!(
        seen.resources.security_group_rule,
        wanted.security_group_rule
    );
    // A prefix list is known by its name, though AWS shows its id.
    let names = seen.resources.security_group_rule.keys();
    let mut lists = names.filter(|name| name.ends_with(":com.amazonaws.eu-west-1.s3"));
    assert!(lists.next().is_some());
}

#[tokio::test]
async fn an_interface_endpoint() {
    let Some(ground) = applied().await else {
        return;
    };
    let name = "logs";
    let wanted = ground.desired.resources.vpc_endpoint[name].clone();
    let subnets = there_and_back(one(KindName::Subnet, "private-a"));
    let groups = there_and_back(one(KindName::SecurityGroup, "endpoints"));
    let policies = [open(), wanted.policy.known().expect("declared").clone()];
    let mut steps: Vec<Step> = Vec::new();
    steps.extend(subnets.map(|subnets| {
        modify(
            name,
            EndpointChange {
                subnets,
                ..Default::default()
            },
        )
    }));
    steps.extend(groups.map(|groups| {
        modify(
            name,
            EndpointChange {
                groups,
                ..Default::default()
            },
        )
    }));
    steps.extend(policies.map(|policy| {
        let policy = Some(policy);
        modify(
            name,
            EndpointChange {
                policy,
                ..Default::default()
            },
        )
    }));
    steps.extend([
        endpoint(name, VpcEndpointCall::Tag(more())),
        endpoint(name, VpcEndpointCall::Untag(less())),
        endpoint(name, VpcEndpointCall::Delete),
        endpoint(name, wanted.create()),
    ]);
    walk(&ground, &steps).await;
}

#[tokio::test]
async fn a_gateway_endpoint() {
    let Some(ground) = applied().await else {
        return;
    };
    let name = "s3";
    let wanted = ground.desired.resources.vpc_endpoint[name].clone();
    let tables = there_and_back(one(KindName::RouteTable, "private-a"));
    let mut steps: Vec<Step> = Vec::new();
    steps.extend(tables.map(|route_tables| {
        modify(
            name,
            EndpointChange {
                route_tables,
                ..Default::default()
            },
        )
    }));
    steps.extend([
        endpoint(name, VpcEndpointCall::Delete),
        endpoint(name, wanted.create()),
    ]);
    walk(&ground, &steps).await;
}

#[tokio::test]
async fn a_flow_log() {
    let Some(ground) = applied().await else {
        return;
    };
    let wanted = ground.desired.resources.flow_log["vpc"].clone();
    let at = |call: FlowLogCall| step(KindName::FlowLog, "vpc", call);
    let steps = [
        at(FlowLogCall::Tag(more())),
        at(FlowLogCall::Untag(less())),
        at(FlowLogCall::Delete),
        at(wanted.create()),
    ];
    walk(&ground, &steps).await;
}

/// Somebody else's endpoint in our VPC is seen, judged and left alone.
#[tokio::test]
async fn an_endpoint_of_somebody_else_is_seen_and_left_alone() {
    let Some(ground) = applied().await else {
        return;
    };
    let vpc = format!("vpc/{}", ground.environment.name);
    let seen = ground.observe().await;
    let vpc = &seen.ids[&vpc.parse().expect("an address")].id;
    let tag = aws_sdk_ec2::types::Tag::builder();
    let tags = aws_sdk_ec2::types::TagSpecification::builder()
        .resource_type(aws_sdk_ec2::types::ResourceType::VpcEndpoint)
        .tags(tag.key("GuardDutyManaged").value("true").build());
    let made = aws_sdk_ec2::Client::new(&ground.moto.config())
        .create_vpc_endpoint()
        .vpc_id(vpc)
        .vpc_endpoint_type(aws_sdk_ec2::types::VpcEndpointType::Interface)
        .service_name("com.amazonaws.eu-west-1.guardduty-data")
        .tag_specifications(tags.build())
        .send()
        .await
        .expect("an endpoint");
    let id = made.vpc_endpoint().and_then(|made| made.vpc_endpoint_id());
    let (seen, plan) = (ground.observe().await, ground.plan().await);
    let foreign = &seen.foreign.vpc_endpoint[id.expect("an id")];
    assert!(foreign.managed_by_aws());
    let endpoints = plan
        .steps
        .keys()
        .filter(|one| one.kind == VpcEndpoint::NAME);
    assert_eq!(endpoints.count(), 0, "{:#?}", plan.steps);
}
