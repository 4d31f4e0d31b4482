//! Accounts: where environments live. The only part, with `command`, that does I/O.

#[cfg(feature = "aws")]
pub mod aws;
pub mod file;
pub mod sandbox;

use std::future::Future;

use crate::{
    model::{AccountId, Address, Environment},
    resource::Call,
    snapshot::{Ids, PhysicalId, Snapshot},
};

/// What an observation looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The environment: its names, its account, and what it names that bears another name.
    pub environment: Environment,
    /// The moment of the observation.
    pub now: jiff::Timestamp,
}

impl Scope {
    /// The scope of a whole environment at the moment `now`.
    pub fn of(environment: &Environment, now: jiff::Timestamp) -> Self {
        Self {
            environment: environment.clone(),
            now,
        }
    }
}

/// An account that can be looked at and changed.
pub trait Account: Sync {
    /// Looks at everything that belongs to the environment. What cannot be read becomes an
    /// unread facet; only what makes the whole observation meaningless is an error.
    fn observe(&self, scope: &Scope)
    -> impl Future<Output = Result<Snapshot, ObserveError>> + Send;

    /// Sends one call; a create call returns the new physical id.
    fn send(
        &self,
        address: &Address,
        call: &Call,
        ids: &Ids,
    ) -> impl Future<Output = Result<Option<PhysicalId>, CallError>> + Send;
}

/// Why an account could not be observed at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObserveError {
    /// The caller belongs to another account.
    #[error(
        "the credentials belong to account {actual}, but the specification is for {expected}: \
         choose the right profile, nothing was read"
    )]
    WrongAccount {
        /// The account of the specification.
        expected: AccountId,
        /// The caller's account.
        actual: String,
    },
    /// The archive account cannot be reached.
    #[error(
        "the audit bucket and its key are in the archive account {0}, which needs credentials of \
         its own: name their profile with --archive-profile, nothing was read"
    )]
    NoArchive(AccountId),
    /// Nobody answered.
    #[error("{call} failed: {message}")]
    Unreachable {
        /// The call, as `sts:GetCallerIdentity`.
        call: String,
        /// What happened.
        message: String,
    },
    /// The sandbox's file is broken.
    #[error("{0}")]
    Store(String),
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{call} failed: {message}")]
pub struct CallError {
    /// The call, as `kms:CreateKey`.
    pub call: String,
    /// What to make of it.
    pub kind: CallErrorKind,
    /// What AWS said, redacted.
    pub message: String,
}

/// What to make of a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallErrorKind {
    /// Throttled: wait and send it again.
    Throttled,
    /// Something that it names was created a moment ago and is not seen everywhere yet.
    NotYetConsistent,
    /// AWS is still at work on what it began, for minutes: a gateway comes up, an interface of a
    /// function that is gone lingers and holds what is to go.
    Pending,
    /// A permission is missing.
    Denied,
    /// What it names is gone already.
    Gone,
    /// Anything else.
    Failed,
}
