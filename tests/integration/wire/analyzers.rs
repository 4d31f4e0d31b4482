//! Access Analyzer, which moto does not know: the law of predict on a connector that answers as
//! the API's model says. No AWS was asked; what the model does not tell is not tested here.
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html>

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use strongroom::{
    account::{Account, Scope, aws::Aws},
    model::{Address, KindName, TagKey, Tags},
    resource::{
        AccessAnalyzer, AccessAnalyzerCall, ConfigRecorderCall, EbsEncryptionCall,
        GuarddutyDetectorCall, Kind, Resources,
    },
    snapshot::{Ids, PhysicalId, Snapshot},
    spec,
};

use super::{
    difference,
    law::{less, more},
    model::{ACCOUNT, Api, Model, tag_keys},
};

const ARN: &str = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/sandbox-account";
const AT: &str = "2026-03-01T06:00:00Z";

/// The analyzer of an account, with its rules: what the API would show.
#[derive(Debug, Default)]
struct State {
    analyzer: Option<Value>,
    rules: BTreeSet<String>,
}

impl Api for State {
    const SERVICE: &'static str = "access-analyzer";

    fn answer(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> (u16, Value) {
        (200, self.answered(method, path, query, body))
    }
}

impl State {
    fn answered(&mut self, method: &str, path: &[&str], query: &str, body: &Value) -> Value {
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
                for key in tag_keys(query) {
                    self.tags().remove(key);
                }
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
    let model = Model::<State>::default();
    let aws = model.alone();
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
    let model = Model::<State>::default();
    let aws = model.alone();
    let address = Address::new(AccessAnalyzer::NAME, "account");
    let create = AccessAnalyzerCall::Create(Box::new(analyzer())).into();
    super::send(&aws, &address, &create, &mut Ids::new()).await;
    model.api().rules.insert("mute".to_owned());
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
        let aws = Model::<State>::default().alone();
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
