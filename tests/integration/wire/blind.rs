//! Reads denied at random: whatever the caller may not see, a plan leaves it alone, and nothing
//! that was not read is reported as clean.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use strongroom::{
    account::Account,
    compliance::drift::WaivedPlan,
    plan::{Action, Gap, Plan, compare},
    report,
    resource::UnreadReason,
    snapshot::Snapshot,
};

use super::{denier::denying, estate::Estate, hands::Hands};

/// How many subsets of the reads are denied.
const SUBSETS: u8 = 20;

/// Who may not ask who he is reads nothing at all: see `denied.rs`.
const CALLER: &str = "sts:GetCallerIdentity";

/// The reads of an observation that the seed chooses, a third of them; at least one.
fn subset(reads: &BTreeSet<String>, seed: u8) -> BTreeSet<&str> {
    let chosen = |api: &&str| Sha256::digest(format!("{seed}:{api}"))[0] < 86;
    let mut subset: BTreeSet<&str> = reads.iter().map(String::as_str).filter(chosen).collect();
    if subset.is_empty() {
        subset.extend(reads.iter().next().map(String::as_str));
    }
    subset
}

async fn blind(estate: &Estate, denied: &BTreeSet<&str>) -> (Snapshot, Plan) {
    let aws = denying(&estate.moto, denied.iter().copied());
    let seen = aws.observe(&estate.scope()).await;
    let seen = seen.unwrap_or_else(|error| panic!("{denied:?}: {error}"));
    let plan = compare(&estate.desired, &seen);
    (seen, plan)
}

fn reads(seen: &Snapshot) -> BTreeSet<String> {
    let asked = seen.coverage.calls.keys();
    asked.filter(|api| *api != CALLER).cloned().collect()
}

#[tokio::test]
async fn what_may_not_be_read_is_a_gap_and_never_a_step() {
    let Some(estate) = Estate::shipped("sandbox.yaml").await else {
        return;
    };
    let estate = estate.applied().await;
    let reads = reads(&estate.observe().await);
    for seed in 0..SUBSETS {
        let denied = subset(&reads, seed);
        let (seen, plan) = blind(&estate, &denied).await;
        assert!(plan.is_empty(), "{denied:?}: {:#?}", plan.steps);
        assert_told(&denied, &seen, &plan);
    }
}

/// A tampered account: who sees less proposes less, never anything else.
#[tokio::test]
async fn who_sees_less_proposes_no_more() {
    let Some(estate) = Estate::shipped("sandbox.yaml").await else {
        return;
    };
    let estate = estate.applied().await;
    Hands::on(&estate).await.everything().await;
    let seen = estate.observe().await;
    let (reads, full) = (reads(&seen), compare(&estate.desired, &seen));
    assert!(full.steps.len() > 4, "{:#?}", full.steps.keys());
    for seed in 0..SUBSETS {
        let denied = subset(&reads, seed);
        let (seen, plan) = blind(&estate, &denied).await;
        assert_told(&denied, &seen, &plan);
        assert_no_more(&denied, &full, &plan);
    }
}

/// Each denial that hid something is named, and no rendering calls the account clean.
fn assert_told(denied: &BTreeSet<&str>, seen: &Snapshot, plan: &Plan) {
    let told = |gap: &&Gap| {
        gap.why.reason == UnreadReason::Denied && denied.contains(gap.why.call.as_str())
    };
    assert!(plan.unread.iter().any(|gap| told(&gap)), "{denied:?}");
    let text = report::drift::human(plan, seen, &WaivedPlan::default());
    assert!(text.contains("not the whole truth"), "{denied:?}: {text}");
    let machine = report::drift::machine(plan, seen, &WaivedPlan::default());
    let unread = machine["unread"].as_array().map(Vec::len);
    assert_eq!(unread, Some(plan.unread.len()), "{denied:?}");
}

fn assert_no_more(denied: &BTreeSet<&str>, full: &Plan, plan: &Plan) {
    for (address, step) in &plan.steps {
        let known = full.steps.get(address);
        let known =
            known.unwrap_or_else(|| panic!("{denied:?}: {address} is not in the full plan"));
        assert_eq!(step.action, known.action, "{denied:?}: {address}");
        let gaps = plan.unread.iter().filter(|gap| gap.address == *address);
        let gaps: Vec<&str> = gaps.map(|gap| gap.path.as_str()).collect();
        assert!(!gaps.contains(&""), "{denied:?}: {address} was not seen");
        if step.action == Action::Delete {
            continue;
        }
        for change in &step.changes {
            let field = change.path.field();
            assert!(
                known.changes.contains(change),
                "{denied:?}: {address} {change:?}"
            );
            assert!(
                !gaps.contains(&field),
                "{denied:?}: {address} {field} is unread"
            );
        }
    }
}
