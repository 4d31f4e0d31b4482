//! What a check says of one resource, and how many said what.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::records::Standing;
use crate::resource::Unread;

/// What a check or a requirement comes to. Only `Pass` is good news.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It does not apply here. The best in a roll-up: it takes nothing away.
    NotApplicable,
    /// The facts satisfy it.
    Pass,
    /// A requirement that the provider answers for: AWS.
    Inherited,
    /// A requirement that a person's word satisfies, beside whatever checks say.
    Attested,
    /// The facts do not satisfy it, and a waiver allows that for a while. Never a pass.
    Exception,
    /// A person must attest it.
    Manual,
    /// Only a live account can show it.
    NeedsLive,
    /// A fact that it touches was not read.
    NotEvaluated,
    /// The facts do not satisfy it. The worst in a roll-up.
    Fail,
}

impl Outcome {
    /// Every outcome, from best to worst.
    pub const ALL: [Self; 9] = [
        Self::NotApplicable,
        Self::Pass,
        Self::Inherited,
        Self::Attested,
        Self::Exception,
        Self::Manual,
        Self::NeedsLive,
        Self::NotEvaluated,
        Self::Fail,
    ];

    /// The word for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::Pass => "pass",
            Self::Inherited => "inherited",
            Self::Attested => "attested",
            Self::Exception => "exception",
            Self::Manual => "manual",
            Self::NeedsLive => "needs a live account",
            Self::NotEvaluated => "not evaluated",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// What a check says of one resource, with the facts that it read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The path of the resource in the facts, as `services.login.roles.login-v1`.
    pub resource: String,
    /// The service that it belongs to; none for the environment and the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What it comes to.
    pub outcome: Outcome,
    /// The clauses that do not hold, by their place among the check's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<usize>,
    /// Every fact that was read, by path: its value, or why it has none.
    pub evidence: BTreeMap<String, Value>,
    /// The calls that would have shown what is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// The waiver that is about the failure, whether it holds or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waived>,
    /// What stands beside the values: that the resource does not exist, that a clause broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The waiver that is about a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// Its id.
    pub id: String,
    /// Where it stands; only one that holds makes an exception.
    pub standing: Standing,
    /// Its last day.
    pub expires: jiff::civil::Date,
}

/// How many came to what; the numbers add up to the population.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Passed.
    pub pass: usize,
    /// Failed.
    pub fail: usize,
    /// Failed, and allowed for a while by a waiver.
    pub exception: usize,
    /// Satisfied by a person's word.
    pub attested: usize,
    /// For AWS to answer for.
    pub inherited: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Not evaluated.
    pub not_evaluated: usize,
    /// For a person to attest.
    pub manual: usize,
    /// For a live account to show.
    pub needs_live: usize,
}

impl Totals {
    /// Counts outcomes.
    pub fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut totals = Self::default();
        for outcome in outcomes {
            *totals.slot(outcome) += 1;
        }
        totals
    }

    fn slot(&mut self, outcome: Outcome) -> &mut usize {
        match outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Fail => &mut self.fail,
            Outcome::Exception => &mut self.exception,
            Outcome::Attested => &mut self.attested,
            Outcome::Inherited => &mut self.inherited,
            Outcome::NotApplicable => &mut self.not_applicable,
            Outcome::NotEvaluated => &mut self.not_evaluated,
            Outcome::Manual => &mut self.manual,
            Outcome::NeedsLive => &mut self.needs_live,
        }
    }

    /// All of them together.
    pub fn population(&self) -> usize {
        let Self {
            pass,
            fail,
            exception,
            attested,
            inherited,
            not_applicable,
            not_evaluated,
            manual,
            needs_live,
        } = self;
        let met = pass + attested + inherited + not_applicable;
        met + exception + manual + needs_live + not_evaluated + fail
    }
}
