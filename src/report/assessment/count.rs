//! How many came to what, kept apart and never a percentage; and outcomes with their words.

use serde::Serialize;

use crate::compliance::verdict::{Outcome, Totals};

/// An outcome as templates use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
            Outcome::Manual => ("manual", "✎"),
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
pub(super) const ORDER: [Outcome; 6] = [
    Outcome::Fail,
    Outcome::NotEvaluated,
    Outcome::NeedsLive,
    Outcome::Manual,
    Outcome::Pass,
    Outcome::NotApplicable,
];

/// Counts that add up to their total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Each outcome with its number, in a fixed order; zeros too.
    pub each: Vec<Count>,
    /// All together.
    pub total: usize,
}

/// One outcome with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The outcome.
    pub kind: Kind,
    /// How many.
    pub count: usize,
}

impl From<Totals> for Counts {
    fn from(totals: Totals) -> Self {
        let number = |outcome| match outcome {
            Outcome::Pass => totals.pass,
            Outcome::Fail => totals.fail,
            Outcome::NotEvaluated => totals.not_evaluated,
            Outcome::NeedsLive => totals.needs_live,
            Outcome::Manual => totals.manual,
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
