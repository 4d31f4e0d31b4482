//! `strongroom lint`: what is wrong with policy files, whoever wrote them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Failure, Output};
use crate::{
    cli::{Format, Global, LintArgs},
    exit::Exit,
    lint::{self, Known, Severity},
    report::{json, lint as report, lint::Linted},
};

/// The largest file that is read, in bytes: no policy comes near.
const LARGEST: u64 = 16 << 20;

/// Reads the files, judges them and shows what was found.
pub fn run(global: &Global, asked: &LintArgs, output: &mut Output) -> Result<Exit, Failure> {
    let known = Known::vendored()?;
    let kind = asked.kind.map(Into::into);
    let mut all = Vec::new();
    for path in &asked.paths {
        for (file, text) in policies(path)? {
            let findings = lint::lint(&text, kind, &known);
            let file = file.display().to_string();
            all.push(Linted {
                file,
                text,
                findings,
            });
        }
    }
    match global.format {
        Format::Human => output.result(&report::human(&all, output.is_terminal())),
        Format::Json => output.json(&report::machine(&all))?,
    }
    if let Some(file) = &asked.sarif {
        let written = fs::write(file, json::bytes(&report::sarif(&all))?);
        written.map_err(|error| Failure::writing(file, &error))?;
    }
    Ok(exit(&all, asked.strict))
}

/// An error is a finding that somebody must mend; a warning only where that was asked for.
fn exit(all: &[Linted], strict: bool) -> Exit {
    let errors = report::count(all, Severity::Error);
    let warnings = report::count(all, Severity::Warning);
    match (errors, warnings) {
        (0, 0) => Exit::Agreed,
        (0, _) if !strict => Exit::Agreed,
        _ => Exit::ControlFailed,
    }
}

/// The policies at a path: the file, whatever it holds, or those JSON files below a folder that
/// hold one.
fn policies(path: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), read(path)?)]);
    }
    let mut found = Vec::new();
    for file in below(path)? {
        let text = read(&file)?;
        if lint::is_policy(&text) {
            found.push((file, text));
        }
    }
    match found.is_empty() {
        false => Ok(found),
        true => Err(Failure::with(
            Exit::Usage,
            format_args!("there is no policy below {}", path.display()),
        )),
    }
}

/// The JSON files below a folder, in the order of their names. Links to folders are not followed:
/// they may lead in a circle.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let broken = |error| Failure::reading(folder, &error);
    let entries = fs::read_dir(folder).map_err(broken)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(broken)?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            files.extend(below(&path)?);
        } else if path.is_file() && path.extension().is_some_and(|end| end == "json") {
            files.push(path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, Failure> {
    let broken = |error| Failure::reading(path, &error);
    let size = fs::metadata(path).map_err(broken)?.len();
    if size > LARGEST {
        let path = path.display();
        let why = format_args!("{path} has {size} bytes, more than any policy");
        return Err(Failure::new(why));
    }
    fs::read_to_string(path).map_err(broken)
}
