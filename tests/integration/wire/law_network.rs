//! The law of predict for the kinds of the network.

use std::collections::{BTreeMap, BTreeSet};

use strongroom::{
    model::{KindName, TagKey, Tags},
    resource::{
        AclAction, AclEntries, AclEntry, AclEntryCall, AclKey, DefaultRule, ElasticIp,
        ElasticIpCall, Flow, InternetGateway, InternetGatewayCall, NatGateway, NatGatewayCall,
        NetworkAcl, NetworkAclCall, PortRange, Ref, RouteCall, RouteTable, RouteTableCall, Routes,
        Subnet, SubnetCall, Vpc, VpcCall, initial_entries,
    },
    snapshot::Snapshot,
};

use super::{
    bank::{Step, step},
    difference,
    law::{less, more, stride, walk},
};
use crate::moto::{ENVIRONMENT, Moto};

fn name(logical: &str) -> String {
    format!("{ENVIRONMENT}-{logical}")
}

fn tags() -> Tags {
    [(TagKey::ENVIRONMENT.to_owned(), ENVIRONMENT.to_owned())].into()
}

/// The VPC, as a reference.
pub fn vpc_ref() -> Ref {
    Ref::to(KindName::Vpc, ENVIRONMENT)
}

/// The VPC of the environment, whose default group admits itself no more: moto makes none that
/// does.
pub fn vpc() -> [Step; 2] {
    let vpc = Vpc {
        name: name(ENVIRONMENT),
        cidr: "10.40.0.0/16".parse().expect("a range"),
        further_cidrs: BTreeSet::new().into(),
        dns_support: true.into(),
        dns_hostnames: true.into(),
        default_group: BTreeSet::new().into(),
        default_acl: AclEntries::new().into(),
        main_routes: Routes::new().into(),
        gateways: BTreeMap::new().into(),
        interconnects: BTreeMap::new().into(),
        tags: tags().into(),
    };
    let mut itself = DefaultRule::initial().into_iter();
    let itself = itself.rfind(|rule| rule.flow == Flow::Ingress);
    let itself = itself.expect("it admits itself");
    let calls = [
        VpcCall::Create(Box::new(vpc)),
        VpcCall::RevokeDefault(itself),
    ];
    calls.map(|call| step(KindName::Vpc, ENVIRONMENT, call))
}

/// A subnet of the VPC, without associations.
pub fn subnet(logical: &str, cidr: &str) -> Step {
    let subnet = Subnet {
        name: name(logical),
        vpc: vpc_ref(),
        cidr: cidr.parse().expect("a range"),
        zone: "eu-west-1a".to_owned(),
        public_ip: false.into(),
        public_interfaces: BTreeSet::new().into(),
        route_table: None.into(),
        network_acl: None.into(),
        tags: tags().into(),
    };
    let call = SubnetCall::Create(Box::new(subnet));
    step(KindName::Subnet, logical, call)
}

/// A route table of the VPC, without routes.
pub fn table(logical: &str) -> Step {
    let table = RouteTable {
        name: name(logical),
        vpc: vpc_ref(),
        routes: Routes::new().into(),
        tags: tags().into(),
    };
    let call = RouteTableCall::Create(Box::new(table));
    step(KindName::RouteTable, logical, call)
}

/// A network ACL of the VPC, without entries.
pub fn acl(logical: &str) -> Step {
    let acl = NetworkAcl {
        name: name(logical),
        vpc: vpc_ref(),
        entries: AclEntries::new().into(),
        tags: tags().into(),
    };
    let call = NetworkAclCall::Create(Box::new(acl));
    step(KindName::NetworkAcl, logical, call)
}

/// An internet gateway, attached to nothing.
pub fn internet_gateway() -> Step {
    let gateway = InternetGateway {
        name: name("main"),
        vpc: None.into(),
        tags: tags().into(),
    };
    let call = InternetGatewayCall::Create(Box::new(gateway));
    step(KindName::InternetGateway, "main", call)
}

/// The attachment of the internet gateway.
pub fn attach() -> Step {
    let call = InternetGatewayCall::Attach(vpc_ref());
    step(KindName::InternetGateway, "main", call)
}

/// An Elastic IP address.
pub fn elastic_ip() -> Step {
    let address = ElasticIp {
        name: name("nat-a"),
        tags: tags().into(),
    };
    let call = ElasticIpCall::Allocate(Box::new(address));
    step(KindName::ElasticIp, "nat-a", call)
}

/// A NAT gateway in the public subnet, and the wait for it: moto makes it available at once.
pub fn nat_gateway() -> [Step; 2] {
    let gateway = NatGateway {
        name: name("a"),
        subnet: Ref::to(KindName::Subnet, "public-a").into(),
        address: Ref::to(KindName::ElasticIp, "nat-a").into(),
        available: true.into(),
        tags: tags().into(),
    };
    let create = NatGatewayCall::Create(Box::new(gateway));
    [create, NatGatewayCall::Await].map(|call| step(KindName::NatGateway, "a", call))
}

