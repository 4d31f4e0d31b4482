//! The texts of a specification: read once, within a budget, and kept for frames.
//! It decides what may be read; it never parses.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::{
    code::Code,
    diagnostic::{Diagnostic, Draft},
};

/// The largest file, in bytes.
pub(super) const MAX_FILE: u64 = 1 << 20;
/// All files together, in bytes.
pub(super) const MAX_TOTAL: u64 = 32 << 20;
/// The most files.
pub(super) const MAX_FILES: usize = 2_000;

/// One of the texts of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// Every text that was read, in the order of reading.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
    bytes: u64,
}

#[derive(Debug, Clone)]
struct Source {
    name: String,
    text: String,
}

impl Sources {
    /// Reads a file under its display name; what cannot be read is a diagnostic.
    pub(super) fn read(&mut self, path: &Path, name: &str) -> Result<FileId, Box<Diagnostic>> {
        self.text(path)
            .map(|text| self.add(name, text))
            .map_err(|refusal| Box::new(refusal.located(name.to_owned(), None)))
    }

    /// Adds a text under its display name.
    pub(super) fn add(&mut self, name: &str, text: String) -> FileId {
        self.bytes += text.len() as u64;
        self.files.push(Source {
            name: name.to_owned(),
            text,
        });
        FileId(self.files.len() - 1)
    }

    fn text(&self, path: &Path) -> Result<String, Box<Draft>> {
        let about = fs::metadata(path).map_err(|error| Box::new(unreadable(&error)))?;
        if !about.is_file() {
            return Err(Box::new(not_a_file(about.is_dir())));
        }
        self.afford(about.len())?;
        let bytes = limited(path).map_err(|error| Box::new(unreadable(&error)))?;
        // The file may have grown since its size was asked for.
        self.afford(bytes.len() as u64)?;
        decode(bytes)
    }

    fn afford(&self, size: u64) -> Result<(), Box<Draft>> {
        if size > MAX_FILE {
            return Err(Box::new(file_too_large(size)));
        }
        if self.bytes + size > MAX_TOTAL {
            return Err(Box::new(total_too_large()));
        }
        if self.files.len() >= MAX_FILES {
            return Err(Box::new(too_many_files()));
        }
        Ok(())
    }

    /// The display name of a file.
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", |source| &source.name)
    }

    /// The text of a file.
    pub fn text_of(&self, file: FileId) -> &str {
        self.files.get(file.0).map_or("", |source| &source.text)
    }

    /// The names of all files that were read, in the order of reading.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|source| source.name.as_str())
    }

    /// Line and column of a byte, both counted from one, the column in characters.
    pub fn line_column(&self, file: FileId, byte: usize) -> (usize, usize) {
        let text = self.text_of(file);
        let before = text.get(..byte.min(text.len())).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

fn limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_FILE + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> Result<String, Box<Draft>> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Box::new(not_utf8(error.as_bytes(), valid))
    })
}

/// Refuses bytes of which only the first `valid` are text.
fn not_utf8(bytes: &[u8], valid: usize) -> Draft {
    let before = bytes.get(..valid).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    Draft::new(
        Code::NotUtf8,
        format!("the file is not UTF-8: byte {valid}, on line {line}, belongs to no character"),
    )
    .help("save the file as UTF-8")
}

fn unreadable(error: &io::Error) -> Draft {
    if error.kind() == io::ErrorKind::NotFound {
        return Draft::new(Code::NotFound, "there is no such file or folder")
            .help("check the path; a folder needs an environment.yaml");
    }
    Draft::new(
        Code::Unreadable,
        format!("the file cannot be read: {error}"),
    )
    .help("check its permissions and that a symbolic link does not point at itself")
}

fn not_a_file(folder: bool) -> Draft {
    let what = if folder {
        "a folder"
    } else {
        "not a regular file"
    };
    Draft::new(
        Code::NotAFile,
        format!("this is {what}; a file is expected"),
    )
    .help("put a YAML file here")
}

fn file_too_large(size: u64) -> Draft {
    Draft::new(
        Code::FileTooLarge,
        format!("the file has {size} bytes; at most {MAX_FILE} are read"),
    )
    .help("split the environment into a folder with one file a service")
}

fn total_too_large() -> Draft {
    Draft::new(
        Code::TotalTooLarge,
        format!("with this file the environment has more than {MAX_TOTAL} bytes"),
    )
    .help("split the environment into several")
}

fn too_many_files() -> Draft {
    Draft::new(
        Code::TooManyFiles,
        format!("with this file the environment has more than {MAX_FILES} files"),
    )
    .help("split the environment into several")
}
