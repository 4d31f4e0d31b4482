//! The accounts that a command can open.

use std::path::PathBuf;

use super::Failure;
#[cfg(feature = "aws")]
use crate::account::aws::{Aws, Options, Pacing};
use crate::{
    account::{Account, CallError, ObserveError, Scope, sandbox::Sandbox},
    cli::{CloudName, Global},
    desired::Desired,
    evidence::Source,
    model::{Address, Environment},
    resource::Call,
    snapshot::{Ids, PhysicalId, Snapshot},
};

/// One of the accounts.
pub enum Cloud {
    /// The embedded sandbox.
    Sandbox(Box<Sandbox>),
    /// An account that answers over the wire.
    #[cfg(feature = "aws")]
    Aws(Box<Aws>),
}

impl Cloud {
    /// Opens the account that the command line names.
    ///
    /// # Errors
    /// A sandbox file that is broken, an endpoint that is none.
    pub async fn open(
        global: &Global,
        environment: &Environment,
        desired: &Desired,
    ) -> Result<Self, Failure> {
        match global.cloud {
            CloudName::Sandbox => {
                let path = sandbox_file(global, environment);
                let verified = desired.verified_resources();
                let sandbox = Sandbox::open(&path, environment, verified)?;
                Ok(Self::Sandbox(Box::new(sandbox)))
            }
            CloudName::Aws => aws(global, environment).await,
        }
    }

    /// Keeps what an apply has done, where that is ours to keep.
    ///
    /// # Errors
    /// A sandbox file that cannot be written.
    pub fn close(&self) -> Result<(), Failure> {
        match self {
            Self::Sandbox(sandbox) => Ok(sandbox.save()?),
            #[cfg(feature = "aws")]
            Self::Aws(_) => Ok(()),
        }
    }
}

impl Cloud {
    /// What the last observation was made from, with its tape where there is one.
    ///
    /// # Errors
    /// A tape that cannot be packed.
    pub fn recorded(&self) -> Result<(Source, Option<Vec<u8>>), Failure> {
        match self {
            Self::Sandbox(_) => Ok((Source::Sandbox, None)),
            #[cfg(feature = "aws")]
            Self::Aws(aws) => {
                let tape = aws.tape();
                let source = Source::Tape {
                    answers: tape.answers(),
                    redactions: tape.redactions(),
                };
                Ok((source, Some(tape.pack().map_err(Failure::new)?)))
            }
        }
    }
}

fn sandbox_file(global: &Global, environment: &Environment) -> PathBuf {
    let default = || PathBuf::from(format!(".strongroom/{}.json", environment.name));
    global.sandbox.clone().unwrap_or_else(default)
}

#[cfg(feature = "aws")]
async fn aws(global: &Global, environment: &Environment) -> Result<Cloud, Failure> {
    let options = Options {
        endpoint_url: global.endpoint_url.clone(),
        profile: global.profile.clone(),
        archive_profile: archive_profile(global, environment),
        region: environment.region.clone(),
        pacing: Pacing::default(),
    };
    let aws = Aws::connect(&options).await.map_err(Failure::new)?;
    Ok(Cloud::Aws(Box::new(aws)))
}

/// Without an archive account its profile opens nothing.
#[cfg(feature = "aws")]
fn archive_profile(global: &Global, environment: &Environment) -> Option<String> {
    let archive = environment.audit.archive_account.as_ref();
    global.archive_profile.clone().filter(|_| archive.is_some())
}

#[cfg(not(feature = "aws"))]
async fn aws(_: &Global, _: &Environment) -> Result<Cloud, Failure> {
    Err(Failure::new(
        "this build has no AWS in it: use --cloud sandbox",
    ))
}

impl Account for Cloud {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        match self {
            Self::Sandbox(sandbox) => sandbox.observe(scope).await,
            #[cfg(feature = "aws")]
            Self::Aws(aws) => aws.observe(scope).await,
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
            #[cfg(feature = "aws")]
            Self::Aws(aws) => aws.send(address, call, ids).await,
        }
    }
}
