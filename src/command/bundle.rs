//! Folders of results: collected in memory, sealed by a manifest, written so that a folder that
//! was not finished never verifies, and read back without trust.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Failure, Output, git, report::Judged, session::Session, sign::Signer, store::Store};
use crate::{
    account::file,
    cli::DestinationArgs,
    compliance::library::Library,
    evidence::{
        About, Digest, ENVELOPE, ENVIRONMENT, FileName, Files, MANIFEST, Manifest, PLACES,
        POLICIES, Source, Stated, TAPE, Tool, verify::Found,
    },
    exit::Exit,
    iam::catalogue::Catalogue,
    report::{json, text::safe_lines},
    snapshot::Snapshot,
};

/// Files that are to be written into one folder.
#[derive(Default)]
pub struct Folder {
    /// What it will hold.
    pub files: Files,
}

/// Where a bundle goes: one of them at least.
#[derive(Debug, Clone)]
pub struct Destination {
    /// A folder, whose older bundle is replaced.
    pub out: Option<PathBuf>,
    /// A store, whose bundles are kept.
    pub store: Option<PathBuf>,
}

impl From<DestinationArgs> for Destination {
    fn from(arguments: DestinationArgs) -> Self {
        let DestinationArgs { out, store } = arguments;
        Self { out, store }
    }
}

/// A bundle that is about to be written.
pub struct Sealed {
    /// What it is.
    pub manifest: Manifest,
    bytes: Vec<u8>,
    envelope: Option<Vec<u8>>,
    files: Files,
}

/// What is sealed.
pub struct Sealing<'a> {
    /// What was allowed.
    pub session: &'a Session,
    /// What was seen.
    pub snapshot: &'a Snapshot,
    /// What the snapshot was made from.
    pub source: Source,
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
    /// Puts a file into it.
    ///
    /// # Errors
    /// A name that no bundle can hold.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let file: FileName = name.parse().map_err(Failure::new)?;
        self.files.insert(file, bytes.to_vec());
        Ok(())
    }

    /// Writes the files without a seal: nothing was judged.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        clear(folder, &self.files)?;
        write(folder, &self.files)
    }

    /// Seals everything by a manifest, and writes it where it is wanted; the
    /// folder to look into.
    ///
    /// # Errors
    /// A file that cannot be written, a key that cannot sign.
    pub async fn seal(
        self,
        sealing: Sealing<'_>,
        signer: &Signer,
        to: &Destination,
        output: &mut Output,
    ) -> Result<PathBuf, Failure> {
        let environment = &sealing.session.environment.name;
        let store = to.store.as_deref();
        let store = store
            .map(|root| Store::open(root, environment))
            .transpose()?;
        let previous = match &store {
            Some(store) => store.head()?,
            None => None,
        };
        let sealed = self.sealed(sealing, previous, signer).await?;
        let kept = store.map(|store| store.keep(&sealed)).transpose()?;
        if let (Some(_), Some(folder)) = (&kept, &to.out) {
            sealed.write_over(folder, output)?;
        }
        match (kept, &to.out) {
            (None, Some(folder)) => {
                sealed.write_over(folder, output)?;
                Ok(folder.clone())
            }
            (Some(kept), _) => Ok(kept),
            (None, None) => Err(Failure::with(
                Exit::Usage,
                "name a folder: -o DIR or --store DIR",
            )),
        }
    }

    /// Adds what a judgement rests on: the resolved environment, where it was written, the bank's own
    /// checks and frameworks, and the tape, where there are any.
    ///
    /// # Errors
    /// A text that JSON cannot hold.
    pub fn put_basis(&mut self, session: &Session, tape: Option<&[u8]>) -> Result<(), Failure> {
        self.put(ENVIRONMENT, &json::bytes(&session.environment)?)?;
        self.put(PLACES, &json::bytes(&session.places)?)?;
        if let Some(tape) = tape {
            self.put(TAPE, tape)?;
        }
        let texts = session.own_policies().texts();
        match texts.is_empty() {
            true => Ok(()),
            false => self.put(POLICIES, &json::bytes(&texts)?),
        }
    }

    /// Seals everything.
    async fn sealed(
        self,
        sealing: Sealing<'_>,
        previous: Option<Digest>,
        signer: &Signer,
    ) -> Result<Sealed, Failure> {
        let stated = Stated {
            source: sealing.source,
            sealed_at: sealing.sealed_at,
            tool: tool(),
            commit: git::commit(sealing.spec),
            previous,
        };
        let (session, judged) = (sealing.session, sealing.judged);
        let manifest = manifest(
            session,
            judged,
            sealing.library,
            sealing.snapshot,
            stated,
            &self.files,
        )?;
        Ok(Sealed {
            bytes: manifest.to_bytes().map_err(Failure::new)?,
            envelope: signer.envelope(&manifest).await?,
            manifest,
            files: self.files,
        })
    }
}

