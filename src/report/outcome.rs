//! What an apply or a destroy has done, and what it has not.

use std::fmt::{self, Write};

use jiff::{Timestamp, tz::TimeZone};

use super::notices::is_setting;
use super::text::{counted, safe, tally};
use crate::{
    apply::Outcome,
    model::{Address, KindName},
    plan::{Action, Node, Phase, Plan},
    resource::KeyState,
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
    writeln!(out, "Not everything was done: {}.", left(outcome))?;
    for (node, error) in &outcome.failed {
        writeln!(out, "  failed     {}: {}", words(node), safe(error))?;
    }
    for (node, error) in &outcome.pending {
        writeln!(out, "  pending    {}: {}", words(node), safe(error))?;
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
        "{} of {} steps were done with {calls}; what was done stays. {}",
        outcome.done.len(),
        all(outcome),
        advice(outcome)
    )
}

fn left(outcome: &Outcome) -> String {
    let begun = outcome.skipped.len() + outcome.interrupted.len();
    let failed = format!("{} failed", outcome.failed.len());
    let pending = match outcome.pending.len() {
        0 => String::new(),
        some => format!(", {some} pending"),
    };
    format!("{failed}{pending}, {begun} not begun")
}

/// Interfaces of functions that are gone linger.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>
fn advice(outcome: &Outcome) -> &'static str {
    if outcome.failed.is_empty() && !outcome.pending.is_empty() {
        "AWS is still at work on what is pending: a network interface of a function can linger \
         for 45 minutes. Run it again later: it goes on from there."
    } else {
        "Correct the cause and run it again: it goes on from there."
    }
}

fn touched(plan: &Plan) -> String {
    tally([
        (plan.count(Action::Create), "created"),
        (plan.count(Action::Update), "changed"),
        (plan.count(Action::Delete), "deleted"),
    ])
}

fn all(outcome: &Outcome) -> usize {
    let begun = outcome.done.len() + outcome.failed.len() + outcome.pending.len();
    begun + outcome.skipped.len() + outcome.interrupted.len()
}

fn words(node: &Node) -> String {
    let phase = match node.phase {
        Phase::Create => "creation of",
        Phase::Settle => "set-up of",
        Phase::Delete => "deletion of",
    };
    format!("{phase} {}", safe(&node.address))
}

/// What is left after a destroy, and until when: keys wait for their deletion, what is locked for
/// the end of its lock, and nobody can hurry either.
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
        writeln!(
            out,
            "  {}: {}",
            safe(address),
            fate(address, left, plan, now)
        )?;
    }
    Ok(())
}

/// Why it is still there.
fn fate(address: &Address, left: &Snapshot, plan: &Plan, now: Timestamp) -> String {
    let waiting = |days| waiting(address, days, plan, now);
    if let Some(days) = dying(address, left, plan) {
        return waiting(days);
    }
    if is_setting(address) {
        return "a setting of the account, left as it is".to_owned();
    }
    let mut retained = plan.retained.iter();
    if let Some(user) = retained.find(|user| left.resources.retains(user).contains(address)) {
        return format!(
            "retained as long as {} is: it encrypts what is in it",
            safe(user)
        );
    }
    match left.resources.retained_days(address) {
        Some(days) if plan.retained.contains(address) => format!(
            "retained {}, when the last lock in it ends; then it can be emptied and deleted",
            until(days, now)
        ),
        _ => "still there".to_owned(),
    }
}

/// How long a key that waits for its deletion was told to wait, in days.
fn dying(address: &Address, left: &Snapshot, plan: &Plan) -> Option<Option<u32>> {
    let keys = Some(&left.resources.kms_key).filter(|_| address.kind == KindName::KmsKey);
    let key = keys?.get(&address.name)?;
    (key.state.known() == Some(&KeyState::PendingDeletion))
        .then(|| plan.before.retained_days(address))
}

fn waiting(address: &Address, days: Option<u32>, plan: &Plan, now: Timestamp) -> String {
    let since = match plan.retained.contains(address) {
        true => "an earlier request",
        false => "now",
    };
    let until = days.map_or_else(
        || "until its deletion date".to_owned(),
        |days| until(days, now),
    );
    format!("retained {until}, counted from {since}")
}

fn until(days: u32, now: Timestamp) -> String {
    let today = now.to_zoned(TimeZone::UTC).date();
    let date = today.checked_add(jiff::Span::new().days(i64::from(days)));
    date.map_or_else(
        |_| format!("for {days} days"),
        |date| format!("until {date}"),
    )
}
