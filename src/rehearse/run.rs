//! The rehearsal itself: plan, apply, plan again; then each tampering, its drift, its repair.

use tokio::sync::watch;

use super::{
    record::{Failure, Finding, Rehearsal, SCHEMA, Stage},
    tamper::tamperings,
    tampering::{Expected, Generated, Tampering},
};
use crate::{
    account::{Account, Scope},
    apply,
    desired::Desired,
    model::{Address, Environment},
    plan::{Action, Consent, Plan, Step, compare, guard},
    resource::Call,
    snapshot::{Ids, Snapshot},
};

/// Rehearses an environment in an account that is made to be broken. Nothing is asked: every
/// repair has its consent. Whatever goes wrong is recorded, and the rest goes on.
pub async fn rehearse<A: Account>(
    account: &A,
    environment: &Environment,
    desired: &Desired,
    clock: &(dyn Fn() -> jiff::Timestamp + Sync),
    seed: u64,
) -> Rehearsal {
    let mut stage = Stages {
        account,
        environment,
        desired,
        clock,
        record: empty(environment, desired, seed),
    };
    if let Some(live) = stage.provision().await {
        stage
            .tamper(live, tamperings(&desired.managed_resources(), seed))
            .await;
    }
    stage.record
}

fn empty(environment: &Environment, desired: &Desired, seed: u64) -> Rehearsal {
    Rehearsal {
        schema: SCHEMA,
        environment: environment.name.clone(),
        origin: None,
        seed,
        resources: desired.resources.addresses().len() - desired.verified.len(),
        applied: 0,
        calls: 0,
        findings: Vec::new(),
        fixed: Vec::new(),
        failures: Vec::new(),
        last: None,
    }
}

struct Stages<'a, A> {
    account: &'a A,
    environment: &'a Environment,
    desired: &'a Desired,
    clock: &'a (dyn Fn() -> jiff::Timestamp + Sync),
    record: Rehearsal,
}

impl<A: Account> Stages<'_, A> {
    /// The account as applying the specification leaves it.
    async fn provision(&mut self) -> Option<Snapshot> {
        let live = self.observe().await?;
        self.record.origin = Some(live.origin.clone());
        let plan = compare(self.desired, &live);
        self.record.applied = plan.steps.len();
        self.record.calls = self.carry(&plan, live.ids, Stage::Apply).await;
        let (live, again) = self.look().await?;
        self.leftovers(&again, Stage::Replan);
        Some(live)
    }

    async fn tamper(&mut self, mut live: Snapshot, generated: Generated) {
        self.record.fixed = generated.fixed;
        for tampering in generated.tamperings {
            match self.one(&tampering, live).await {
                Some((finding, after)) => {
                    self.record.findings.push(finding);
                    live = after;
                }
                None => return,
            }
        }
        self.record.last = Some(live);
    }

    async fn one(&mut self, done: &Tampering, live: Snapshot) -> Option<(Finding, Snapshot)> {
        let sent = self.send(&done.calls, live.ids).await;
        let (seen, drift) = self.look().await?;
        let verdict = judge(done, &drift);
        if let (true, Some(why)) = (sent, &verdict.wrong) {
            self.fail(Stage::Drift, Some(&done.address), why.clone());
        }
        if !drift.is_empty() {
            self.carry(&drift, seen.ids.clone(), Stage::Repair).await;
        }
        self.send(&done.undo, seen.ids).await;
        let (after, again) = self.look().await?;
        self.leftovers(&again, Stage::Repair);
        let kept = matches!(done.expected, Expected::Kept(_));
        let found = sent && verdict.wrong.is_none();
        let finding = Finding {
            address: done.address.clone(),
            shape: done.shape.clone(),
            verb: done.verb,
            what: done.to_string(),
            found,
            direction: verdict.step.as_ref().map(|step| step.direction),
            changes: verdict.step.map(|step| step.changes).unwrap_or_default(),
            kept: found && kept,
            repaired: found && !kept && again.is_empty(),
        };
        Some((finding, after))
    }

    async fn observe(&mut self) -> Option<Snapshot> {
        let scope = Scope::of(self.environment, (self.clock)());
        match self.account.observe(&scope).await {
            Ok(snapshot) => Some(snapshot),
            Err(error) => {
                self.fail(Stage::Observe, None, error.to_string());
                None
            }
        }
    }

    async fn look(&mut self) -> Option<(Snapshot, Plan)> {
        let live = self.observe().await?;
        let plan = compare(self.desired, &live);
        Some((live, plan))
    }

    /// Sends calls as somebody else would: in order, without a plan.
    async fn send(&mut self, calls: &[(Address, Call)], mut ids: Ids) -> bool {
        for (address, call) in calls {
            match apply::send(self.account, address, call, &ids).await {
                Ok(Some(id)) => {
                    ids.insert(address.clone(), id);
                }
                Ok(None) => {}
                Err(error) => {
                    self.fail(Stage::Tamper, Some(address), error.to_string());
                    return false;
                }
            }
        }
        true
    }

    /// Executes a plan with every consent; the calls that it took.
    async fn carry(&mut self, plan: &Plan, ids: Ids, stage: Stage) -> u64 {
        if let Err(refusal) = guard(plan, &Consent::everything()) {
            self.fail(stage, None, format!("the plan is refused: {refusal:?}"));
            return 0;
        }
        let (_go, stop) = watch::channel(false);
        match apply::execute(self.account, plan, ids, stop, &mut |_| {}).await {
            Ok(outcome) => {
                for (node, error) in outcome.failed.iter().chain(&outcome.pending) {
                    self.fail(stage, Some(&node.address), error.to_string());
                }
                outcome.calls
            }
            Err(cycle) => {
                self.fail(stage, None, cycle.to_string());
                0
            }
        }
    }

    fn leftovers(&mut self, plan: &Plan, stage: Stage) {
        for (address, step) in &plan.steps {
            let paths: Vec<String> = step.changes.iter().map(|c| c.path.to_string()).collect();
            let message = format!("{} is left to do: {}", step.action.sign(), paths.join(", "));
            self.fail(stage, Some(address), message);
        }
    }

    fn fail(&mut self, stage: Stage, address: Option<&Address>, message: String) {
        self.record.failures.push(Failure {
            stage,
            address: address.cloned(),
            message,
        });
    }
}

/// What drift says about a tampering, and what is wrong with that.
struct Verdict {
    step: Option<Step>,
    wrong: Option<String>,
}

fn judge(done: &Tampering, plan: &Plan) -> Verdict {
    let step = plan.drift().remove(&done.address);
    let wrong = match (&done.expected, &step) {
        (Expected::Kept(parts), _) => {
            let told = |path: &str| {
                let mut kept = plan.kept.iter();
                kept.any(|notice| notice.address == done.address && notice.path == path)
            };
            let silent = parts.iter().any(|part| !told(&part.path)) || parts.is_empty();
            (silent || step.is_some()).then(|| "it must be told and kept, and it is not".to_owned())
        }
        (_, None) => Some(format!("{done}: drift does not tell it")),
        (Expected::Missing, Some(step)) => unlike(step.action, Action::Delete),
        (Expected::Extra, Some(step)) => unlike(step.action, Action::Create),
        (Expected::Changes(changes), Some(step)) => {
            let untold = changes.iter().find(|change| !step.changes.contains(change));
            untold.map(|change| format!("{}: drift does not tell it so", change.path))
        }
    };
    Verdict { step, wrong }
}

fn unlike(told: Action, expected: Action) -> Option<String> {
    (told != expected).then(|| format!("drift tells it as `{}`", told.sign()))
}
