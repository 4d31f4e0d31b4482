//! `strongroom apply`: make the account what the specification says.

use std::path::{Path, PathBuf};

use super::{
    Failure, Output, cloud::Cloud, consent, plan, progress::Progress, session::Session,
    signal::Signals,
};
use crate::{
    account::Account,
    apply::{self, Outcome},
    cli::{ConsentArgs, Global},
    exit::Exit,
    plan::{Plan, SavedPlan, order},
    report,
    snapshot::Snapshot,
};

/// Plans or opens the saved plan, shows, asks and executes.
pub async fn run(
    global: &Global,
    spec: &Path,
    saved: Option<PathBuf>,
    args: &ConsentArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    if global.snapshot.is_some() {
        return Err(Failure::with(
            Exit::Usage,
            "a snapshot cannot be applied to: leave --snapshot out",
        ));
    }
    let session = Session::open(spec, now, output)?;
    let cloud = Cloud::open(global, &session.environment).await?;
    let snapshot = cloud.observe(&session.scope()).await?;
    let plan = match saved {
        None => plan::of(&session, &snapshot, global),
        Some(path) => open(&path, &session, &snapshot)?,
    };
    plan::show(&plan, &snapshot, global, output)?;
    consent::check(&plan, &consent::given(args))?;
    if plan.is_empty() {
        return Ok(incomplete(&plan));
    }
    if !args.yes {
        let question = format!(
            "Apply this to {} in {}? Type yes:",
            snapshot.environment, snapshot.account
        );
        consent::ask(&question, "yes", output)?;
    }
    execute(global, &cloud, &plan, &snapshot, output).await
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
    let failed = if outcome.failed.is_empty() {
        Exit::Agreed
    } else {
        Exit::Failed
    };
    signal
        .unwrap_or(Exit::Agreed)
        .and(failed)
        .and(incomplete(plan))
}

fn incomplete(plan: &Plan) -> Exit {
    if plan.unread.is_empty() {
        Exit::Agreed
    } else {
        Exit::Incomplete
    }
}

fn open(path: &Path, session: &Session, snapshot: &Snapshot) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let saved = SavedPlan::open(&text).map_err(Failure::new)?;
    let body = &saved.body;
    let planned = (&body.environment, &body.account, &body.region);
    let here = (&snapshot.environment, &snapshot.account, &snapshot.region);
    if planned != here {
        return Err(Failure::new(format_args!(
            "the plan is for {} in {} {}, but this is {} in {} {}",
            planned.0, planned.1, planned.2, here.0, here.1, here.2
        )));
    }
    if body.specification != session.digest {
        return Err(Failure::new(
            "the specification has changed since the plan was saved: plan again",
        ));
    }
    saved
        .against(snapshot)
        .map_err(|stale| Failure::new(report::plan::stale(&stale)))
}
