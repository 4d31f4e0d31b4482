//! A transport that answers from a tape instead of the network.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};

use super::tape::{Asked, Tape};

/// Answers each request as the tape did, repeated ones in the order of the recording.
#[derive(Debug, Clone)]
pub struct Replay {
    tape: Arc<Tape>,
    archive: bool,
    played: Arc<Mutex<BTreeMap<Asked, usize>>>,
}

/// A request that the tape does not know.
#[derive(Debug, thiserror::Error)]
#[error("asked, not recorded: {} {}", .0.api(), .0.body)]
pub struct NotRecorded(Asked);

impl Replay {
    /// A transport over `tape`.
    pub fn new(tape: Tape) -> Self {
        Self {
            tape: Arc::new(tape),
            archive: false,
            played: Arc::default(),
        }
    }

    /// The same tape, asked of the archive account.
    pub fn of_archive(&self) -> Self {
        Self {
            archive: true,
            ..self.clone()
        }
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let asked = Asked {
            archive: self.archive,
            ..Asked::of(request)
        };
        let recorded = self.tape.exchanges.get(&asked);
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = played.entry(asked.clone()).or_default();
        let reply = recorded.and_then(|replies| replies.get(*turn));
        *turn += 1;
        match reply {
            Some(reply) => reply.to_response(),
            None => Err(ConnectorError::user(NotRecorded(asked).into())),
        }
    }
}

impl HttpConnector for Replay {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.answer(&request))
    }
}

impl HttpClient for Replay {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
