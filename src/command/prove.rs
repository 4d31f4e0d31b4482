//! `strongroom prove`: who can act as whom, decrypt, read, write and reach, with witnesses.

use super::{Failure, Output, plan, session::Session};
use crate::{
    cli::{Format, Global, ProveArgs},
    exit::Exit,
    iam::catalogue::Catalogue,
    isolation::{Matrix, Verdict, prove},
    plan::predict,
    report,
};

/// Observes, proves and shows.
pub async fn run(
    global: &Global,
    asked: &ProveArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(global, &asked.spec, now, output)?;
    let mut snapshot = session.observe(global).await?;
    if asked.predicted {
        let plan = plan::of(&session, &snapshot, global)?;
        snapshot = predict(&snapshot, &plan);
    }
    let matrix = prove(&session.environment, &snapshot, Catalogue::vendored()?);
    match global.format {
        Format::Human => output.result(&report::isolation::human(&matrix, &snapshot)),
        Format::Json => output.json(&report::isolation::machine(&matrix, &snapshot))?,
    }
    Ok(exit(&matrix))
}

/// What nobody declared is broken isolation; what was not decided is no proof.
fn exit(matrix: &Matrix) -> Exit {
    match matrix.worst_of_all() {
        Verdict::Reachable => Exit::IsolationBroken,
        Verdict::Unknown => Exit::Incomplete,
        Verdict::Declared | Verdict::Isolated => Exit::Agreed,
    }
}
