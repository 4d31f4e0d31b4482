//! The law of predict for tables, queues and secrets, as far as moto answers. What it does not is
//! held against AWS's documentation, with a connector that accepts everything.

use serde_json::{Value, json};
use strongroom::{
    iam::{PolicyDocument, Statement},
    model::{Address, KeyType, KindName, TableKey},
    resource::{
        Billing, Call, DynamodbTable, DynamodbTableCall, Ref, Secret, SecretCall, SqsQueue,
        SqsQueueCall,
    },
};

use super::{
    bank::{self, Step, step},
    law::{law, less, more, walk},
    observe,
    unanswered::asked_at,
};
use crate::moto::Moto;

/// The key of the service `login`.
fn key() -> Ref {
    Ref::to(KindName::KmsKey, "login")
}

/// A table of the service `login`.
pub fn table(name: &str) -> Step {
    let table = DynamodbTable {
        name: name.to_owned(),
        key: Some(TableKey {
            partition: "id".to_owned(),
            partition_type: KeyType::S,
            sort: Some("at".to_owned()),
            sort_type: KeyType::N,
        })
        .into(),
        billing: Billing::PayPerRequest.into(),
        kms_key: Some(key()).into(),
        recovery: false.into(),
        deletion_protected: true.into(),
        policy: PolicyDocument::default().into(),
        tags: bank::tags("login").into(),
    };
    let call = DynamodbTableCall::Create(Box::new(table));
    step(KindName::DynamodbTable, name, call)
}

/// A queue of the service `login`.
pub fn queue(name: &str) -> Step {
    let queue = SqsQueue {
        name: name.to_owned(),
        kms_key: Some(key()).into(),
        policy: PolicyDocument::default().into(),
        tags: bank::tags("login").into(),
    };
    let call = SqsQueueCall::Create(Box::new(queue));
    step(KindName::SqsQueue, name, call)
}

/// A secret of the service `login`.
pub fn secret(name: &str) -> Step {
    let secret = Secret {
        name: name.to_owned(),
        kms_key: Some(key()).into(),
        pending_deletion: false.into(),
        policy: PolicyDocument::default().into(),
        tags: bank::tags("login").into(),
    };
    let call = SecretCall::Create(Box::new(secret));
    step(KindName::Secret, name, call)
}

/// Everybody but the role of `login` is denied the actions.
fn closed(action: &str, resource: &str) -> PolicyDocument {
    let role = Ref::to(KindName::IamRole, "login-v1");
    let others = Statement::deny([action])
        .by([Ref::literal("*")])
        .on([Ref::literal(resource)])
        .when("ArnNotLike", "aws:PrincipalArn", [role]);
    PolicyDocument::new([("Others", others)])
}

fn needs(moto: &Moto) -> Vec<Step> {
    vec![bank::role("login"), bank::key(moto, "login")]
}

#[tokio::test]
async fn dynamodb_table() {
    use DynamodbTableCall::{
        Delete, DeletePolicy, PayPerRequest, Protect, PutPolicy, Recover, Tag, Untag,
    };
    let at = |call: DynamodbTableCall| step(KindName::DynamodbTable, "sessions", call);
    law(needs, |moto| {
        let arn = format!("arn:aws:dynamodb:eu-west-1:{}:table/sessions", moto.account);
        vec![
            table("sessions"),
            at(Recover(true)),
            at(PutPolicy(closed("dynamodb:GetItem", &arn))),
            at(PutPolicy(closed("dynamodb:Query", &arn))),
            at(PayPerRequest),
            at(Tag(more())),
            at(Untag(less())),
            at(DeletePolicy),
            at(Recover(false)),
            at(Protect(false)),
            at(Delete),
        ]
    })
    .await;
}

/// Moto forgets a queue's policy when another attribute is set, so the key comes first.
#[tokio::test]
async fn sqs_queue() {
    use SqsQueueCall::{Delete, SetKey, SetPolicy, Tag, Untag};
    for name in ["jobs", "jobs.fifo"] {
        let at = |call: SqsQueueCall| step(KindName::SqsQueue, name, call);
        law(needs, |moto| {
            let arn = format!("arn:aws:sqs:eu-west-1:{}:{name}", moto.account);
            vec![
                queue(name),
                at(SetKey(None)),
                at(SetKey(Some(key()))),
                at(SetPolicy(closed("sqs:SendMessage", &arn))),
                at(SetPolicy(PolicyDocument::default())),
                at(Tag(more())),
                at(Untag(less())),
                at(Delete),
            ]
        })
        .await;
    }
}

