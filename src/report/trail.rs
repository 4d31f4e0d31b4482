//! A validated trail for people: chains, logs, and what is wrong or unknown.

use std::fmt::{self, Write};

use super::text::{counted, safe, section};
use crate::evidence::trail::TrailVerification;

/// The validation as text.
pub fn human(verification: &TrailVerification) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, verification);
    out
}

fn write(out: &mut String, verification: &TrailVerification) -> fmt::Result {
    for stream in &verification.streams {
        writeln!(out, "{}", safe(&stream.name))?;
        let digests = counted(stream.digests as u64, "digest");
        let (from, to) = (safe(&stream.from), safe(&stream.to));
        writeln!(
            out,
            "    {digests}, {} with a valid signature, {from} to {to}",
            stream.signed
        )?;
    }
    let logs = counted(verification.valid_logs as u64, "log");
    writeln!(out, "{logs} as a digest says")?;
    section(out, "Broken", verification.broken.iter().map(safe))?;
    section(out, "Unknown", verification.unknown.iter().map(safe))?;
    let conclusion = match (&*verification.broken, &*verification.unknown) {
        ([], []) => "These are the logs that CloudTrail delivered.",
        ([], _) => "Nothing is wrong in what could be looked at, and not everything could.",
        _ => "These are not the logs that CloudTrail delivered.",
    };
    writeln!(out, "\n{conclusion}")
}
