//! The renderings of a report: which ones are wanted, and their files in a folder.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Failure, bundle::Folder, report::Judged, session::Session};
use crate::{
    cli::RenderArgs,
    compliance::library::Library,
    evidence::Rendering,
    exit::Exit,
    iam::catalogue::Catalogue,
    rehearse::Rehearsal,
    report::{
        assessment::Source,
        format::{is_built, render, usual},
        json,
    },
    snapshot::Snapshot,
};

/// The renderings that the command line asks for: where it names none, all that this build makes
/// but for PDF.
///
/// # Errors
/// One that this build does not make.
pub(super) fn chosen(asked: &RenderArgs) -> Result<BTreeSet<Rendering>, Failure> {
    if let Some(missing) = asked.render.iter().find(|one| !is_built(**one)) {
        let why = format_args!("--render {missing}: this build of Strongroom does not make it");
        return Err(Failure::with(Exit::Usage, why));
    }
    Ok(match asked.render.is_empty() {
        true => usual(),
        false => asked.render.iter().copied().collect(),
    })
}

/// Puts the files of a report into a folder: what follows from the evidence, and its renderings.
///
/// # Errors
/// A value that a format cannot hold.
pub(super) fn put_all(
    out: &mut Folder,
    session: &Session,
    library: &Library,
    snapshot: &Snapshot,
    judged: &Judged<'_>,
    rehearsal: Option<&Rehearsal>,
) -> Result<(), Failure> {
    let source = Source {
        environment: &judged.choice.environment,
        desired: &session.desired,
        snapshot,
        assessment: &judged.assessment,
        library,
        provenance: Catalogue::vendored()?.provenance(),
        digest: &session.digest,
        only: judged.choice.only,
        rehearsal,
    };
    out.put("assessment.json", &json::bytes(&judged.assessment)?)?;
    out.put("facts.json", &json::bytes(&judged.facts)?)?;
    out.put("records.json", &json::bytes(&judged.records)?)?;
    out.put("snapshot.json", &json::bytes(snapshot)?)?;
    for (name, bytes) in render(&judged.choice.renderings, &source).map_err(Failure::new)? {
        out.put(&name, &bytes)?;
    }
    Ok(())
}

/// What to open in a folder: the page, or else the first rendering, or else the folder.
pub(super) fn opened(folder: &Path, renderings: &BTreeSet<Rendering>) -> PathBuf {
    let first = renderings.first().and_then(|one| one.files().first());
    first.map_or_else(|| folder.to_owned(), |name| folder.join(name))
}
