//! The files of the repository, as text, and how a broken rule is told.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file, by its path from the root of the repository with `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// As `src/plan/mod.rs`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl File {
    /// An example that is in no repository.
    pub fn example(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Folders that hold nothing that anybody wrote.
const SKIPPED: [&str; 3] = [".git", "out", "target"];

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether there is such a file or folder.
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// The text of one file.
pub fn read(path: &str) -> String {
    let full = root().join(path);
    fs::read_to_string(&full).unwrap_or_else(|error| panic!("{}: {error}", full.display()))
}

/// Every file below a folder whose name ends in one of `endings`, sorted; an empty folder is a
/// mistake of the test, for a rule over nothing holds always.
pub fn files(folder: &str, endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    walk(&root().join(folder), endings, &mut found);
    found.sort();
    assert!(
        !found.is_empty(),
        "no file in {folder}/ ends in {endings:?}"
    );
    found
}

fn walk(folder: &Path, endings: &[&str], found: &mut Vec<File>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        if path.is_dir() && !SKIPPED.contains(&name) {
            walk(&path, endings, found);
        } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            found.extend(text_file(&path));
        }
    }
}

/// None for what is not text, such as the packed catalogue.
fn text_file(path: &Path) -> Option<File> {
    let text = fs::read_to_string(path).ok()?;
    let parts: PathBuf = path.strip_prefix(root()).ok()?.to_owned();
    let parts: Vec<&str> = parts.iter().filter_map(|part| part.to_str()).collect();
    Some(File {
        path: parts.join("/"),
        text,
    })
}

/// Fails with every finding, each on its line.
pub fn assert_none(findings: Vec<String>, what_to_do: &str) {
    assert!(
        findings.is_empty(),
        "\n{}\n\n{what_to_do}\n",
        findings.join("\n")
    );
}
