//! Doing the work of a bundle again from its evidence: the snapshot from the tape or the
//! rehearsal, then verdicts and renderings from the snapshot; and comparing the bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Failure,
    bundle::{self, Folder},
    policies, rehearse,
    render::{self, Basis},
    replay,
    report::{self, Choice, Judged},
    session::Session,
};
use crate::{
    compliance::{library::Library, records::Records},
    evidence::{
        ENVIRONMENT, Earlier, Manifest, PLACES, POLICIES, RECORDS, Rendering, SINCE, SNAPSHOT,
        Source, Stated, TAPE,
        verify::{Finding, Found, Outcome, Step, Verification, same_files, same_manifest},
    },
    model::{Environment, Places},
    rehearse::Rehearsal,
    report::{format::is_built, json},
    snapshot::Snapshot,
};

/// Does the work again, and sets what the two steps came to.
///
/// # Errors
/// What has nothing to do with the bundle.
pub async fn reperform(
    found: &Found,
    manifest: &Manifest,
    verification: &mut Verification,
) -> Result<(), Failure> {
    let (session, snapshot, records, earlier) = match evidence(found, manifest) {
        Ok(evidence) => evidence,
        Err(finding) => {
            verification.set(Step::Judgement, Outcome::Broken(vec![finding]));
            return Ok(());
        }
    };
    let library = session.library()?;
    let mut folder = Folder::default();
    let (observation, rehearsal) = observe(found, manifest, &session, &mut folder).await?;
    verification.set(Step::Observation, observation);
    let chosen = manifest.selection.renderings.iter().copied();
    let (chosen, unmade): (BTreeSet<_>, BTreeSet<_>) = chosen.partition(|one| is_built(*one));
    let choice = Choice {
        environment: judged_by(&session.environment, manifest),
        only: manifest.selection.service.as_ref(),
        extent: manifest.selection.extent,
        renderings: chosen,
    };
    let judged = report::judge(&session, choice, &library, &records, &snapshot);
    let basis = Basis {
        session: &session,
        library: &library,
        snapshot: &snapshot,
        rehearsal: rehearsal.as_ref(),
        earlier: earlier.as_ref(),
        tape: tape(found, manifest),
    };
    render::put_all(&mut folder, &basis, &judged)?;
    let mut again = remade(&session, &judged, &library, &snapshot, manifest)?;
    let other = another_maker(manifest, &again);
    // Who made it is told once, above all that follows from it.
    again.policies = manifest.policies.clone();
    again.selection = manifest.selection.clone();
    let mut findings = same_files(found, &folder.files, |name| {
        unmade.iter().any(|one| one.has(name))
    });
    findings.extend(same_manifest(manifest, &again));
    let outcome = judgement(findings, folder.files.len(), &unmade);
    verification.set(Step::Judgement, outcome);
    if let Some(why) = other {
        verification.doubt(&[Step::Observation, Step::Judgement], &why);
    }
    Ok(())
}

/// What the comparison came to. A rendering that this build does not make is neither right nor wrong.
fn judgement(findings: Vec<Finding>, files: usize, unmade: &BTreeSet<Rendering>) -> Outcome {
    let held = format!("{files} files derived again: the same bytes");
    if unmade.is_empty() || !findings.is_empty() {
        return Outcome::of(findings, held);
    }
    let names: Vec<&str> = unmade.iter().map(|one| one.as_str()).collect();
    let names = names.join(", ");
    Outcome::not_checked(format!("{held}; this build makes no {names}: that was not"))
}

/// What stands for itself in a bundle.
type Given = (Session, Snapshot, Records, Option<Earlier>);

/// The tape, as it is: replaying it is what proves it.
fn tape<'f>(found: &'f Found, manifest: &Manifest) -> Option<&'f [u8]> {
    let tape = found.files.get(TAPE).map(Vec::as_slice);
    tape.filter(|_| manifest.source.has_tape())
}

