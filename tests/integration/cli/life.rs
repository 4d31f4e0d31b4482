//! The life of an environment: planned, applied, tampered with, repaired, destroyed, built again.

use serde_json::{Value, json};

use super::desk::{Desk, applied, desk, shipped};

/// What somebody in a hurry does to the login service at a console.
fn in_a_hurry(account: &mut Value) {
    let allow_all = json!({"effect": "Allow", "actions": ["*"], "resources": ["*"]});
    let deny = json!({
        "effect": "Deny", "principals": {"AWS": ["*"]},
        "actions": ["kms:Decrypt"], "resources": ["*"]
    });
    let rule = json!({
        "group": {"to": "security_group/login-v1"}, "flow": "egress", "protocol": "tcp",
        "ports": {"first": 443, "last": 443}, "peer": "0.0.0.0/0", "description": "temporary"
    });
    let name = "login-v1:egress:tcp:443:0.0.0.0/0";
    account["ids"][format!("security_group_rule/{name}")] = json!({"id": "sgr-0123"});
    let resources = &mut account["resources"];
    resources["security_group_rule"][name] = rule;
    let role = &mut resources["iam_role"]["login-v1"];
    role["boundary"] = Value::Null;
    role["inline"]["emergency"] =
        json!({"version": "2012-10-17", "statements": {"All": allow_all}});
    resources["log_group"]["login"]["retention_days"] = json!(7);
    resources["kms_key"]["login"]["state"] = json!("Disabled");
    resources["kms_key"]["login"]["policy"]["statements"]["Incident"] = deny;
}

fn tampered() -> Desk {
    applied().tampered(in_a_hurry)
}

#[test]
fn every_shipped_environment_is_valid() {
    for name in ["sandbox.yaml", "digital-bank", "digital-bank-staging"] {
        let line = format!("validate {}", shipped(name).display());
        desk().run(&line).exits(0).says(" is valid: ");
    }
    desk().run("validate sandbox.yaml").reads("validate");
}

#[test]
fn a_first_plan_is_read_at_a_glance() {
    let desk = desk();
    desk.run("plan sandbox.yaml").exits(0).reads("plan-first");
    desk.run("plan sandbox.yaml -v")
        .exits(0)
        .reads("plan-verbose");
    let plan = desk.run("plan sandbox.yaml --format json").exits(0).json();
    assert_eq!(plan["schema"], "strongroom/plan-report/v1");
    assert_eq!(plan["totals"]["create"], 54);
    assert_eq!(plan["steps"]["kms_key/login"]["action"], "create");
    desk.run("plan sandbox.yaml --detailed-exitcode").exits(10);
}

#[test]
fn what_was_applied_is_not_planned_again() {
    let desk = desk();
    desk.run("apply sandbox.yaml --yes").exits(0).reads("apply");
    desk.run("plan sandbox.yaml --detailed-exitcode")
        .exits(0)
        .reads("plan-nothing");
    desk.run("drift sandbox.yaml").exits(0).reads("drift-none");
}

#[test]
fn nobody_there_means_nothing_done() {
    let desk = desk();
    desk.run("apply sandbox.yaml").exits(2).complains("--yes");
    assert!(!desk.path(".strongroom").exists());
}

#[test]
fn drift_tells_what_somebody_did() {
    let desk = tampered();
    desk.run("drift sandbox.yaml").exits(10).reads("drift");
    desk.run("drift sandbox.yaml --format json")
        .exits(10)
        .reads("drift-json");
}

#[test]
fn drift_is_repaired_and_an_unknown_deny_is_kept() {
    let desk = tampered();
    desk.run("plan sandbox.yaml").exits(0).reads("plan-repair");
    desk.run("apply sandbox.yaml --yes")
        .exits(0)
        .reads("apply-repair");
    desk.run("drift sandbox.yaml").exits(10).reads("drift-kept");
}

#[test]
fn one_service_is_planned_with_what_it_touches() {
    let desk = desk();
    desk.run("plan sandbox.yaml --service login")
        .exits(0)
        .reads("plan-service");
    desk.run("plan sandbox.yaml --service logn")
        .exits(2)
        .complains("customers, login, notifications");
}

#[test]
fn a_rule_that_nobody_declared_is_the_drift_of_its_group_s_service() {
    let desk = tampered();
    desk.run("drift sandbox.yaml --service login")
        .exits(10)
        .says("security_group_rule/login-v1:egress:tcp:443:0.0.0.0/0");
    desk.run("drift sandbox.yaml --service customers").exits(0);
}

#[test]
fn destroy_asks_for_the_name_and_says_what_stays() {
    let desk = applied();
    desk.run("destroy sandbox.yaml")
        .exits(2)
        .complains("--confirm sandbox");
    desk.run("destroy sandbox.yaml --confirm production")
        .exits(2)
        .complains("production");
    desk.run("drift sandbox.yaml").exits(0);
    desk.run("destroy sandbox.yaml --confirm sandbox")
        .exits(0)
        .reads("destroy");
    desk.run("destroy sandbox.yaml")
        .exits(0)
        .reads("destroy-again");
}

#[test]
fn what_was_destroyed_is_built_again_on_the_keys_that_wait() {
    let desk = applied();
    desk.run("destroy sandbox.yaml --confirm sandbox").exits(0);
    let keys = |desk: &Desk| {
        let account: Value = serde_json::from_str(&desk.read(".strongroom/sandbox.json")).unwrap();
        account["ids"]["kms_key/login"].clone()
    };
    let before = keys(&desk);
    desk.run("apply sandbox.yaml --yes")
        .exits(1)
        .complains("--allow-widen=kms_key/login");
    desk.run("apply sandbox.yaml --yes --allow-widen").exits(0);
    desk.run("drift sandbox.yaml").exits(0);
    assert_eq!(keys(&desk), before);
}

#[test]
fn destroying_one_service_leaves_the_others() {
    let desk = applied();
    desk.run("destroy sandbox.yaml --service notifications --confirm sandbox")
        .exits(0)
        .reads("destroy-service");
    desk.run("drift sandbox.yaml --service login").exits(0);
}
