//! What the words of a report mean, in the words of a report.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Kind, count::ORDER};
use crate::compliance::verdict::Outcome;

/// An outcome and what it means.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Meaning {
    /// The outcome.
    pub kind: Kind,
    /// What it means.
    pub meaning: &'static str,
}

/// What each outcome means.
pub(super) fn meanings() -> Vec<Meaning> {
    let meaning = |outcome: Outcome| Meaning {
        kind: outcome.into(),
        meaning: match outcome {
            Outcome::Pass => "The facts satisfy every clause of the check.",
            Outcome::Fail => "The facts break at least one clause of the check.",
            Outcome::NotEvaluated => {
                "A fact was not read, a check is not in this version, or the requirement reaches \
                 beyond the environment. It says neither good nor bad, and never counts as met."
            }
            Outcome::NeedsLive => {
                "Only a live account can show it: whether something is used or delivered. \
                 A sandbox and a prediction run no workload."
            }
            Outcome::Exception => {
                "It fails, and a waiver allows that for a while: somebody owns it, somebody else \
                 approved it, and it ends. It never counts as met."
            }
            Outcome::Manual => "A person must attest it, and nobody does.",
            Outcome::Attested => {
                "A person attests it, with evidence whose hash was checked, beside whatever checks say."
            }
            Outcome::Inherited => "AWS answers for it. The bank keeps the assurance report.",
            Outcome::NotApplicable => "The check or the framework is not about this resource.",
        },
    };
    ORDER.map(meaning).to_vec()
}
