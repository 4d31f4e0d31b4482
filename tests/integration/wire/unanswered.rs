//! The calls that moto does not answer: what is asked is held against AWS's documentation instead.
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html>

use aws_smithy_runtime_api::{
    client::{
        http::{SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use strongroom::{
    account::{
        Account, CallErrorKind,
        aws::{Aws, Pacing},
    },
    model::{Address, KindName},
    resource::{Call, LogGroupCall, Ref},
    snapshot::{Ids, PhysicalId},
};

use super::{bank, observe, send};
use crate::moto::Moto;

const NAME: &str = "/strongroom/bank/login";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

/// A connector that says yes to everything.
#[derive(Debug)]
struct Yes;

impl aws_smithy_runtime_api::client::http::HttpConnector for Yes {
    fn call(&self, _: HttpRequest) -> aws_smithy_runtime_api::client::http::HttpConnectorFuture {
        let status = StatusCode::try_from(200).expect("a status");
        let response = HttpResponse::new(status, SdkBody::from("{}"));
        aws_smithy_runtime_api::client::http::HttpConnectorFuture::ready(Ok(response))
    }
}

fn ids() -> Ids {
    let physical = |id: &str, arn: &str| PhysicalId {
        id: id.to_owned(),
        arn: Some(arn.to_owned()),
        unique_id: None,
    };
    [
        (
            Address::new(KindName::LogGroup, "login"),
            physical(
                NAME,
                "arn:aws:logs:eu-west-1:111122223333:log-group:/strongroom/bank/login",
            ),
        ),
        (Address::new(KindName::KmsKey, "login"), physical("1", KEY)),
        (
            Address::new(KindName::DynamodbTable, "sessions"),
            physical(
                "sessions",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/sessions",
            ),
        ),
        (
            Address::new(KindName::Secret, "login/signing"),
            PhysicalId::plain("login/signing"),
        ),
    ]
    .into()
}

/// What a call asks: operation and body.
async fn asked(call: LogGroupCall) -> (String, Value) {
    asked_at(&Address::new(KindName::LogGroup, "login"), &call.into()).await
}

/// What a call asks of a resource, whatever the answer: operation and body.
pub async fn asked_at(address: &Address, call: &Call) -> (String, Value) {
    let nobody = aws_sdk_sts::config::Credentials::new("a", "b", None, None, "test");
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
        .region(aws_config::Region::new("eu-west-1"))
        .credentials_provider(aws_sdk_sts::config::SharedCredentialsProvider::new(nobody))
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Yes)))
        .build();
    let aws = Aws::over(config, Pacing::Unlimited);
    let sent = aws.send(address, call, &ids()).await;
    assert_eq!(sent, Ok(None));
    let tape = aws.tape();
    let (asked, _) = tape.exchanges.first_key_value().expect("one exchange");
    let body = serde_json::from_str(&asked.body).expect("JSON");
    (asked.api(), body)
}

#[tokio::test]
async fn the_key_and_the_protection_of_a_log_group() {
    let key = Ref::to(KindName::KmsKey, "login");
    for (call, api, body) in [
        (
            LogGroupCall::AssociateKey(key),
            "logs:AssociateKmsKey",
            json!({"logGroupName": NAME, "kmsKeyId": KEY}),
        ),
        (
            LogGroupCall::DisassociateKey,
            "logs:DisassociateKmsKey",
            json!({"logGroupName": NAME}),
        ),
        (
            LogGroupCall::Protect(true),
            "logs:PutLogGroupDeletionProtection",
            json!({"logGroupIdentifier": NAME, "deletionProtectionEnabled": true}),
        ),
    ] {
        assert_eq!(asked(call).await, (api.to_owned(), body));
    }
}

#[tokio::test]
async fn an_endpoint_that_does_not_know_a_call_is_told_so() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    for (address, call) in [
        bank::role("login"),
        bank::key(&moto, "login"),
        bank::log_group("login"),
    ] {
        send(&aws, &address, &call, &mut ids).await;
    }
    let address = Address::new(KindName::LogGroup, "login");
    let call = LogGroupCall::DisassociateKey.into();
    let error = aws
        .send(&address, &call, &ids)
        .await
        .expect_err("not answered");
    assert_eq!(error.kind, CallErrorKind::Failed);
    assert!(
        error.message.contains("does not answer this call"),
        "{error}"
    );
}
