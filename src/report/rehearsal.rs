//! A rehearsal in a few lines; the whole of it is in the report's page and in JSON.

use std::fmt::{self, Write};

use crate::rehearse::Rehearsal;

/// How many failures are shown; the rest is counted.
const SHOWN: usize = 10;

/// What a rehearsal did and found.
pub fn human(rehearsal: &Rehearsal) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, rehearsal);
    text
}

fn write_human(out: &mut String, rehearsal: &Rehearsal) -> fmt::Result {
    let origin = rehearsal.origin.as_ref().map(|origin| origin.words());
    writeln!(
        out,
        "Rehearsed {} ({}), seed {}.",
        rehearsal.environment,
        origin.unwrap_or_else(|| "nothing could be observed".to_owned()),
        rehearsal.seed
    )?;
    writeln!(
        out,
        "Applied {} of {} resources with {} calls.",
        rehearsal.applied, rehearsal.resources, rehearsal.calls
    )?;
    writeln!(
        out,
        "Tampered {} times: {} found, {} repaired, {} told and kept.",
        rehearsal.findings.len(),
        rehearsal.found(),
        rehearsal.repaired(),
        rehearsal.kept()
    )?;
    failures(out, rehearsal)
}

fn failures(out: &mut String, rehearsal: &Rehearsal) -> fmt::Result {
    if rehearsal.passed() {
        return writeln!(out, "Planned again after every repair: nothing left to do.");
    }
    for failure in rehearsal.failures.iter().take(SHOWN) {
        let address = failure
            .address
            .as_ref()
            .map(|address| format!("{address}: "));
        writeln!(
            out,
            "  wrong: {}{}",
            address.unwrap_or_default(),
            failure.message
        )?;
    }
    match rehearsal.failures.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more, in rehearsal.json"),
    }
}
