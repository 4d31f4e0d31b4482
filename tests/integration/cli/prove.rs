//! The proof of isolation as people and CI ask for it.

use serde_json::{Value, json};

use super::desk::{Desk, applied, desk, shipped};

const PROVE: &str = "prove sandbox.yaml";

/// A table whose own policy is gone, and a role that may read it.
fn opened() -> Desk {
    applied().tampered(|account| {
        let customers = "arn:aws:dynamodb:eu-west-1:111122223333:table/sandbox-customers";
        let extra = json!({
            "effect": "Allow",
            "actions": ["dynamodb:GetItem"],
            "resources": [customers],
        });
        let resources = &mut account["resources"];
        resources["iam_role"]["login-v1"]["inline"]["access"]["statements"]["Extra"] = extra;
        resources["dynamodb_table"]["sandbox-customers"]["policy"]["statements"] = json!({});
    })
}

fn reachable(matrix: &Value) -> Vec<&Value> {
    let findings = matrix["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["verdict"] == "reachable")
        .collect()
}

#[test]
fn what_the_specification_asks_for_is_isolated() {
    applied()
        .run(PROVE)
        .exits(0)
        .says("isolated, but for what is declared")
        .says("login may reach customers");
    desk()
        .run(&format!("{PROVE} --predicted"))
        .exits(0)
        .says("nothing was observed");
}

#[test]
fn the_shipped_bank_is_isolated_before_anything_exists() {
    let bank = shipped("digital-bank");
    let line = format!("prove {} --predicted --format json", bank.display());
    let matrix = desk().run(&line).exits(0).json();
    assert_eq!(matrix["schema"], "strongroom/isolation/v1");
    assert_eq!(matrix["verdict"], "declared");
    for question in ["assume", "decrypt", "read", "write", "reach"] {
        let totals = &matrix["totals"][question];
        assert_eq!(totals["reachable"], 0, "{question}");
        assert_eq!(totals["unknown"], 0, "{question}");
    }
}

#[test]
fn what_is_opened_at_a_console_has_a_witness_that_policy_eval_replays() {
    let desk = opened();
    desk.run(PROVE)
        .exits(13)
        .says("isolation is broken")
        .says("login may read the data of customers")
        .says("statement Extra");
    let matrix = desk.run(&format!("{PROVE} --format json")).exits(13).json();
    let found = reachable(&matrix);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["from"], "login");
    let line = &found[0]["witness"]["steps"][0]["replay"];
    assert_eq!(line["request"]["action"], "dynamodb:GetItem");
    assert_eq!(line["policies"]["identity"].as_array().unwrap().len(), 1);
}

#[test]
fn what_was_not_read_is_no_proof() {
    let unread =
        json!({ "$unread": { "call": "kms:GetKeyPolicy", "reason": "denied", "message": "no" } });
    applied()
        .tampered(|account| account["resources"]["kms_key"]["login"]["policy"] = unread)
        .run(PROVE)
        .exits(12)
        .says("isolation is not proven")
        .says("kms:GetKeyPolicy was denied");
}

#[test]
fn an_older_snapshot_tells_what_was_opened_since() {
    let desk = applied();
    desk.run("snapshot sandbox.yaml -o before.json").exits(0);
    let before = desk.read("before.json");
    opened()
        .with("before.json", before)
        .run(&format!("{PROVE} --against before.json"))
        .exits(13)
        .says("Opened since")
        .says("login may read the data of customers: reachable, was isolated");
}

#[test]
fn the_page_and_the_picture_need_nothing_else() {
    let desk = opened();
    desk.run(&format!("{PROVE} -o proof")).exits(13);
    let page = desk.read("proof/matrix.html");
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("login may read the data of customers"));
    assert!(!page.contains("http://") || page.contains("http://www.w3.org/2000/svg"));
    assert!(!page.contains("<script"));
    let picture = desk.read("proof/matrix.svg");
    assert!(picture.starts_with("<svg"));
    assert!(picture.contains("login may read the data of customers: reachable"));
    let matrix: Value = serde_json::from_str(&desk.read("proof/matrix.json")).unwrap();
    assert_eq!(reachable(&matrix).len(), 1);
}
