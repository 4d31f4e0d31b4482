//! What an apply or a destroy has done, and what it has not.

use std::fmt::{self, Write};

use jiff::{Timestamp, tz::TimeZone};

use super::text::{counted, safe, tally};
use crate::{
    apply::Outcome,
    model::{Address, KindName},
    plan::{Action, Node, Phase, Plan},
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
    let calls = counted(outcome.calls, "call");
    if outcome.complete() {
        return writeln!(out, "Done: {}, with {calls}.", touched(plan));
    }
    let failed = outcome.failed.len();
    writeln!(
        out,
        "Not everything was done: {failed} failed, {} not begun.",
        outcome.skipped.len() + outcome.interrupted.len()
    )?;
    for (node, error) in &outcome.failed {
        writeln!(out, "  failed     {}: {}", words(node), safe(error))?;
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
        "{} of {} steps were done with {calls}; what was done stays. Correct the cause and run it \
         again: it goes on from there.",
        outcome.done.len(),
        all(outcome)
    )
}

fn touched(plan: &Plan) -> String {
    tally([
        (plan.count(Action::Create), "created"),
        (plan.count(Action::Update), "changed"),
        (plan.count(Action::Delete), "deleted"),
    ])
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
    format!("{phase} {}", safe(&node.address))
}

/// What is left after a destroy: keys wait for their deletion, and nobody can hurry them.
pub fn retained(left: &Snapshot, plan: &Plan, now: Timestamp) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_retained(&mut text, left, plan, now);
    text
}

fn write_retained(out: &mut String, left: &Snapshot, plan: &Plan, now: Timestamp) -> fmt::Result {
    let meant =
        |address: &Address| plan.steps.contains_key(address) || plan.retained.contains(address);
    let mut remaining = left.resources.addresses();
    remaining.retain(meant);
    if remaining.is_empty() {
        return writeln!(out, "Gone: nothing of it is left.");
    }
    writeln!(out, "Left in {}:", left.account)?;
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
                    "  {}: retained {}, counted from {since}",
                    safe(address),
                    until(&plan.before, &address.name, now)
                )?;
            }
            _ => writeln!(out, "  {}: still there", safe(address))?,
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