/// One of each kind inside a VPC, each with what it refers to.
pub fn everything() -> Vec<Step> {
    let at = |call| step(KindName::Subnet, "public-a", call);
    let route = |table: &str, to: &str, target| {
        let call = RouteCall::Create(to.to_owned(), target);
        step(KindName::RouteTable, table, RouteTableCall::Route(call))
    };
    let table_ref = Ref::to(KindName::RouteTable, "public");
    let acl_ref = Ref::to(KindName::NetworkAcl, "public");
    let mut steps = vec![
        table("public"),
        table("private-a"),
        acl("public"),
        subnet("public-a", "10.40.240.0/23"),
        at(SubnetCall::AssociateRouteTable(table_ref)),
        at(SubnetCall::AssociateNetworkAcl(acl_ref)),
        internet_gateway(),
        attach(),
        elastic_ip(),
    ];
    steps.extend(nat_gateway());
    let out = Ref::to(KindName::InternetGateway, "main");
    steps.push(route("public", "0.0.0.0/0", out));
    let nat = Ref::to(KindName::NatGateway, "a");
    steps.push(route("private-a", "203.0.113.0/24", nat));
    steps
}

fn allow(port: u16, cidr: &str) -> AclEntry {
    AclEntry {
        action: AclAction::Allow,
        protocol: "6".to_owned(),
        ports: Some(PortRange::single(port)),
        cidr: cidr.parse().expect("a range"),
    }
}

fn key(flow: Flow, number: u16) -> AclKey {
    AclKey { flow, number }
}

/// Walks, and expects to be where it began.
async fn round_trip(needs: &[Step], script: &[Step]) {
    let Some(moto) = Moto::start().await else {
        return;
    };
    stride(&moto, &[&vpc()]).await;
    let before = walk(&moto, needs).await;
    let after = walk(&moto, script).await;
    assert_same(&before, &after);
}

fn assert_same(before: &Snapshot, after: &Snapshot) {
    let left = difference(&before.resources, &after.resources);
    assert!(left.is_empty(), "{left:#?}");
}

#[tokio::test]
async fn the_vpc_with_what_aws_makes_along_with_it() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let at = |call| step(KindName::Vpc, ENVIRONMENT, call);
    let partner = DefaultRule {
        flow: Flow::Ingress,
        protocol: "tcp".to_owned(),
        ports: Some(PortRange::single(8443)),
        peer: Ref::literal("203.0.113.0/24"),
    };
    let all = DefaultRule::initial();
    let close = initial_entries()
        .into_keys()
        .map(|key| VpcCall::DefaultAcl(AclEntryCall::Delete(key)));
    let open = all.iter().cloned().map(VpcCall::AuthorizeDefault);
    let revoke = all.iter().cloned().map(VpcCall::RevokeDefault);
    let reply = key(Flow::Ingress, 90);
    let script = [
        VpcCall::DnsHostnames(true),
        VpcCall::DnsHostnames(false),
        VpcCall::DnsSupport(false),
        VpcCall::DnsSupport(true),
        VpcCall::AuthorizeDefault(partner.clone()),
        VpcCall::RevokeDefault(partner),
        VpcCall::DefaultAcl(AclEntryCall::Create(reply, allow(8443, "203.0.113.0/24"))),
        VpcCall::DefaultAcl(AclEntryCall::Replace(reply, allow(8444, "203.0.113.0/24"))),
        VpcCall::DefaultAcl(AclEntryCall::Delete(reply)),
        VpcCall::Tag(more()),
        VpcCall::Untag(less()),
    ];
    let egress = all.iter().filter(|rule| rule.flow == Flow::Egress).cloned();
    let closed = egress.map(VpcCall::RevokeDefault);
    let script: Vec<Step> = closed
        .chain(open)
        .chain(revoke)
        .chain(close)
        .chain(script)
        .chain([VpcCall::Delete])
        .map(at)
        .collect();
    stride(&moto, &[&vpc()]).await;
    let after = walk(&moto, &script).await;
    assert!(after.resources.vpc.is_empty());
}

