//! The tape: every exchange with AWS, redacted, so that an observation can be repeated offline by
//! the code that made it. Holds no header that authorises and no credentials traffic.

use std::collections::BTreeMap;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use serde::{Deserialize, Serialize};

use super::{broken::Broken, redact::redact, rest};

/// The schema of the serialised tape.
pub const SCHEMA: &str = "strongroom/tape/v1";

/// What was asked and answered, sorted by request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tape {
    /// Name and version of this format.
    pub schema: String,
    /// The endpoint, where it was not AWS's own.
    pub endpoint: Option<String>,
    /// The exchanges.
    #[serde(with = "as_list")]
    pub exchanges: BTreeMap<Asked, Vec<Reply>>,
}

/// A request without its host and headers: what makes two requests the same question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Signing name of the service, as `kms`.
    pub service: String,
    /// The Region that the request was signed for.
    pub region: String,
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
    /// Query string.
    pub query: String,
    /// `x-amz-target`, in the JSON protocols.
    pub target: String,
    /// The body, canonical: JSON with sorted keys, or sorted form fields.
    pub body: String,
    /// Whether it was asked of the archive account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archive: bool,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// Somebody answered.
    Answer(Answer),
    /// Nobody did.
    Broken(Broken),
}

/// An answer, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// When it came, UTC.
    pub at: jiff::Timestamp,
    /// HTTP status.
    pub status: u16,
    /// The headers of [`HEADERS`] that it had: the request id, what decides about parsing.
    pub headers: BTreeMap<String, String>,
    /// Body.
    pub body: String,
}

/// The headers that are recorded.
pub const HEADERS: [&str; 5] = [
    "content-type",
    "x-amz-request-id",
    "x-amzn-errortype",
    "x-amzn-query-error",
    "x-amzn-requestid",
];

impl Tape {
    /// An empty tape.
    pub fn new(endpoint: Option<String>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            endpoint,
            exchanges: BTreeMap::new(),
        }
    }
}

impl Asked {
    /// The question behind a signed request to the environment's own account.
    pub fn of(request: &HttpRequest) -> Self {
        let scope = request.headers().get("authorization").unwrap_or_default();
        let (region, service) = signing_scope(scope).unwrap_or_default();
        let text = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let uri = request.uri();
        let (path, query) = path_and_query(uri);
        Self {
            service: service.to_owned(),
            region: region.to_owned(),
            method: request.method().to_owned(),
            path,
            query: redact(query),
            target: target.to_owned(),
            body: redact(&canonical(&text)),
            archive: false,
        }
    }

    /// The API as permissions name it: `kms:DescribeKey`.
    pub fn api(&self) -> String {
        let service = match self.service.as_str() {
            "tagging" => "tag",
            other => other,
        };
        if service == "s3" {
            return rest::s3(&self.method, &self.path, &self.query);
        }
        if let Some(operation) = rest::operation(service, &self.method, &self.path) {
            return format!("{service}:{operation}");
        }
        let operation = match self.target.rsplit_once('.') {
            Some((_, operation)) => operation,
            None => self
                .body
                .split('&')
                .find_map(|field| field.strip_prefix("Action="))
                .unwrap_or(&self.path),
        };
        format!("{service}:{operation}")
    }
}

/// Region and service of `Credential=<key>/<date>/<region>/<service>/aws4_request`.
fn signing_scope(authorization: &str) -> Option<(&str, &str)> {
    let (_, scope) = authorization.split_once("Credential=")?;
    let mut parts = scope.split(',').next()?.split('/').skip(2);
    Some((parts.next()?, parts.next()?))
}

/// S3 has the bucket in the name of its host, or as the first part of the path: here always there.
fn path_and_query(uri: &str) -> (String, &str) {
    let (_, rest) = uri.split_once("://").unwrap_or_default();
    let (host, after_host) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (path, query) = after_host.split_once('?').unwrap_or((after_host, ""));
    let path = if path.is_empty() { "/" } else { path };
    match host.split_once(".s3.") {
        Some((bucket, _)) => (format!("/{bucket}{path}"), query),
        None => (path.to_owned(), query),
    }
}

fn canonical(body: &str) -> String {
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(body)
        && let Ok(text) = serde_json_canonicalizer::to_string(&value)
    {
        return text;
    }
    let mut fields: Vec<&str> = body.split('&').collect();
    fields.sort_unstable();
    fields.join("&")
}

impl Answer {
    /// The redacted answer of what came over the wire.
    pub fn of(status: u16, headers: BTreeMap<String, String>, body: &[u8]) -> Self {
        Self {
            at: jiff::Timestamp::now(),
            status,
            headers,
            body: redact(&String::from_utf8_lossy(body)),
        }
    }

    /// The answer as the SDK takes it; none where it is outside of HTTP.
    fn to_response(&self) -> Option<HttpResponse> {
        let status = StatusCode::try_from(self.status).ok()?;
        let mut response = Response::new(status, SdkBody::from(self.body.as_str()));
        for (name, value) in &self.headers {
            response
                .headers_mut()
                .try_insert(name.clone(), value.clone())
                .ok()?;
        }
        Some(response)
    }
}

impl Reply {
    /// The reply as the SDK takes it, in the first run as in every replay.
    ///
    /// # Errors
    /// What broke.
    pub fn to_response(&self) -> Result<HttpResponse, ConnectorError> {
        match self {
            Self::Answer(answer) => answer
                .to_response()
                .ok_or_else(|| ConnectorError::user("an answer outside HTTP".into())),
            Self::Broken(broken) => Err(broken.to_error()),
        }
    }
}

/// Exchanges as a list: JSON has no keys that are objects.
mod as_list {
    use serde::{Deserializer, Serializer};

    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Exchange {
        asked: Asked,
        replies: Vec<Reply>,
    }

    pub fn serialize<S: Serializer>(
        exchanges: &BTreeMap<Asked, Vec<Reply>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(exchanges.iter().map(|(asked, replies)| Exchange {
            asked: asked.clone(),
            replies: replies.clone(),
        }))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Asked, Vec<Reply>>, D::Error> {
        let list = Vec::<Exchange>::deserialize(deserializer)?;
        Ok(list
            .into_iter()
            .map(|exchange| (exchange.asked, exchange.replies))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn asked(target: &str, body: &str) -> Asked {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_uri("https://host:1/p?q=1").unwrap();
        request.headers_mut().insert(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/eu-west-1/tagging/aws4_request, SignedHeaders=host",
        );
        if !target.is_empty() {
            request
                .headers_mut()
                .insert("x-amz-target", target.to_owned());
        }
        Asked::of(&request)
    }

    #[test]
    fn a_question_has_no_credentials_and_no_order() {
        let one = asked("T.GetResources", r#"{"b":1,"a":[2]}"#);
        assert_eq!(one, asked("T.GetResources", r#"{ "a": [2], "b": 1 }"#));
        assert_eq!(one.api(), "tag:GetResources");
        assert_eq!((one.path.as_str(), one.query.as_str()), ("/p", "q=1"));
        assert_eq!(
            asked("", "Version=1&Action=Get").body,
            "Action=Get&Version=1"
        );
        assert!(!format!("{one:?}").contains("AKIA"));
    }
}
