//! Ten runs, the same bytes.

use serde_json::to_string;
use strongroom::{
    plan::{SavedPlan, predict},
    rehearse::{rehearse, tamperings},
};

use super::bank::{Bank, block_on, compiled, environment, now};

fn once() -> Vec<String> {
    let environment = environment("sandbox.yaml");
    let desired = compiled(&environment);
    let bank = Bank::of(environment, desired);
    let (empty, plan) = (bank.observed(), bank.plan());
    let saved = SavedPlan::seal(&plan, &empty, "spec".to_owned()).unwrap();
    let predicted = predict(&empty, &plan);
    let bank = bank.applied();
    vec![
        to_string(&plan).unwrap(),
        to_string(&saved).unwrap(),
        to_string(&predicted).unwrap(),
        to_string(&bank.observed().resources).unwrap(),
    ]
}

#[test]
fn plans_and_snapshots_are_the_same_bytes_every_time() {
    let first = once();
    for _ in 0..9 {
        assert_eq!(once(), first);
    }
}

#[test]
fn a_seed_chooses_the_same_tamperings_every_time_and_another_one_others() {
    let resources = compiled(&environment("sandbox.yaml")).resources;
    assert_eq!(tamperings(&resources, 1), tamperings(&resources, 1));
    assert_ne!(tamperings(&resources, 1), tamperings(&resources, 2));
}

#[test]
fn a_rehearsal_is_the_same_bytes_every_time() {
    let rehearsed = || {
        let bank = Bank::sandbox();
        let Bank {
            environment,
            desired,
            account,
        } = &bank;
        let record = block_on(rehearse(account, environment, desired, &now, 3));
        to_string(&record).unwrap()
    };
    assert_eq!(rehearsed(), rehearsed());
}
