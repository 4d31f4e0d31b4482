//! The executor under faults: it stops only what depends on a failure, and converges when run again.

use std::collections::BTreeSet;

use proptest::prelude::*;
use strongroom::{
    account::CallErrorKind::{self, Denied, Failed, Gone, NotYetConsistent, Pending, Throttled},
    apply::{self, Event, Outcome},
    model::Address,
    plan::{self, Plan, order},
};
use tokio::sync::watch;

use super::{
    bank::{Bank, block_on, nothing},
    faulty::Faulty,
};

fn run(account: &Faulty<'_>, bank: &Bank, plan: &Plan) -> Outcome {
    let (_go, stop) = watch::channel(false);
    let ids = bank.observed().ids;
    block_on(apply::execute(account, plan, ids, stop, &mut |_| {})).unwrap()
}

fn fails(
    at: &'static str,
    operation: &'static str,
    times: usize,
    kind: CallErrorKind,
) -> impl Fn(&Address, &'static str, usize) -> Option<CallErrorKind> + Sync {
    move |address, sent, attempt| {
        let hit = address.to_string() == at && sent == operation && attempt < times;
        hit.then_some(kind)
    }
}

/// Everything that a resource leads to by its references.
fn leads_to(plan: &Plan, from: &Address) -> BTreeSet<Address> {
    let mut found = BTreeSet::from([from.clone()]);
    let mut frontier = vec![from.clone()];
    while let Some(address) = frontier.pop() {
        let references = plan.after.references(&address);
        frontier.extend(
            references
                .into_iter()
                .filter(|next| found.insert(next.clone())),
        );
    }
    found
}

#[test]
fn a_failure_stops_only_what_depends_on_it() {
    let bank = Bank::sandbox();
    let plan = bank.plan();
    let account = Faulty::new(
        &bank.account,
        fails("kms_key/login", "CreateKey", 99, Denied),
    );
    let outcome = run(&account, &bank, &plan);
    let key: Address = "kms_key/login".parse().unwrap();
    assert_eq!(
        outcome
            .failed
            .keys()
            .map(|node| &node.address)
            .collect::<Vec<_>>(),
        [&key]
    );
    assert!(!outcome.skipped.is_empty());
    for (skipped, because) in &outcome.skipped {
        assert_eq!(because.address, key);
        assert!(
            leads_to(&plan, &skipped.address).contains(&key),
            "{skipped:?}"
        );
    }
    let all = order(&plan).unwrap().len();
    assert_eq!(outcome.done.len() + outcome.skipped.len() + 1, all);
    assert_eq!(
        account.sent("kms_key/login", "CreateKey"),
        1,
        "a refusal is final"
    );
}

#[test]
fn running_again_converges() {
    let bank = Bank::sandbox();
    let account = Faulty::new(
        &bank.account,
        fails("iam_policy/boundary", "CreatePolicy", 1, Failed),
    );
    assert!(!run(&account, &bank, &bank.plan()).complete());
    assert!(run(&account, &bank, &bank.plan()).complete());
    assert!(bank.plan().is_empty());
}

#[test]
fn throttling_and_eventual_consistency_are_waited_for() {
    for kind in [Throttled, NotYetConsistent] {
        let bank = Bank::sandbox();
        let account = Faulty::new(&bank.account, fails("kms_key/login", "CreateKey", 3, kind));
        let plan = bank.plan();
        let outcome = run(&account, &bank, &plan);
        assert!(outcome.complete(), "{:#?}", outcome.failed);
        assert_eq!(account.sent("kms_key/login", "CreateKey"), 4);
        let calls: usize = plan.steps.values().map(|step| step.calls().count()).sum();
        assert_eq!(outcome.calls as usize, calls + 3);
    }
}

#[test]
fn waiting_ends() {
    let bank = Bank::sandbox();
    let account = Faulty::new(
        &bank.account,
        fails("log_group/login", "CreateLogGroup", 99, Throttled),
    );
    let outcome = run(&account, &bank, &bank.plan());
    assert_eq!(outcome.failed.len(), 1);
    assert_eq!(account.sent("log_group/login", "CreateLogGroup"), 8);
}

