//! Tests of the evaluator: the rules by number, the probes, properties, and hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hostile;
mod probes;
mod property;
mod rules;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Context, Decision, Layers, Level, Policy, Request, Verdict, decide};

/// The account of most callers and resources.
const HERE: &str = "111111111111";
/// Another account.
const THERE: &str = "222222222222";
/// A role of this account.
const ROLE: &str = "arn:aws:iam::111111111111:role/a";
/// A session of the role.
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/a/s";
/// The root of this account.
const ROOT: &str = "arn:aws:iam::111111111111:root";
/// An object in a bucket.
const OBJECT: &str = "arn:aws:s3:::b/x";
/// A key of this account.
const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/k";

/// A policy of these statements, in the current language.
fn policy(statements: Value) -> Arc<Policy> {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    Arc::new(text.parse().unwrap())
}

/// An Allow of an action on everything.
fn allow(action: &str) -> Arc<Policy> {
    policy(json!({ "Effect": "Allow", "Action": action, "Resource": "*" }))
}

/// A Deny of an action on everything.
fn deny(action: &str) -> Arc<Policy> {
    policy(json!({ "Effect": "Deny", "Action": action, "Resource": "*" }))
}

/// An Allow of everything under one condition.
fn allow_when(condition: Value) -> Arc<Policy> {
    policy(json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition }))
}

/// An Allow of everything to AWS principals, in the policy of a resource.
fn granting(principals: Value) -> Option<Arc<Policy>> {
    let principal = json!({ "AWS": principals });
    Some(policy(
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": principal }),
    ))
}

/// A trust policy for AWS principals.
fn trusting(principals: Value) -> Option<Arc<Policy>> {
    let principal = json!({ "AWS": principals });
    Some(policy(
        json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal }),
    ))
}

/// One level of an organisation.
fn level(policies: Vec<Arc<Policy>>) -> Level {
    Level {
        name: "r-root".to_owned(),
        policies,
    }
}

/// The role reads the object, in its own account.
fn reading() -> Request {
    asking(ROLE, "s3:GetObject", OBJECT)
}

fn asking(principal: &str, action: &str, resource: &str) -> Request {
    let mut request = Request::new(principal, action, resource).unwrap();
    request.resource_account.get_or_insert(HERE.to_owned());
    request
}

/// The same with condition keys: strings, or lists of strings.
fn with(mut request: Request, context: Value) -> Request {
    request.context = serde_json::from_value(context).unwrap();
    request
}

fn verdict(layers: &Layers, request: &Request) -> Verdict {
    let verdict = decide(layers, request);
    assert!(!verdict.because.is_empty());
    verdict
}

#[track_caller]
fn allowed(layers: &Layers, request: &Request) {
    let verdict = verdict(layers, request);
    assert_eq!(verdict.decision, Decision::Allowed, "{verdict:?}");
}

#[track_caller]
fn silent(layers: &Layers, request: &Request) {
    let verdict = verdict(layers, request);
    assert_eq!(verdict.decision, Decision::ImplicitlyDenied, "{verdict:?}");
}

#[track_caller]
fn denied(layers: &Layers, request: &Request) {
    let verdict = verdict(layers, request);
    assert_eq!(verdict.decision, Decision::ExplicitlyDenied, "{verdict:?}");
}
