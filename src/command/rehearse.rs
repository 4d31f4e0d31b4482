//! `strongroom rehearse`: everything once, in the embedded sandbox.

use std::path::Path;

use super::{
    Failure, Output,
    bundle::{Destination, Folder, Sealing},
    cost,
    render::{self, Basis},
    report as verdicts,
    session::Session,
    sign::Signer,
};
use crate::{
    account::{Account, sandbox::Sandbox},
    cli::{Global, RenderArgs, SignArgs},
    compliance::assess::Extent,
    evidence::Source,
    exit::Exit,
    plan::compare,
    rehearse::{Rehearsal, rehearse},
    report::{self, json},
};

/// What is rehearsed, and what becomes of it.
pub struct Asked<'a> {
    /// The specification.
    pub spec: &'a Path,
    /// The folder for the results.
    pub out: &'a Path,
    /// Which of the possible tamperings are tried.
    pub seed: u64,
    /// What the report looks like.
    pub render: &'a RenderArgs,
    /// Who signs the results.
    pub sign: &'a SignArgs,
}

/// Plans, applies, tampers, finds, repairs and reports.
pub async fn run(
    global: &Global,
    asked: &Asked<'_>,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    refuse(global)?;
    let Asked {
        spec, out, seed, ..
    } = *asked;
    let renderings = render::chosen(asked.render)?;
    let begun = std::time::Instant::now();
    let signer = Signer::open(asked.sign, global).await?;
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
            let choice = verdicts::Choice {
                environment: session.environment.clone(),
                only: None,
                extent: Extent::default(),
                renderings,
            };
            let judged = verdicts::judge(&session, choice, &library, &records, snapshot);
            let basis = Basis {
                session: &session,
                library: &library,
                snapshot,
                rehearsal: Some(&rehearsal),
                earlier: None,
                tape: None,
            };
            render::put_all(&mut folder, &basis, &judged)?;
            let sealing = Sealing {
                session: &session,
                snapshot,
                source: rehearsed(seed),
                judged: &judged,
                library: &library,
                spec,
                sealed_at: now,
            };
            let to = Destination {
                out: Some(out.to_owned()),
                store: None,
            };
            let written = folder.seal(sealing, &signer, &to, output).await?;
            let page = render::opened(&written, &judged.choice.renderings);
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
    folder.put("rehearsal.json", &json::bytes(&rehearsal)?)?;
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
    out.put("plan.txt", text.as_bytes())?;
    out.put(
        "plan.json",
        &json::bytes(&report::plan::machine(&plan, &cost, &empty))?,
    )?;
    Ok(())
}

fn exit(rehearsal: &Rehearsal) -> Exit {
    match rehearsal.passed() {
        true => Exit::Agreed,
        false => Exit::Failed,
    }
}
