//! The law of predict: what executing a plan leaves is what applying it in memory promised.

use proptest::prelude::*;
use serde_json::json;
use strongroom::{
    desired::Desired,
    plan::{self, Estimate, Plan, Step},
    resource::field::differences,
    snapshot::Origin,
};

use super::{
    bank::{Bank, block_on, nothing},
    states::{self, with_services},
};

/// Plans, predicts, executes, observes; the two must agree, and nothing must be left to do.
fn lawful(bank: &Bank, desired: &Desired) -> Plan {
    let before = bank.observed();
    let plan = plan::compare(desired, &before);
    let predicted = plan::predict(&before, &plan);
    let outcome = bank.execute(&plan);
    assert!(outcome.complete(), "{:#?}", outcome.failed);
    assert_eq!(predicted.origin, Origin::Predicted);
    let (promised, found) = (json!(predicted.resources), json!(bank.observed().resources));
    assert_eq!(differences(&promised, &found), Vec::new());
    assert_eq!(predicted.resources, bank.observed().resources);
    assert!(plan::compare(desired, &bank.observed()).is_empty());
    assert!(plan::compare(desired, &predicted).is_empty());
    plan
}

/// Nothing is sent twice: whatever a call names is there when it is sent.
#[test]
fn the_bank_is_created_in_an_order_that_never_waits() {
    let bank = Bank::sandbox();
    let plan = bank.plan();
    let outcome = bank.execute(&plan);
    let calls: usize = plan
        .steps
        .values()
        .map(|step| Step::calls(step).count())
        .sum();
    assert_eq!(outcome.calls as usize, calls);
    assert_eq!(Estimate::of(&plan).total() as usize, calls);
}

#[test]
fn creating_and_destroying_the_bank_is_predicted() {
    let bank = Bank::sandbox();
    lawful(&bank, &bank.desired);
    lawful(&bank, &nothing());
    let left = bank.observed().resources;
    let mut stays = left.addresses();
    stays.retain(|address| !bank.desired.verified.contains(address));
    let again = plan::compare(&nothing(), &bank.observed());
    assert_eq!(
        again.retained, stays,
        "what stays is told, and nothing else stays"
    );
    assert!(again.is_empty(), "{:#?}", again.steps.keys());
}

/// A bank that was destroyed comes back: its keys are taken out of deletion.
#[test]
fn what_was_destroyed_comes_back() {
    let bank = Bank::sandbox().applied();
    lawful(&bank, &nothing());
    lawful(&bank, &bank.desired);
    let back = bank.observed().resources;
    for address in bank.desired.managed_resources().addresses() {
        let wanted = bank.desired.resources.clone_of(&address);
        assert_eq!(back.clone_of(&address), wanted, "{address}");
    }
    assert!(bank.plan().verified.findings.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn repairing_any_tampering_is_predicted(numbers in prop::collection::vec(any::<usize>(), 1..8)) {
        let bank = Bank::sandbox().applied();
        for number in &numbers {
            bank.suffered(states::any(*number));
        }
        lawful(&bank, &bank.desired);
    }

    #[test]
    fn moving_between_any_sets_of_services_is_predicted(
        from in prop::collection::vec(any::<bool>(), 15),
        to in prop::collection::vec(any::<bool>(), 15),
    ) {
        let bank = with_services(&from);
        lawful(&bank, &bank.desired);
        lawful(&bank, &with_services(&to).desired);
        prop_assert!(lawful(&bank, &with_services(&to).desired).is_empty());
    }
}

impl Bank {
    /// Carries out a tampering by its calls; one that another has made impossible is refused.
    fn suffered(&self, tampering: &strongroom::rehearse::Tampering) {
        use strongroom::account::Account;
        for (address, call) in &tampering.calls {
            let ids = self.observed().ids;
            let _refused = block_on(self.account.send(address, call, &ids)).is_err();
        }
    }
}
