//! What a plan costs by the month, for people and for machines.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use super::{
    style::HEADING,
    text::{safe, section},
};
use crate::cost::{Estimate, Line, NOT_ESTIMATED, NoPrices};

/// What can be said of the cost of a plan.
pub type Cost = Result<Estimate, NoPrices>;

/// The monthly cost as people read it.
pub fn human(cost: &Cost) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = match cost {
        Ok(estimate) => write_estimate(&mut text, estimate),
        Err(none) => writeln!(text, "\nNot estimated what it costs: {}.", safe(none)),
    };
    text
}

fn write_estimate(out: &mut String, estimate: &Estimate) -> fmt::Result {
    let Estimate { date, region, .. } = estimate;
    let heading = format!("Cost in USD a month, by list prices of {date} for {region}");
    let changes = estimate.fixed.iter().filter(|(_, line)| line.more() != 0);
    let mut lines: Vec<String> = changes.map(changed).collect();
    lines.push(format!(
        "adds {}, removes {}; the environment then costs {} before use",
        estimate.adds(),
        estimate.removes(),
        estimate.monthly()
    ));
    section(out, &heading, lines.into_iter())?;
    let usage = estimate.usage.iter();
    let usage: Vec<String> = usage
        .map(|(what, price)| format!("{price} per {what}"))
        .collect();
    if !usage.is_empty() {
        writeln!(out, "    use on top: {}", usage.join("; "))?;
    }
    writeln!(
        out,
        "    {HEADING}not in it{HEADING:#}: {}",
        NOT_ESTIMATED.join("; ")
    )
}

fn changed((what, line): (&&str, &Line)) -> String {
    let (sign, more) = if line.more() < 0 {
        ("-", "fewer")
    } else {
        ("+", "more")
    };
    let count = line.more().abs();
    let amount = line.each.times(count);
    format!("{sign} {what}: {count} {more}, {amount}")
}

/// The monthly cost for machines: amounts are texts, as in the price file.
pub fn machine(cost: &Cost) -> Value {
    match cost {
        Ok(estimate) => json!({
            "currency": "USD",
            "prices": estimate.date,
            "region": estimate.region,
            "adds": estimate.adds(),
            "removes": estimate.removes(),
            "monthly": estimate.monthly(),
            "fixed": estimate.fixed,
            "usage": estimate.usage,
            "not_estimated": NOT_ESTIMATED,
        }),
        Err(none) => json!({
            "prices": none.date,
            "region": none.region,
            "not_estimated": ["everything: no prices of this Region"],
        }),
    }
}
