//! A plan for people and for machines.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
};

use serde_json::{Value, json};

use super::style::{self, FAINT, HEADING};
use crate::{
    model::{Address, KindName, ServiceName},
    plan::{Action, Estimate, Gap, Harm, HarmKind, Notice, Plan, Refusal, Stale, Step, harms},
    resource::{Direction, FieldChange, KeptReason, field::leaf},
    snapshot::Snapshot,
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/plan-report/v1";

/// A plan as people read it: by service, then by resource, then by attribute.
pub fn human(plan: &Plan, snapshot: &Snapshot, verbose: bool) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, plan, snapshot, verbose);
    text
}

fn write_human(out: &mut String, plan: &Plan, snapshot: &Snapshot, verbose: bool) -> fmt::Result {
    title(out, "Plan", snapshot)?;
    let harms = harms(plan);
    for (service, steps) in by_service(&plan.steps) {
        writeln!(out, "\n{HEADING}{service}{HEADING:#}")?;
        for (address, step) in steps {
            // Everything new is access of a kind: only what opens something existing is news.
            let new =
                step.action == Action::Create && harms.iter().all(|harm| harm.address != *address);
            let direction = if new {
                Direction::Neutral
            } else {
                step.direction
            };
            write_step(out, (address, step, direction), snapshot, verbose)?;
        }
    }
    let foreign = plan.foreign.iter().map(ToString::to_string);
    section(out, "Touches what other services own", foreign)?;
    notices(out, plan)?;
    write_totals(out, plan, snapshot)
}

/// The first line of every rendering: what of, where, and how it was seen.
pub fn title(out: &mut String, what: &str, snapshot: &Snapshot) -> fmt::Result {
    let Snapshot {
        environment,
        account,
        region,
        origin,
        ..
    } = snapshot;
    let origin = origin.words();
    writeln!(
        out,
        "{HEADING}{what} for {environment}{HEADING:#} in {account} {region} ({origin})"
    )
}

/// Steps by service; the environment's own come first.
pub fn by_service(steps: &BTreeMap<Address, Step>) -> BTreeMap<String, Vec<(&Address, &Step)>> {
    let mut groups: BTreeMap<(bool, String), Vec<(&Address, &Step)>> = BTreeMap::new();
    for (address, step) in steps {
        let name = step
            .service
            .as_ref()
            .map_or("environment".to_owned(), ServiceName::to_string);
        groups
            .entry((step.service.is_some(), name))
            .or_default()
            .push((address, step));
    }
    groups
        .into_iter()
        .map(|((_, name), steps)| (name, steps))
        .collect()
}

fn write_step(
    out: &mut String,
    (address, step, towards): (&Address, &Step, Direction),
    snapshot: &Snapshot,
    verbose: bool,
) -> fmt::Result {
    let colour = style::action(step.action);
    let sign = step.action.sign();
    writeln!(
        out,
        "  {colour}{sign:>3} {address}{colour:#}{}",
        direction(towards)
    )?;
    if step.action == Action::Replace {
        writeln!(
            out,
            "      {FAINT}not done: AWS cannot change this in place; move to a new name{FAINT:#}"
        )?;
    }
    if verbose || matches!(step.action, Action::Update | Action::Replace) {
        for change in &step.changes {
            write_change(out, change, snapshot)?;
        }
    }
    Ok(())
}

fn direction(direction: Direction) -> String {
    if direction == Direction::Neutral {
        return String::new();
    }
    let colour = style::direction(direction);
    format!("  {colour}{}{colour:#}", direction.words())
}

fn write_change(out: &mut String, change: &FieldChange, snapshot: &Snapshot) -> fmt::Result {
    let path = &change.path;
    let before = change.before.as_ref().map(|value| shown(value, snapshot));
    let after = change.after.as_ref().map(|value| shown(value, snapshot));
    match (before, after) {
        (Some(before), Some(after)) => write!(out, "      ~ {path}: {before} -> {after}")?,
        (None, Some(after)) => write!(out, "      + {path}: {after}")?,
        (Some(before), None) => write!(out, "      - {path}: {before}")?,
        (None, None) => {}
    }
    writeln!(out, "{}", direction(change.direction))
}

/// A leaf; an address that has no id yet is known after apply. Control characters are shown.
fn shown(value: &Value, snapshot: &Snapshot) -> String {
    let text: String = leaf(Some(value)).chars().flat_map(visible).collect();
    let address = value
        .get("to")
        .and_then(Value::as_str)
        .and_then(|to| to.parse().ok());
    match address {
        Some(address) if !snapshot.ids.contains_key(&address) => {
            format!("{text} (known after apply)")
        }
        _ => text,
    }
}

/// Live values are foreign text: a terminal must not obey them.
fn visible(c: char) -> Vec<char> {
    if c.is_control() {
        c.escape_default().collect()
    } else {
        vec![c]
    }
}

/// What was kept, what could not be read, and what is in doubt.
pub fn notices(out: &mut String, plan: &Plan) -> fmt::Result {
    section(out, "Kept, though not declared", plan.kept.iter().map(kept))?;
    section(out, "Not read, left alone", gaps(&plan.unread).into_iter())?;
    let missing = plan.missing.iter().map(|address| {
        format!("{address}: tag it with strongroom:environment, or name it in network.vpc")
    });
    section(out, "Not found, nothing can be applied", missing)?;
    let conflicts = plan.conflicts.iter().map(|conflict| {
        format!(
            "{}: {} ({})",
            conflict.address,
            conflict.reason,
            conflict.ids.join(", ")
        )
    });
    section(out, "Ownership in doubt, nothing can be applied", conflicts)?;
    let retained = plan.retained.iter().map(ToString::to_string);
    section(out, "Waiting for deletion", retained)
}

