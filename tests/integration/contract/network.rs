//! The network that is made here, and the one that somebody else made.

use serde_json::json;
use strongroom::{
    account::sandbox::Sandbox,
    model::{Environment, KindName, SubnetPlan},
    rehearse::rehearse,
    resource::Direction::{AccessNarrowed, AccessWidened},
};

use super::bank::{Bank, block_on, compiled, digital_bank, environment, now};

const VPC: &str = "vpc/bank-prod";

/// The bank in a VPC that exists.
fn guest() -> Environment {
    let mut environment = digital_bank().clone();
    environment.network.vpc = Some("vpc-0123456789abcdef0".parse().unwrap());
    environment
}

fn in_a_given_vpc() -> Bank {
    let environment = guest();
    let desired = compiled(&environment);
    Bank::of(environment, desired)
}

#[test]
fn a_given_vpc_is_all_there_is_of_the_network() {
    let resources = in_a_given_vpc().desired.resources;
    let kinds = [
        KindName::Subnet,
        KindName::RouteTable,
        KindName::NetworkAcl,
        KindName::InternetGateway,
        KindName::ElasticIp,
        KindName::NatGateway,
    ];
    let made = resources.addresses();
    assert!(made.iter().all(|address| !kinds.contains(&address.kind)));
    assert!(made.contains(&VPC.parse().unwrap()));
}

#[test]
fn a_given_vpc_is_judged_and_never_changed() {
    let rule = json!({"flow": "ingress", "protocol": "-1", "ports": null, "peer": "self"});
    let bank = in_a_given_vpc()
        .applied()
        .tampered(VPC, |vpc| vpc["default_group"] = json!([rule]));
    let drift = bank.drift();
    drift.finds(VPC, "default_group", AccessWidened);
    assert!(drift.plan.is_empty(), "{:#?}", drift.plan.steps.keys());
}

/// What a VPC is attached to and called is for its owner to know.
#[test]
fn a_given_vpc_may_be_called_and_attached_as_its_owner_likes() {
    let bank = in_a_given_vpc().applied().tampered(VPC, |vpc| {
        vpc["name"] = json!("landing-zone");
        vpc["gateways"] = json!({"igw-1": "internet-gateway"});
        vpc["interconnects"] = json!({"tgw-attach-1": "transit-gateway"});
        vpc["tags"] = json!({"team": "network"});
    });
    let drift = bank.drift();
    assert!(
        drift.steps.is_empty() && drift.plan.is_empty(),
        "{:#?}",
        drift.steps
    );
}

#[test]
fn a_given_vpc_is_left_alone_by_the_rehearsal() {
    let bank = in_a_given_vpc();
    let account = Sandbox::empty(&bank.environment, bank.desired.verified_resources());
    let run = rehearse(&account, &bank.environment, &bank.desired, &now, 7);
    let record = block_on(run);
    assert!(record.passed(), "{:#?}", record.failures);
}

/// Somebody attached a gateway: it is drift for as long as it is there, and nobody deletes it.
#[test]
fn what_is_attached_to_our_vpc_is_told_and_left_there() {
    let bank = Bank::sandbox().applied().tampered(VPC, |vpc| {
        vpc["gateways"]["igw-1"] = json!("internet-gateway");
    });
    bank.drift().finds(VPC, "gateways", AccessWidened);
    let plan = bank.plan();
    assert_eq!(plan.steps[&VPC.parse().unwrap()].direction, AccessNarrowed);
    assert_eq!(plan.steps.values().flat_map(|step| step.calls()).count(), 0);
    let told = strongroom::report::plan::human(&plan, &bank.observed(), false);
    assert!(told.contains("only whoever made it"), "{told}");
    assert!(bank.execute(&plan).complete());
    bank.drift().finds(VPC, "gateways", AccessWidened);
}

/// Only a running service that declares egress to a range has a way out.
#[test]
fn there_is_no_way_out_that_nobody_declared() {
    let quiet = compiled(&environment("sandbox.yaml")).resources;
    assert!(quiet.nat_gateway.is_empty() && quiet.internet_gateway.is_empty());
    for table in quiet.route_table.values() {
        assert!(table.routes.known().unwrap().is_empty());
    }
    let bank = &Bank::sandbox().desired.resources;
    for (name, table) in &bank.route_table {
        let everywhere = table.routes.known().unwrap().contains_key("0.0.0.0/0");
        assert_eq!(everywhere, name == "public", "{name}");
    }
}

/// A zone more, a zone less: no subnet that stays moves.
#[test]
fn a_further_zone_moves_no_subnet() {
    let mut more = digital_bank().clone();
    more.network.zones.insert("d".parse().unwrap());
    let (before, after) = (Bank::sandbox().desired, compiled(&more));
    for (name, subnet) in &before.resources.subnet {
        assert_eq!(after.resources.subnet.get(name), Some(subnet), "{name}");
    }
    assert!(after.resources.subnet.contains_key("private-d"));
    let spare = SubnetPlan::of(more.network.cidr).unwrap().spare().unwrap();
    let mut subnets = after.resources.subnet.values();
    assert!(subnets.all(|subnet| !subnet.cidr.contains(&spare)));
}
