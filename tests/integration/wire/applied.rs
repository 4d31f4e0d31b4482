//! The bank over the wire, from nothing to nothing: applied, planned again, destroyed to what AWS
//! retains, and taken back from there.

use std::collections::BTreeSet;

use strongroom::{
    model::{Address, KindName},
    plan::{Action, compare},
    resource::{Call, KeyState, KmsKeyCall, Resources},
    snapshot::Snapshot,
};

use super::estate::{Estate, nothing};

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn the_bank_is_applied_destroyed_and_taken_back() {
    let Some(bank) = Estate::shipped("digital-bank").await else {
        return;
    };
    let bank = bank.applied().await;
    let built = bank.observe().await;
    let made: BTreeSet<Address> = built.resources.addresses().into_iter().collect();
    assert_eq!(made, bank.makeable());
    bank.assert_agreed(&compare(&bank.desired, &built));

    let left = destroyed(&bank, &built).await;
    assert_retained(&bank, &left);
    let plan = compare(&bank.desired, &left);
    assert_taken_back(&bank, &plan);
    bank.repair(&plan).await;
    assert_same_keys(&built, &bank.observe().await);
}

async fn destroyed(bank: &Estate, built: &Snapshot) -> Snapshot {
    let outcome = bank.carry(&compare(&nothing(), built)).await;
    assert!(outcome.complete(), "{:#?}", outcome.failed);
    bank.observe().await
}

fn keys(bank: &Estate) -> BTreeSet<Address> {
    let names = bank.desired.resources.kms_key.keys();
    names
        .map(|name| Address::new(KindName::KmsKey, name.as_str()))
        .collect()
}

/// Everything is gone but the keys, which wait for their deletion, and the account's settings; and
/// nothing is left to do.
fn assert_retained(bank: &Estate, left: &Snapshot) {
    let keys = keys(bank);
    let remaining: BTreeSet<Address> = left.resources.addresses().into_iter().collect();
    let others: Vec<_> = remaining.difference(&keys).collect();
    assert!(others.iter().all(|one| is_setting(one)), "{others:#?}");
    assert!(keys.is_subset(&remaining));
    for (name, key) in &left.resources.kms_key {
        let state = key.state.known();
        assert_eq!(state, Some(&KeyState::PendingDeletion), "{name}");
    }
    let again = compare(&nothing(), left);
    assert!(again.is_empty(), "{:#?}", again.steps);
    assert_eq!(again.retained, remaining);
}

/// What every account has once, and nobody can delete.
fn is_setting(address: &Address) -> bool {
    Resources::profile(address.kind).single
}

/// Each key is adopted, and everything else is made anew.
fn assert_taken_back(bank: &Estate, plan: &strongroom::plan::Plan) {
    let keys = keys(bank);
    for (address, step) in &plan.steps {
        if keys.contains(address) {
            assert_eq!(step.action, Action::Update, "{address}");
            let first: Vec<&Call> = step.calls().take(2).collect();
            let back = [KmsKeyCall::CancelDeletion, KmsKeyCall::Enable].map(Call::from);
            assert_eq!(first, back.iter().collect::<Vec<_>>(), "{address}");
        } else {
            assert_eq!(step.action, Action::Create, "{address}");
        }
    }
    let again = plan.steps.keys();
    let again: BTreeSet<Address> = again.filter(|one| !is_setting(one)).cloned().collect();
    let made = bank.makeable().into_iter();
    assert_eq!(again, made.filter(|one| !is_setting(one)).collect());
}

fn assert_same_keys(built: &Snapshot, back: &Snapshot) {
    let ids = |snapshot: &Snapshot| -> Vec<String> {
        let ids = snapshot.ids.iter();
        ids.filter(|(address, _)| address.kind == KindName::KmsKey)
            .map(|(_, physical)| physical.id.clone())
            .collect()
    };
    assert_eq!(ids(built), ids(back));
}
