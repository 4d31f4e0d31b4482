//! `strongroom report`: judge the account and write the report.

use std::{collections::BTreeSet, path::Path};

use super::{
    Failure, Output,
    bundle::{Destination, Folder, Sealing},
    render::{self, Basis},
    session::Session,
    sign::Signer,
    since,
};
use crate::{
    cli::{Global, ReportArgs},
    compliance::{
        assess::{Assessment, ExitClass, Extent, assess_within},
        facts::{Facts, facts},
        framework::{Framework, Status},
        library::Library,
        population::populations,
        records::Records,
    },
    evidence::Rendering,
    exit::Exit,
    model::{Environment, FrameworkId, ServiceName},
    snapshot::Snapshot,
};

/// Observes, assesses and writes.
pub async fn run(
    global: &Global,
    spec: &Path,
    asked: &ReportArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let signer = Signer::open(&asked.sign, global).await?;
    let session = Session::open(global, spec, now, output)?;
    let library = session.library()?;
    let records = session.records(output)?;
    let choice = Choice {
        environment: judged_by(&session.environment, &asked.framework, &library, output)?,
        only: session.chosen(global)?,
        extent: match asked.framework.is_empty() {
            true => Extent::AllChecks,
            false => Extent::NamedChecks,
        },
        renderings: render::chosen(&asked.render)?,
    };
    let earlier = asked.since.as_deref();
    let earlier = earlier.map(|folder| since::earlier(folder, &session));
    let earlier = earlier.transpose()?;
    let witnessed = session.witness(global).await?;
    let snapshot = witnessed.snapshot;
    let judged = judge(&session, choice, &library, &records, &snapshot);
    let mut folder = Folder::default();
    let basis = Basis {
        session: &session,
        library: &library,
        snapshot: &snapshot,
        rehearsal: None,
        earlier: earlier.as_ref(),
        tape: witnessed.tape.as_deref(),
    };
    render::put_all(&mut folder, &basis, &judged)?;
    let sealing = Sealing {
        session: &session,
        snapshot: &snapshot,
        source: witnessed.source,
        judged: &judged,
        library: &library,
        spec,
        sealed_at: now,
    };
    let to = Destination::from(asked.to.clone());
    let written = folder.seal(sealing, &signer, &to, output).await?;
    let page = render::opened(&written, &judged.choice.renderings);
    output.result(&summary(&judged.assessment, &snapshot, &page));
    Ok(exit(&judged.assessment).and(looked_at(&session, &judged.assessment, &snapshot)))
}

/// What a report is about.
pub(super) struct Choice<'a> {
    /// The environment with the frameworks that it is judged by.
    pub environment: Environment,
    /// The one service, where there is one.
    pub only: Option<&'a ServiceName>,
    /// Which checks are run.
    pub extent: Extent,
    /// What it looks like.
    pub renderings: BTreeSet<Rendering>,
}

/// What was judged, and what came of it.
pub(super) struct Judged<'a> {
    /// What was judged.
    pub choice: Choice<'a>,
    /// What it was judged on.
    pub facts: Facts,
    /// What people put beside the specification.
    pub records: &'a Records,
    /// What came of it.
    pub assessment: Assessment,
}

/// Derives the facts and assesses them, as of the moment of the snapshot.
pub(super) fn judge<'a>(
    session: &Session,
    choice: Choice<'a>,
    library: &Library,
    records: &'a Records,
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
    let assessment = assess_within(
        library,
        &choice.environment,
        &facts,
        records,
        as_of,
        choice.extent,
    );
    Judged {
        choice,
        facts,
        records,
        assessment,
    }
}

/// The environment, judged by the frameworks of the command line where it names some. What has to
/// be known about a retired one is told.
fn judged_by(
    environment: &Environment,
    chosen: &[String],
    library: &Library,
    output: &mut Output,
) -> Result<Environment, Failure> {
    let mut environment = environment.clone();
    if chosen.is_empty() {
        return Ok(environment);
    }
    environment.frameworks.clear();
    for name in chosen {
        let text = &found(name, library)?.text;
        if let Some(note) = text
            .note
            .as_ref()
            .filter(|_| text.status == Status::Retired)
        {
            output.tell(&format!("{} is retired. {note}", text.id));
        }
        environment.frameworks.insert(text.id.clone());
    }
    Ok(environment)
}

/// The framework of this name, which may go without its version where there is only one.
pub(super) fn found<'l>(name: &str, library: &'l Library) -> Result<&'l Framework, Failure> {
    let named = |framework: &&Framework| {
        let id = framework.text.id.as_str();
        id == name || id.split_once('@').is_some_and(|(stem, _)| stem == name)
    };
    let found: Vec<&Framework> = library.frameworks.values().filter(named).collect();
    let listed = |all: &mut dyn Iterator<Item = &FrameworkId>| {
        let ids: Vec<String> = all.map(ToString::to_string).collect();
        ids.join(", ")
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let known = listed(&mut library.frameworks.keys());
            let why = format_args!("there is no framework {name}; known are {known}");
            Err(Failure::with(Exit::Usage, why))
        }
        several => {
            let versions = listed(&mut several.iter().map(|framework| &framework.text.id));
            let why = format_args!("{name} has several versions; name one of {versions}");
            Err(Failure::with(Exit::Usage, why))
        }
    }
}

/// How a run ends that found this. What only a person or a live account can show is no failure.
pub(super) fn exit(assessment: &Assessment) -> Exit {
    match assessment.exit_class {
        ExitClass::Agreed => Exit::Agreed,
        ExitClass::NotEvaluated => Exit::Incomplete,
        ExitClass::ControlFailed => Exit::ControlFailed,
    }
}

/// Whether every resource was looked at: a listing that failed, a count that differs and an owner in
/// doubt leave something open, whatever the verdicts say.
pub(super) fn looked_at(session: &Session, assessment: &Assessment, snapshot: &Snapshot) -> Exit {
    let populations = populations(&session.desired.resources, snapshot, assessment);
    let gap = populations
        .iter()
        .any(|population| population.gap().is_some());
    match gap || !snapshot.conflicts.is_empty() {
        true => Exit::Incomplete,
        false => Exit::Agreed,
    }
}

/// What came of it, in a few lines.
pub(super) fn summary(assessment: &Assessment, snapshot: &Snapshot, page: &Path) -> String {
    let totals = &assessment.totals;
    format!(
        "{} verdicts for {} ({}): {} failed, {}{} not evaluated, {} need a live account, \
         {} passed, {} not applicable.\nOpen {}\n",
        totals.population(),
        assessment.environment,
        snapshot.origin.words(),
        totals.fail,
        match totals.exception {
            0 => String::new(),
            exceptions => format!("{exceptions} excepted by waivers, "),
        },
        totals.not_evaluated,
        totals.needs_live,
        totals.pass,
        totals.not_applicable,
        page.display()
    )
}
