//! The bank's own checks and frameworks: read from a folder, merged with those of this build, and
//! `strongroom policies test`, which tries them alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{Failure, Output};
use crate::{
    cli::{Format, Global, PoliciesVerb},
    compliance::library::{Library, LibraryErrors, PolicyFile, PolicyRole, Problem, declared},
    exit::Exit,
    model::FrameworkId,
    report::policies::{self, Tried},
};

/// The longest file, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// The folders that are looked into, below the one that is named.
const FOLDERS: [&str; 3] = ["", "checks", "frameworks"];
/// The schema of the machine output.
const SCHEMA: &str = "strongroom/policies-test/v1";

/// The bank's own files; none where it names no folder.
#[derive(Debug, Default)]
pub struct Own {
    files: Vec<OwnFile>,
}

#[derive(Debug)]
struct OwnFile {
    path: String,
    role: PolicyRole,
    text: String,
}

impl Own {
    /// Reads the folder of the command line.
    ///
    /// # Errors
    /// A folder or file that cannot be read, a file that is neither checks nor a framework.
    pub fn open(global: &Global) -> Result<Self, Failure> {
        global
            .policies
            .as_deref()
            .map_or(Ok(Self::default()), Self::read)
    }

    fn read(folder: &Path) -> Result<Self, Failure> {
        let mut files = Vec::new();
        let mut problems: Vec<Problem> = Vec::new();
        for path in paths(folder)? {
            let text = text(&path)?;
            let path = path.display().to_string();
            match PolicyRole::of(&path, &text) {
                Ok(role) => files.push(OwnFile { path, role, text }),
                Err(errors) => problems.extend(errors.problems().to_vec()),
            }
        }
        if !problems.is_empty() {
            return Err(refused(&problems));
        }
        if files.is_empty() {
            let why = format_args!(
                "{}: there is no *.yaml with checks or frameworks",
                folder.display()
            );
            return Err(Failure::with(Exit::Usage, why));
        }
        Ok(Self { files })
    }

    /// The files that somebody else read, by their paths.
    ///
    /// # Errors
    /// A file that is neither checks nor a framework.
    pub fn of(files: BTreeMap<String, String>) -> Result<Self, Failure> {
        let files = files.into_iter().map(|(path, text)| {
            let role = PolicyRole::of(&path, &text).map_err(|errors| refused(errors.problems()))?;
            Ok(OwnFile { path, role, text })
        });
        Ok(Self {
            files: files.collect::<Result<_, Failure>>()?,
        })
    }

    /// The texts by path.
    pub fn texts(&self) -> BTreeMap<&str, &str> {
        let files = self.files.iter();
        files
            .map(|file| (file.path.as_str(), file.text.as_str()))
            .collect()
    }

    /// The files of this build together with these.
    pub fn with_vendored(&self) -> Vec<PolicyFile<'_>> {
        let vendored = Library::vendored_files().iter().copied();
        vendored
            .chain(self.files.iter().map(OwnFile::borrowed))
            .collect()
    }

    /// The frameworks that the files declare.
    pub fn frameworks(&self) -> BTreeSet<FrameworkId> {
        let frameworks = self
            .files
            .iter()
            .filter(|file| file.role == PolicyRole::Framework);
        frameworks
            .filter_map(|file| declared(&file.text))
            .map(|head| head.id)
            .collect()
    }

    /// The checks and frameworks of this build together with these.
    ///
    /// # Errors
    /// Every problem of the files, among them ids that are taken.
    pub fn library(&self) -> Result<Library, Failure> {
        self.load().map_err(|errors| refused(errors.problems()))
    }

    fn load(&self) -> Result<Library, LibraryErrors> {
        Library::load(self.with_vendored())
    }
}

impl OwnFile {
    fn borrowed(&self) -> PolicyFile<'_> {
        PolicyFile {
            path: &self.path,
            role: self.role,
            text: &self.text,
        }
    }
}

/// Every `*.yaml` of the folder, sorted.
fn paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for name in FOLDERS {
        let folder = folder.join(name);
        if !name.is_empty() && !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder).map_err(|error| Failure::reading(&folder, &error))?;
        for entry in entries {
            let path = entry
                .map_err(|error| Failure::reading(&folder, &error))?
                .path();
            if path.extension().is_some_and(|end| end == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn text(path: &Path) -> Result<String, Failure> {
    let about = fs::metadata(path).map_err(|error| Failure::reading(path, &error))?;
    if about.len() > MAX_FILE {
        let why = format_args!("{} is longer than {MAX_FILE} bytes", path.display());
        return Err(Failure::new(why));
    }
    fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))
}

fn refused(problems: &[Problem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    Failure::with(Exit::InvalidSpec, lines.join("\n"))
}

/// Tries what is in a folder.
pub fn run(global: &Global, what: &PoliciesVerb, output: &mut Output) -> Result<Exit, Failure> {
    let PoliciesVerb::Test { dir } = what;
    let own = Own::read(dir)?;
    let tried = own.tried();
    match global.format {
        Format::Human => output.result(&policies::human(&tried)),
        Format::Json => output.json(&json!({ "schema": SCHEMA, "tried": tried }))?,
    }
    Ok(match tried.problems.is_empty() {
        true => Exit::Agreed,
        false => Exit::Failed,
    })
}

impl Own {
    /// What the files hold and what is wrong with them.
    fn tried(&self) -> Tried {
        match self.load() {
            Ok(library) => Tried::of(&library, &self.ids()),
            Err(errors) => Tried::refused(errors.problems()),
        }
    }

    /// The ids of the checks and frameworks in the files.
    fn ids(&self) -> BTreeSet<String> {
        let checks = self
            .files
            .iter()
            .filter(|file| file.role == PolicyRole::Checks);
        let alone = Library::load(checks.map(|file| PolicyFile {
            path: &file.path,
            role: file.role,
            text: &file.text,
        }));
        let checks = alone.map(|library| library.checks).unwrap_or_default();
        let frameworks = self.frameworks();
        let frameworks = frameworks.iter().map(ToString::to_string);
        checks.into_keys().chain(frameworks).collect()
    }
}
