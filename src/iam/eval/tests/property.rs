//! What holds for every policy and request: a limit never adds access, and order never counts.

use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::*;

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:*",
    "S3:get*",
    "*",
    "kms:Decrypt",
    "s3:?etObject",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/${aws:username}",
    "arn:aws:s3:::c/*",
    "arn:*:x",
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringNotEquals",
    "Null",
    "NumericLessThan",
    "ArnLike",
    "Bool",
    "Unheard",
];
const KEYS: &[&str] = &[
    "aws:username",
    "aws:TagKeys",
    "AWS:username",
    "aws:PrincipalTag/t",
];
const VALUES: &[&str] = &[
    "x",
    "y",
    "*",
    "true",
    "10",
    "${aws:username}",
    "${aws:PrincipalTag/t, 'x'}",
];
const PRINCIPALS: &[&str] = &[
    "*",
    ROLE,
    ROOT,
    SESSION,
    THERE,
    "AROAEXAMPLE",
    "arn:aws:iam::111111111111:role/z",
];

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(select(of), 1..3)
}

/// A statement as parts that can be put in another order: effect, then element by element.
fn statement() -> impl Strategy<Value = Value> {
    let conditions = proptest::collection::btree_map(
        select(OPERATORS),
        proptest::collection::btree_map(select(KEYS), some(VALUES), 1..3),
        0..3,
    );
    let parts = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        some(ACTIONS),
        some(RESOURCES),
        conditions,
        some(PRINCIPALS),
    );
    parts.prop_map(
        |(denies, not_action, not_resource, actions, resources, conditions, principals)| {
            json!({
                "Effect": if denies { "Deny" } else { "Allow" },
                if not_action { "NotAction" } else { "Action" }: actions,
                if not_resource { "NotResource" } else { "Resource" }: resources,
                "Condition": conditions,
                "Principal": { "AWS": principals },
            })
        },
    )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 0..4)
}

/// The same without Principal, as an identity policy has it.
fn of_identity(mut statements: Vec<Value>) -> Vec<Value> {
    for statement in &mut statements {
        statement.as_object_mut().unwrap().remove("Principal");
    }
    statements
}

fn request() -> impl Strategy<Value = Request> {
    let caller = select(
        &[
            ROLE,
            SESSION,
            "arn:aws:iam::111111111111:user/x",
            "s3.amazonaws.com",
            "*",
        ][..],
    );
    let asked = select(
        &[
            ("s3:GetObject", OBJECT),
            ("kms:Decrypt", KEY),
            ("s3:GetObject", "arn:aws:s3:::c/x"),
        ][..],
    );
    let context =
        proptest::collection::btree_map(select(KEYS), some(&["x", "y", "10", "true"]), 0..3);
    (caller, asked, context, any::<bool>()).prop_map(
        |(caller, (action, resource), context, here)| {
            let mut request = with(asking(caller, action, resource), json!(context));
            request.resource_account = Some(if here { HERE } else { THERE }.to_owned());
            request
        },
    )
}

fn layers() -> impl Strategy<Value = Layers> {
    let parts = (
        statements(),
        statements(),
        proptest::option::of(statements()),
        proptest::option::of(statements()),
    );
    parts.prop_map(|(identity, resource, boundary, session)| Layers {
        identity: vec![policy(json!(of_identity(identity)))],
        resource: Some(policy(json!(resource))),
        boundary: boundary
            .into_iter()
            .map(|b| policy(json!(of_identity(b))))
            .collect(),
        session: session.map(|s| policy(json!(of_identity(s)))),
        ..Layers::default()
    })
}

fn allows(layers: &Layers, request: &Request) -> bool {
    verdict(layers, request).decision.is_allowed()
}

/// The same value with every list turned around.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().rev().map(reversed).collect(),
        Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.clone(), reversed(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The text of a value with every object's keys turned around.
fn keys_reversed(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(keys_reversed).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(map) => {
            let entries = map.iter().rev();
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{}:{}", json!(key), keys_reversed(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn a_deny_never_adds_access(layers in layers(), mut more in statements(), request in request()) {
        more.iter_mut().for_each(|statement| statement["Effect"] = json!("Deny"));
        let identity = policy(json!(of_identity(more.clone())));
        let with_deny = Layers { identity: [layers.identity.clone(), vec![identity]].concat(), ..layers.clone() };
        prop_assert!(allows(&layers, &request) || !allows(&with_deny, &request));
        let fenced = Layers { rcp: vec![level(vec![policy(json!(more))])], ..layers.clone() };
        prop_assert!(allows(&layers, &request) || !allows(&fenced, &request));
    }

    #[test]
    fn a_limit_never_adds_access(layers in layers(), limit in statements(), request in request()) {
        let with_principal = policy(json!(limit));
        let limit = policy(json!(of_identity(limit)));
        let boundary = [layers.boundary.clone(), vec![limit.clone()]].concat();
        let limits = [
            Layers { boundary, ..layers.clone() },
            Layers { session: Some(limit.clone()), ..Layers { session: None, ..layers.clone() } },
            Layers { scp: vec![level(vec![limit])], ..layers.clone() },
            Layers { endpoint: vec![with_principal], ..layers.clone() },
        ];
        let bare = Layers { session: None, ..layers.clone() };
        for limited in limits {
            prop_assert!(allows(&bare, &request) || !allows(&limited, &request));
        }
    }

    #[test]
    fn an_allow_never_takes_access_away(layers in layers(), mut more in statements(), request in request()) {
        more.iter_mut().for_each(|statement| statement["Effect"] = json!("Allow"));
        let more = policy(json!(of_identity(more)));
        let with_allow = Layers { identity: [layers.identity.clone(), vec![more]].concat(), ..layers.clone() };
        prop_assert!(!allows(&layers, &request) || allows(&with_allow, &request));
    }

    #[test]
    fn order_never_counts(identity in statements(), resource in statements(), request in request()) {
        let identity = json!(of_identity(identity));
        let resource = json!(resource);
        let of = |identity: &Value, resource: &Value| Layers {
            identity: vec![policy(identity.clone())],
            resource: Some(policy(resource.clone())),
            ..Layers::default()
        };
        let decision = |layers: &Layers| verdict(layers, &request).decision;
        let expected = decision(&of(&identity, &resource));
        prop_assert_eq!(decision(&of(&reversed(&identity), &reversed(&resource))), expected);
        let turned = |statements: &Value| {
            let text = keys_reversed(&json!({ "Version": "2012-10-17", "Statement": statements }));
            Arc::new(text.parse::<Policy>().unwrap())
        };
        let turned = Layers {
            identity: vec![turned(&identity)],
            resource: Some(turned(&resource)),
            ..Layers::default()
        };
        prop_assert_eq!(decision(&turned), expected);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let mut out = String::new();
        crate::iam::eval::line::answer(&text, &mut Default::default(), &mut out);
        prop_assert!(serde_json::from_str::<Value>(&out).is_ok());
    }
}
