//! The law of predict for what an account has once, for alarms and for topics, as far as moto
//! answers. Analyzers, which it does not know, are in `analyzers.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use strongroom::{
    account::Account,
    iam::{PolicyDocument, Statement},
    model::{Address, KindName, TagKey, Tags},
    resource::{
        AccountPublicAccessBlockCall, AlarmDefinition, ConfigRecorder, ConfigRecorderCall,
        DeliveryChannel, EbsEncryptionCall, FilterDefinition, GuarddutyDetector,
        GuarddutyDetectorCall, Kind, MetricAlarmCall, MetricFilter, MetricFilterCall, MissingData,
        PasswordPolicy, PasswordPolicyCall, PasswordRules, PublicAccess, Recording, Ref, SnsTopic,
        SnsTopicCall, UnreadReason,
    },
    snapshot::PhysicalId,
};

use super::{
    bank::{self, Step, step},
    law::{law, less, more, walk},
    observe,
};
use crate::moto::{ENVIRONMENT, Moto};

/// The one of its kind that an account has.
fn once(kind: KindName, call: impl Into<strongroom::resource::Call>) -> Step {
    step(kind, "account", call)
}

/// Tags of what belongs to no service.
fn own() -> Tags {
    [(TagKey::ENVIRONMENT.to_owned(), ENVIRONMENT.to_owned())].into()
}

#[tokio::test]
async fn account_public_access_block() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let at = |call| once(KindName::AccountPublicAccessBlock, call);
    let open = PublicAccess {
        block_public_policy: false,
        ..PublicAccess::BLOCKED
    };
    let steps = [
        at(AccountPublicAccessBlockCall::Create(PublicAccess::BLOCKED)),
        at(AccountPublicAccessBlockCall::Put(open)),
        at(AccountPublicAccessBlockCall::Put(PublicAccess::BLOCKED)),
    ];
    walk(&moto, &steps).await;
}

/// There always is such a setting, so nothing creates it.
#[tokio::test]
async fn ebs_encryption() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let at = |call| once(KindName::EbsEncryption, call);
    let steps = [
        at(EbsEncryptionCall::Enable),
        at(EbsEncryptionCall::Disable),
        at(EbsEncryptionCall::Create),
    ];
    walk(&moto, &steps).await;
}

#[tokio::test]
async fn password_policy() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let rules = PasswordRules {
        min_length: 14,
        upper_case: true,
        lower_case: true,
        numbers: true,
        symbols: true,
        max_age_days: Some(90),
        reuse_prevention: Some(24),
        users_may_change: true,
        hard_expiry: false,
    };
    let weak = PasswordRules {
        min_length: 8,
        symbols: false,
        max_age_days: None,
        reuse_prevention: None,
        ..rules.clone()
    };
    let policy = PasswordPolicy {
        rules: rules.clone().into(),
    };
    let at = |call| once(KindName::PasswordPolicy, call);
    let steps = [
        at(PasswordPolicyCall::Create(Box::new(policy))),
        at(PasswordPolicyCall::Put(weak)),
        at(PasswordPolicyCall::Put(rules)),
    ];
    walk(&moto, &steps).await;
}

fn detector() -> GuarddutyDetector {
    GuarddutyDetector {
        enabled: true.into(),
        frequency: "FIFTEEN_MINUTES".to_owned().into(),
        features: BTreeSet::from(["S3_DATA_EVENTS".to_owned()]).into(),
        tags: own().into(),
    }
}

#[tokio::test]
async fn guardduty_detector() {
    let at = |call| once(KindName::GuarddutyDetector, call);
    let features = ["EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS"].map(str::to_owned);
    law(
        |_| vec![],
        |_| {
            vec![
                at(GuarddutyDetectorCall::Create(Box::new(detector()))),
                at(GuarddutyDetectorCall::PutFeatures(features.clone().into())),
                at(GuarddutyDetectorCall::PutFrequency("ONE_HOUR".to_owned())),
                at(GuarddutyDetectorCall::Enable(false)),
                at(GuarddutyDetectorCall::Enable(true)),
                at(GuarddutyDetectorCall::Delete),
            ]
        },
    )
    .await;
}

fn recorder() -> ConfigRecorder {
    ConfigRecorder {
        name: "default".to_owned(),
        recording: recording().into(),
        channel: None.into(),
        started: false.into(),
        tags: own().into(),
    }
}

