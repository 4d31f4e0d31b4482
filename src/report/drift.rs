//! Drift for people and for machines: a plan seen from the other side.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use super::{
    notices::notices,
    plan::{by_service, title},
    style::{self, HEADING},
    text::{is_element, safe, section, tally, value},
};
use crate::{
    compliance::{
        drift::{WaivedDifference, WaivedPlan},
        records::Standing,
    },
    model::Address,
    plan::{Action, Notice, Plan, Step},
    resource::{Direction, FieldChange, KeptReason},
    snapshot::Snapshot,
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/drift/v1";

/// Drift as people read it.
pub fn human(plan: &Plan, snapshot: &Snapshot, waived: &WaivedPlan) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, plan, snapshot, waived);
    text
}

fn write_human(
    out: &mut String,
    plan: &Plan,
    snapshot: &Snapshot,
    waived: &WaivedPlan,
) -> fmt::Result {
    title(out, "Drift", snapshot)?;
    for (service, steps) in by_service(&plan.own_drift()) {
        writeln!(out, "\n{HEADING}{service}{HEADING:#}")?;
        for (address, step) in steps {
            write_step(out, address, step, waived)?;
        }
    }
    notices(out, plan)?;
    let unmatched = waived.unmatched.iter();
    let unmatched = unmatched.map(|id| safe(format_args!("{id}: remove it, or correct its drift")));
    section(out, "Waivers that match nothing", unmatched)?;
    writeln!(out, "\n{}", verdict(plan, waived))
}

fn write_step(
    out: &mut String,
    address: &Address,
    step: &Step,
    waived: &WaivedPlan,
) -> fmt::Result {
    writeln!(
        out,
        "  {:<8} {}{}{}",
        found(step.action),
        safe(address),
        style::told(towards(step)),
        exception(waived, address, "")
    )?;
    if matches!(step.action, Action::Update | Action::Replace) {
        for change in &step.changes {
            let (path, what) = (safe(&change.path), what(change));
            let told = style::told(change.direction);
            let exception = exception(waived, address, &change.path.to_string());
            writeln!(out, "           {path}: {what}{told}{exception}")?;
        }
    }
    Ok(())
}

/// What a waiver says of a difference, in brackets.
fn exception(waived: &WaivedPlan, address: &Address, path: &str) -> String {
    let Some(one) = waived.about(address, path) else {
        return String::new();
    };
    let WaivedDifference {
        waiver,
        standing,
        expires,
        ..
    } = one;
    let text = match (one.allowed, standing) {
        (true, _) => format!(" (exception {waiver}, until {expires})"),
        (false, Standing::Expired) => format!(" (waiver {waiver} expired on {expires})"),
        (false, Standing::NotYet) => format!(" (waiver {waiver} does not hold yet)"),
        (false, _) => format!(" (waiver {waiver} has lost its evidence)"),
    };
    safe(text)
}

/// The direction that is news: what came or went is told for its harm only, and what is missing
/// held nothing back any more.
fn towards(step: &Step) -> Direction {
    let harmful = step.direction < Direction::Neutral;
    match (step.action, step.direction) {
        (Action::Create, _) if !harmful => Direction::Neutral,
        (Action::Delete, Direction::AccessWidened) => Direction::Neutral,
        (_, direction) => direction,
    }
}

/// What was specified and what was found, in words.
pub(super) fn what(change: &FieldChange) -> String {
    let (wanted, live) = (change.before.as_ref(), change.after.as_ref());
    match (wanted, live) {
        (Some(_), None) if is_element(&change.path) => "specified, not found".to_owned(),
        (None, Some(_)) if is_element(&change.path) => "found, not specified".to_owned(),
        (None, Some(_)) => format!("found {}, not specified", value(live)),
        _ => format!("specified {}, found {}", value(wanted), value(live)),
    }
}

/// What was found, in the words of drift.
fn found(happened: Action) -> &'static str {
    match happened {
        Action::Create => "extra",
        Action::Update | Action::Replace => "changed",
        Action::Delete => "missing",
    }
}

fn verdict(plan: &Plan, waived: &WaivedPlan) -> String {
    let count = |action| plan.count(action);
    let unknown = |notice: &&Notice| notice.reason == KeptReason::UnknownDeny;
    let drift = tally([
        (count(Action::Update) + count(Action::Replace), "changed"),
        (count(Action::Create), "missing"),
        (count(Action::Delete), "extra"),
        (
            plan.kept.iter().filter(unknown).count(),
            "unknown Deny kept",
        ),
        (plan.conflicts.len(), "in doubt"),
        (
            plan.verified.drift.len(),
            "managed elsewhere and not as specified",
        ),
    ]);
    let exceptions = match waived.allowed() {
        0 => String::new(),
        1 => "; 1 difference is an exception".to_owned(),
        many => format!("; {many} differences are exceptions"),
    };
    let text = match drift.as_str() {
        "" => "No drift".to_owned(),
        drift if waived.open == 0 && plan.conflicts.is_empty() => {
            format!("No drift but exceptions: {drift}{exceptions}")
        }
        drift => format!("Drift: {drift}{exceptions}"),
    };
    match plan.unread.len() {
        0 => text + ".",
        unread => format!("{text}; {unread} not read, so this is not the whole truth."),
    }
}

/// Drift for machines.
pub fn machine(plan: &Plan, snapshot: &Snapshot, waived: &WaivedPlan) -> Value {
    let findings: Vec<Value> = plan
        .drift()
        .iter()
        .map(|(address, step)| finding(address, step))
        .collect();
    json!({
        "schema": SCHEMA,
        "environment": snapshot.environment,
        "account": snapshot.account,
        "region": snapshot.region,
        "origin": snapshot.origin,
        "findings": findings,
        "kept": plan.kept,
        "unread": plan.unread,
        "conflicts": plan.conflicts,
        "waivers": waived,
        "retained": plan.retained,
    })
}

fn finding(address: &Address, step: &Step) -> Value {
    let fields: Vec<Value> = step
        .changes
        .iter()
        .map(|change| {
            json!({
                "path": change.path,
                "specified": change.before,
                "found": change.after,
                "direction": change.direction,
            })
        })
        .collect();
    json!({
        "address": address,
        "service": step.service,
        "found": found(step.action),
        "direction": step.direction,
        "fields": fields,
    })
}