/// A secret stays, waiting for its deletion; so the script takes that back at its end.
#[tokio::test]
async fn secret_without_a_value() {
    use SecretCall::{Delete, DeletePolicy, PutPolicy, Restore, SetKey, Tag, Untag};
    let Some(moto) = Moto::start().await else {
        return;
    };
    let at = |call: SecretCall| step(KindName::Secret, "login/signing", call);
    let mut steps = needs(&moto);
    steps.extend([
        secret("login/signing"),
        at(SetKey(None)),
        at(SetKey(Some(key()))),
        at(PutPolicy(closed("secretsmanager:GetSecretValue", "*"))),
        at(Tag(more())),
        at(Untag(less())),
        at(DeletePolicy),
        at(Delete(7)),
        at(Restore),
    ]);
    walk(&moto, &steps).await;
    let value = aws_sdk_secretsmanager::Client::new(&moto.config());
    let value = value.get_secret_value().secret_id("login/signing");
    assert!(value.send().await.is_err(), "no value was ever written");
}

/// Somebody else's store is known by its name, and its key by any of the key's names.
#[tokio::test]
async fn a_declared_queue_is_found_whoever_made_it() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let seen = walk(&moto, &[needs(&moto), vec![bank::alias("login")]].concat()).await;
    let id = seen.ids[&Address::new(KindName::KmsKey, "login")]
        .id
        .clone();
    let alias = format!("alias/strongroom/{}/login", crate::moto::ENVIRONMENT);
    let aws = moto.aws();
    for name in [id, alias] {
        declared_queue(&moto, &name).await;
        let queue = &observe(&moto, &aws).await.resources.sqs_queue["sandbox-outbox"];
        assert_eq!(queue.kms_key.known(), Some(&Some(key())), "{name}");
    }
    declared_queue(&moto, "alias/aws/sqs").await;
    let queue = &observe(&moto, &aws).await.resources.sqs_queue["sandbox-outbox"];
    let other = Ref::literal("alias/aws/sqs");
    assert_eq!(queue.kms_key.known(), Some(&Some(other)));
}

/// A queue that the specification declares, made by hand under some key.
async fn declared_queue(moto: &Moto, key: &str) {
    use aws_sdk_sqs::types::QueueAttributeName::KmsMasterKeyId;
    let sqs = aws_sdk_sqs::Client::new(&moto.config());
    let made = sqs.create_queue().queue_name("sandbox-outbox").send().await;
    let url = made.expect("a queue").queue_url.expect("a URL");
    let set = sqs.set_queue_attributes().queue_url(url);
    let set = set.attributes(KmsMasterKeyId, key);
    set.send().await.expect("set");
}

async fn asked(kind: KindName, name: &str, call: impl Into<Call>) -> (String, Value) {
    asked_at(&Address::new(kind, name), &call.into()).await
}

/// Moto ignores both.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>
#[tokio::test]
async fn the_key_of_a_table() {
    let table = |call| asked(KindName::DynamodbTable, "sessions", call);
    let own = DynamodbTableCall::SetKey(Some(key()));
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
    let (api, body) = table(own).await;
    assert_eq!(api, "dynamodb:UpdateTable");
    let encryption = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": arn});
    assert_eq!(body["SSESpecification"], encryption);
    let (_, body) = table(DynamodbTableCall::SetKey(None)).await;
    assert_eq!(body["SSESpecification"], json!({"Enabled": false}));
}

/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html>
#[tokio::test]
async fn a_public_policy_of_a_secret_is_refused_by_aws_itself() {
    let policy = SecretCall::PutPolicy(PolicyDocument::default());
    let (api, body) = asked(KindName::Secret, "login/signing", policy).await;
    assert_eq!(api, "secretsmanager:PutResourcePolicy");
    assert_eq!(body["BlockPublicPolicy"], json!(true));
}
