//! What a change opens and closes, for people and for machines.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use crate::{
    isolation::Change,
    report::{
        style::HEADING,
        text::{safe, section},
    },
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/isolation-change/v1";

/// The changes as people read them.
pub fn human(changes: &[Change]) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, changes);
    text
}

fn write_human(out: &mut String, changes: &[Change]) -> fmt::Result {
    if changes.is_empty() {
        writeln!(out, "\n{HEADING}No cell differs from before.{HEADING:#}")?;
    }
    let told = |opens: bool| {
        changes
            .iter()
            .filter(move |one| one.opens() == opens)
            .map(line)
    };
    section(out, "Opened since", told(true))?;
    section(out, "Closed since", told(false))
}

fn line(change: &Change) -> String {
    safe(format_args!(
        "{} may {} {}: {}, was {}",
        change.from,
        change.question.words(),
        change.to,
        change.now.words(),
        change.before.words()
    ))
}

/// The changes as machines read them.
pub fn machine(changes: &[Change]) -> Value {
    json!({ "schema": SCHEMA, "changes": changes })
}
