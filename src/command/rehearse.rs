//! `strongroom rehearse`: everything once, in the embedded sandbox.

use std::path::Path;

use super::{Failure, Output, report as verdicts, session::Session};
use crate::{
    account::{Account, sandbox::Sandbox},
    cli::Global,
    exit::Exit,
    plan::compare,
    rehearse::{Rehearsal, rehearse},
    report::{self, json},
};

/// Plans, applies, tampers, finds, repairs and reports.
pub async fn run(
    global: &Global,
    spec: &Path,
    out: &Path,
    seed: u64,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    refuse(global)?;
    let begun = std::time::Instant::now();
    let session = Session::open(global, spec, now, output)?;
    let account = Sandbox::empty(&session.environment, session.desired.verified_resources());
    plan(&session, &account, out).await?;
    let Session {
        environment,
        desired,
        ..
    } = &session;
    let rehearsal = rehearse(&account, environment, desired, &|| now, seed).await;
    verdicts::put(out, "rehearsal.json", &json::bytes(&rehearsal)?)?;
    output.result(&report::rehearsal::human(&rehearsal));
    let judged = judge(&session, &rehearsal, out, output)?;
    output.tell(&format!("Took {:.1} s.", begun.elapsed().as_secs_f64()));
    Ok(judged.and(exit(&rehearsal)))
}

/// A rehearsal has an account of its own, and is about a whole environment.
fn refuse(global: &Global) -> Result<(), Failure> {
    let option = match global {
        Global {
            snapshot: Some(_), ..
        } => "--snapshot",
        Global {
            sandbox: Some(_), ..
        } => "--sandbox",
        Global {
            service: Some(_), ..
        } => "--service",
        _ => return Ok(()),
    };
    let why = "rehearse works on the whole environment, in a sandbox of its own: leave it out";
    Err(Failure::with(Exit::Usage, format_args!("{option}: {why}")))
}

/// Writes what applying to the empty account will do.
async fn plan(session: &Session, account: &Sandbox, out: &Path) -> Result<(), Failure> {
    let empty = account.observe(&session.scope()).await?;
    let plan = compare(&session.desired, &empty);
    let text = anstream::adapter::strip_str(&report::plan::human(&plan, &empty, true)).to_string();
    verdicts::put(out, "plan.txt", text.as_bytes())?;
    verdicts::put(
        out,
        "plan.json",
        &json::bytes(&report::plan::machine(&plan, &empty))?,
    )?;
    Ok(())
}

/// Judges the account as the rehearsal left it, repaired.
fn judge(
    session: &Session,
    rehearsal: &Rehearsal,
    out: &Path,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let Some(snapshot) = &rehearsal.last else {
        return Ok(Exit::Failed);
    };
    let library = session.library()?;
    let records = session.records(output)?;
    let choice = verdicts::Choice {
        environment: session.environment.clone(),
        only: None,
    };
    let judged = verdicts::judge(session, choice, &library, &records, snapshot);
    let page = verdicts::write(out, session, &library, snapshot, &judged, Some(rehearsal))?;
    output.result(&verdicts::summary(&judged.assessment, snapshot, &page));
    Ok(verdicts::exit(&judged.assessment))
}

fn exit(rehearsal: &Rehearsal) -> Exit {
    match rehearsal.passed() {
        true => Exit::Agreed,
        false => Exit::Failed,
    }
}