fn recording() -> Recording {
    Recording {
        role: Ref::to(KindName::IamRole, "config-v1"),
        global_types: true,
        frequency: "CONTINUOUS".to_owned(),
        excluded: BTreeSet::new(),
        only: BTreeSet::new(),
    }
}

#[tokio::test]
async fn config_recorder() {
    let at = |call| once(KindName::ConfigRecorder, call);
    let channel = DeliveryChannel {
        bucket: Ref::literal("arn:aws:s3:::somewhere"),
        prefix: None,
        key: None,
        topic: None,
        snapshots: Some("TwentyFour_Hours".to_owned()),
    };
    let some = |types: [&str; 1]| BTreeSet::from(types.map(str::to_owned));
    let without = Recording {
        excluded: some(["AWS::EC2::Instance"]),
        ..recording()
    };
    let only = Recording {
        only: some(["AWS::S3::Bucket"]),
        ..recording()
    };
    law(
        |_| vec![bank::role("config")],
        |_| {
            let elsewhere = DeliveryChannel {
                prefix: Some("elsewhere".to_owned()),
                key: Some(Ref::literal("arn:aws:kms:eu-west-1:111122223333:key/1")),
                topic: Some(Ref::literal("arn:aws:sns:eu-west-1:111122223333:t")),
                ..channel.clone()
            };
            vec![
                at(ConfigRecorderCall::Create(Box::new(recorder()))),
                at(ConfigRecorderCall::PutChannel(Box::new(channel.clone()))),
                at(ConfigRecorderCall::Start),
                at(ConfigRecorderCall::PutChannel(Box::new(elsewhere))),
                at(ConfigRecorderCall::Put(Box::new(without.clone()))),
                at(ConfigRecorderCall::Put(Box::new(only.clone()))),
                at(ConfigRecorderCall::Put(Box::new(recording()))),
                at(ConfigRecorderCall::Stop),
                at(ConfigRecorderCall::DeleteChannel),
                at(ConfigRecorderCall::Delete),
            ]
        },
    )
    .await;
}

fn topic() -> SnsTopic {
    let publish = Statement::allow(["sns:Publish"])
        .by_service("cloudwatch.amazonaws.com")
        .on_any();
    SnsTopic {
        name: format!("{ENVIRONMENT}-alarms"),
        policy: PolicyDocument::new([("Alarms", publish)]).into(),
        kms_key: Some(Ref::to(KindName::KmsKey, "login")).into(),
        subscriptions: Some(BTreeSet::new()).into(),
        tags: own().into(),
    }
}

fn alarms_topic() -> Step {
    step(
        KindName::SnsTopic,
        "alarms",
        SnsTopicCall::Create(Box::new(topic())),
    )
}

#[tokio::test]
async fn sns_topic() {
    let at = |call| step(KindName::SnsTopic, "alarms", call);
    let deny = Statement::deny(["sns:Publish"])
        .by([Ref::literal("*")])
        .on_any();
    let policy = PolicyDocument::new([("Stop", deny)]);
    let mail = || "email:security@bank.example".to_owned();
    law(
        |moto| vec![bank::role("login"), bank::key(moto, "login")],
        |_| {
            vec![
                alarms_topic(),
                at(SnsTopicCall::Subscribe(mail())),
                at(SnsTopicCall::PutPolicy(policy.clone())),
                at(SnsTopicCall::PutKey(None)),
                at(SnsTopicCall::PutKey(Some(Ref::to(
                    KindName::KmsKey,
                    "login",
                )))),
                at(SnsTopicCall::Tag(more())),
                at(SnsTopicCall::Untag(less())),
                at(SnsTopicCall::Unsubscribe(mail())),
                at(SnsTopicCall::Delete),
            ]
        },
    )
    .await;
}

/// A filter on the log group of the service `login`.
fn filter(pattern: &str) -> MetricFilter {
    MetricFilter {
        name: format!("{ENVIRONMENT}-root-use"),
        log_group: Ref::to(KindName::LogGroup, "login"),
        definition: definition(pattern).into(),
    }
}

fn definition(pattern: &str) -> FilterDefinition {
    FilterDefinition {
        pattern: pattern.to_owned(),
        namespace: "Strongroom/bank".to_owned(),
        metric: "root-use".to_owned(),
        value: "1".to_owned(),
    }
}

