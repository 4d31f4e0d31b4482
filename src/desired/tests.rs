//! What the shipped bank compiles to, as its readers see it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod endpoints;

use std::path::Path;

use super::*;
use crate::{iam::grammar, spec};

fn bank() -> Environment {
    spec::load(Path::new("environments/digital-bank"))
        .expect("the bank is valid")
        .environment
}

fn compiled(environment: &Environment) -> Desired {
    compile(environment, Catalogue::vendored().unwrap()).expect("the bank compiles")
}

fn written(environment: &Environment, document: &crate::iam::PolicyDocument) -> serde_json::Value {
    let resources = compiled(environment).resources;
    let arn = |address: &Address| expected_arn(environment, &resources, address);
    grammar::write(document, &arn).unwrap()
}

#[test]
fn the_key_policy_of_login() {
    let environment = bank();
    let desired = compiled(&environment);
    let policy = desired.resources.kms_key["login"].policy.known().unwrap();
    insta::assert_json_snapshot!(written(&environment, policy));
}

#[test]
fn the_roles_of_login() {
    let environment = bank();
    let desired = compiled(&environment);
    for name in ["login-v1", "login-v1-x"] {
        let role = &desired.resources.iam_role[name];
        let trust = written(&environment, role.trust.known().unwrap());
        let access = written(&environment, &role.inline.known().unwrap()["access"]);
        insta::assert_json_snapshot!(
            name,
            serde_json::json!({ "trust": trust, "access": access })
        );
    }
}

#[test]
fn the_boundary_of_the_bank() {
    let environment = bank();
    let desired = compiled(&environment);
    let boundary = desired.resources.iam_policy["boundary"]
        .document
        .known()
        .unwrap();
    insta::assert_json_snapshot!(written(&environment, boundary));
}

#[test]
fn a_suspended_service_is_denied_everything_and_has_no_rule() {
    let environment = bank();
    let desired = compiled(&environment);
    let suspended = environment
        .services
        .values()
        .find(|service| matches!(service.state, State::Suspended { .. }))
        .expect("one service of the bank is suspended");
    let prefix = format!("{}-", suspended.name);
    let roles: Vec<_> = desired
        .resources
        .iam_role
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix))
        .collect();
    assert!(!roles.is_empty());
    for (_, role) in roles {
        assert!(role.inline.known().unwrap().contains_key("suspended"));
    }
    let touches = |name: &String| name.starts_with(&prefix) || name.contains(&format!("@{prefix}"));
    assert!(!desired.resources.security_group_rule.keys().any(touches));
}

#[test]
fn a_retired_service_leaves_nothing_and_nobody_trusts_it() {
    let mut environment = bank();
    let since = "2026-01-01".parse().unwrap();
    let login = environment
        .services
        .values_mut()
        .find(|s| s.name.as_str() == "login")
        .unwrap();
    login.state = State::Retired {
        since,
        reason: "replaced".into(),
    };
    let desired = compiled(&environment);
    let names = desired.resources.addresses();
    assert!(
        !names
            .iter()
            .any(|address| address.name.starts_with("login"))
    );
}

#[test]
fn every_reader_of_a_store_may_use_its_key_and_nobody_else() {
    let environment = bank();
    let desired = compiled(&environment);
    for service in environment
        .services
        .values()
        .filter(|service| service.is_alive())
    {
        let key = &desired.resources.kms_key[service.name.as_str()];
        let Some(usage) = key.policy.known().unwrap().statements.get("UseViaStores") else {
            assert!(service.stores.is_empty());
            continue;
        };
        let users = usage
            .principals
            .values()
            .flatten()
            .filter_map(|user| user.address());
        for user in users {
            let owner = &environment.services[&desired.owners[user]];
            let reads = owner.access.iter().any(|access| service.owns(&access.to));
            assert!(
                owner.name == service.name || reads,
                "{user} uses {}",
                service.name
            );
        }
    }
}

#[test]
fn what_exceeds_a_limit_of_aws_is_told_with_by_how_much() {
    let mut environment = bank();
    let ledger = environment
        .services
        .values_mut()
        .find(|s| s.name.as_str() == "ledger")
        .unwrap();
    let template = ledger
        .egress
        .first()
        .cloned()
        .unwrap_or_else(|| crate::model::Egress {
            to: crate::model::Peer::Cidr("203.0.113.0/24".parse().unwrap()),
            listener: crate::model::Listener {
                port: 443.try_into().unwrap(),
                protocol: Default::default(),
            },
            why: "test".into(),
        });
    for port in 1000..2001_u16 {
        let mut egress = template.clone();
        egress.listener.port = port.try_into().unwrap();
        ledger.egress.push(egress);
    }
    let error = compile(&environment, Catalogue::vendored().unwrap()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("more than the 1000 that AWS ever accepts"),
        "{error}"
    );
}

#[test]
fn ten_compilations_give_the_same_bytes() {
    let environment = bank();
    let first = serde_json::to_string(&compiled(&environment).resources).unwrap();
    for _ in 0..9 {
        assert_eq!(
            serde_json::to_string(&compiled(&environment).resources).unwrap(),
            first
        );
    }
}