/// Interfaces of functions linger: nothing failed, and the next run finishes it.
#[test]
fn what_aws_still_holds_is_pending_and_not_failed() {
    let bank = Bank::sandbox().applied();
    let plan = plan::compare(&nothing(), &bank.observed());
    let account = Faulty::new(
        &bank.account,
        fails(
            "security_group/login-v1",
            "DeleteSecurityGroup",
            99,
            Pending,
        ),
    );
    let outcome = run(&account, &bank, &plan);
    let pending: Vec<String> = outcome
        .pending
        .keys()
        .map(|node| node.address.to_string())
        .collect();
    assert_eq!(pending, ["security_group/login-v1"]);
    assert!(outcome.failed.is_empty(), "{:#?}", outcome.failed);
    assert!(!outcome.complete());
    let skipped = outcome.skipped.keys().map(|node| node.address.to_string());
    assert!(
        skipped
            .into_iter()
            .any(|address| address == "vpc/bank-prod")
    );
    assert_eq!(
        account.sent("security_group/login-v1", "DeleteSecurityGroup"),
        24,
        "minutes are waited for"
    );
    let text = strongroom::report::outcome::human(&plan, &outcome);
    assert!(
        text.contains("1 pending") && text.contains("45 minutes"),
        "{text}"
    );
    let again = plan::compare(&nothing(), &bank.observed());
    assert!(bank.execute(&again).complete());
}

#[test]
fn what_is_gone_already_is_deleted() {
    let bank = Bank::sandbox().applied();
    let plan = plan::compare(&nothing(), &bank.observed());
    let account = Faulty::new(
        &bank.account,
        fails("log_group/login", "DeleteLogGroup", 1, Gone),
    );
    let outcome = run(&account, &bank, &plan);
    assert!(outcome.complete(), "{:#?}", outcome.failed);
}

#[test]
fn an_interruption_begins_nothing_new_and_finishes_what_is_under_way() {
    let bank = Bank::sandbox();
    let plan = bank.plan();
    let account = Faulty::new(&bank.account, |_, _, _| None);
    let (go, stop) = watch::channel(false);
    let (mut started, mut done) = (0, 0);
    let mut tell = |event: Event<'_>| match event {
        Event::Started(_) => {
            assert!(done < 5, "nothing begins after the interruption");
            started += 1;
        }
        Event::Done(_) | Event::Failed(..) | Event::Pending(..) => {
            done += 1;
            if done == 5 {
                go.send(true).unwrap();
            }
        }
    };
    let ids = bank.observed().ids;
    let outcome = block_on(apply::execute(&account, &plan, ids, stop, &mut tell)).unwrap();
    assert_eq!(started, outcome.done.len());
    assert!(!outcome.interrupted.is_empty() && !outcome.complete());
    assert_eq!(
        outcome.done.len() + outcome.interrupted.len(),
        order(&plan).unwrap().len()
    );
    assert!(run(&account, &bank, &bank.plan()).complete());
    assert!(bank.plan().is_empty());
}

#[test]
fn independent_work_goes_on_together_within_bounds() {
    let bank = Bank::sandbox();
    let account = Faulty::new(&bank.account, |_, _, _| None);
    assert!(run(&account, &bank, &bank.plan()).complete());
    assert!(
        (2..=16).contains(&account.most_at_once()),
        "{}",
        account.most_at_once()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever fails: all work is accounted for, the next run finishes it, and nothing else is left.
    #[test]
    fn any_failures_are_accounted_for_and_made_good(broken in prop::collection::vec(any::<prop::sample::Index>(), 1..10)) {
        let bank = Bank::sandbox();
        let plan = bank.plan();
        let addresses: Vec<&Address> = plan.steps.keys().collect();
        let broken: BTreeSet<&Address> = broken.iter().map(|index| *index.get(&addresses)).collect();
        let account = Faulty::new(&bank.account, |address, _, _| broken.contains(address).then_some(Denied));
        let outcome = run(&account, &bank, &plan);
        let all = order(&plan).unwrap().len();
        prop_assert_eq!(outcome.done.len() + outcome.failed.len() + outcome.skipped.len(), all);
        let failed = outcome.failed.keys().map(|node| &node.address);
        prop_assert!(failed.into_iter().all(|address| broken.contains(address)));
        prop_assert!(bank.execute(&bank.plan()).complete());
        prop_assert!(bank.plan().is_empty());
    }
}
