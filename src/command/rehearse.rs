//! `strongroom rehearse`: everything once, in the embedded sandbox.

use std::path::Path;

use super::{
    Failure, Output,
    bundle::{Destination, Folder, Sealing},
    cost, report as verdicts,
    session::Session,
    sign::Signer,
};
use crate::{
    account::{Account, sandbox::Sandbox},
    cli::{Global, SignArgs},
    compliance::{library::Library, records::Records},
    evidence::Source,
    exit::Exit,
    plan::compare,
    rehearse::{Rehearsal, rehearse},
    report::{self, json},
    snapshot::Snapshot,
};

/// Plans, applies, tampers, finds, repairs and reports.
pub async fn run(
    global: &Global,
    spec: &Path,
    out: &Path,
    seed: u64,
    sign: &SignArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    refuse(global)?;
    let begun = std::time::Instant::now();
    let signer = Signer::open(sign, global).await?;
    let session = Session::open(global, spec, now, output)?;
    let mut folder = Folder::default();
    let rehearsal = perform(&session, seed, now, &mut folder).await?;
    output.result(&report::rehearsal::human(&rehearsal));
    let judged = match &rehearsal.last {
        None => {
            folder.write(out)?;
            Exit::Failed
        }
        Some(snapshot) => {
            let (library, records) = (session.library()?, session.records(output)?);
            let basis = (&library, &records);
            let judged = judge(&session, basis, &rehearsal, snapshot, &mut folder)?;
            let sealing = Sealing {
                session: &session,
                snapshot,
                source: rehearsed(seed),
                tape: None,
                judged: &judged,
                library: &library,
                spec,
                sealed_at: now,
            };
            let to = Destination {
                out: Some(out.to_owned()),
                store: None,
            };
            let page = folder.seal(sealing, &signer, &to, output).await?;
            let page = page.join(verdicts::PAGE);
            output.result(&verdicts::summary(&judged.assessment, snapshot, &page));
            verdicts::exit(&judged.assessment)
        }
    };
    output.tell(&format!("Took {:.1} s.", begun.elapsed().as_secs_f64()));
    Ok(judged.and(exit(&rehearsal)))
}

/// What the snapshot of a rehearsal is made from.
fn rehearsed(seed: u64) -> Source {
    Source::Rehearsal {
        seed: seed.to_string(),
    }
}

/// Plans and rehearses: the same session, seed and moment give the same files.
pub(super) async fn perform(
    session: &Session,
    seed: u64,
    now: jiff::Timestamp,
    folder: &mut Folder,
) -> Result<Rehearsal, Failure> {
    let account = Sandbox::empty(&session.environment, session.desired.verified_resources());
    plan(session, &account, folder).await?;
    let Session {
        environment,
        desired,
        ..
    } = session;
    let rehearsal = rehearse(&account, environment, desired, &|| now, seed).await;
    verdicts::put(folder, "rehearsal.json", &json::bytes(&rehearsal)?)?;
    Ok(rehearsal)
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
async fn plan(session: &Session, account: &Sandbox, out: &mut Folder) -> Result<(), Failure> {
    let empty = account.observe(&session.scope()).await?;
    let plan = compare(&session.desired, &empty);
    let cost = cost::of(&plan, &empty, &session.desired, &cost::prices(None)?);
    let told = report::plan::human(&plan, &empty, true) + &report::cost::human(&cost);
    let text = anstream::adapter::strip_str(&told).to_string();
    verdicts::put(out, "plan.txt", text.as_bytes())?;
    verdicts::put(
        out,
        "plan.json",
        &json::bytes(&report::plan::machine(&plan, &cost, &empty))?,
    )?;
    Ok(())
}

/// Judges the account as the rehearsal left it, repaired.
pub(super) fn judge<'a>(
    session: &Session,
    (library, records): (&Library, &'a Records),
    rehearsal: &Rehearsal,
    snapshot: &Snapshot,
    folder: &mut Folder,
) -> Result<verdicts::Judged<'a>, Failure> {
    let choice = verdicts::Choice {
        environment: session.environment.clone(),
        only: None,
    };
    let judged = verdicts::judge(session, choice, library, records, snapshot);
    verdicts::write(folder, session, library, snapshot, &judged, Some(rehearsal))?;
    Ok(judged)
}

fn exit(rehearsal: &Rehearsal) -> Exit {
    match rehearsal.passed() {
        true => Exit::Agreed,
        false => Exit::Failed,
    }
}
