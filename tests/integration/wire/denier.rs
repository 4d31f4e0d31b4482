//! A caller without some permissions: moto checks none, so a transport denies them.
//! It never changes what passes.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpClient, SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use strongroom::account::aws::{Asked, Aws, Pacing};

use crate::moto::Moto;

/// A transport that denies some APIs and lets the others pass.
#[derive(Debug, Clone)]
struct Denier {
    apis: BTreeSet<String>,
    inner: SharedHttpClient,
}

#[derive(Debug)]
struct Gate {
    apis: BTreeSet<String>,
    inner: SharedHttpConnector,
}

impl HttpClient for Denier {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Gate {
            apis: self.apis.clone(),
            inner: self.inner.http_connector(settings, components),
        })
    }
}

impl HttpConnector for Gate {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let asked = Asked::of(&request);
        if self.apis.contains(&asked.api()) {
            return HttpConnectorFuture::ready(Ok(denial(&asked)));
        }
        self.inner.call(request)
    }
}

/// AccessDenied as each protocol writes it.
fn denial(asked: &Asked) -> HttpResponse {
    let body = match asked.service.as_str() {
        "ec2" => {
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>"
        }
        "iam" | "sts" => {
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        }
        _ => r#"{"__type":"AccessDeniedException","message":"no"}"#,
    };
    HttpResponse::new(
        StatusCode::try_from(403).expect("a status"),
        SdkBody::from(body),
    )
}

/// The account, for somebody who may not call these.
pub fn denying<'a>(moto: &Moto, apis: impl IntoIterator<Item = &'a str>) -> Aws {
    let inner = aws_smithy_http_client::Builder::new().build_http();
    let apis = apis.into_iter().map(str::to_owned).collect();
    let config = moto
        .config()
        .into_builder()
        .http_client(Denier { apis, inner })
        .build();
    Aws::over(config, Pacing::Unlimited)
}
