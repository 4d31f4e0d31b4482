//! Folders of results: collected in memory, sealed by a manifest, written so that a folder that
//! was not finished never verifies, and read back without trust.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Failure, Output, git, report::Judged, session::Session, sign::Signer};
use crate::{
    account::file,
    compliance::library::Library,
    evidence::{
        About, Digest, ENVELOPE, ENVIRONMENT, FileName, Files, MANIFEST, Manifest, Source, Stated,
        TAPE, Tool, verify::Found,
    },
    iam::catalogue::Catalogue,
    report::json,
    snapshot::Snapshot,
};

/// Files that are to be written into one folder.
pub struct Folder {
    path: PathBuf,
    /// What it will hold.
    pub files: Files,
}

/// What is sealed.
pub struct Sealing<'a> {
    /// What was allowed.
    pub session: &'a Session,
    /// What was seen.
    pub snapshot: &'a Snapshot,
    /// What the snapshot was made from.
    pub source: Source,
    /// The packed tape.
    pub tape: Option<Vec<u8>>,
    /// What came of it.
    pub judged: &'a Judged<'a>,
    /// What it was judged by.
    pub library: &'a Library,
    /// The path of the specification.
    pub spec: &'a Path,
    /// Now.
    pub sealed_at: jiff::Timestamp,
}

impl Folder {
    /// A folder that holds nothing yet.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            files: Files::new(),
        }
    }

    /// Puts a file into it; the path that it will have.
    ///
    /// # Errors
    /// A name that no bundle can hold.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let file: FileName = name.parse().map_err(Failure::new)?;
        self.files.insert(file, bytes.to_vec());
        Ok(self.path_of(name))
    }

    /// The path of a file of it.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Adds the evidence, seals everything by a manifest, and writes it all.
    ///
    /// # Errors
    /// A file that cannot be written, a key that cannot sign.
    pub async fn seal(
        mut self,
        sealing: Sealing<'_>,
        signer: &Signer,
        output: &mut Output,
    ) -> Result<Digest, Failure> {
        let manifest = self.sealed(sealing, None)?;
        let envelope = signer.envelope(&manifest).await?;
        let bytes = manifest.to_bytes().map_err(Failure::new)?;
        self.write(output)?;
        replace(&self.path.join(MANIFEST), &bytes)?;
        if let Some(envelope) = envelope {
            replace(&self.path.join(ENVELOPE), &envelope)?;
        }
        Ok(Digest::of(&bytes))
    }

    /// Adds the evidence; the manifest of it all.
    fn sealed(
        &mut self,
        sealing: Sealing<'_>,
        previous: Option<Digest>,
    ) -> Result<Manifest, Failure> {
        let environment = json::bytes(&sealing.session.environment)?;
        self.put(ENVIRONMENT, &environment)?;
        if let Some(tape) = &sealing.tape {
            self.put(TAPE, tape)?;
        }
        let stated = Stated {
            source: sealing.source,
            sealed_at: sealing.sealed_at,
            tool: tool(),
            commit: git::commit(sealing.spec),
            previous,
        };
        let (session, judged) = (sealing.session, sealing.judged);
        manifest(
            session,
            judged,
            sealing.library,
            sealing.snapshot,
            stated,
            &self.files,
        )
    }

    /// Writes the files. An older manifest goes first, with the files that it names and that are
    /// not written again: whatever happens on the way, the folder does not verify.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, output: &mut Output) -> Result<(), Failure> {
        let old = fs::read(self.path.join(MANIFEST)).unwrap_or_default();
        for name in [ENVELOPE, MANIFEST] {
            remove(&self.path.join(name))?;
        }
        for (name, bytes) in &self.files {
            replace(&self.path.join(name.as_str()), bytes)?;
        }
        let named = Manifest::parse(&old).map(|manifest| manifest.files);
        for name in named.unwrap_or_default().keys() {
            if !self.files.contains_key(name) {
                remove(&self.path.join(name.as_str()))?;
            }
        }
        self.tell_strangers(output)
    }

    /// What lay there before makes the folder fail its verification; people should know now.
    fn tell_strangers(&self, output: &mut Output) -> Result<(), Failure> {
        let found = read(&self.path)?;
        let mut strangers: Vec<&str> = found.odd.iter().map(String::as_str).collect();
        let names = found.files.keys().map(String::as_str);
        strangers.extend(names.filter(|name| !self.files.contains_key(*name)));
        if !strangers.is_empty() {
            output.tell(&crate::report::text::safe_lines(format_args!(
                "warning: {} also holds {}, which is no part of the bundle: `verify` will refuse \
                 the folder until it is moved elsewhere",
                self.path.display(),
                strangers.join(", ")
            )));
        }
        Ok(())
    }
}

/// The manifest of files, from what is in them and what is stated.
///
/// # Errors
/// A catalogue that cannot be read.
pub fn manifest(
    session: &Session,
    judged: &Judged<'_>,
    library: &Library,
    snapshot: &Snapshot,
    stated: Stated,
    files: &Files,
) -> Result<Manifest, Failure> {
    let digest: Digest = session.digest.parse().map_err(Failure::new)?;
    let about = About {
        snapshot,
        environment: &judged.choice.environment,
        desired: &session.desired.resources,
        digest: &digest,
        only: judged.choice.only,
        assessment: &judged.assessment,
        library,
        policies: Library::vendored_files(),
        actions: Catalogue::vendored()?.provenance(),
    };
    Ok(Manifest::of(&about, stated, files))
}

/// This program.
fn tool() -> Tool {
    let binary = std::env::current_exe().and_then(fs::read);
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        binary: binary.ok().map(|bytes| Digest::of(&bytes)),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    file::replace(path, bytes).map_err(|error| Failure::writing(path, &error))
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if !gone(&error) => Err(Failure::writing(path, &error)),
        _ => Ok(()),
    }
}

/// Nothing is there, or what should be a folder is none: writing tells that better.
fn gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Reads everything that a folder holds. Links are not followed.
///
/// # Errors
/// A folder that cannot be read.
pub fn read(path: &Path) -> Result<Found, Failure> {
    let mut found = Found::default();
    walk(path, "", &mut found)?;
    found.manifest = found.files.remove(MANIFEST);
    found.envelope = found.files.remove(ENVELOPE);
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, found: &mut Found) -> Result<(), Failure> {
    let reading = |error: io::Error| Failure::reading(folder, &error);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(reading)?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() {
            let path = entry.path();
            let bytes = fs::read(&path).map_err(|error| Failure::reading(&path, &error))?;
            found.files.insert(name, bytes);
        } else {
            found.odd.push(name);
        }
    }
    found.odd.sort();
    Ok(())
}
