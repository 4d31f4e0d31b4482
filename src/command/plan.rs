//! `strongroom plan`: what apply would do.

use std::path::{Path, PathBuf};

use super::{Failure, Output, cost, session::Session};
use crate::{
    account::file,
    cli::{Format, Global},
    exit::Exit,
    plan::{self, Plan, SavedPlan},
    report::{self, cost::Cost},
    snapshot::Snapshot,
};

/// What is wanted of a plan.
pub struct Wanted {
    /// Where it is saved.
    pub out: Option<PathBuf>,
    /// Whether a difference has an exit code of its own.
    pub detailed_exitcode: bool,
    /// The bank's own prices.
    pub prices: Option<PathBuf>,
}

/// Plans, shows, and saves where asked.
pub async fn run(
    global: &Global,
    spec: &Path,
    wanted: Wanted,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let prices = cost::prices(wanted.prices.as_deref())?;
    let session = Session::open(global, spec, now, output)?;
    let snapshot = session.observe(global).await?;
    let plan = of(&session, &snapshot, global)?;
    let cost = cost::of(&plan, &snapshot, &session.desired, &prices);
    show((&plan, &cost), &snapshot, global, output)?;
    if global.format == Format::Human {
        output.result(&report::plan::consents(&plan));
    }
    if let Some(path) = wanted.out {
        save(&path, &plan, &snapshot, session.digest)?;
        output.tell(&format!(
            "Saved. To apply exactly this plan: strongroom apply {} --plan {}",
            spec.display(),
            path.display()
        ));
    }
    Ok(if wanted.detailed_exitcode {
        exit(&plan)
    } else {
        Exit::Agreed
    })
}

/// The plan of a whole environment, or of one service.
///
/// # Errors
/// A service that the specification does not know.
pub fn of(session: &Session, snapshot: &Snapshot, global: &Global) -> Result<Plan, Failure> {
    let plan = plan::compare(&session.desired, snapshot);
    Ok(match session.chosen(global)? {
        Some(service) => plan.only(service, &session.desired.owners),
        None => plan,
    })
}

/// Prints a plan and what it costs as the command line asks.
pub fn show(
    (plan, cost): (&Plan, &Cost),
    snapshot: &Snapshot,
    global: &Global,
    output: &mut Output,
) -> Result<(), Failure> {
    match global.format {
        Format::Human => {
            output.result(&report::plan::human(plan, snapshot, global.verbose));
            output.result(&report::cost::human(cost));
        }
        Format::Json => output.json(&report::plan::machine(plan, cost, snapshot))?,
    }
    Ok(())
}

fn save(path: &Path, plan: &Plan, snapshot: &Snapshot, digest: String) -> Result<(), Failure> {
    let saved = SavedPlan::seal(plan, snapshot, digest).map_err(Failure::new)?;
    let value = serde_json::to_value(&saved)?;
    file::replace(path, &serde_json::to_vec_pretty(&value)?)
        .map_err(|error| Failure::writing(path, &error))
}

fn exit(plan: &Plan) -> Exit {
    if !plan.is_empty() || !plan.conflicts.is_empty() {
        Exit::Drift
    } else if plan.unread.is_empty() {
        Exit::Agreed
    } else {
        Exit::Incomplete
    }
}
