//! `strongroom drift`: where the account has left the specification. A plan that nobody applies.

use std::path::Path;

use super::{Failure, Output, plan, session::Session};
use crate::{
    cli::{Format, Global},
    compliance::drift::{WaivedPlan, waived},
    exit::Exit,
    plan::Plan,
    report,
};

/// Observes, compares and shows the reverse view.
pub async fn run(
    global: &Global,
    spec: &Path,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(global, spec, now, output)?;
    let snapshot = session.observe(global).await?;
    let plan = plan::of(&session, &snapshot, global)?;
    let records = session.records(output)?;
    let mut waived = waived(&plan, &records, snapshot.taken_at);
    if global.service.is_some() {
        // What belongs to other services was not looked for.
        waived.unmatched.clear();
    }
    match global.format {
        Format::Human => output.result(&report::drift::human(&plan, &snapshot, &waived)),
        Format::Json => output.json(&report::drift::machine(&plan, &snapshot, &waived))?,
    }
    Ok(exit(&plan, &waived))
}

/// A kept Deny is drift that is not repaired; what AWS manages is none, and what a waiver allows
/// is an exception.
fn exit(plan: &Plan, waived: &WaivedPlan) -> Exit {
    let elsewhere = !plan.verified.drift.is_empty();
    if waived.open > 0 || elsewhere || !plan.conflicts.is_empty() {
        Exit::Drift
    } else if plan.unread.is_empty() {
        Exit::Agreed
    } else {
        Exit::Incomplete
    }
}
