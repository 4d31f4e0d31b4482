//! How many came to what, kept apart and never a percentage; and outcomes with their words.

use schemars::JsonSchema;
use serde::Serialize;

use crate::compliance::verdict::{Outcome, Totals};

/// An outcome as templates use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Kind {
    /// As in files: `not-evaluated`.
    pub slug: &'static str,
    /// For people: `not evaluated`.
    pub words: &'static str,
    /// A sign that tells it without colour.
    pub sign: &'static str,
}

impl From<Outcome> for Kind {
    fn from(outcome: Outcome) -> Self {
        let (slug, sign) = match outcome {
            Outcome::Pass => ("pass", "✓"),
            Outcome::Fail => ("fail", "✕"),
            Outcome::NotEvaluated => ("not-evaluated", "?"),
            Outcome::NeedsLive => ("needs-live", "◌"),
            Outcome::Exception => ("exception", "⚑"),
            Outcome::Manual => ("manual", "✎"),
            Outcome::Attested => ("attested", "✍"),
            Outcome::Inherited => ("inherited", "↑"),
            Outcome::NotApplicable => ("not-applicable", "–"),
        };
        let words = match outcome {
            Outcome::NeedsLive => "needs live",
            other => other.words(),
        };
        Self { slug, words, sign }
    }
}

/// The order in which reports count.
pub(super) const ORDER: [Outcome; 9] = [
    Outcome::Fail,
    Outcome::Exception,
    Outcome::NotEvaluated,
    Outcome::NeedsLive,
    Outcome::Manual,
    Outcome::Attested,
    Outcome::Pass,
    Outcome::Inherited,
    Outcome::NotApplicable,
];

/// What only a requirement can come to, and no check on a resource.
const OF_REQUIREMENTS: [Outcome; 3] = [Outcome::Manual, Outcome::Attested, Outcome::Inherited];

/// Counts that add up to their total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Each outcome with its number, in a fixed order; zeros too.
    pub each: Vec<Count>,
    /// All together.
    pub total: usize,
}

/// One outcome with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Count {
    /// The outcome.
    pub kind: Kind,
    /// How many.
    pub count: usize,
}

impl Counts {
    /// Counts of verdicts: without what only a requirement can come to, unless there is one.
    pub(super) fn of_verdicts(totals: Totals) -> Self {
        let mut counts = Self::from(totals);
        let foreign = OF_REQUIREMENTS.map(Kind::from);
        counts
            .each
            .retain(|each| each.count > 0 || !foreign.contains(&each.kind));
        counts
    }
}

impl From<Totals> for Counts {
    fn from(totals: Totals) -> Self {
        let number = |outcome| match outcome {
            Outcome::Pass => totals.pass,
            Outcome::Fail => totals.fail,
            Outcome::NotEvaluated => totals.not_evaluated,
            Outcome::NeedsLive => totals.needs_live,
            Outcome::Exception => totals.exception,
            Outcome::Manual => totals.manual,
            Outcome::Attested => totals.attested,
            Outcome::Inherited => totals.inherited,
            Outcome::NotApplicable => totals.not_applicable,
        };
        Self {
            each: ORDER
                .map(|outcome| Count {
                    kind: outcome.into(),
                    count: number(outcome),
                })
                .to_vec(),
            total: totals.population(),
        }
    }
}
