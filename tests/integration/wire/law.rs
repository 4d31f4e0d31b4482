//! The law of predict: what an account shows after a call is what applying the call in memory
//! says, up to ids. One walk for every kind; the kinds differ only in their scripts.

use std::collections::BTreeSet;

use strongroom::{
    account::{Account, Scope, aws::Aws},
    iam::Statement,
    model::{KindName, Tags},
    resource::{
        Flow, IamPolicyCall, IamRoleCall, KmsKeyCall, LogGroupCall, Ref, SecurityGroupCall,
        SecurityGroupRuleCall, field::unread_fields,
    },
    snapshot::Snapshot,
};

use super::{
    bank::{self, Step, step},
    difference, observe, send,
};
use crate::moto::{ENVIRONMENT, Moto};

/// What moto does not show, though AWS does: see `docs/emulators.md`.
const GAPS: [&str; 6] = [
    "class",
    "deletion_protected",
    "selectors",
    "versioning",
    "ebs_encryption.account.key",
    "config_recorder.account.tags",
];

/// Sends the steps one by one and holds the law after each.
pub(super) async fn walk(moto: &Moto, steps: &[Step]) -> Snapshot {
    let each: Vec<&[Step]> = steps.iter().map(std::slice::from_ref).collect();
    stride(moto, &each).await
}

/// Sends the steps, some of them several at once, and holds the law after each stride: moto is
/// done with at once what AWS needs minutes for.
pub(super) async fn stride(moto: &Moto, strides: &[&[Step]]) -> Snapshot {
    let aws = moto.aws();
    let mut seen = observe(moto, &aws).await;
    for steps in strides {
        seen = hold(&aws, &moto.scope(), seen, steps).await;
        assert_known(&seen);
    }
    let mut again = observe(moto, &aws).await;
    // How often an unanswered request is repeated depends on those before it.
    again.coverage.calls = seen.coverage.calls.clone();
    assert_eq!(again, seen, "observing changes nothing");
    seen
}

/// Sends steps and holds the law after them, unread facets aside.
pub(super) async fn hold(aws: &Aws, scope: &Scope, mut seen: Snapshot, steps: &[Step]) -> Snapshot {
    let mut expected = seen.resources;
    for (address, call) in steps {
        expected.apply(address, call);
        send(aws, address, call, &mut seen.ids).await;
    }
    let seen = aws.observe(scope).await.expect("moto answers");
    let found = difference(&expected, &seen.resources);
    assert!(found.is_empty(), "after {steps:?}: {found:#?}");
    assert!(seen.conflicts.is_empty(), "{:?}", seen.conflicts);
    seen
}

/// Nothing is unread but the known gaps, or the law would hold of nothing.
fn assert_known(snapshot: &Snapshot) {
    let json = serde_json::to_value(&snapshot.resources).expect("JSON");
    let gaps: BTreeSet<String> = unread_fields(&json)
        .iter()
        .map(|(path, _)| path.to_string())
        .filter(|path| {
            !GAPS
                .iter()
                .any(|gap| path == gap || path.ends_with(&format!(".{gap}")))
        })
        .collect();
    assert!(gaps.is_empty(), "{gaps:?}");
}

/// Builds what a kind needs, walks its script, and expects it gone at the end.
pub async fn law(needs: impl Fn(&Moto) -> Vec<Step>, script: impl Fn(&Moto) -> Vec<Step>) {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto, ENVIRONMENT).await;
    let before = walk(&moto, &needs(&moto)).await;
    let after = walk(&moto, &script(&moto)).await;
    let left = difference(&before.resources, &after.resources);
    assert!(left.is_empty(), "{left:#?}");
}