#[tokio::test]
async fn subnets_with_what_serves_and_filters_them() {
    use SubnetCall::{
        AssociateNetworkAcl, AssociateRouteTable, DisassociateNetworkAcl, DisassociateRouteTable,
        PublicIp,
    };
    let at = |call| step(KindName::Subnet, "private-a", call);
    let by = |name: &str| AssociateRouteTable(Ref::to(KindName::RouteTable, name));
    let through = |name: &str| AssociateNetworkAcl(Ref::to(KindName::NetworkAcl, name));
    let needs = [
        table("private-a"),
        table("public"),
        acl("private"),
        acl("public"),
    ];
    let calls = [
        PublicIp(true),
        PublicIp(false),
        by("private-a"),
        by("public"),
        through("private"),
        through("public"),
        SubnetCall::Tag(more()),
        SubnetCall::Untag(less()),
        DisassociateNetworkAcl,
        DisassociateRouteTable,
        DisassociateRouteTable,
        SubnetCall::Delete,
    ];
    let subnet = subnet("private-a", "10.40.0.0/20");
    let script: Vec<Step> = [subnet].into_iter().chain(calls.map(at)).collect();
    round_trip(&needs, &script).await;
}

#[tokio::test]
async fn network_acls() {
    let at = |call| step(KindName::NetworkAcl, "private", call);
    let six = AclEntry {
        action: AclAction::Deny,
        ..allow(22, "2001:db8::/32")
    };
    let calls = [
        AclEntryCall::Create(key(Flow::Ingress, 100), allow(443, "0.0.0.0/0")),
        AclEntryCall::Create(key(Flow::Egress, 100), allow(443, "0.0.0.0/0")),
        AclEntryCall::Create(key(Flow::Ingress, 120), six),
        AclEntryCall::Replace(key(Flow::Ingress, 100), allow(8443, "10.40.0.0/16")),
        AclEntryCall::Delete(key(Flow::Egress, 100)),
    ];
    let script: Vec<Step> = [acl("private")]
        .into_iter()
        .chain(calls.map(NetworkAclCall::Entry).map(at))
        .chain([
            at(NetworkAclCall::Tag(more())),
            at(NetworkAclCall::Untag(less())),
            at(NetworkAclCall::Delete),
        ])
        .collect();
    round_trip(&[], &script).await;
}

#[tokio::test]
async fn internet_gateways_and_addresses() {
    let gateway = |call| step(KindName::InternetGateway, "main", call);
    let address = |call| step(KindName::ElasticIp, "nat-a", call);
    let script = [
        internet_gateway(),
        attach(),
        gateway(InternetGatewayCall::Tag(more())),
        gateway(InternetGatewayCall::Untag(less())),
        gateway(InternetGatewayCall::Detach(vpc_ref())),
        gateway(InternetGatewayCall::Delete),
        elastic_ip(),
        address(ElasticIpCall::Tag(more())),
        address(ElasticIpCall::Untag(less())),
        address(ElasticIpCall::Release),
    ];
    round_trip(&[], &script).await;
}

#[tokio::test]
async fn routes_and_the_gateways_that_they_lead_to() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let route = |table: &str, call| step(KindName::RouteTable, table, RouteTableCall::Route(call));
    let out = || Ref::to(KindName::InternetGateway, "main");
    let nat = || Ref::to(KindName::NatGateway, "a");
    let partner = || "203.0.113.0/24".to_owned();
    let gateway = |call| [step(KindName::NatGateway, "a", call)];
    stride(&moto, &[&vpc()]).await;
    let before = walk(&moto, &[subnet("public-a", "10.40.240.0/23")]).await;
    let after = stride(
        &moto,
        &[
            &[internet_gateway()],
            &[attach()],
            &[table("public")],
            &[table("private-a")],
            &[route(
                "public",
                RouteCall::Create("0.0.0.0/0".to_owned(), out()),
            )],
            &[elastic_ip()],
            &nat_gateway(),
            &gateway(NatGatewayCall::Tag(more())),
            &gateway(NatGatewayCall::Untag(less())),
            &[route("private-a", RouteCall::Create(partner(), nat()))],
            &[route("private-a", RouteCall::Replace(partner(), out()))],
            &[route("private-a", RouteCall::Replace(partner(), nat()))],
            &[route("private-a", RouteCall::Delete(partner()))],
            &[route("public", RouteCall::Delete("0.0.0.0/0".to_owned()))],
            &gateway(NatGatewayCall::Delete),
            &[step(KindName::ElasticIp, "nat-a", ElasticIpCall::Release)],
            &[step(
                KindName::RouteTable,
                "private-a",
                RouteTableCall::Tag(more()),
            )],
            &[step(
                KindName::RouteTable,
                "private-a",
                RouteTableCall::Untag(less()),
            )],
            &[step(
                KindName::RouteTable,
                "private-a",
                RouteTableCall::Delete,
            )],
            &[step(KindName::RouteTable, "public", RouteTableCall::Delete)],
            &[step(
                KindName::InternetGateway,
                "main",
                InternetGatewayCall::Detach(vpc_ref()),
            )],
            &[step(
                KindName::InternetGateway,
                "main",
                InternetGatewayCall::Delete,
            )],
        ],
    )
    .await;
    assert_same(&before, &after);
}
