//! `strongroom report`: judge the account and write the report.

use std::path::Path;

use super::{
    Failure, Output,
    bundle::{Destination, Folder, Sealing},
    session::Session,
    sign::Signer,
};
use crate::{
    cli::{Global, SignArgs},
    compliance::{
        assess::{Assessment, ExitClass, assess},
        facts::{Facts, facts},
        library::Library,
    },
    exit::Exit,
    iam::catalogue::Catalogue,
    model::{Environment, FrameworkId, ServiceName},
    rehearse::Rehearsal,
    report::{
        assessment::{Report, Source},
        html, json, markdown,
    },
    snapshot::Snapshot,
};

/// The page that people open.
pub(super) const PAGE: &str = "report.html";

/// Observes, assesses and writes.
pub async fn run(
    global: &Global,
    spec: &Path,
    to: &Destination,
    frameworks: &[FrameworkId],
    sign: &SignArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let signer = Signer::open(sign, global).await?;
    let session = Session::open(spec, now, output)?;
    let library = Library::vendored().map_err(Failure::new)?;
    let choice = Choice {
        environment: judged_by(&session.environment, frameworks, &library)?,
        only: session.chosen(global)?,
    };
    let witnessed = session.witness(global).await?;
    let snapshot = witnessed.snapshot;
    let judged = judge(&session, choice, &library, &snapshot);
    let mut folder = Folder::default();
    write(&mut folder, &session, &library, &snapshot, &judged, None)?;
    let sealing = Sealing {
        session: &session,
        snapshot: &snapshot,
        source: witnessed.source,
        tape: witnessed.tape,
        judged: &judged,
        library: &library,
        spec,
        sealed_at: now,
    };
    let page = folder.seal(sealing, &signer, to, output).await?;
    let page = page.join(PAGE);
    output.result(&summary(&judged.assessment, &snapshot, &page));
    Ok(exit(&judged.assessment))
}

/// What a report is about.
pub(super) struct Choice<'a> {
    /// The environment with the frameworks that it is judged by.
    pub environment: Environment,
    /// The one service, where there is one.
    pub only: Option<&'a ServiceName>,
}

/// What was judged, and what came of it.
pub(super) struct Judged<'a> {
    /// What was judged.
    pub choice: Choice<'a>,
    facts: Facts,
    /// What came of it.
    pub assessment: Assessment,
}

/// Derives the facts and assesses them, as of the moment of the snapshot.
pub(super) fn judge<'a>(
    session: &Session,
    choice: Choice<'a>,
    library: &Library,
    snapshot: &Snapshot,
) -> Judged<'a> {
    let as_of = snapshot.taken_at;
    let mut facts = facts(
        &session.environment,
        &session.desired.resources,
        snapshot,
        as_of,
    );
    if let Some(only) = choice.only {
        facts.services.retain(|name, _| name == only.as_str());
    }
    let assessment = assess(library, &choice.environment, &facts, as_of);
    Judged {
        choice,
        facts,
        assessment,
    }
}

/// Puts the files of a report into a folder.
///
/// # Errors
/// A value that a format cannot hold.
pub(super) fn write(
    out: &mut Folder,
    session: &Session,
    library: &Library,
    snapshot: &Snapshot,
    judged: &Judged<'_>,
    rehearsal: Option<&Rehearsal>,
) -> Result<(), Failure> {
    let report = Report::of(&Source {
        environment: &judged.choice.environment,
        desired: &session.desired.resources,
        snapshot,
        assessment: &judged.assessment,
        library,
        provenance: Catalogue::vendored()?.provenance(),
        digest: &session.digest,
        only: judged.choice.only,
        rehearsal,
    });
    let page = html::page(&report).map_err(Failure::new)?;
    let short = markdown::summary(&report);
    put(out, "assessment.json", &json::bytes(&judged.assessment)?)?;
    put(out, "facts.json", &json::bytes(&judged.facts)?)?;
    put(out, "snapshot.json", &json::bytes(snapshot)?)?;
    put(out, "report.md", short.as_bytes())?;
    put(out, PAGE, page.as_bytes())
}

/// Puts one file into a folder of results.
pub(super) fn put(out: &mut Folder, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    out.put(name, bytes)
}

/// The environment, judged by the frameworks of the command line where it names some.
fn judged_by(
    environment: &Environment,
    chosen: &[FrameworkId],
    library: &Library,
) -> Result<Environment, Failure> {
    let unknown = chosen
        .iter()
        .find(|id| !library.frameworks.contains_key(*id));
    if let Some(unknown) = unknown {
        let known: Vec<String> = library.frameworks.keys().map(ToString::to_string).collect();
        let why = format!(
            "there is no framework {unknown}; known are {}",
            known.join(", ")
        );
        return Err(Failure::with(Exit::Usage, why));
    }
    let mut environment = environment.clone();
    if !chosen.is_empty() {
        environment.frameworks = chosen.iter().cloned().collect();
    }
    Ok(environment)
}

/// How a run ends that found this. What only a person or a live account can show is no failure.
pub(super) fn exit(assessment: &Assessment) -> Exit {
    match assessment.exit_class {
        ExitClass::Agreed => Exit::Agreed,
        ExitClass::NotEvaluated => Exit::Incomplete,
        ExitClass::ControlFailed => Exit::ControlFailed,
    }
}

/// What came of it, in a few lines.
pub(super) fn summary(assessment: &Assessment, snapshot: &Snapshot, page: &Path) -> String {
    let totals = &assessment.totals;
    format!(
        "{} verdicts for {} ({}): {} failed, {} not evaluated, {} need a live account, \
         {} passed, {} not applicable.\nOpen {}\n",
        totals.population(),
        assessment.environment,
        snapshot.origin.words(),
        totals.fail,
        totals.not_evaluated,
        totals.needs_live,
        totals.pass,
        totals.not_applicable,
        page.display()
    )
}
