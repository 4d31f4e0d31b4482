//! The accounts that a command can open.

use std::path::PathBuf;

use super::Failure;
use crate::{
    account::{Account, CallError, ObserveError, Scope, sandbox::Sandbox},
    cli::{CloudName, Global},
    model::{Address, Environment},
    resource::Call,
    snapshot::{Ids, PhysicalId, Snapshot},
};

/// One of the accounts.
pub enum Cloud {
    /// The embedded sandbox.
    Sandbox(Box<Sandbox>),
}

impl Cloud {
    /// Opens the account that the command line names.
    ///
    /// # Errors
    /// A sandbox file that is broken, credentials that are missing.
    pub async fn open(global: &Global, environment: &Environment) -> Result<Self, Failure> {
        match global.cloud {
            CloudName::Sandbox => {
                let path = sandbox_file(global, environment);
                Ok(Self::Sandbox(Box::new(Sandbox::open(&path, environment)?)))
            }
            CloudName::Aws => Err(Failure::new("built without AWS: use --cloud sandbox")),
        }
    }

    /// Keeps what an apply has done, where that is ours to keep.
    ///
    /// # Errors
    /// A sandbox file that cannot be written.
    pub fn close(&self) -> Result<(), Failure> {
        match self {
            Self::Sandbox(sandbox) => Ok(sandbox.save()?),
        }
    }
}

fn sandbox_file(global: &Global, environment: &Environment) -> PathBuf {
    let default = || PathBuf::from(format!(".strongroom/{}.json", environment.name));
    global.sandbox.clone().unwrap_or_else(default)
}

impl Account for Cloud {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        match self {
            Self::Sandbox(sandbox) => sandbox.observe(scope).await,
        }
    }

    async fn send(
        &self,
        address: &Address,
        call: &Call,
        ids: &Ids,
    ) -> Result<Option<PhysicalId>, CallError> {
        match self {
            Self::Sandbox(sandbox) => sandbox.send(address, call, ids).await,
        }
    }
}