pub(super) fn more() -> Tags {
    [("team", "identity"), ("cost", "42")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

pub(super) fn less() -> BTreeSet<String> {
    ["cost".to_owned()].into()
}

#[tokio::test]
async fn iam_policy() {
    let version = |action| {
        let document = bank::document("Ceiling", action, Ref::literal("*"));
        at(IamPolicyCall::PutVersion(document))
    };
    fn at(call: IamPolicyCall) -> Step {
        step(KindName::IamPolicy, "boundary", call)
    }
    // Seven versions: more than IAM keeps.
    let actions = [
        "sqs:*", "sns:*", "kms:*", "ec2:*", "ses:*", "ssm:*", "logs:*",
    ];
    law(
        |_| vec![],
        |_| {
            let tags = [
                at(IamPolicyCall::Tag(more())),
                at(IamPolicyCall::Untag(less())),
                at(IamPolicyCall::Delete),
            ];
            [bank::boundary()]
                .into_iter()
                .chain(actions.map(version))
                .chain(tags)
                .collect()
        },
    )
    .await;
}

#[tokio::test]
async fn iam_role() {
    let at = |call| step(KindName::IamRole, "login-v1", call);
    let key = || Ref::to(KindName::KmsKey, "accounts");
    let bound = || Ref::to(KindName::IamPolicy, "boundary");
    law(
        |moto| {
            vec![
                bank::boundary(),
                bank::role("accounts"),
                bank::key(moto, "accounts"),
            ]
        },
        |_| {
            vec![
                bank::role("login"),
                at(IamRoleCall::PutTrust(bank::trust("ec2.amazonaws.com"))),
                at(IamRoleCall::PutBoundary(bound())),
                at(IamRoleCall::PutInline(
                    "access".to_owned(),
                    bank::document("Use", "kms:Decrypt", key()),
                )),
                at(IamRoleCall::PutInline(
                    "access".to_owned(),
                    bank::document("Use", "kms:Encrypt", key()),
                )),
                at(IamRoleCall::Attach(bound())),
                at(IamRoleCall::Update("Says ü & <more>".to_owned(), 7200)),
                at(IamRoleCall::Tag(more())),
                at(IamRoleCall::Untag(less())),
                at(IamRoleCall::Detach(bound())),
                at(IamRoleCall::DeleteInline("access".to_owned())),
                at(IamRoleCall::DeleteBoundary),
                at(IamRoleCall::Delete),
            ]
        },
    )
    .await;
}

/// A key stays, waiting for its deletion; so the script takes that back at its end.
#[tokio::test]
async fn kms_key() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let at = |call| step(KindName::KmsKey, "login", call);
    let mut policy = bank::key_policy(&moto, "login");
    let deny = Statement::deny(["kms:CreateGrant"])
        .by([Ref::literal("*")])
        .on_any();
    policy.statements.insert("Incident".to_owned(), deny);
    let alias = format!("alias/strongroom/{ENVIRONMENT}/login");
    walk(
        &moto,
        &[
            bank::role("login"),
            bank::key(&moto, "login"),
            bank::alias("login"),
            at(KmsKeyCall::Describe("Another".to_owned())),
            at(KmsKeyCall::PutPolicy(policy)),
            at(KmsKeyCall::EnableRotation(365)),
            at(KmsKeyCall::DisableRotation),
            at(KmsKeyCall::Tag(more())),
            at(KmsKeyCall::Untag(less())),
            at(KmsKeyCall::Disable),
            at(KmsKeyCall::Enable),
            at(KmsKeyCall::DeleteAlias(alias)),
            bank::alias("login"),
            at(KmsKeyCall::ScheduleDeletion(7)),
            at(KmsKeyCall::CancelDeletion),
        ],
    )
    .await;
}

#[tokio::test]
async fn kms_grants() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let mut seen = walk(&moto, &[bank::role("login"), bank::key(&moto, "login")]).await;
    let address = bank::key(&moto, "login").0;
    let id = seen.ids[&address].id.clone();
    let granted = aws_sdk_kms::Client::new(&moto.config())
        .create_grant()
        .key_id(id)
        .grantee_principal(format!("arn:aws:iam::{}:role/other", moto.account))
        .operations(aws_sdk_kms::types::GrantOperation::Decrypt)
        .send()
        .await
        .expect("a grant");
    let grant = granted.grant_id().expect("an id").to_owned();
    let aws = moto.aws();
    seen = observe(&moto, &aws).await;
    let grants = seen.resources.kms_key["login"]
        .grants
        .known()
        .expect("read");
    assert!(grants[&grant].operations.contains("Decrypt"), "{grants:?}");
    let revoke = KmsKeyCall::RevokeGrant(grant);
    walk(&moto, &[step(KindName::KmsKey, "login", revoke.clone())]).await;
    let again = aws.send(&address, &revoke.into(), &seen.ids).await;
    assert_eq!(again, Ok(None), "revoking what is gone is a success");
}

/// The calls that moto does not answer are in `unanswered.rs`.
#[tokio::test]
async fn log_group() {
    let at = |call| step(KindName::LogGroup, "login", call);
    law(
        |moto| vec![bank::role("login"), bank::key(moto, "login")],
        |_| {
            vec![
                bank::log_group("login"),
                at(LogGroupCall::PutRetention(400)),
                at(LogGroupCall::PutRetention(30)),
                at(LogGroupCall::DeleteRetention),
                at(LogGroupCall::Tag(more())),
                at(LogGroupCall::Untag(less())),
                at(LogGroupCall::Delete),
            ]
        },
    )
    .await;
}

#[tokio::test]
async fn security_group() {
    let at = |call| step(KindName::SecurityGroup, "login-v1", call);
    law(
        |_| vec![],
        |_| {
            vec![
                bank::group("login"),
                at(SecurityGroupCall::RevokeDefaultEgress),
                at(SecurityGroupCall::AuthorizeDefaultEgress),
                at(SecurityGroupCall::Tag(more())),
                at(SecurityGroupCall::Untag(less())),
                at(SecurityGroupCall::Delete),
            ]
        },
    )
    .await;
}

#[tokio::test]
async fn security_group_rule() {
    law(
        |_| vec![bank::group("login"), bank::group("accounts")],
        |_| {
            let accounts = Ref::to(KindName::SecurityGroup, "accounts-v1");
            let peers = [
                (Flow::Egress, accounts.clone()),
                (Flow::Ingress, accounts),
                (Flow::Egress, Ref::literal("203.0.113.0/24")),
                (Flow::Ingress, Ref::literal("2001:db8::/32")),
            ];
            peers.into_iter().flat_map(rule_steps).collect()
        },
    )
    .await;
}

fn rule_steps((flow, peer): (Flow, Ref)) -> [Step; 3] {
    use SecurityGroupRuleCall::{Describe, Revoke};
    let rule = bank::rule("login", flow, peer, "to read balances");
    let at = |call| step(KindName::SecurityGroupRule, &rule.logical_name(), call);
    [
        bank::authorize(&rule),
        at(Describe(flow, "to read and write".to_owned())),
        at(Revoke(flow)),
    ]
}
