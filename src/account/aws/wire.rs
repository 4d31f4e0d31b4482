//! The one HTTP client under every SDK client: it paces, transmits, redacts, counts and records.
//! Nothing above it sees bytes that are not on the tape.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::byte_stream::ByteStream;

use super::{
    broken::Broken,
    pace::Pace,
    tape::{Answer, Asked, HEADERS, Reply, Tape},
};

/// The decorator of the HTTP client.
#[derive(Debug, Clone)]
pub struct Wire {
    transport: SharedHttpClient,
    archive: bool,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pace: Pace,
    record: Mutex<Record>,
}

#[derive(Debug)]
struct Record {
    tape: Tape,
    calls: BTreeMap<String, u64>,
}

impl Wire {
    /// A wire over `transport`.
    pub fn new(transport: SharedHttpClient, pace: Pace, endpoint: Option<String>) -> Self {
        let record = Record {
            tape: Tape::new(endpoint),
            calls: BTreeMap::new(),
        };
        Self {
            transport,
            archive: false,
            shared: Arc::new(Shared {
                pace,
                record: Mutex::new(record),
            }),
        }
    }

    /// The same wire to the archive account: one tape, one count, another transport.
    pub fn to_archive(&self, transport: SharedHttpClient) -> Self {
        Self {
            transport,
            archive: true,
            shared: self.shared.clone(),
        }
    }

    /// The pace of its requests.
    pub fn pace(&self) -> &Pace {
        &self.shared.pace
    }

    /// Begins a new tape and a new count.
    pub fn rewind(&self) {
        let mut record = self.shared.record();
        record.tape.exchanges.clear();
        record.calls.clear();
    }

    /// The endpoint, where it is not AWS's own.
    pub fn endpoint(&self) -> Option<String> {
        self.shared.record().tape.endpoint.clone()
    }

    /// What was recorded since the last rewind.
    pub fn tape(&self) -> Tape {
        self.shared.record().tape.clone()
    }

    /// The requests that were sent since the last rewind, by API; repeated ones count.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.record().calls.clone()
    }
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, api: String) {
        *self.record().calls.entry(api).or_default() += 1;
    }

    fn keep(&self, asked: Asked, reply: Reply) {
        let mut record = self.record();
        record.tape.exchanges.entry(asked).or_default().push(reply);
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Tap {
            inner: self.transport.http_connector(settings, components),
            archive: self.archive,
            shared: self.shared.clone(),
        })
    }
}

#[derive(Debug, Clone)]
struct Tap {
    inner: SharedHttpConnector,
    archive: bool,
    shared: Arc<Shared>,
}

impl HttpConnector for Tap {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let tap = self.clone();
        HttpConnectorFuture::new(async move { tap.exchange(request).await })
    }
}

impl Tap {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let asked = Asked {
            archive: self.archive,
            ..Asked::of(&request)
        };
        let _turn = self.shared.pace.turn(&asked.api()).await;
        self.shared.count(asked.api());
        let reply = match self.answer(request).await {
            Ok(answer) => Reply::Answer(answer),
            Err(error) => Reply::Broken(Broken::of(&error)),
        };
        let response = reply.to_response();
        self.shared.keep(asked, reply);
        response
    }

    async fn answer(&self, request: HttpRequest) -> Result<Answer, ConnectorError> {
        read(self.inner.call(request).await?).await
    }
}

async fn read(response: HttpResponse) -> Result<Answer, ConnectorError> {
    let status = response.status().as_u16();
    let headers = HEADERS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), response.headers().get(name)?.to_owned())))
        .collect();
    let body = ByteStream::new(response.into_body())
        .collect()
        .await
        .map_err(|error| ConnectorError::io(error.into()))?;
    Ok(Answer::of(status, headers, &body.into_bytes()))
}
