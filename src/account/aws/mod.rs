//! A live AWS account through the official SDKs. The only place that names them.
//! One file a kind for reading and one for writing; one wire under all of it.

mod broken;
mod client;
mod error;
mod observe;
mod pace;
mod redact;
mod replay;
mod rest;
mod send;
mod sign;
mod tape;
mod tape_file;
mod wire;

pub use broken::{Broken, BrokenKind};
pub use client::{ConnectError, Options};
pub use pace::Pacing;
pub use redact::{REDACTED, redact};
pub use replay::NotRecorded;
pub use sign::{KmsSigner, SignError};
pub use tape::{Answer, Asked, Reply, SCHEMA as TAPE_SCHEMA, Tape};
pub use tape_file::{TapeChange, TapeError};

use self::{client::Clients, wire::Wire};
use super::{Account, CallError, ObserveError, Scope};
use crate::{
    model::{Address, Environment, Region},
    resource::Call,
    snapshot::{Ids, PhysicalId, Snapshot},
};

/// A live account, or the tape of one.
#[derive(Debug, Clone)]
pub struct Aws {
    clients: Clients,
    /// Those of the archive account, where there is one.
    archive: Option<Clients>,
    wire: Wire,
}

impl Aws {
    /// Connects with what the AWS configuration knows. Nothing is asked yet: who the caller is
    /// shows the first observation.
    pub async fn connect(options: &Options) -> Result<Self, ConnectError> {
        let config = client::load(options).await?;
        let aws = Self::over(config, options.pacing);
        let Some(profile) = &options.archive_profile else {
            return Ok(aws);
        };
        let archive = Options {
            profile: Some(profile.clone()),
            ..options.clone()
        };
        Ok(aws.with_archive(client::load(&archive).await?))
    }

    /// Connects over a configuration that is loaded already; its HTTP client, where it has one,
    /// carries the requests.
    pub fn over(config: aws_config::SdkConfig, pacing: Pacing) -> Self {
        let (clients, wire) = client::over(config, pacing);
        Self {
            clients,
            archive: None,
            wire,
        }
    }

    /// The same, with an archive account that another configuration opens.
    pub fn with_archive(mut self, config: aws_config::SdkConfig) -> Self {
        self.archive = Some(client::archive(config, &self.wire));
        self
    }

    /// The clients of the account that holds a resource.
    fn clients_of(&self, address: &Address) -> &Clients {
        let archive = self.archive.as_ref();
        let archive = archive.filter(|_| Environment::archived(address));
        archive.unwrap_or(&self.clients)
    }

    /// The account that a tape recorded, offline: the same code parses the same answers.
    pub fn replay(tape: Tape, region: &Region) -> Self {
        let [archive, own] = client::replaying(tape, region);
        Self::over(own, Pacing::Unlimited).with_archive(archive)
    }

    /// Every exchange since the last observation began, redacted.
    pub fn tape(&self) -> Tape {
        self.wire.tape()
    }
}

impl Account for Aws {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        observe::observe(self, scope).await
    }

    async fn send(
        &self,
        address: &Address,
        call: &Call,
        ids: &Ids,
    ) -> Result<Option<PhysicalId>, CallError> {
        send::send(self, address, call, ids).await
    }
}
