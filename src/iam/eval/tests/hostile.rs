//! Input that nobody means well with: it is refused or decided, and never takes long.

use serde_json::{Value, json};

use super::*;
use crate::iam::eval::line::{Cache, answer};

fn answered(line: &str) -> Value {
    let mut out = String::new();
    answer(line, &mut Cache::default(), &mut out);
    assert!(
        out.ends_with('\n') && out.matches('\n').count() == 1,
        "{out}"
    );
    serde_json::from_str(&out).unwrap()
}

fn line(policies: Value) -> String {
    let request = json!({ "principal": ROLE, "action": "s3:GetObject", "resource": OBJECT,
        "resourceAccount": HERE, "context": {} });
    json!({ "id": "x", "policies": policies, "request": request }).to_string()
}

#[test]
fn a_line_that_is_none_is_answered_with_an_error() {
    for bad in ["", "{", "[]", "null", "\u{0}", r#"{"id":1}"#] {
        assert!(answered(bad)["error"].is_string(), "{bad}");
    }
    assert_eq!(
        answered(r#"{"id":[1,"a"],"request":{}}"#)["id"],
        json!([1, "a"])
    );
    assert_eq!(answered("nonsense")["id"], Value::Null);
}

#[test]
fn policies_and_layers_that_are_none_are_told_by_their_place() {
    let told = |policies: Value| {
        answered(&line(policies))["error"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    assert!(told(json!({ "boundry": [] })).contains("unknown field `boundry`"));
    assert!(told(json!({ "identity": [{}] })).starts_with("identity[0]: this is no policy"));
    let level = json!([{ "orgIdentifier": "r", "policies": [{ "Statement": 1 }] }]);
    assert!(told(json!({ "scp": level })).starts_with("scp[0].policies[0]: "));
    for bad in [
        json!({ "Version": "2020-01-01", "Statement": [] }),
        json!({ "Statement": [{ "Effect": "allow", "Action": "*", "Resource": "*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Action": { "a": 1 }, "Resource": "*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Principal": ROLE, "Action": "*" }] }),
        json!({ "Statement": [{ "Effect": "Allow", "Principal": { "Robot": "x" }, "Action": "*" }] }),
        json!({ "Statements": [] }),
        json!([]),
    ] {
        assert!(
            told(json!({ "resource": bad })).starts_with("resource: "),
            "{bad}"
        );
    }
    let twice = r#"{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#;
    assert!(twice.parse::<Policy>().is_err());
    let twice = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true"},"Bool":{"b":"true"}}}}"#;
    assert!(twice.parse::<Policy>().is_err());
}

#[test]
fn requests_that_nobody_can_make_are_refused() {
    let group = "arn:aws:iam::111111111111:group/g";
    assert!(Request::new(group, "s3:GetObject", OBJECT).is_err());
    assert!(Request::new(ROLE, "GetObject", OBJECT).is_err());
    assert!(Request::new(ROLE, "s3:GetObject", &"x".repeat(10_000)).is_err());
    let many = Context::from_iter(std::iter::repeat_n(("a", "b"), 2_000));
    assert!(reading().with_context(many).is_err());
}

#[test]
fn an_action_without_resources_asks_for_everything() {
    let one =
        json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::*" } });
    let mut asked: Value = serde_json::from_str(&line(json!({ "identity": [one] }))).unwrap();
    assert_eq!(answered(&asked.to_string())["decision"], "Allowed");
    asked["request"]["wildcardOnlyAction"] = json!(true);
    assert_eq!(answered(&asked.to_string())["decision"], "ImplicitlyDenied");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = "[".repeat(100_000);
    assert!(answered(&deep)["error"].is_string());
    assert!(deep.parse::<Policy>().is_err());
    let inside = format!(r#"{{"Statement":{{"Effect":"Allow","Sid":"a","Action":{deep}"#);
    assert!(inside.parse::<Policy>().is_err());
    let raw = deep.clone() + &"]".repeat(100_000);
    let nested = line(json!({ "identity": ["here"] })).replace("\"here\"", &raw);
    assert!(answered(&nested)["error"].is_string());
}

/// Among them patterns that look like a match for as long as they can.
#[test]
fn six_megabytes_of_patterns_are_decided() {
    let stars = "*a".repeat(500) + "b";
    let masks = "*".to_owned() + &"?a".repeat(500) + "b*";
    let colons = "*:".repeat(500);
    let plain = "c".repeat(1_000);
    let resources: Vec<String> = [
        (&stars, 300),
        (&masks, 300),
        (&colons, 300),
        (&plain, 5_300),
    ]
    .into_iter()
    .flat_map(|(tail, count)| std::iter::repeat_n(format!("arn:aws:s3:::{tail}"), count))
    .collect();
    let text = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:*", "Resource": resources,
    }})
    .to_string();
    assert!(text.len() > 6_000_000);
    let long = format!("arn:aws:s3:::{}", "a".repeat(1_000));
    let layers = Layers {
        identity: vec![Arc::new(text.parse().unwrap())],
        ..Layers::default()
    };
    silent(&layers, &asking(ROLE, "s3:GetObject", &long));
}

#[test]
fn variables_do_not_multiply_without_end() {
    let pattern = format!("arn:aws:s3:::{}", "${aws:username}".repeat(10_000));
    let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": vec![pattern; 20] });
    let layers = Layers {
        identity: vec![policy(statement)],
        ..Layers::default()
    };
    silent(
        &layers,
        &with(reading(), json!({ "aws:username": "a".repeat(8_000) })),
    );
}