/// Environment, snapshot, records and the earlier bundle's word, understood.
fn evidence(found: &Found, manifest: &Manifest) -> Result<Given, Finding> {
    let environment: Environment = parsed(found, ENVIRONMENT)?;
    let own = match found.files.contains_key(POLICIES) {
        true => parsed(found, POLICIES)?,
        false => BTreeMap::new(),
    };
    let refused = |file: &'static str| move |failure: Failure| unusable(file, failure.message);
    let own = policies::Own::of(own).map_err(refused(POLICIES))?;
    own.library().map_err(refused(POLICIES))?;
    let places: Places = parsed(found, PLACES)?;
    let session = Session::resolved(environment, places, own, manifest.taken_at);
    let earlier = match found.files.contains_key(SINCE) {
        true => Some(parsed(found, SINCE)?),
        false => None,
    };
    Ok((
        session.map_err(refused(ENVIRONMENT))?,
        parsed(found, SNAPSHOT)?,
        parsed(found, RECORDS)?,
        earlier,
    ))
}

fn parsed<T: serde::de::DeserializeOwned>(found: &Found, name: &str) -> Result<T, Finding> {
    let bytes = found.files.get(name);
    let bytes = bytes.ok_or_else(|| unusable(name, "the bundle does not have it".to_owned()))?;
    serde_json::from_slice(bytes).map_err(|error| unusable(name, error.to_string()))
}

fn unusable(name: &str, why: String) -> Finding {
    Finding::Unusable {
        file: name.to_owned(),
        why,
    }
}

fn judged_by(environment: &Environment, manifest: &Manifest) -> Environment {
    Environment {
        frameworks: manifest.selection.frameworks.clone(),
        ..environment.clone()
    }
}

/// Makes the snapshot again, where the bundle holds what it was made from.
async fn observe(
    found: &Found,
    manifest: &Manifest,
    session: &Session,
    folder: &mut Folder,
) -> Result<(Outcome, Option<Rehearsal>), Failure> {
    match &manifest.source {
        Source::Tape { .. } => Ok((replay::replay(found, manifest, session).await?, None)),
        Source::Rehearsal { seed } => {
            let Ok(seed) = seed.parse() else {
                let why = format!("the seed {seed:?} is no number");
                let broken = Outcome::Broken(vec![Finding::Manifest { why }]);
                return Ok((broken, None));
            };
            let rehearsal = rehearse::perform(session, seed, manifest.taken_at, folder).await?;
            let outcome = rehearsed(found, &rehearsal)?;
            Ok((outcome, Some(rehearsal)))
        }
        source => Ok((Outcome::NotAsked(source.words()), None)),
    }
}

fn rehearsed(found: &Found, rehearsal: &Rehearsal) -> Result<Outcome, Failure> {
    let Some(last) = &rehearsal.last else {
        let why = "the rehearsal, done again, fails".to_owned();
        return Ok(Outcome::Broken(vec![unusable(SNAPSHOT, why)]));
    };
    let held = "rehearsed again: the same snapshot";
    Ok(Outcome::of(same_snapshot(found, last)?, held))
}

/// Compares the snapshot of the bundle with the one that was made again.
///
/// # Errors
/// A snapshot that JSON cannot hold.
pub fn same_snapshot(found: &Found, again: &Snapshot) -> Result<Vec<Finding>, Failure> {
    let name = SNAPSHOT.parse().map_err(Failure::new)?;
    let mut only = Found::default();
    let sealed = found.files.get(SNAPSHOT).cloned().unwrap_or_default();
    only.files.insert(SNAPSHOT.to_owned(), sealed);
    let again = [(name, json::bytes(again)?)].into();
    Ok(same_files(&only, &again, |_| false))
}

/// The manifest, made again; what it states of itself is taken over.
fn remade(
    session: &Session,
    judged: &Judged<'_>,
    library: &Library,
    snapshot: &Snapshot,
    manifest: &Manifest,
) -> Result<Manifest, Failure> {
    let stated = Stated::by(manifest);
    let files = crate::evidence::Files::new();
    let again = bundle::manifest(session, judged, library, snapshot, stated, &files)?;
    Ok(Manifest {
        files: manifest.files.clone(),
        ..again
    })
}

/// Why a difference would be no surprise: another program or other checks made the bundle.
fn another_maker(manifest: &Manifest, again: &Manifest) -> Option<String> {
    let (maker, own) = (&manifest.tool.version, env!("CARGO_PKG_VERSION"));
    if maker != own {
        return Some(format!(
            "strongroom {maker} made it and this is {own}: verify it with {maker}"
        ));
    }
    let other = manifest.policies != again.policies;
    other.then(|| {
        "other checks, frameworks or actions judged it than this program has: verify it with the \
         program that made it"
            .to_owned()
    })
}
