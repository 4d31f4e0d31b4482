//! What was decided, and by which statements.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Doubt,
    layers::{Layer, Place},
};

/// The three ends of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Decision {
    /// Allowed.
    Allowed,
    /// Nothing allows it that has to.
    ImplicitlyDenied,
    /// A Deny applies.
    ExplicitlyDenied,
}

impl Decision {
    /// Whether the request may be made.
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }

    /// As it is written for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::ImplicitlyDenied => "ImplicitlyDenied",
            Self::ExplicitlyDenied => "ExplicitlyDenied",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was decided.
    pub decision: Decision,
    /// Why: what allows, what denies, or what would have had to allow. Never empty.
    pub because: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// This Allow applies.
    Allows(Place),
    /// This Deny applies, or cannot be told not to.
    Denies(Place, Option<Doubt>),
    /// This Allow might apply; what cannot be told does not allow.
    MightAllow(Place, Doubt),
    /// The layer has to allow, and does not.
    Silent(Layer),
    /// The resource's policy only delegates to the account, and the caller's policies are silent.
    OnlyDelegated(Place),
    /// The KMS grant with this index allows.
    Grant(usize),
    /// The action needs no permission.
    NoPermissionNeeded,
    /// KMS does not let another account do this, whatever policies say.
    NotAcrossAccounts,
}
