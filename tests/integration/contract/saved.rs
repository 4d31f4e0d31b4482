//! Saved plans: used only while everything that they touch stands as it was read.

use serde_json::{Value, json};
use strongroom::plan::{Moved, SavedPlan, SavedPlanError};

use super::bank::{Bank, tags};

fn saved(bank: &Bank) -> String {
    let saved = SavedPlan::seal(&bank.plan(), &bank.observed(), "spec".to_owned()).unwrap();
    serde_json::to_string(&saved).unwrap()
}

/// A bank with one repair to do, and the plan that was saved for it.
fn broken() -> (Bank, String) {
    let bank = Bank::sandbox()
        .applied()
        .tampered("log_group/login", |group| {
            group["retention_days"] = json!(1);
        });
    let plan = saved(&bank);
    (bank, plan)
}

#[test]
fn a_saved_plan_is_the_plan() {
    let (bank, text) = broken();
    let plan = SavedPlan::open(&text)
        .unwrap()
        .against(&bank.observed())
        .unwrap();
    assert_eq!(plan, bank.plan());
    bank.execute(&plan);
    assert!(bank.plan().is_empty());
}

#[test]
fn what_moved_is_named() {
    let (bank, text) = broken();
    let bank = bank.tampered("log_group/login", |group| {
        group["deletion_protected"] = json!(false)
    });
    let stale = SavedPlan::open(&text)
        .unwrap()
        .against(&bank.observed())
        .unwrap_err();
    assert_eq!(stale.address.to_string(), "log_group/login");
    let Moved::Changed(change) = stale.moved else {
        panic!("{stale:?}");
    };
    assert_eq!(change.path.to_string(), "deletion_protected");
    assert_eq!(
        (change.before, change.after),
        (Some(json!(true)), Some(json!(false)))
    );
}

#[test]
fn what_vanished_is_named() {
    let (bank, text) = broken();
    bank.account.tamper(|live| {
        live.log_group.remove("login");
    });
    let stale = SavedPlan::open(&text)
        .unwrap()
        .against(&bank.observed())
        .unwrap_err();
    assert_eq!(stale.address.to_string(), "log_group/login");
    assert_eq!(stale.moved, Moved::Vanished);
}

#[test]
fn what_appeared_in_between_is_named() {
    let bank = Bank::sandbox();
    let text = saved(&bank);
    let bank = bank.applied();
    let stale = SavedPlan::open(&text)
        .unwrap()
        .against(&bank.observed())
        .unwrap_err();
    assert_eq!(stale.moved, Moved::Appeared, "{}", stale.address);
}

#[test]
fn what_is_not_touched_does_not_matter() {
    let (bank, text) = broken();
    let bank = bank.tampered("iam_role/login-v1", |role| tags(role, "team", "another"));
    assert!(
        SavedPlan::open(&text)
            .unwrap()
            .against(&bank.observed())
            .is_ok()
    );
}

/// Every value in the body is under the seal.
#[test]
fn a_plan_that_was_changed_is_refused() {
    let (_, text) = broken();
    for pointer in [
        "/body/after/log_group/login/retention_days",
        "/body/before/log_group/login/retention_days",
    ] {
        let mut plan: Value = serde_json::from_str(&text).unwrap();
        *plan.pointer_mut(pointer).unwrap() = json!(3653);
        let refused = SavedPlan::open(&plan.to_string()).unwrap_err();
        assert!(
            matches!(refused, SavedPlanError::Digest { .. }),
            "{refused}"
        );
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    let (_, text) = broken();
    let mut other: Value = serde_json::from_str(&text).unwrap();
    other["schema"] = json!("strongroom/plan/v0");
    for text in ["", "{}", &other.to_string()] {
        let refused = SavedPlan::open(text).unwrap_err();
        assert!(matches!(refused, SavedPlanError::Malformed(_)), "{refused}");
    }
}
