//! Each way to tamper with the network fails the checks that are there for it.

use super::{
    bank::Bank,
    tampering::{after, known},
};
use crate::{
    model::KindName,
    resource::{AclAction, Attachment, DefaultRule, Read, Ref, Subnet, Vpc},
};

fn vpc(bank: &mut Bank) -> &mut Vpc {
    let vpcs = &mut bank.snapshot.resources.vpc;
    vpcs.values_mut().next().unwrap()
}

fn subnet(bank: &mut Bank) -> &mut Subnet {
    let subnets = &mut bank.snapshot.resources.subnet;
    subnets.get_mut("private-a").unwrap()
}

#[test]
fn what_aws_makes_along_with_a_vpc() {
    let opened = after(|bank| vpc(bank).default_group = DefaultRule::initial().into());
    assert_eq!(opened, ["net.default-sg-closed"]);
}

#[test]
fn ways_out_of_the_vpc() {
    let attached = |kind| [("x-1".to_owned(), kind)].into();
    let gateway = after(|bank| vpc(bank).gateways = Read::Known(attached(Attachment::NatGateway)));
    assert_eq!(gateway, ["net.gateways-declared"]);
    let peering = after(|bank| {
        vpc(bank).interconnects = Read::Known(attached(Attachment::PeeringConnection));
    });
    assert_eq!(peering, ["net.interconnect-declared"]);
    let gone = after(|bank| {
        bank.snapshot.resources.nat_gateway.remove("a");
    });
    assert_eq!(gone, ["net.gateways-declared"]);
    let routed = after(|bank| {
        let tables = &mut bank.snapshot.resources.route_table;
        let table = tables.get_mut("private-a").unwrap();
        known(&mut table.routes).insert("10.0.0.0/8".to_owned(), Ref::literal("tgw-1"));
    });
    assert_eq!(routed, ["net.interconnect-declared"]);
}

#[test]
fn subnets() {
    let public = after(|bank| subnet(bank).public_ip = true.into());
    assert_eq!(public, ["net.subnets-private"]);
    let interface = after(|bank| {
        known(&mut subnet(bank).public_interfaces).insert("eni-1".to_owned());
    });
    assert_eq!(interface, ["net.subnets-private"]);
    let moved = after(|bank| {
        let public = Ref::to(KindName::RouteTable, "public");
        subnet(bank).route_table = Some(public).into();
    });
    assert_eq!(moved, ["net.subnets-private"]);
    let extra = after(|bank| {
        let mut twin = subnet(bank).clone();
        twin.public_ip = true.into();
        let subnets = &mut bank.snapshot.resources.subnet;
        subnets.insert("lab".to_owned(), twin);
    });
    assert_eq!(extra, ["net.nacl-exact", "net.subnets-private"]);
}

#[test]
fn network_acls() {
    let entry = |bank: &mut Bank, key: &str, change: Option<&str>| {
        let acls = &mut bank.snapshot.resources.network_acl;
        let acl = acls.get_mut("private").unwrap();
        let entries = known(&mut acl.entries);
        let key = key.parse().unwrap();
        let mut changed = entries.remove(&key).unwrap();
        if let Some(number) = change {
            changed.action = AclAction::Allow;
            entries.insert(number.parse().unwrap(), changed);
        }
    };
    let exact = "net.nacl-exact";
    let admin = "net.no-admin-port-ingress";
    let undenied = after(|bank| entry(bank, "ingress:110", None));
    assert_eq!(undenied, [exact, admin]);
    let narrower = after(|bank| entry(bank, "egress:200", None));
    assert_eq!(narrower, [exact]);
    let early = after(|bank| entry(bank, "ingress:120", Some("ingress:50")));
    assert_eq!(early, [exact, admin]);
    let default = after(|bank| subnet(bank).network_acl = None.into());
    assert_eq!(default, [exact]);
}