impl Sealed {
    /// What stands for all of it.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// Writes into a folder that holds nothing: the manifest last, and its signature after it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        write(folder, &self.files)?;
        replace(&folder.join(MANIFEST), &self.bytes)?;
        match &self.envelope {
            Some(envelope) => replace(&folder.join(ENVELOPE), envelope),
            None => Ok(()),
        }
    }

    /// Writes over what a folder may hold.
    fn write_over(&self, folder: &Path, output: &mut Output) -> Result<(), Failure> {
        clear(folder, &self.files)?;
        self.write(folder)?;
        tell_strangers(folder, &self.files, output)
    }
}

/// Takes away an older manifest first, and then the files that it names and that are not written
/// again: whatever happens on the way, the folder does not verify.
fn clear(folder: &Path, files: &Files) -> Result<(), Failure> {
    let old = fs::read(folder.join(MANIFEST)).unwrap_or_default();
    for name in [ENVELOPE, MANIFEST] {
        remove(&folder.join(name))?;
    }
    let named = Manifest::parse(&old).map(|manifest| manifest.files);
    for name in named.unwrap_or_default().keys() {
        if !files.contains_key(name) {
            remove(&folder.join(name.as_str()))?;
        }
    }
    Ok(())
}

fn write(folder: &Path, files: &Files) -> Result<(), Failure> {
    let mut files = files.iter();
    files.try_for_each(|(name, bytes)| replace(&folder.join(name.as_str()), bytes))
}

/// What lay there before makes the folder fail its verification; people should know now.
fn tell_strangers(folder: &Path, files: &Files, output: &mut Output) -> Result<(), Failure> {
    let found = read(folder)?;
    let mut strangers: Vec<&str> = found.odd.iter().map(String::as_str).collect();
    let names = found.files.keys().map(String::as_str);
    strangers.extend(names.filter(|name| !files.contains_key(*name)));
    if !strangers.is_empty() {
        output.tell(&safe_lines(format_args!(
            "warning: {} also holds {}, which is no part of the bundle: `verify` will refuse the \
             folder until it is moved elsewhere",
            folder.display(),
            strangers.join(", ")
        )));
    }
    Ok(())
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
        renderings: &judged.choice.renderings,
        assessment: &judged.assessment,
        library,
        policies: &session.own_policies().with_vendored(),
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
    let mut names = BTreeSet::new();
    walk(path, "", &mut names, &mut found.odd)?;
    for name in names {
        let path = path.join(&name);
        let bytes = fs::read(&path).map_err(|error| Failure::reading(&path, &error))?;
        found.files.insert(name, bytes);
    }
    found.odd.sort();
    found.manifest = found.files.remove(MANIFEST);
    found.envelope = found.files.remove(ENVELOPE);
    Ok(found)
}

/// The paths of the files below a folder, with `/` between the parts.
///
/// # Errors
/// A folder that cannot be read.
pub fn names(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    walk(path, "", &mut names, &mut Vec::new())?;
    Ok(names)
}

fn walk(
    folder: &Path,
    prefix: &str,
    names: &mut BTreeSet<String>,
    odd: &mut Vec<String>,
) -> Result<(), Failure> {
    let reading = |error: io::Error| Failure::reading(folder, &error);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(reading)?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), names, odd)?;
        } else if kind.is_file() && folder.join(entry.file_name()).to_str().is_some() {
            names.insert(name);
        } else {
            odd.push(name);
        }
    }
    Ok(())
}