fn section(out: &mut String, heading: &str, lines: impl Iterator<Item = String>) -> fmt::Result {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            writeln!(out, "\n{HEADING}{heading}{HEADING:#}")?;
        }
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

fn kept(notice: &Notice) -> String {
    let why = match notice.reason {
        KeptReason::AwsManaged => "AWS itself made it",
        KeptReason::UnknownDeny => "it denies: an incident may be in progress",
    };
    format!("{} {}: {why}", notice.address, notice.path)
}

/// Gaps; the same one on many resources of a kind is one line.
fn gaps(gaps: &[Gap]) -> Vec<String> {
    let mut same: BTreeMap<(KindName, &str, String), Vec<&Address>> = BTreeMap::new();
    for gap in gaps {
        let key = (gap.address.kind, gap.path.as_str(), gap.why.to_string());
        same.entry(key).or_default().push(&gap.address);
    }
    same.into_iter()
        .map(
            |((kind, path, why), addresses)| match addresses.as_slice() {
                [address] => format!("{address} {path}: {why}"),
                many => format!("{} of {kind} {path}: {why}", many.len()),
            },
        )
        .collect()
}

fn write_totals(out: &mut String, plan: &Plan, snapshot: &Snapshot) -> fmt::Result {
    let read = snapshot.coverage.total_calls();
    if plan.is_empty() {
        let agreed = if plan.unread.is_empty() {
            "Nothing to do"
        } else {
            "Nothing to do in what was read"
        };
        return writeln!(out, "\n{agreed}. Read with {read} calls.");
    }
    let estimate = Estimate::of(plan);
    writeln!(
        out,
        "\n{HEADING}{} to create, {} to change, {} to replace, {} to delete.{HEADING:#}",
        plan.count(Action::Create),
        plan.count(Action::Update),
        plan.count(Action::Replace),
        plan.count(Action::Delete)
    )?;
    writeln!(
        out,
        "{} calls, at least {} s under default quotas. Read with {read} calls.",
        estimate.total(),
        estimate.least_seconds
    )?;
    for harm in harms(plan) {
        writeln!(
            out,
            "Needs {}: {} ({})",
            flag(&harm),
            harm.address,
            harm.what
        )?;
    }
    Ok(())
}

fn flag(harm: &Harm) -> &'static str {
    match harm.kind {
        HarmKind::Widens => "--allow-widen",
        HarmKind::Destroys => "--allow-destroy",
    }
}

/// A plan for machines.
pub fn machine(plan: &Plan, snapshot: &Snapshot) -> Value {
    let estimate = Estimate::of(plan);
    let calls: BTreeMap<String, u32> = estimate
        .calls
        .iter()
        .map(|(api, count)| (api.to_string(), *count))
        .collect();
    json!({
        "schema": SCHEMA,
        "environment": snapshot.environment,
        "account": snapshot.account,
        "region": snapshot.region,
        "origin": snapshot.origin,
        "steps": steps(plan),
        "kept": plan.kept,
        "unread": plan.unread,
        "conflicts": plan.conflicts,
        "retained": plan.retained,
        "missing": plan.missing,
        "foreign": plan.foreign,
        "harms": harms(plan),
        "totals": {
            "create": plan.count(Action::Create),
            "update": plan.count(Action::Update),
            "replace": plan.count(Action::Replace),
            "delete": plan.count(Action::Delete),
        },
        "estimate": { "calls": calls, "least_seconds": estimate.least_seconds },
        "read": snapshot.coverage.calls,
    })
}

fn steps(plan: &Plan) -> BTreeMap<String, &Step> {
    plan.steps
        .iter()
        .map(|(address, step)| (address.to_string(), step))
        .collect()
}

/// Why a plan is not applied, each reason named.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Conflicts(conflicts) => {
            let lines = conflicts
                .iter()
                .map(|c| format!("{}: {} ({})", c.address, c.reason, c.ids.join(", ")));
            listed(
                "nothing is changed while ownership is in doubt; correct the name or the tag of",
                lines,
            )
        }
        Refusal::Missing(addresses) => {
            let lines = addresses.iter().map(|address| format!("{address}"));
            listed(
                "nothing was done: this must be there first; tag the VPC with strongroom:environment, or name it in network.vpc",
                lines,
            )
        }
        Refusal::Replacements(harms) => {
            let lines = harms
                .iter()
                .map(|harm| format!("{}: {}", harm.address, harm.what));
            listed(
                "AWS cannot change these fields in place, and nothing is replaced silently; declare the resource under a new name, move to it, then retire the old one",
                lines,
            )
        }
        Refusal::Harms(harms) => {
            let lines = harms
                .iter()
                .map(|harm| format!("{}={}  {}", flag(harm), harm.address, harm.what));
            listed(
                "nothing was done: these changes need your consent, one by one or all with the bare flag",
                lines,
            )
        }
    }
}

fn listed(heading: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("\n  {line}")).collect();
    format!("{heading}:{}", lines.concat())
}

/// The first thing that moved since a plan was saved.
pub fn stale(stale: &Stale) -> String {
    let what = match &stale.change {
        None => "it has appeared or vanished".to_owned(),
        Some(change) => format!(
            "{} was {}, and is {} now",
            change.path,
            leaf(change.before.as_ref()),
            leaf(change.after.as_ref())
        ),
    };
    format!(
        "the account has moved since the plan was saved, nothing was done: {}: {what}; plan again",
        stale.address
    )
}
