//! A plan for people and for machines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
};

use serde_json::{Value, json};

use super::{
    consent,
    cost::{self, Cost},
    notices::notices,
    style::{self, FAINT, HEADING},
    text::{counted, is_element, safe, section, value},
};
use crate::{
    model::{Address, ServiceName},
    plan::{Action, Estimate, Plan, Step, harms, other_hands},
    resource::{Direction, FieldChange},
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
    let opening: BTreeSet<Address> = harms(plan).into_iter().map(|harm| harm.address).collect();
    for (service, steps) in by_service(&plan.steps) {
        writeln!(out, "\n{HEADING}{service}{HEADING:#}")?;
        for (address, step) in steps {
            let towards = towards(step, opening.contains(address));
            write_step(out, (address, step, towards), snapshot, verbose)?;
        }
    }
    let foreign = plan.foreign.iter().map(safe);
    section(out, "Touches what other services own", foreign)?;
    notices(out, plan)?;
    write_totals(out, plan, snapshot)
}

/// The direction that is news. What is new is declared access, unless it opens something that
/// exists; what goes takes nothing along that it held back, for its users go first.
fn towards(step: &Step, opens: bool) -> Direction {
    match (step.action, step.direction) {
        (Action::Create, _) if !opens => Direction::Neutral,
        (Action::Delete, Direction::AccessWidened) => Direction::Neutral,
        (_, direction) => direction,
    }
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

/// Steps under a heading for each service; the environment's own come first.
pub fn by_service(steps: &BTreeMap<Address, Step>) -> Vec<(String, Vec<(&Address, &Step)>)> {
    let mut groups: BTreeMap<Option<&ServiceName>, Vec<(&Address, &Step)>> = BTreeMap::new();
    for (address, step) in steps {
        let group = groups.entry(step.service.as_ref()).or_default();
        group.push((address, step));
    }
    let heading = |service: Option<&ServiceName>| {
        service.map_or("(environment)".to_owned(), ServiceName::to_string)
    };
    groups
        .into_iter()
        .map(|(service, steps)| (heading(service), steps))
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
        "  {colour}{sign:>3} {}{colour:#}{}",
        safe(address),
        style::told(towards)
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

fn write_change(out: &mut String, change: &FieldChange, snapshot: &Snapshot) -> fmt::Result {
    let path = safe(&change.path);
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let sign = match (before, after) {
        (Some(_), Some(_)) => Action::Update.sign(),
        (None, _) => Action::Create.sign(),
        (_, None) => Action::Delete.sign(),
    };
    write!(out, "      {sign} {path}")?;
    match (before, after) {
        (Some(before), Some(_)) => write!(
            out,
            ": {} -> {}{}",
            value(Some(before)),
            value(after),
            unknown(after, snapshot)
        )?,
        // The path of an element ends with its value.
        (None, Some(_)) if is_element(&change.path) => {
            write!(out, "{}", unknown(after, snapshot))?;
        }
        (Some(_), None) if is_element(&change.path) => {}
        (one, other) => {
            let (shown, unknown) = (value(one.or(other)), unknown(after, snapshot));
            write!(out, ": {shown}{unknown}")?;
        }
    }
    writeln!(out, "{}", style::told(change.direction))
}

/// An address that has no id yet is known after apply.
fn unknown(after: Option<&Value>, snapshot: &Snapshot) -> &'static str {
    let address = after
        .and_then(|value| value.get("to"))
        .and_then(Value::as_str)
        .and_then(|to| to.parse().ok());
    match address {
        Some(address) if !snapshot.ids.contains_key(&address) => " (known after apply)",
        _ => "",
    }
}

fn write_totals(out: &mut String, plan: &Plan, snapshot: &Snapshot) -> fmt::Result {
    let read = match snapshot.coverage.total_calls() {
        0 => String::new(),
        calls => format!(" Read with {}.", counted(calls, "call")),
    };
    if plan.is_empty() {
        return writeln!(out, "\n{}{read}", agreed(plan));
    }
    let estimate = Estimate::of(plan);
    let time = match estimate.least_seconds {
        0 => String::new(),
        seconds => format!(", at least {seconds} s under default quotas"),
    };
    writeln!(out, "\n{HEADING}{}{HEADING:#}", totals(plan))?;
    let calls = counted(estimate.total(), "call");
    writeln!(out, "This takes {calls}{time}.{read}")
}

fn totals(plan: &Plan) -> String {
    let count = |action| plan.count(action);
    let stuck = match count(Action::Replace) {
        0 => String::new(),
        stuck => format!(", {stuck} that AWS cannot change in place"),
    };
    format!(
        "{} to create, {} to change, {} to delete{stuck}.",
        count(Action::Create),
        count(Action::Update),
        count(Action::Delete)
    )
}

fn agreed(plan: &Plan) -> &'static str {
    if !plan.conflicts.is_empty() {
        "Nothing else to do."
    } else if !plan.unread.is_empty() {
        "Nothing to do in what was read."
    } else if !plan.retained.is_empty() {
        "Nothing to do: what is left cannot be deleted now."
    } else if !plan.kept.is_empty() {
        "Nothing to do: the rest is as specified."
    } else {
        "Nothing to do: the account is as specified."
    }
}

/// The consents that applying needs, ready to be said; empty where there is none.
pub fn consents(plan: &Plan) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = consent::needed(&mut text, plan);
    text
}

/// A plan for machines.
pub fn machine(plan: &Plan, cost: &Cost, snapshot: &Snapshot) -> Value {
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
        "exceeded": plan.exceeded,
        "other_hands": hands(plan),
        "foreign": plan.foreign,
        "harms": harms(plan),
        "totals": {
            "create": plan.count(Action::Create),
            "update": plan.count(Action::Update),
            "replace": plan.count(Action::Replace),
            "delete": plan.count(Action::Delete),
        },
        "estimate": { "calls": calls, "least_seconds": estimate.least_seconds },
        "cost": cost::machine(cost),
        "read": snapshot.coverage.calls,
    })
}

fn hands(plan: &Plan) -> Vec<Value> {
    let found = other_hands(plan).into_iter();
    found
        .map(|((address, hands), operations)| {
            json!({ "address": address, "hands": hands, "operations": operations })
        })
        .collect()
}

fn steps(plan: &Plan) -> BTreeMap<String, &Step> {
    plan.steps
        .iter()
        .map(|(address, step)| (address.to_string(), step))
        .collect()
}
