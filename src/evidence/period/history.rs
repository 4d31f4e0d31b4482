//! The history of one control: unbroken stretches of one outcome, and failures from the look that
//! found them to the look that found them mended.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Outcomes, Sample, day};
use crate::compliance::verdict::Outcome;

/// What a control came to over a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// The check, or the framework and the requirement.
    pub id: String,
    /// What it says.
    pub title: String,
    /// How many looks came to what.
    pub looks: BTreeMap<Outcome, usize>,
    /// Stretches, in order. A day without evidence, or a bundle that does not have the control,
    /// ends one.
    pub intervals: Vec<Interval>,
    /// Failures, in order.
    pub failures: Vec<Failure>,
}

/// Looks after each other that came to the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// What they came to.
    pub outcome: Outcome,
    /// The first look.
    pub from: jiff::Timestamp,
    /// The last look.
    pub to: jiff::Timestamp,
    /// How many looks.
    pub looks: usize,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The first look that found it.
    pub opened: jiff::Timestamp,
    /// The first look that found it mended; none while it is open. Not being evaluated mends
    /// nothing.
    pub closed: Option<jiff::Timestamp>,
}

/// The histories of all controls that any sample has.
pub(super) fn of(samples: &[&Sample], outcomes: impl Fn(&Sample) -> &Outcomes) -> Vec<History> {
    let mut all: BTreeMap<String, History> = BTreeMap::new();
    for (index, sample) in samples.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| samples.get(index));
        for (id, (title, outcome)) in outcomes(sample) {
            let known = before.is_some_and(|before| outcomes(before).contains_key(id));
            let joins = known && before.is_some_and(|before| adjacent(before, sample));
            let history = all.entry(id.clone()).or_insert_with(|| empty(id, title));
            history.look(sample.manifest.taken_at, *outcome, joins);
        }
    }
    all.into_values().collect()
}

fn empty(id: &str, title: &str) -> History {
    History {
        id: id.to_owned(),
        title: title.to_owned(),
        looks: BTreeMap::new(),
        intervals: Vec::new(),
        failures: Vec::new(),
    }
}

/// Whether no whole day lies between two looks.
fn adjacent(before: &Sample, after: &Sample) -> bool {
    let day: [Date; 2] = [before, after].map(|sample| day(sample.manifest.taken_at));
    let [before, after] = day;
    before.tomorrow().map_or(true, |next| after <= next)
}

impl History {
    fn look(&mut self, at: jiff::Timestamp, outcome: Outcome, joins: bool) {
        *self.looks.entry(outcome).or_default() += 1;
        match self.intervals.last_mut() {
            Some(last) if joins && last.outcome == outcome => {
                last.to = at;
                last.looks += 1;
            }
            _ => self.intervals.push(Interval {
                outcome,
                from: at,
                to: at,
                looks: 1,
            }),
        }
        self.fail(at, outcome);
    }

    fn fail(&mut self, at: jiff::Timestamp, outcome: Outcome) {
        let open = self.failures.last_mut().filter(|one| one.closed.is_none());
        match (outcome, open) {
            (Outcome::Fail, None) => self.failures.push(Failure {
                opened: at,
                closed: None,
            }),
            (Outcome::Pass | Outcome::NotApplicable, Some(open)) => open.closed = Some(at),
            _ => {}
        }
    }
}
