//! `strongroom drift`: where the account has left the specification. A plan that nobody applies.

use std::path::Path;

use super::{Failure, Output, plan, session::Session};
use crate::{
    cli::{Format, Global},
    exit::Exit,
    plan::Plan,
    report,
    resource::KeptReason,
};

/// Observes, compares and shows the reverse view.
pub async fn run(
    global: &Global,
    spec: &Path,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(spec, now, output)?;
    let snapshot = session.observe(global).await?;
    let plan = plan::of(&session, &snapshot, global)?;
    match global.format {
        Format::Human => output.result(&report::drift::human(&plan, &snapshot)),
        Format::Json => output.json(&report::drift::machine(&plan, &snapshot))?,
    }
    Ok(exit(&plan))
}

/// A kept Deny is drift that is not repaired; what AWS manages is none.
fn exit(plan: &Plan) -> Exit {
    let incident = plan
        .kept
        .iter()
        .any(|notice| notice.reason == KeptReason::UnknownDeny);
    let elsewhere = !plan.verified.drift.is_empty();
    if !plan.is_empty() || elsewhere || incident || !plan.conflicts.is_empty() {
        Exit::Drift
    } else if plan.unread.is_empty() {
        Exit::Agreed
    } else {
        Exit::Incomplete
    }
}
