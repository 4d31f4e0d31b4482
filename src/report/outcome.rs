//! What an apply or a destroy has done, and what it has not.

use std::fmt::{self, Write};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    apply::Outcome,
    model::KindName,
    plan::{Node, Phase, Plan},
    resource::{KeyState, Resources},
    snapshot::Snapshot,
};

/// The summary of an execution.
pub fn human(plan: &Plan, outcome: &Outcome) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, plan, outcome);
    text
}

fn write_human(out: &mut String, plan: &Plan, outcome: &Outcome) -> fmt::Result {
    let touched = plan.steps.len();
    if outcome.complete() {
        return writeln!(
            out,
            "Done: {touched} resources with {} calls.",
            outcome.calls
        );
    }
    let failed = outcome.failed.len();
    writeln!(
        out,
        "Not everything was done: {failed} failed, {} not begun.",
        outcome.skipped.len() + outcome.interrupted.len()
    )?;
    for (node, error) in &outcome.failed {
        writeln!(out, "  failed     {}: {error}", words(node))?;
    }
    for (node, cause) in &outcome.skipped {
        writeln!(
            out,
            "  not begun  {}: it needs {}",
            words(node),
            words(cause)
        )?;
    }
    for node in &outcome.interrupted {
        writeln!(out, "  not begun  {}: interrupted", words(node))?;
    }
    writeln!(
        out,
        "{} of {} steps were done with {} calls; run apply again to go on.",
        outcome.done.len(),
        all(outcome),
        outcome.calls
    )
}

fn all(outcome: &Outcome) -> usize {
    outcome.done.len() + outcome.failed.len() + outcome.skipped.len() + outcome.interrupted.len()
}

fn words(node: &Node) -> String {
    let phase = match node.phase {
        Phase::Create => "creation of",
        Phase::Settle => "set-up of",
        Phase::Delete => "deletion of",
    };
    format!("{phase} {}", node.address)
}

/// What is left after a destroy: keys wait for their deletion, and nobody can hurry them.
pub fn retained(left: &Snapshot, plan: &Plan, now: Timestamp) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_retained(&mut text, left, plan, now);
    text
}

fn write_retained(out: &mut String, left: &Snapshot, plan: &Plan, now: Timestamp) -> fmt::Result {
    let remaining = left.resources.addresses();
    if remaining.is_empty() {
        return writeln!(out, "Gone: nothing of {} is left.", left.environment);
    }
    writeln!(out, "Left of {}:", left.environment)?;
    for address in &remaining {
        let key = left
            .resources
            .kms_key
            .get(&address.name)
            .filter(|_| address.kind == KindName::KmsKey);
        match key {
            Some(key) if key.state.known() == Some(&KeyState::PendingDeletion) => {
                let since = if plan.retained.contains(address) {
                    "an earlier request"
                } else {
                    "now"
                };
                writeln!(
                    out,
                    "  {address}: retained {}, counted from {since}",
                    until(&plan.before, &address.name, now)
                )?;
            }
            _ => writeln!(out, "  {address}: still there")?,
        }
    }
    Ok(())
}

fn until(before: &Resources, name: &str, now: Timestamp) -> String {
    let window = before
        .kms_key
        .get(name)
        .map(|key| key.deletion_window_days());
    let date = window.and_then(|days| {
        let today = now.to_zoned(TimeZone::UTC).date();
        today
            .checked_add(jiff::Span::new().days(i64::from(days)))
            .ok()
    });
    date.map_or_else(
        || "until its deletion date".to_owned(),
        |date| format!("until {date}"),
    )
}
