//! Values that somebody might put in place of another: first what stands at the same place in
//! other resources, which AWS accepts for certain, then what an attacker or a tired person writes.

use serde_json::{Value, json};

use super::shape::Shape;

/// A policy that gives everything.
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
/// A network of somebody else.
/// <https://www.rfc-editor.org/rfc/rfc5737>
pub const STRANGER: &str = "198.51.100.0/24";
/// A key of somebody else.
const FOREIGN_KEY: &str =
    "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// A policy that takes everything; incident responders attach it.
const QUARANTINE: &str = "arn:aws:iam::aws:policy/AWSDenyAll";

/// Other values for a place, best first; the type decides which of them it can hold.
pub fn others(shape: &Shape, current: &Value, donors: &[&Value]) -> Vec<Value> {
    let mut values = classic(shape);
    values.extend(donors.iter().map(|donor| (*donor).clone()));
    values.extend(altered(current));
    values.retain(|value| value != current && !value.is_null());
    values
}

/// What is typically written there by whoever wants more, or pays less.
fn classic(shape: &Shape) -> Vec<Value> {
    if shape.passes("conditions") {
        return Vec::new();
    }
    match shape.field() {
        "boundary" | "managed" => vec![json!(ADMINISTRATOR)],
        // A trust policy holds actions of STS only.
        "actions" | "not_actions" if shape.top() == "trust" => {
            vec![json!("sts:TagSession"), json!("sts:SetSourceIdentity")]
        }
        "actions" | "not_actions" => vec![json!("iam:PassRole")],
        "resources" | "not_resources" => vec![json!("*"), json!("arn:aws:s3:::elsewhere/*")],
        "AWS" => vec![json!("*")],
        "Service" => vec![json!("lambda.amazonaws.com"), json!("ec2.amazonaws.com")],
        "effect" => vec![json!("Deny"), json!("Allow")],
        "version" => vec![json!("2008-10-17")],
        "state" => vec![json!("Disabled")],
        // What AWS puts there, and the standard asks to take away.
        "default_group" => vec![
            json!({"flow": "ingress", "protocol": "-1", "ports": null, "peer": "self"}),
            json!({"flow": "egress", "protocol": "-1", "ports": null, "peer": "0.0.0.0/0"}),
        ],
        "bucket" | "target" => vec![json!("arn:aws:s3:::elsewhere")],
        "versioning" => vec![json!("Suspended")],
        "ownership" => vec![json!("ObjectWriter")],
        "mode" => vec![json!("GOVERNANCE")],
        "algorithm" => vec![json!("AES256")],
        "prefix" => vec![json!("elsewhere/")],
        "topic" => vec![json!("arn:aws:sns:eu-west-1:999999999999:elsewhere")],
        "key" => vec![json!(FOREIGN_KEY)],
        "excluded" | "only" => vec![json!("AWS::EC2::Instance")],
        "features" => vec![json!("RUNTIME_MONITORING")],
        "frequency" => vec![json!("SIX_HOURS")],
        "snapshots" => vec![json!("One_Hour")],
        "subscriptions" => vec![json!("email:stranger@elsewhere.example")],
        "comparison" => vec![json!("GreaterThanThreshold"), json!("LessThanThreshold")],
        "missing_data" => vec![json!("ignore")],
        "statistic" => vec![json!("Average")],
        "retention_days" => vec![json!(1)],
        "max_session_seconds" => vec![json!(43_200)],
        _ => Vec::new(),
    }
}

/// The current value, changed a little.
fn altered(current: &Value) -> Option<Value> {
    match current {
        Value::Bool(on) => Some(json!(!on)),
        Value::Number(number) => number.as_i64().map(|number| json!(number + 1)),
        Value::String(text) => Some(json!(altered_text(text))),
        _ => None,
    }
}

fn altered_text(text: &str) -> String {
    match (text, text.parse::<u64>()) {
        ("true", _) => "false".to_owned(),
        ("false", _) => "true".to_owned(),
        (_, Ok(number)) => format!("{:0width$}", number + 1, width = text.len()),
        _ => format!("{text}-tampered"),
    }
}

/// The key of a further entry of a map.
pub fn further_key(shape: &Shape) -> &'static str {
    match shape.field() {
        "statements" => "Tampered",
        "conditions" => "StringNotEquals",
        "entries" | "default_acl" => "ingress:50",
        "routes" | "main_routes" => STRANGER,
        _ => "tampered",
    }
}

/// An entry for a map that may have none to be made after.
pub fn further_entry(shape: &Shape) -> Option<Value> {
    let open = json!({"action": "allow", "protocol": "-1", "ports": null, "cidr": "0.0.0.0/0"});
    matches!(shape.field(), "entries" | "default_acl").then_some(open)
}

/// An element that only denies, for the sets that have such.
pub fn denying_element(shape: &Shape) -> Option<Value> {
    (shape.field() == "managed").then(|| json!(QUARANTINE))
}

/// The entry with every statement in it turned into a Deny; none where it holds no statement.
pub fn denying(mut entry: Value) -> Option<Value> {
    let mut turned = false;
    match entry.get_mut("statements").and_then(Value::as_object_mut) {
        Some(statements) => {
            for statement in statements.values_mut() {
                turned |= deny(statement);
            }
        }
        None => turned = deny(&mut entry),
    }
    turned.then_some(entry)
}

/// Whether an entry holds statements, and all of them deny.
pub fn only_denies(entry: &Value) -> bool {
    denying(entry.clone()).as_ref() == Some(entry)
}

fn deny(statement: &mut Value) -> bool {
    match statement.get_mut("effect") {
        Some(effect) => {
            *effect = json!("Deny");
            true
        }
        None => false,
    }
}
