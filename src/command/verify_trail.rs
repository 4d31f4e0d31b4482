//! `strongroom verify-trail`: downloaded CloudTrail logs and digests, validated offline.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{Failure, Output, bundle};
use crate::{
    cli::{Format, Global},
    evidence::trail::{KeyList, TrailFolder, TrailVerification, Verifies, verify},
    exit::Exit,
    report::trail,
};

/// Validates and tells.
pub fn run(
    global: &Global,
    folder: &Path,
    keys: &Path,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let text = fs::read_to_string(keys).map_err(|error| Failure::reading(keys, &error))?;
    let keys = KeyList::parse(&text)
        .map_err(|error| Failure::with(Exit::Usage, format_args!("{}: {error}", keys.display())))?;
    let files = Files {
        names: bundle::names(folder)?,
        folder: folder.to_owned(),
    };
    let verification = verify(&files, &keys, verifies()?);
    match global.format {
        Format::Json => output.json(&verification)?,
        Format::Human => output.result(&trail::human(&verification)),
    }
    Ok(exit(&verification))
}

fn exit(verification: &TrailVerification) -> Exit {
    if !verification.broken.is_empty() {
        Exit::Unverified
    } else if !verification.unknown.is_empty() {
        Exit::Incomplete
    } else {
        Exit::Agreed
    }
}

#[cfg(feature = "aws")]
fn verifies() -> Result<Verifies<'static>, Failure> {
    Ok(&crate::evidence::trail::verifies)
}

#[cfg(not(feature = "aws"))]
fn verifies() -> Result<Verifies<'static>, Failure> {
    Err(Failure::new(
        "this build has no AWS in it, and so no RSA: use one with the feature `aws`",
    ))
}

/// The files of a folder.
struct Files {
    names: BTreeSet<String>,
    folder: PathBuf,
}

impl TrailFolder for Files {
    fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        fs::read(self.folder.join(name)).map_err(|error| error.to_string())
    }
}
