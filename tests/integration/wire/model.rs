//! An endpoint made from an API's model, for services that moto does not know: it answers as AWS
//! documents. No AWS was asked; what the model does not tell is not tested by it.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::{Value, json};
use strongroom::account::aws::{Asked, Aws, Pacing};

use super::transport::{Answer, before, network, over, response};
use crate::moto::{Moto, REGION};

/// The account of an endpoint where nothing but the model answers.
pub const ACCOUNT: &str = "111122223333";

/// What a service holds, and what it answers.
pub trait Api: Debug + Send + 'static {
    /// Signing name of the service.
    const SERVICE: &'static str;

    /// The status and the body of the answer.
    fn answer(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> (u16, Value);
}

/// An answer that says that something is not there.
pub fn not_found(what: &str) -> (u16, Value) {
    let code = "ResourceNotFoundException";
    (404, json!({ "__type": code, "message": what }))
}

/// The keys that a request to take away tags names.
pub fn tag_keys(query: &str) -> impl Iterator<Item = &str> {
    let pairs = query.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("tagKeys="))
}

/// The model of one service.
#[derive(Debug, Default)]
pub struct Model<A>(Arc<Mutex<A>>);

impl<A: Api> Model<A> {
    /// What the service holds.
    pub fn api(&self) -> MutexGuard<'_, A> {
        self.0.lock().expect("no test panics while it holds this")
    }

    /// The model in front of whatever answers for other services.
    pub fn transport(&self, rest: SharedHttpClient) -> SharedHttpClient {
        let api = Arc::clone(&self.0);
        before(rest, move |asked| {
            let ours = asked.service == A::SERVICE;
            ours.then(|| answer(&mut *api.lock().expect("as above"), asked))
        })
    }

    /// The model in front of moto.
    pub fn before(&self, moto: &Moto) -> Aws {
        over(moto, self.transport(network()))
    }

    /// An account where nothing else answers but who asks.
    pub fn alone(&self) -> Aws {
        let nobody = before(network(), |asked| Some(Ok(unknown(asked))));
        let credentials = Credentials::new("a", "b", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.transport(nobody))
            .build();
        Aws::over(config, Pacing::Unlimited)
    }
}

fn answer(api: &mut impl Api, asked: &Asked) -> Answer {
    let body = serde_json::from_str(&asked.body).unwrap_or_default();
    let path: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let (status, body) = api.answer(&asked.method, &path, &asked.query, &body);
    Ok(response(status, body.to_string()))
}

/// What a service without a model answers.
fn unknown(asked: &Asked) -> aws_smithy_runtime_api::client::orchestrator::HttpResponse {
    match asked.service.as_str() {
        "sts" => response(200, identity()),
        _ => response(501, ""),
    }
}

/// What STS answers.
fn identity() -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:role/plan</Arn>\
         <UserId>A</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    )
}
