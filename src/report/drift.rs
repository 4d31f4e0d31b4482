//! Drift for people and for machines: a plan seen from the other side.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use super::{
    plan::{by_service, notices, title},
    style::{self, HEADING},
};
use crate::{
    model::Address,
    plan::{Action, Plan, Step},
    resource::{FieldChange, KeptReason, field::leaf},
    snapshot::Snapshot,
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/drift/v1";

/// Drift as people read it.
pub fn human(plan: &Plan, snapshot: &Snapshot) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, plan, snapshot);
    text
}

fn write_human(out: &mut String, plan: &Plan, snapshot: &Snapshot) -> fmt::Result {
    title(out, "Drift", snapshot)?;
    for (service, steps) in by_service(&plan.drift()) {
        writeln!(out, "\n{HEADING}{service}{HEADING:#}")?;
        for (address, step) in steps {
            write_step(out, address, step)?;
        }
    }
    notices(out, plan)?;
    writeln!(out, "\n{}", verdict(plan))
}

fn write_step(out: &mut String, address: &Address, step: &Step) -> fmt::Result {
    let colour = style::direction(step.direction);
    writeln!(
        out,
        "  {:<8} {address}  {colour}{}{colour:#}",
        found(step.action),
        step.direction.words()
    )?;
    if matches!(step.action, Action::Update | Action::Replace) {
        for change in &step.changes {
            write_change(out, change)?;
        }
    }
    Ok(())
}

fn write_change(out: &mut String, change: &FieldChange) -> fmt::Result {
    let colour = style::direction(change.direction);
    let (wanted, live) = (leaf(change.before.as_ref()), leaf(change.after.as_ref()));
    writeln!(
        out,
        "           {}: specified {wanted}, found {live}  {colour}{}{colour:#}",
        change.path,
        change.direction.words()
    )
}

/// What was found, in the words of drift.
fn found(happened: Action) -> &'static str {
    match happened {
        Action::Create => "extra",
        Action::Update | Action::Replace => "changed",
        Action::Delete => "missing",
    }
}

fn verdict(plan: &Plan) -> String {
    let count = |action| plan.count(action);
    let changed = count(Action::Update) + count(Action::Replace);
    let (missing, extra) = (count(Action::Create), count(Action::Delete));
    let denies = plan
        .kept
        .iter()
        .filter(|notice| notice.reason == KeptReason::UnknownDeny)
        .count();
    let mut text = if plan.is_empty() && denies == 0 {
        "No drift".to_owned()
    } else {
        format!(
            "Drift: {changed} changed, {missing} missing, {extra} extra, {denies} unknown denies kept"
        )
    };
    match plan.unread.len() {
        0 => text.push('.'),
        unread => text.push_str(&format!(
            "; {unread} not read, so this is not the whole truth."
        )),
    }
    text
}

/// Drift for machines.
pub fn machine(plan: &Plan, snapshot: &Snapshot) -> Value {
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
