//! A transport that answers some requests itself and lets the others pass as they are.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpClient, SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use strongroom::account::aws::{Asked, Aws, Pacing};

use crate::moto::Moto;

/// What a transport answers.
pub type Answer = Result<HttpResponse, ConnectorError>;

/// What a transport answers by itself, if it does.
type Own = dyn Fn(&Asked) -> Option<Answer> + Send + Sync;

#[derive(Clone)]
struct Before {
    own: Arc<Own>,
    rest: SharedHttpClient,
}

struct Line {
    own: Arc<Own>,
    rest: SharedHttpConnector,
}

impl fmt::Debug for Before {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Before")
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Line")
    }
}

impl HttpClient for Before {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Line {
            own: Arc::clone(&self.own),
            rest: self.rest.http_connector(settings, components),
        })
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match (self.own)(&Asked::of(&request)) {
            Some(answer) => HttpConnectorFuture::ready(answer),
            None => self.rest.call(request),
        }
    }
}

/// A transport that asks `own` first, and `rest` where that has no answer.
pub fn before(
    rest: SharedHttpClient,
    own: impl Fn(&Asked) -> Option<Answer> + Send + Sync + 'static,
) -> SharedHttpClient {
    SharedHttpClient::new(Before {
        own: Arc::new(own),
        rest,
    })
}

/// The transport to moto.
pub fn network() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

/// An account of moto behind a transport.
pub fn over(moto: &Moto, transport: SharedHttpClient) -> Aws {
    let config = moto.config().into_builder().http_client(transport);
    Aws::over(config.build(), Pacing::Unlimited)
}

/// An answer.
pub fn response(status: u16, body: impl Into<String>) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, SdkBody::from(body.into()))
}

/// A refusal as each protocol writes it.
pub fn refusal(asked: &Asked, status: u16, code: &str) -> HttpResponse {
    let body = match asked.service.as_str() {
        "ec2" => format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>"
        ),
        "iam" | "sts" | "sns" | "monitoring" => format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        ),
        "s3" => format!("<Error><Code>{code}</Code><Message>no</Message></Error>"),
        _ => format!(r#"{{"__type":"{code}","message":"no"}}"#),
    };
    response(status, body)
}
