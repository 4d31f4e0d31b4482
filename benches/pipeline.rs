//! What every stage of the pipeline takes, in time and memory, at 10, 100 and 1,000 services.
//! `cargo bench --no-default-features`; the figures of record stand in `docs/performance.md`.
#![allow(clippy::unwrap_used)]

mod support;

use std::hint::black_box;

use divan::{AllocProfiler, Bencher};
use strongroom::{
    account::{Account, Scope, sandbox::Sandbox},
    apply::{Event, Outcome, execute},
    compliance::{assess::assess, facts::facts, library::Library, records::Records},
    desired::{Desired, compile},
    iam::catalogue::Catalogue,
    model::Environment,
    plan::{Estimate, Plan, compare, order, predict},
    reachability::{Reachability, Verdict},
    resource::Ref,
    snapshot::Snapshot,
};
use tokio::{runtime::Runtime, sync::watch};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Sizes of the banks, in services.
const SIZES: [usize; 3] = [10, 100, 1_000];

fn main() {
    divan::main();
}

/// A bank with the values of every stage.
struct Bank {
    environment: Environment,
    desired: Desired,
    scope: Scope,
    runtime: Runtime,
}

impl Bank {
    fn of(services: usize) -> Self {
        let environment = support::bank(services);
        assert_eq!(
            environment.services.len(),
            services,
            "two services share a name"
        );
        Self {
            desired: desired(&environment),
            scope: Scope::of(&environment, jiff::Timestamp::UNIX_EPOCH),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
            environment,
        }
    }

    fn observe(&self, sandbox: &Sandbox) -> Snapshot {
        self.runtime.block_on(sandbox.observe(&self.scope)).unwrap()
    }

    fn apply(&self, sandbox: &Sandbox, plan: &Plan, before: &Snapshot) -> Outcome {
        let (_keep, stop) = watch::channel(false);
        let mut silent = |_: Event<'_>| {};
        let run = execute(sandbox, plan, before.ids.clone(), stop, &mut silent);
        self.runtime.block_on(run).unwrap()
    }

    fn empty(&self) -> Sandbox {
        Sandbox::empty(&self.environment, self.desired.verified_resources())
    }

    /// A sandbox in which everything exists already.
    fn applied(&self) -> Sandbox {
        let sandbox = self.empty();
        let before = self.observe(&sandbox);
        let outcome = self.apply(&sandbox, &compare(&self.desired, &before), &before);
        assert!(outcome.complete(), "the bench's bank cannot be applied");
        sandbox
    }
}

fn desired(environment: &Environment) -> Desired {
    compile(environment, Catalogue::vendored().unwrap()).unwrap()
}

/// Environment to resources.
#[divan::bench(args = SIZES, max_time = 4)]
fn compile_environment(bencher: Bencher, services: usize) {
    let environment = support::bank(services);
    bencher.bench(|| desired(black_box(&environment)));
}

/// Everything is missing: the plan creates the bank.
#[divan::bench(args = SIZES, max_time = 4)]
fn compare_with_empty(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.empty());
    bencher.bench(|| compare(black_box(&bank.desired), black_box(&snapshot)));
}

/// Nothing differs: the nightly search for drift.
#[divan::bench(args = SIZES, max_time = 4)]
fn compare_with_equal(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.applied());
    assert!(compare(&bank.desired, &snapshot).is_empty());
    bencher.bench(|| compare(black_box(&bank.desired), black_box(&snapshot)));
}

/// The order of all calls that create the bank.
#[divan::bench(args = SIZES, max_time = 4)]
fn order_calls(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let plan = compare(&bank.desired, &bank.observe(&bank.empty()));
    bencher.bench(|| order(black_box(&plan)));
}

/// The account that will be.
#[divan::bench(args = SIZES, max_time = 4)]
fn predict_account(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.empty());
    let plan = compare(&bank.desired, &snapshot);
    bencher.bench(|| predict(black_box(&snapshot), black_box(&plan)));
}

/// Executes the plan that creates the bank.
#[divan::bench(args = SIZES, max_time = 4)]
fn apply_in_sandbox(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.empty());
    let plan = compare(&bank.desired, &snapshot);
    bencher
        .with_inputs(|| bank.empty())
        .bench_refs(|sandbox| bank.apply(sandbox, &plan, &snapshot));
}

/// What the checks are asked about.
#[divan::bench(args = SIZES, max_time = 4)]
fn derive_facts(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.applied());
    let (environment, desired) = (&bank.environment, &bank.desired.resources);
    bencher.bench(|| facts(environment, desired, black_box(&snapshot), bank.scope.now));
}

/// Whose packets reach whom: every ordered pair, as the rules of all groups have it.
#[divan::bench(args = SIZES, max_time = 4)]
fn reach_every_pair(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.applied());
    bencher.bench(|| verdicts(&bank.environment, black_box(&snapshot)));
}

/// The same where every service may send to the whole VPC and admits all of it: no pair is closed.
#[divan::bench(args = SIZES, max_time = 4)]
fn reach_every_pair_of_an_open_bank(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let mut snapshot = bank.observe(&bank.applied());
    let vpc = bank.environment.network.cidr.to_string();
    for rule in snapshot.resources.security_group_rule.values_mut() {
        rule.peer = Ref::literal(vpc.as_str());
    }
    bencher.bench(|| verdicts(&bank.environment, black_box(&snapshot)));
}

fn verdicts(environment: &Environment, snapshot: &Snapshot) -> usize {
    let reachability = Reachability::of(snapshot, environment);
    let services = || environment.services.keys();
    let pairs = services().flat_map(|from| services().map(move |to| (from, to)));
    let open = pairs.filter(|(from, to)| reachability.verdict(from, to) != Verdict::Isolated);
    open.count()
}

/// Every check and every framework of the shipped library. Its limit is 1 s at 1,000 services.
#[divan::bench(args = SIZES, max_time = 4)]
fn assess_facts(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let snapshot = bank.observe(&bank.applied());
    let now = bank.scope.now;
    let facts = facts(&bank.environment, &bank.desired.resources, &snapshot, now);
    let library = Library::vendored().unwrap();
    let records = Records::default();
    bencher.bench(|| {
        assess(
            &library,
            &bank.environment,
            black_box(&facts),
            &records,
            now,
        )
    });
}

/// All that `plan` does after reading: compile, observe, compare, order, estimate.
/// Its limit is 1 s and 250 MB at 1,000 services.
#[divan::bench(args = SIZES, max_time = 4)]
fn plan_in_sandbox(bencher: Bencher, services: usize) {
    let bank = Bank::of(services);
    let sandbox = bank.empty();
    bencher.bench(|| {
        let desired = desired(black_box(&bank.environment));
        let plan = compare(&desired, &bank.observe(&sandbox));
        let work = order(&plan).unwrap();
        (Estimate::of(&plan), work.len(), plan)
    });
}