/// Moto keeps every version of a filter, and deletes every other one: see `docs/emulators.md`.
#[tokio::test]
async fn metric_filter() {
    let at = |call| step(KindName::MetricFilter, "root-use", call);
    let group = || Ref::to(KindName::LogGroup, "login");
    let needs = |moto: &Moto| {
        vec![
            bank::role("login"),
            bank::key(moto, "login"),
            bank::log_group("login"),
        ]
    };
    let create = || at(MetricFilterCall::Create(Box::new(filter("{ $.a = 1 }"))));
    law(needs, |_| {
        vec![create(), at(MetricFilterCall::Delete(group()))]
    })
    .await;
    let Some(moto) = Moto::start().await else {
        return;
    };
    let other = MetricFilterCall::Put(group(), definition("{ $.a = 2 }"));
    let steps = needs(&moto).into_iter().chain([create(), at(other)]);
    walk(&moto, &steps.collect::<Vec<_>>()).await;
}

fn alarm() -> AlarmDefinition {
    AlarmDefinition {
        description: "Somebody acts as the root user".to_owned(),
        namespace: "Strongroom/bank".to_owned(),
        metric: "root-use".to_owned(),
        dimensions: BTreeMap::new(),
        statistic: "Sum".to_owned(),
        period_seconds: 300,
        periods: 1,
        comparison: "GreaterThanOrEqualToThreshold".to_owned(),
        threshold: 1,
        missing_data: MissingData::NotBreaching,
        actions_enabled: true,
        alarm_actions: BTreeSet::from([Ref::to(KindName::SnsTopic, "alarms")]),
        ok_actions: BTreeSet::new(),
    }
}

/// Moto knows the older protocol of CloudWatch alone, and the SDK speaks the newer one.
#[tokio::test]
async fn alarms_are_not_answered() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let aws = moto.aws();
    let seen = observe(&moto, &aws).await;
    let why = seen.coverage.listings[&KindName::MetricAlarm].unread();
    let why = why.expect("unread");
    assert_eq!(why.reason, UnreadReason::Unsupported, "{why:?}");
    let (address, call) = step(
        KindName::MetricAlarm,
        "root-use",
        MetricAlarmCall::Put(Box::new(alarm())),
    );
    let topic = Address::new(KindName::SnsTopic, "alarms");
    let arn = format!("arn:aws:sns:eu-west-1:{}:bank-alarms", moto.account);
    let ids = [
        (topic, PhysicalId::with_arn(arn.as_str(), arn.as_str())),
        (address.clone(), PhysicalId::plain("bank-root-use")),
    ];
    let refused = aws.send(&address, &call, &ids.into()).await;
    let refused = refused.expect_err("not answered");
    assert!(refused.message.contains("does not answer"), "{refused}");
}

/// A detector that another environment owns is nobody's to change, and one that nobody owns is
/// taken over.
#[tokio::test]
async fn what_an_account_has_once_has_one_owner() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    for (owner, contested) in [("other", true), (ENVIRONMENT, false)] {
        let client = aws_sdk_guardduty::Client::new(&moto.config());
        let made = client.create_detector().enable(true);
        let made = made.tags(TagKey::ENVIRONMENT, owner).send().await;
        let id = made
            .expect("a detector")
            .detector_id()
            .expect("an id")
            .to_owned();
        let mut scope = moto.scope();
        scope.environment.baseline = true;
        let seen = moto.aws().observe(&scope).await.expect("moto answers");
        let address = Address::new(GuarddutyDetector::NAME, "account");
        let conflicts: Vec<_> = seen.conflicts.iter().map(|one| &one.address).collect();
        assert_eq!(conflicts, Vec::from_iter(contested.then_some(&address)));
        assert_eq!(seen.resources.contains(&address), !contested);
        client
            .delete_detector()
            .detector_id(id)
            .send()
            .await
            .expect("deleted");
    }
}

/// What the account says of itself, as far as moto does.
#[tokio::test]
async fn the_account_tells_who_can_sign_in() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let iam = aws_sdk_iam::Client::new(&moto.config());
    iam.create_user()
        .user_name("robot")
        .send()
        .await
        .expect("a user");
    let key = iam.create_access_key().user_name("robot").send().await;
    key.expect("a key");
    let state = observe(&moto, &moto.aws()).await.account_state;
    let summary = state.summary.known().expect("read");
    assert_eq!((summary.users, summary.root_has_keys), (1, false));
    let users = state.credentials.known().expect("read");
    assert_eq!(users["robot"].keys.len(), 1, "{users:?}");
    assert_eq!(
        json!(state.external_access)["$unread"]["reason"],
        "unsupported"
    );
}
