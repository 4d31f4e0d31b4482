//! Who may do what, as people and CI ask it.

use serde_json::json;

use super::desk::{applied, desk};

const OWN: &str = "can login kms:Decrypt key/login --spec sandbox.yaml";
const ADMINISTER: &str = "can login kms:PutKeyPolicy key/login --spec sandbox.yaml";

#[test]
fn a_yes_names_the_statements_that_allow() {
    applied().run(OWN).exits(0).reads("can-yes");
}

#[test]
fn a_no_is_an_answer_and_names_what_denies() {
    applied().run(ADMINISTER).exits(0).reads("can-no");
}

#[test]
fn an_expectation_makes_the_answer_count() {
    let desk = applied();
    desk.run(&format!("{OWN} --expect allow")).exits(0);
    desk.run(&format!("{OWN} --expect deny")).exits(13);
    desk.run(&format!("{ADMINISTER} --expect deny")).exits(0);
    desk.run(&format!("{ADMINISTER} --expect allow")).exits(13);
}

#[test]
fn the_account_after_the_plan_can_be_asked_about() {
    let desk = desk();
    desk.run(OWN).exits(2).complains("--predicted");
    desk.run(&format!("{OWN} --predicted"))
        .exits(0)
        .says("nothing was observed");
}

#[test]
fn machines_read_every_way_of_asking() {
    let answer = applied()
        .run(&format!("{OWN} --format json"))
        .exits(0)
        .json();
    assert_eq!(answer["schema"], "strongroom/can/v1");
    assert_eq!(answer["answer"], "yes");
    assert_eq!(answer["ways"][0]["decision"], "ImplicitlyDenied");
    let allowed = answer["ways"].as_array().unwrap().iter();
    let mut allowed = allowed.filter(|way| way["decision"] == "Allowed");
    let because = &allowed.next().unwrap()["because"][0];
    assert_eq!(because["kind"], "allows");
    assert_eq!(because["policy"], "kms_key/login, key policy");
}

#[test]
fn condition_keys_are_brought_along() {
    let line = format!("{OWN} --context kms:ViaService=logs.eu-west-1.amazonaws.com --format json");
    let answer = applied().run(&line).exits(0).json();
    assert_eq!(answer["ways"][0]["decision"], "Allowed");
    applied()
        .run(&format!("{OWN} --context Region=x"))
        .exits(2)
        .complains("aws:SourceVpce=vpce-0a1b");
}

#[test]
fn what_was_not_read_makes_the_answer_unknown() {
    let unread =
        json!({ "$unread": { "call": "iam:GetRolePolicy", "reason": "denied", "message": "no" } });
    let blind = |account: &mut serde_json::Value| {
        account["resources"]["iam_role"]["login-v1"]["inline"] = unread;
    };
    let desk = applied().tampered(blind);
    desk.run(OWN).exits(12).says("iam:GetRolePolicy was denied");
    desk.run(ADMINISTER).exits(0).says("no: login");
}

#[test]
fn what_is_widened_at_a_console_is_seen() {
    let line = "can login sts:AssumeRole role/login-v1 --spec sandbox.yaml --expect deny";
    let open =
        json!({ "effect": "Allow", "principals": { "AWS": ["*"] }, "actions": ["sts:AssumeRole"] });
    let widened = applied().tampered(|account| {
        let role = &mut account["resources"]["iam_role"]["login-v1"];
        role["boundary"] = serde_json::Value::Null;
        role["trust"]["statements"]["Everybody"] = open;
    });
    applied().run(line).exits(0);
    widened.run(line).exits(13).says("statement Everybody");
}

#[test]
fn questions_about_nobody_and_nothing_are_refused() {
    let desk = applied();
    let ask = |who: &str, action: &str, what: &str| {
        desk.run(&format!("can {who} {action} {what} --spec sandbox.yaml"))
    };
    ask("bob", "kms:Decrypt", "key/login")
        .exits(2)
        .complains("nobody here is called bob");
    ask("login", "kms:Decrpt", "key/login")
        .exits(2)
        .complains("kms:Decrypt");
    ask("login", "kms:Decrypt", "queue/login")
        .exits(2)
        .complains("is no resource");
    ask("login", "kms:Decrypt", "key/gone")
        .exits(2)
        .complains("there is no kms_key/gone");
    ask("login@v9", "kms:Decrypt", "key/login")
        .exits(2)
        .complains("login@v9");
}

#[test]
fn policies_of_stores_and_endpoints_have_their_say() {
    let bank = super::desk::shipped("digital-bank");
    let ask = |who: &str| {
        let spec = bank.display();
        let what = "dynamodb:GetItem dynamodb:table/login-sessions";
        desk().run(&format!("can {who} {what} --spec {spec} --predicted"))
    };
    ask("login")
        .exits(0)
        .says("Called through endpoint vpc_endpoint/dynamodb: allowed")
        .says("vpc_endpoint/dynamodb, endpoint policy");
    ask("accounts")
        .exits(0)
        .says("denied by dynamodb_table/login-sessions, table policy");
}
