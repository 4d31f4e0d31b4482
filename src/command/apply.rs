//! `strongroom apply`: make the account what the specification says.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
};

use super::{
    Failure, Output, cloud::Cloud, consent, consent::Question, cost, plan, progress::Progress,
    session::Session, signal::Signals,
};
use crate::{
    account::Account,
    apply::{self, Outcome},
    cli::{ConsentArgs, Global},
    exit::Exit,
    plan::{HarmKind, Plan, SavedPlan, harms, order},
    report,
    snapshot::Snapshot,
};

/// Plans or opens the saved plan, shows, asks and executes.
pub async fn run(
    global: &Global,
    spec: &Path,
    saved: Option<PathBuf>,
    prices: Option<&Path>,
    args: &ConsentArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    refuse_snapshot(global)?;
    let prices = cost::prices(prices)?;
    let session = Session::open(global, spec, now, output)?;
    let cloud = Cloud::open(global, &session.environment, &session.desired).await?;
    let snapshot = cloud.observe(&session.scope()).await?;
    let plan = match saved {
        None => plan::of(&session, &snapshot, global)?,
        Some(path) => open(&path, &session, &snapshot)?,
    };
    let cost = cost::of(&plan, &snapshot, &session.desired, &prices);
    plan::show((&plan, &cost), &snapshot, global, output)?;
    consent::check(&plan, &consent::given(args))?;
    if plan.is_empty() {
        return Ok(incomplete(&plan));
    }
    if locks(&plan) {
        let what = "This locks audit logs so that nobody can delete them before their time.";
        let name = session.environment.name.as_str();
        consent::confirmed(name, args.confirm.as_deref(), what, output)?;
    }
    if !args.yes {
        consent::ask(&question(&snapshot), output)?;
    }
    execute(global, &cloud, &plan, &snapshot, output).await
}

/// What changes an account needs the account itself.
///
/// # Errors
/// `--snapshot` was given.
pub fn refuse_snapshot(global: &Global) -> Result<(), Failure> {
    match global.snapshot {
        None => Ok(()),
        Some(_) => Err(Failure::with(
            Exit::Usage,
            "a snapshot is a picture of an account and cannot be changed: leave --snapshot out",
        )),
    }
}

/// Whether the plan does what nobody can undo.
fn locks(plan: &Plan) -> bool {
    harms(plan).iter().any(|harm| harm.kind == HarmKind::Locks)
}

fn question(snapshot: &Snapshot) -> Question<'static> {
    Question {
        text: format!(
            "Apply this to {} in {} {}? Only yes is taken for an answer:",
            snapshot.environment, snapshot.account, snapshot.region
        ),
        expected: "yes",
        instead: "--yes".to_owned(),
    }
}

/// Executes a plan, keeps what was done and tells it.
pub async fn execute(
    global: &Global,
    cloud: &Cloud,
    plan: &Plan,
    snapshot: &Snapshot,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let signals = Signals::listen();
    let mut progress = Progress::of(global, order(plan)?.len(), output);
    let ids = snapshot.ids.clone();
    let outcome = apply::execute(cloud, plan, ids, signals.stop.clone(), &mut |event| {
        progress.tell(event);
    })
    .await?;
    progress.finish();
    cloud.close()?;
    output.tell(report::outcome::human(plan, &outcome).trim_end());
    Ok(exit(plan, &outcome, &signals))
}

fn exit(plan: &Plan, outcome: &Outcome, signals: &Signals) -> Exit {
    let signal = signals.exit().filter(|_| !outcome.interrupted.is_empty());
    let failed = match (outcome.failed.is_empty(), outcome.pending.is_empty()) {
        (true, true) => Exit::Agreed,
        (true, false) => Exit::Incomplete,
        (false, _) => Exit::Failed,
    };
    signal
        .unwrap_or(Exit::Agreed)
        .and(failed)
        .and(incomplete(plan))
}

/// How a run ends that had nothing to do.
pub fn incomplete(plan: &Plan) -> Exit {
    if plan.unread.is_empty() {
        Exit::Agreed
    } else {
        Exit::Incomplete
    }
}

fn open(path: &Path, session: &Session, snapshot: &Snapshot) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let refuse = |why: &dyn Display| Failure::new(format_args!("{}: {why}", path.display()));
    let saved = SavedPlan::open(&text).map_err(|error| refuse(&error))?;
    let body = &saved.body;
    let planned = (&body.environment, &body.account, &body.region);
    let here = (&snapshot.environment, &snapshot.account, &snapshot.region);
    if planned != here {
        return Err(refuse(&format_args!(
            "the plan is for {} in {} {}, but this is {} in {} {}",
            planned.0, planned.1, planned.2, here.0, here.1, here.2
        )));
    }
    if body.specification != session.digest {
        return Err(refuse(
            &"the specification has changed since the plan was saved; nothing was done, plan again",
        ));
    }
    saved
        .against(snapshot)
        .map_err(|stale| refuse(&report::consent::stale(&stale)))
}
