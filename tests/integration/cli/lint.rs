//! Policy files judged through the built program: by name, by folder, for people and for machines.

use serde_json::Value;

use super::desk::{Desk, desk};

const OPEN: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::receipts/*"},
    {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"}
  ]
}
"#;
const CLOSED: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}}"#;
const WARNED: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"}}"#;

/// A desk with a folder of policies, and other JSON among them.
fn policies() -> Desk {
    let desk = desk();
    std::fs::create_dir_all(desk.path("roles/deep")).unwrap();
    desk.with("roles/deep/open.json", OPEN)
        .with("roles/closed.json", CLOSED)
        .with("roles/package.json", r#"{"name": "no policy"}"#)
        .with("roles/notes.txt", "no policy either")
}

#[test]
fn people_read_frames_and_a_count() {
    let run = policies().run("lint roles");
    run.exits(11)
        .says("roles/deep/open.json:4:35")
        .says("did you mean `s3:GetObject`?")
        .says("2 files: 1 error, 1 warning");
}

#[test]
fn warnings_fail_where_that_is_asked_for() {
    let desk = desk().with("warned.json", WARNED);
    desk.run("lint warned.json").exits(0);
    desk.run("lint warned.json --strict").exits(11);
    desk.run("lint warned.json --strict --as boundary").exits(0);
}

#[test]
fn machines_read_the_same_twice_and_code_hosts_too() {
    let desk = policies();
    let line = "lint roles --format json --sarif findings.sarif";
    let findings = desk.run(line).exits(11).json();
    assert_eq!(findings["schema"], "strongroom/lint/v1");
    assert_eq!(findings["findings"][0]["code"], "unknown-action");
    assert_eq!(findings["findings"][0]["line"], 4);
    let log: Value = serde_json::from_str(&desk.read("findings.sarif")).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let rules: Vec<&Value> = results.iter().map(|result| &result["ruleId"]).collect();
    assert_eq!(rules, ["unknown-action", "any-resource"]);
    let before = desk.read("findings.sarif");
    desk.run(line).exits(11);
    assert_eq!(desk.read("findings.sarif"), before);
}

#[test]
fn what_is_no_policy_is_told_where_it_was_named() {
    let desk = policies();
    desk.run("lint roles/package.json")
        .exits(11)
        .says("not-a-policy");
    desk.run("lint roles/missing.json")
        .exits(1)
        .complains("missing.json");
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run("lint empty")
        .exits(2)
        .complains("there is no policy below empty");
}
