//! Each way to tamper with an endpoint or a flow log fails the checks that are there for it.

use super::{bank::Bank, failing};
use crate::{
    compliance::{assess::ExitClass, verdict::Outcome},
    iam::{PolicyDocument, Statement},
    model::Tags,
    resource::{EndpointState, FlowLog, Read, Ref, TrafficType, VpcEndpoint},
    snapshot::Origin,
};

const FOREIGN: &str = "vpce-0123456789abcdef0";

fn live() -> Bank {
    let mut bank = Bank::as_declared();
    bank.snapshot.origin = Origin::Live { endpoint: None };
    bank
}

fn after(tamper: impl FnOnce(&mut Bank)) -> Vec<String> {
    let mut bank = live();
    tamper(&mut bank);
    failing(&bank.assess())
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn endpoint<'a>(bank: &'a mut Bank, name: &str) -> &'a mut VpcEndpoint {
    let endpoints = &mut bank.snapshot.resources.vpc_endpoint;
    endpoints.get_mut(name).unwrap()
}

fn flow_log(bank: &mut Bank) -> &mut FlowLog {
    bank.snapshot.resources.flow_log.get_mut("vpc").unwrap()
}

/// What AWS puts there where nobody writes a policy.
fn full_access() -> Read<PolicyDocument> {
    let anybody = Statement::allow(["*"]).by([Ref::literal("*")]).on_any();
    PolicyDocument::new([("Anybody", anybody)]).into()
}

/// An endpoint that somebody else has put into the VPC.
fn foreign(bank: &mut Bank, service: &str, tags: Tags) {
    let mut other = endpoint(bank, "logs").clone();
    other.service = service.to_owned();
    other.policy = full_access();
    other.tags = tags.into();
    let foreign = &mut bank.snapshot.foreign.vpc_endpoint;
    foreign.insert(FOREIGN.to_owned(), other);
}

#[test]
fn an_endpoint_that_does_not_work_is_missing() {
    let missing = ["net.endpoints-present"];
    assert_eq!(
        after(|bank| endpoint(bank, "logs").private_dns = false.into()),
        missing
    );
    assert_eq!(
        after(|bank| endpoint(bank, "s3").state = EndpointState::Pending),
        missing
    );
    let gone = after(|bank| {
        bank.snapshot.resources.vpc_endpoint.remove("ecr.api");
    });
    assert_eq!(
        gone,
        ["net.endpoint-policy-scoped", "net.endpoints-present"]
    );
}

#[test]
fn what_somebody_else_offers_is_there() {
    let offered = after(|bank| {
        let logs = endpoint(bank, "logs").clone();
        endpoint(bank, "logs").state = EndpointState::Broken;
        let foreign = &mut bank.snapshot.foreign.vpc_endpoint;
        foreign.insert(FOREIGN.to_owned(), logs);
    });
    assert_eq!(offered, Vec::<String>::new());
}

#[test]
fn a_policy_that_pins_less_is_told() {
    let scoped = ["net.endpoint-policy-scoped"];
    assert_eq!(
        after(|bank| endpoint(bank, "logs").policy = full_access()),
        scoped
    );
    let any_resource = after(|bank| {
        let policy = &mut endpoint(bank, "logs").policy;
        let Read::Known(policy) = policy else {
            panic!("the policy is declared");
        };
        for statement in policy.statements.values_mut() {
            statement.conditions.remove("StringEquals");
        }
    });
    assert_eq!(any_resource, scoped);
}

#[test]
fn an_open_endpoint_of_somebody_else_is_told_and_gets_judged_unless_aws_manages_it() {
    let guardduty = "com.amazonaws.eu-west-1.guardduty-data";
    let managed = || Tags::from([("GuardDutyManaged".to_owned(), "true".to_owned())]);
    assert_eq!(
        after(|bank| foreign(bank, "com.amazonaws.eu-west-1.sqs", managed())),
        ["net.endpoint-policy-scoped"],
        "a tag alone proves nothing"
    );
    let mut bank = live();
    foreign(&mut bank, guardduty, managed());
    let assessment = bank.assess();
    assert_eq!(failing(&assessment), Vec::<&str>::new());
    let path = format!("environment.vpc_endpoints.{FOREIGN}");
    let told = super::outcomes(&assessment, "net.endpoint-policy-scoped");
    let told = told.iter().find(|(resource, _)| *resource == path);
    assert_eq!(told.unwrap().1, Outcome::NotApplicable);
}

#[test]
fn a_flow_log_that_records_less_is_told() {
    let active = ["net.flow-logs-active"];
    let destination = ["net.flow-logs-destination"];
    assert_eq!(
        after(|bank| flow_log(bank).traffic = TrafficType::Reject),
        active
    );
    assert_eq!(
        after(|bank| flow_log(bank).delivery_error = Some("Access error".to_owned()).into()),
        active
    );
    assert_eq!(
        after(|bank| flow_log(bank).log_group = Ref::literal("arn:aws:s3:::elsewhere")),
        destination
    );
    assert_eq!(
        after(|bank| flow_log(bank).format = "${srcaddr} ${dstaddr}".to_owned()),
        destination
    );
    let unencrypted = after(|bank| {
        let groups = &mut bank.snapshot.resources.log_group;
        groups.get_mut("flow-logs").unwrap().kms_key = None.into();
    });
    assert_eq!(unencrypted, destination);
}

/// A prediction has no deliveries: it says so instead of passing.
#[test]
fn whether_records_arrive_needs_a_live_account() {
    let assessment = Bank::as_declared().assess();
    assert_eq!(assessment.exit_class, ExitClass::Agreed);
    let found = super::outcomes(&assessment, "net.flow-logs-active");
    assert!(found.iter().all(|(_, one)| *one == Outcome::NeedsLive));
}
