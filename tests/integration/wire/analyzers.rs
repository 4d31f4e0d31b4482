//! Access Analyzer, which moto does not know: the law of predict on a connector that answers as
//! the API's model says. No AWS was asked; what the model does not tell is not tested here.
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html>

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value, json};
use strongroom::{
    account::{
        Account, Scope,
        aws::{Aws, Pacing},
    },
    model::{Address, KindName, TagKey, Tags},
    resource::{
        AccessAnalyzer, AccessAnalyzerCall, ConfigRecorderCall, EbsEncryptionCall,
        GuarddutyDetectorCall, Kind, Resources,
    },
    snapshot::{Ids, PhysicalId, Snapshot},
    spec,
};

use super::{difference, law::less, law::more};

const ACCOUNT: &str = "111122223333";
const ARN: &str = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/sandbox-account";
const AT: &str = "2026-03-01T06:00:00Z";

/// The analyzer of an account, with its rules: what the API would show.
#[derive(Debug, Clone, Default)]
struct Model(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    analyzer: Option<Value>,
    rules: BTreeSet<String>,
    asked: Vec<String>,
}

impl HttpConnector for Model {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = self.answer(&request);
        let status = StatusCode::try_from(status).expect("a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
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

impl Model {
    fn answer(&self, request: &HttpRequest) -> (u16, String) {
        let scope = request.headers().get("authorization").unwrap_or_default();
        let (path, query) = split(request.uri());
        let body = request.body().bytes().unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut state = self.0.lock().expect("one thread");
        if scope.contains("/sts/") {
            return (200, identity());
        }
        if !scope.contains("/access-analyzer/") {
            return (501, String::new());
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let answer = state.answer(request.method(), &parts, &query, &body);
        state.asked.push(format!("{} {path}", request.method()));
        (200, answer.to_string())
    }
}

fn split(uri: &str) -> (String, String) {
    let after = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = after.find('/').map_or("/", |start| &after[start..]);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (path.to_owned(), query.to_owned())
}

impl State {
    fn answer(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> Value {
        match (method, path) {
            ("PUT", ["analyzer"]) => {
                self.analyzer = Some(json!({
                    "arn": ARN, "name": body["analyzerName"], "type": body["type"],
                    "createdAt": AT, "status": "CREATING", "tags": body["tags"],
                }));
                json!({ "arn": ARN })
            }
            ("GET", ["analyzer"]) => json!({ "analyzers": Vec::from_iter(&self.analyzer) }),
            ("DELETE", ["analyzer", _]) => {
                self.analyzer = None;
                json!({})
            }
            ("GET", ["analyzer", _, "archive-rule"]) => {
                let rule = |name: &String| json!({"ruleName": name, "filter": {}, "createdAt": AT, "updatedAt": AT});
                json!({ "archiveRules": self.rules.iter().map(rule).collect::<Vec<_>>() })
            }
            ("DELETE", ["analyzer", _, "archive-rule", name]) => {
                self.rules.remove(*name);
                json!({})
            }
            ("POST", ["tags", ..]) => {
                let set = body["tags"].as_object().cloned().unwrap_or_default();
                self.tags().extend(set);
                json!({})
            }
            ("DELETE", ["tags", ..]) => {
                let keys = query
                    .split('&')
                    .filter_map(|pair| pair.strip_prefix("tagKeys="));
                let keys: Vec<String> = keys.map(str::to_owned).collect();
                keys.iter().for_each(|key| drop(self.tags().remove(key)));
                json!({})
            }
            ("POST", ["findingv2"]) => json!({ "findings": [finding()] }),
            _ => panic!("{method} {path:?} is not of the model"),
        }
    }

    fn tags(&mut self) -> &mut Map<String, Value> {
        let analyzer = self.analyzer.as_mut().expect("an analyzer");
        analyzer["tags"].as_object_mut().expect("tags")
    }
}

fn finding() -> Value {
    json!({
        "id": "1", "analyzedAt": AT, "createdAt": AT, "updatedAt": AT, "status": "ACTIVE",
        "resource": "arn:aws:s3:::statements", "resourceType": "AWS::S3::Bucket",
        "resourceOwnerAccount": ACCOUNT, "findingType": "ExternalAccess",
    })
}

fn aws(model: &Model) -> Aws {
    let nobody = aws_sdk_sts::config::Credentials::new("a", "b", None, None, "test");
    let connector = SharedHttpConnector::new(model.clone());
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
        .region(aws_config::Region::new("eu-west-1"))
        .credentials_provider(aws_sdk_sts::config::SharedCredentialsProvider::new(nobody))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    Aws::over(config, Pacing::Unlimited)
}

fn scope() -> Scope {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("environments/sandbox.yaml");
    let environment = spec::load(&path).expect("a specification").environment;
    Scope::of(&environment, jiff::Timestamp::UNIX_EPOCH)
}

async fn seen(aws: &Aws) -> Snapshot {
    aws.observe(&scope()).await.expect("the model answers")
}

/// The analyzers alone: nothing else answers here.
fn analyzers(resources: &Resources) -> Resources {
    Resources {
        access_analyzer: resources.access_analyzer.clone(),
        ..Resources::default()
    }
}

fn analyzer() -> AccessAnalyzer {
    AccessAnalyzer {
        name: "sandbox-account".to_owned(),
        zone: "ACCOUNT".to_owned(),
        active: true.into(),
        archive_rules: BTreeSet::new().into(),
        tags: Tags::from([(TagKey::ENVIRONMENT.to_owned(), "sandbox".to_owned())]).into(),
    }
}

#[tokio::test]
async fn the_law_holds_for_analyzers() {
    let model = Model::default();
    let aws = aws(&model);
    let address = Address::new(AccessAnalyzer::NAME, "account");
    let mut live = seen(&aws).await;
    assert!(!live.resources.contains(&address));
    for call in [
        AccessAnalyzerCall::Create(Box::new(analyzer())),
        AccessAnalyzerCall::Tag(more()),
        AccessAnalyzerCall::Untag(less()),
        AccessAnalyzerCall::Delete,
    ] {
        let mut expected = live.resources.clone();
        expected.apply(&address, &call.clone().into());
        super::send(&aws, &address, &call.clone().into(), &mut live.ids).await;
        live = seen(&aws).await;
        let found = difference(&analyzers(&expected), &analyzers(&live.resources));
        assert!(found.is_empty(), "after {call:?}: {found:#?}");
    }
    assert!(!live.resources.contains(&address));
}

#[tokio::test]
async fn a_rule_that_hides_findings_is_seen_and_deleted() {
    let model = Model::default();
    let aws = aws(&model);
    let address = Address::new(AccessAnalyzer::NAME, "account");
    let create = AccessAnalyzerCall::Create(Box::new(analyzer())).into();
    super::send(&aws, &address, &create, &mut Ids::new()).await;
    model
        .0
        .lock()
        .expect("one thread")
        .rules
        .insert("mute".to_owned());
    let mut live = seen(&aws).await;
    let found = &live.resources.access_analyzer["account"];
    let calls = AccessAnalyzer::settle(found, &analyzer());
    assert_eq!(
        calls,
        [AccessAnalyzerCall::DeleteArchiveRule("mute".to_owned())]
    );
    let external = live.account_state.external_access.known().expect("read");
    assert!(external.contains("arn:aws:s3:::statements"), "{external:?}");
    super::send(&aws, &address, &calls[0].clone().into(), &mut live.ids).await;
    let settled = seen(&aws).await.resources.access_analyzer["account"].clone();
    assert_eq!(settled, analyzer());
}

/// The calls about which moto has nothing to say, as AWS documents them.
#[tokio::test]
async fn what_moto_does_not_answer_is_asked_as_documented() {
    let id = |id: &str, arn: &str| PhysicalId::with_arn(id, arn);
    let detector = Address::new(KindName::GuarddutyDetector, "account");
    let recorder = Address::new(KindName::ConfigRecorder, "account");
    let volumes = Address::new(KindName::EbsEncryption, "account");
    let ids: Ids = [
        (
            detector.clone(),
            id("1", "arn:aws:guardduty:eu-west-1:111122223333:detector/1"),
        ),
        (
            recorder.clone(),
            id(
                "default",
                "arn:aws:config:eu-west-1:111122223333:configuration-recorder/default/1",
            ),
        ),
        (volumes.clone(), PhysicalId::plain("eu-west-1")),
    ]
    .into();
    let tags = || Tags::from([("a".to_owned(), "b".to_owned())]);
    let keys = || BTreeSet::from(["a".to_owned()]);
    for (address, call, api) in [
        (
            &detector,
            GuarddutyDetectorCall::Tag(tags()).into(),
            "guardduty:TagResource",
        ),
        (
            &detector,
            GuarddutyDetectorCall::Untag(keys()).into(),
            "guardduty:UntagResource",
        ),
        (
            &recorder,
            ConfigRecorderCall::Tag(tags()).into(),
            "config:TagResource",
        ),
        (
            &recorder,
            ConfigRecorderCall::Untag(keys()).into(),
            "config:UntagResource",
        ),
        (
            &volumes,
            EbsEncryptionCall::ResetKey.into(),
            "ec2:ResetEbsDefaultKmsKeyId",
        ),
    ] {
        let aws = aws(&Model::default());
        let refused = aws
            .send(address, &call, &ids)
            .await
            .expect_err("not of the model");
        assert!(refused.message.contains("does not answer"), "{refused}");
        let tape = aws.tape();
        let (asked, _) = tape.exchanges.first_key_value().expect("one exchange");
        assert_eq!(asked.api(), api);
    }
}
