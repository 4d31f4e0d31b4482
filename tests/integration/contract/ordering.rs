//! The order of calls: create calls that wait for each other are an error, everything else is not.

use strongroom::{
    model::KindName,
    plan::{self, order},
    resource::Ref,
};

use super::bank::{Bank, desired, nothing};

/// Two policies whose documents name each other can only be made in two steps, and a managed
/// policy has one create call for all that it holds.
#[test]
fn a_cycle_of_creates_names_its_members() {
    let mut bank = Bank::sandbox();
    for (own, other) in [("boundary", "other"), ("other", "boundary")] {
        let mut policy = desired().resources.iam_policy["boundary"].clone();
        if let strongroom::resource::Read::Known(document) = &mut policy.document {
            let ceiling = document.statements.get_mut("Ceiling").unwrap();
            ceiling.resources = [Ref::to(KindName::IamPolicy, other)].into();
        }
        bank.desired
            .resources
            .iam_policy
            .insert(own.to_owned(), policy);
    }
    let cycle = order(&bank.plan()).unwrap_err();
    let members: Vec<String> = cycle
        .0
        .iter()
        .map(|node| node.address.to_string())
        .collect();
    assert_eq!(
        members,
        ["iam_policy/boundary", "iam_policy/other"],
        "what waits is no member"
    );
}

/// Roles and keys, groups and groups refer to each other, and still there is an order.
#[test]
fn references_in_a_circle_are_no_cycle_of_creates() {
    let bank = Bank::sandbox();
    assert!(order(&bank.plan()).is_ok());
    let bank = bank.applied();
    assert!(order(&plan::compare(&nothing(), &bank.observed())).is_ok());
}

/// A plan for one service holds everything that the service waits for.
#[test]
fn one_service_is_planned_with_what_it_needs() {
    let bank = Bank::sandbox();
    let plan = bank
        .plan()
        .only(&"login".parse().unwrap(), &bank.desired.owners);
    assert!(bank.execute(&plan).complete());
    let there = bank.observed().resources;
    assert!(there.kms_key.contains_key("login") && there.iam_policy.contains_key("boundary"));
    assert!(there.addresses().len() < bank.desired.resources.addresses().len());
}
