//! Saved plans: exactly what was shown is applied, or nothing.

use serde_json::json;

use super::desk::{Desk, applied, desk};

fn planned() -> Desk {
    let desk = desk();
    desk.run("plan sandbox.yaml -o plan.json")
        .exits(0)
        .complains("apply sandbox.yaml --plan plan.json");
    desk
}

#[test]
fn a_saved_plan_is_applied() {
    let desk = planned();
    desk.run("apply sandbox.yaml --plan plan.json --yes")
        .exits(0);
    desk.run("drift sandbox.yaml").exits(0);
}

#[test]
fn an_account_that_moved_is_left_alone() {
    let desk = planned();
    desk.run("apply sandbox.yaml --yes").exits(0);
    desk.run("apply sandbox.yaml --plan plan.json --yes")
        .exits(1)
        .reads("saved-stale");
}

#[test]
fn the_field_that_moved_is_named() {
    let retention = |days: u32| {
        move |account: &mut serde_json::Value| {
            account["resources"]["log_group"]["login"]["retention_days"] = json!(days);
        }
    };
    let desk = applied().tampered(retention(7));
    desk.run("plan sandbox.yaml -o plan.json").exits(0);
    desk.tampered(retention(30))
        .run("apply sandbox.yaml --plan plan.json --yes")
        .exits(1)
        .complains("log_group/login retention_days was 7, and is 30 now");
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    planned()
        .edited("plan.json", |plan| {
            plan["body"]["after"]["iam_role"]["login-v1"]["max_session_seconds"] = json!(43200);
        })
        .run("apply sandbox.yaml --plan plan.json --yes")
        .exits(1)
        .complains("changed after it was saved");
}

#[test]
fn another_specification_needs_another_plan() {
    planned()
        .respecified("sandbox.yaml", "log_days: 400", "log_days: 365")
        .run("apply sandbox.yaml --plan plan.json --yes")
        .exits(1)
        .complains("the specification has changed since the plan was saved");
}

#[test]
fn what_is_no_plan_says_so() {
    let desk = planned().with("other.json", "{}");
    desk.run("apply sandbox.yaml --plan other.json --yes")
        .exits(1)
        .complains("other.json: this is no saved plan");
    desk.run("apply sandbox.yaml --plan gone.json --yes")
        .exits(1)
        .complains("cannot read gone.json");
}
