//! What came of a question about a pair: the four verdicts, and what they rest on.
//! What could not be decided is never counted as isolated.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Witness;

/// The verdicts, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No request, under any condition, is allowed.
    Isolated,
    /// What is allowed, the specification declares.
    Declared,
    /// It could not be decided, for the reasons given.
    Unknown,
    /// A request that nobody declared is allowed; there is a witness.
    Reachable,
}

impl Verdict {
    /// Every verdict, in order.
    pub const ALL: [Self; 4] = [
        Self::Isolated,
        Self::Declared,
        Self::Unknown,
        Self::Reachable,
    ];

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Isolated => "isolated",
            Self::Declared => "declared",
            Self::Unknown => "unknown",
            Self::Reachable => "reachable",
        }
    }
}

/// A cell that is not simply isolated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// What shows that it is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// Why it could not be decided.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub reasons: BTreeSet<String>,
}

impl Finding {
    /// Something is allowed.
    pub fn allowed(declared: bool, witness: Witness) -> Self {
        Self {
            verdict: match declared {
                true => Verdict::Declared,
                false => Verdict::Reachable,
            },
            witness: Some(witness),
            reasons: BTreeSet::new(),
        }
    }

    /// Something could not be decided.
    pub fn unknown(reasons: BTreeSet<String>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            witness: None,
            reasons,
        }
    }

    /// Both found of one cell: the worse counts, the first witness of it stays, and every reason.
    pub fn merge(&mut self, other: Self) {
        if other.verdict > self.verdict {
            self.verdict = other.verdict;
            self.witness = other.witness.or(self.witness.take());
        }
        self.reasons.extend(other.reasons);
    }
}
