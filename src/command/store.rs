//! Stores: bundles of an environment in a folder, each written once and naming the one before.
//! `HEAD` says which is the newest; note it elsewhere too, for whoever keeps the store can write it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{Failure, bundle::Sealed};
use crate::{
    account::file,
    evidence::{Digest, MANIFEST},
    model::EnvironmentName,
};

/// The file that names the newest bundle.
pub const HEAD: &str = "HEAD";

/// How folders begin that are not finished.
const UNFINISHED: &str = ".unfinished-";

/// The bundles of one environment, while nobody else adds one.
pub struct Store {
    folder: PathBuf,
    /// Held until the store is closed.
    _lock: File,
}

impl Store {
    /// Opens the part of a store that is for an environment; waits while another run adds to it.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn open(root: &Path, environment: &EnvironmentName) -> Result<Self, Failure> {
        let folder = root.join(environment.as_str());
        let failed = |error: io::Error| Failure::writing(&folder, &error);
        fs::create_dir_all(&folder).map_err(failed)?;
        let lock = File::create(folder.join(".lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// The digest of the newest bundle.
    ///
    /// # Errors
    /// A `HEAD` that cannot be read, or that is no digest.
    pub fn head(&self) -> Result<Option<Digest>, Failure> {
        head(&self.folder)?
            .map(|text| text.parse().map_err(|error| broken(&self.folder, error)))
            .transpose()
    }

    /// Keeps a bundle, if none has its name; its folder.
    ///
    /// # Errors
    /// A folder that is there already or cannot be written.
    pub fn keep(&self, sealed: &Sealed) -> Result<PathBuf, Failure> {
        let taken = sealed.manifest.taken_at.strftime("%Y%m%dT%H%M%SZ");
        let name = format!("{taken}-{}", sealed.digest().short());
        let folder = self.folder.join(name);
        if folder.exists() {
            let why = "is there already: a bundle is written once";
            return Err(Failure::new(format_args!("{} {why}", folder.display())));
        }
        let failed = |error: io::Error| Failure::writing(&folder, &error);
        let mut builder = tempfile::Builder::new();
        let unfinished = builder.prefix(UNFINISHED).tempdir_in(&self.folder);
        let unfinished = unfinished.map_err(failed)?;
        sealed.write(unfinished.path())?;
        readable(unfinished.path()).map_err(failed)?;
        // Renaming fails where somebody else made the folder and put something into it.
        fs::rename(unfinished.path(), &folder).map_err(failed)?;
        let head = format!("{}\n", sealed.digest());
        let path = self.folder.join(HEAD);
        let written = file::replace(&path, head.as_bytes());
        written.map_err(|error| Failure::writing(&path, &error))?;
        Ok(folder)
    }
}

/// Temporary folders are their owner's alone; evidence is for others too.
#[cfg(unix)]
fn readable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What the `HEAD` of a folder says; none where there is no such file.
///
/// # Errors
/// A file that cannot be read.
pub fn head(folder: &Path) -> Result<Option<String>, Failure> {
    let path = folder.join(HEAD);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::reading(&path, &error)),
    }
}

fn broken(folder: &Path, error: impl std::fmt::Display) -> Failure {
    let path = folder.join(HEAD);
    Failure::new(format_args!("{}: {error}", path.display()))
}

/// The folders of bundles below a folder, which may itself be one, sorted.
///
/// # Errors
/// A folder that cannot be read.
pub fn bundles(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if folder.join(MANIFEST).exists() {
        found.push(folder.to_owned());
        return Ok(());
    }
    let reading = |error: io::Error| Failure::reading(folder, &error);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if entry.file_type().map_err(reading)?.is_dir() && !unfinished {
            collect(&entry.path(), found)?;
        }
    }
    Ok(())
}
