//! How files read: they open with what they hold, end in one sitting, and cannot panic.

use super::{
    repository::{File, assert_none, files},
    source,
};

/// Lines that a file may have.
const LONGEST: usize = 400;

/// Files that may be longer, each with its reason. One that is not longer any more has to go.
const LONGER: &[(&str, &str)] = &[];

/// What stops the program instead of telling what went wrong.
const PANICS: [&str; 8] = [
    ".unwrap()",
    ".expect(\"",
    ".unwrap_err()",
    "panic!(",
    "todo!(",
    "unimplemented!(",
    "unreachable!(",
    "dbg!(",
];

/// Lints that nothing that ships may switch off.
const LINTS: [&str; 5] = [
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "clippy::print_stdout",
    "unsafe_code",
];

/// Where text goes to the terminal.
const PRINTERS: [&str; 3] = ["src/command/", "src/report/", "src/main.rs"];

fn too_long(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let named = LONGER.iter().any(|(path, _)| *path == file.path);
    match (lines > LONGEST, named) {
        (true, false) => Some(format!("{}: {lines} lines", file.path)),
        (false, true) => Some(format!("{}: is an exception, but has {lines}", file.path)),
        _ => None,
    }
}

fn without_opening(file: &File) -> Option<String> {
    let opens = file.text.starts_with("//! ");
    (!opens).then(|| format!("{}:1: {:?}", file.path, file.text.lines().next()))
}

fn forbidden(file: &File, words: &[&str]) -> Vec<String> {
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim()))
        .collect()
}

fn printing(file: &File) -> Vec<String> {
    if PRINTERS.iter().any(|place| file.path.starts_with(place)) {
        return Vec::new();
    }
    forbidden(file, &["println!(", "eprintln!(", " print!(", " eprint!("])
}

#[test]
fn files_are_read_in_one_sitting() {
    assert_none(
        rust().iter().filter_map(too_long).collect(),
        "A file has at most 400 lines: find the concept that wants a file of its own.",
    );
    for (path, reason) in LONGER {
        assert!(
            !reason.is_empty(),
            "{path} is an exception without a reason"
        );
    }
}

#[test]
fn files_open_with_what_they_hold() {
    assert_none(
        rust().iter().filter_map(without_opening).collect(),
        "Open the file with two or three lines of `//!`: what it holds, what it never does.",
    );
}

#[test]
fn nothing_that_ships_can_panic() {
    let words = [&PANICS[..], &LINTS[..]].concat();
    let shipped = source::shipped();
    assert_none(
        shipped.iter().flat_map(|f| forbidden(f, &words)).collect(),
        "Return an error that says what is wrong, where, and what to do.",
    );
}

#[test]
fn only_command_and_report_print() {
    assert_none(
        source::shipped().iter().flat_map(printing).collect(),
        "Return the text; src/command prints it.",
    );
}

#[test]
fn the_rules_can_fail() {
    let long = File::example("src/a.rs", &"//! A.\n".repeat(LONGEST + 1));
    assert_eq!(too_long(&long).as_deref(), Some("src/a.rs: 401 lines"));
    assert!(without_opening(&File::example("src/a.rs", "use std::io;\n")).is_some());
    let panics = File::example("src/a.rs", "let a = b.unwrap();\n");
    assert_eq!(
        forbidden(&panics, &PANICS),
        ["src/a.rs:1: let a = b.unwrap();"]
    );
    let prints = File::example("src/plan/a.rs", "fn a() {\n    println!(\"a\");\n}\n");
    assert_eq!(printing(&prints).len(), 1);
    let allowed = File::example("src/command/a.rs", &prints.text);
    assert_eq!(printing(&allowed).len(), 0);
}

fn rust() -> Vec<File> {
    ["src", "tests", "benches"]
        .into_iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .collect()
}
