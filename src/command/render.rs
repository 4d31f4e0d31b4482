//! The renderings of a report: which ones are wanted, and their files in a folder.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Failure, bundle::Folder, report::Judged, session::Session};
use crate::{
    cli::RenderArgs,
    compliance::library::Library,
    evidence::{ASSESSMENT, Earlier, FACTS, RECORDS, Rendering, SINCE, SNAPSHOT},
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
pub fn chosen(asked: &RenderArgs) -> Result<BTreeSet<Rendering>, Failure> {
    if let Some(missing) = asked.render.iter().find(|one| !is_built(**one)) {
        let why = format_args!("--render {missing}: this build of Strongroom does not make it");
        return Err(Failure::with(Exit::Usage, why));
    }
    Ok(match asked.render.is_empty() {
        true => usual(),
        false => asked.render.iter().copied().collect(),
    })
}

/// What a report is made from, beside what was judged.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// What was allowed.
    pub session: &'a Session,
    /// What it was judged by.
    pub library: &'a Library,
    /// What was seen.
    pub snapshot: &'a Snapshot,
    /// The rehearsal that came before, where there was one.
    pub rehearsal: Option<&'a Rehearsal>,
    /// The bundle that the report compares itself with, where it does.
    pub earlier: Option<&'a Earlier>,
    /// The packed tape, where an account answered over the wire.
    pub tape: Option<&'a [u8]>,
}

/// Puts the files of a report into a folder: the evidence, what follows from it, and then the
/// renderings, which may name all that is there.
///
/// # Errors
/// A value that a format cannot hold.
pub fn put_all(out: &mut Folder, basis: &Basis<'_>, judged: &Judged<'_>) -> Result<(), Failure> {
    out.put_basis(basis.session, basis.tape)?;
    out.put(ASSESSMENT, &json::bytes(&judged.assessment)?)?;
    out.put(FACTS, &json::bytes(&judged.facts)?)?;
    out.put(RECORDS, &json::bytes(&judged.records)?)?;
    out.put(SNAPSHOT, &json::bytes(basis.snapshot)?)?;
    if let Some(earlier) = basis.earlier {
        out.put(SINCE, &json::bytes(earlier)?)?;
    }
    let source = Source {
        environment: &judged.choice.environment,
        desired: &basis.session.desired,
        snapshot: basis.snapshot,
        assessment: &judged.assessment,
        library: basis.library,
        provenance: Catalogue::vendored()?.provenance(),
        digest: &basis.session.digest,
        only: judged.choice.only,
        rehearsal: basis.rehearsal,
        earlier: basis.earlier,
        places: &basis.session.places,
        evidence: &out.files,
    };
    for (name, bytes) in render(&judged.choice.renderings, &source).map_err(Failure::new)? {
        out.put(&name, &bytes)?;
    }
    Ok(())
}

/// What to open in a folder: the page, or else the first rendering.
pub fn opened(folder: &Path, renderings: &BTreeSet<Rendering>) -> PathBuf {
    let first = renderings.first().and_then(|one| one.files().first());
    first.map_or_else(|| folder.to_owned(), |name| folder.join(name))
}
