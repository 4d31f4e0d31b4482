//! What AWS leaves behind: the id of a role that was deleted and made again, and interfaces that
//! hold a group or a subnet for a while. Moto does neither, so it is done to it.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use strongroom::{
    account::{Account, CallErrorKind},
    apply,
    model::Address,
    plan::Action,
    resource::{Call, Ref, SecurityGroupCall, SubnetCall},
};

use super::{
    bank,
    estate::Estate,
    law_network, observe, send,
    transport::{before, network, over, refusal},
};
use crate::moto::{ENVIRONMENT, Moto};

const ROLE: &str = "iam_role/login-v1";
const KEY: &str = "kms_key/login";

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// Deletes a role and makes another of its name and path.
async fn recreate(estate: &Estate) {
    let iam = aws_sdk_iam::Client::new(&estate.moto.config());
    let seen = estate.observe().await;
    let name = &seen.ids[&address(ROLE)].id;
    let role = &seen.resources.iam_role["login-v1"];
    for policy in role.inline.known().expect("read").keys() {
        let delete = iam.delete_role_policy().role_name(name);
        let deleted = delete.policy_name(policy).send().await;
        deleted.expect("deleted");
    }
    let deleted = iam.delete_role().role_name(name).send().await;
    deleted.expect("deleted");
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let create = iam.create_role().role_name(name).path(&role.path);
    let made = create.assume_role_policy_document(trust).send().await;
    made.expect("made");
}

/// Writes into the key's policy what AWS shows of a principal that is gone.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
async fn forget(estate: &Estate, key: &str, arn: &str, unique: &str) {
    let kms = aws_sdk_kms::Client::new(&estate.moto.config());
    let shown = kms.get_key_policy().key_id(key).policy_name("default");
    let shown = shown.send().await.expect("shown");
    let policy = shown.policy().expect("a policy");
    let mut policy: Value = serde_json::from_str(policy).expect("JSON");
    let statements = policy["Statement"].as_array_mut().expect("statements");
    for statement in statements {
        let principal = statement["Principal"].to_string();
        let forgotten = principal.replace(&format!("\"{arn}\""), &format!("\"{unique}\""));
        statement["Principal"] = serde_json::from_str(&forgotten).expect("JSON");
    }
    let forgotten = policy.to_string();
    assert!(forgotten.contains(unique), "{forgotten}");
    let put = kms.put_key_policy().key_id(key).policy_name("default");
    put.policy(forgotten).send().await.expect("put");
}

#[tokio::test]
async fn a_role_that_was_made_again_is_given_its_key_again() {
    let Some(estate) = Estate::shipped("sandbox.yaml").await else {
        return;
    };
    let estate = estate.applied().await;
    let ids = estate.observe().await.ids;
    let (role, key) = (&ids[&address(ROLE)], &ids[&address(KEY)]);
    let (arn, unique) = (role.arn.as_ref(), role.unique_id.as_ref());
    let (arn, unique) = (arn.expect("an ARN"), unique.expect("a unique id"));
    recreate(&estate).await;
    forget(&estate, &key.id, arn, unique).await;

    let seen = estate.observe().await;
    assert_ne!(seen.ids[&address(ROLE)].unique_id.as_ref(), Some(unique));
    let policy = seen.resources.kms_key["login"].policy.known();
    let mut statements = policy.expect("read").statements.values();
    let stranger = Ref::literal(unique.as_str());
    assert!(
        statements.any(|statement| format!("{statement:?}").contains(&format!("{stranger:?}")))
    );

    let plan = estate.plan().await;
    let drift = plan.drift();
    let step = &drift[&address(KEY)];
    assert_eq!(step.action, Action::Update);
    let mut paths = step.changes.iter().map(|change| change.path.to_string());
    assert!(paths.all(|path| path.starts_with("policy.")), "{step:#?}");
    estate.repair(&plan).await;
    assert!(!format!("{:?}", estate.observe().await.resources).contains(unique));
}

/// An account where something still holds what is to go, for so many attempts.
fn lingering(moto: &Moto, api: &'static str, attempts: usize) -> strongroom::account::aws::Aws {
    let left = AtomicUsize::new(attempts);
    let hold = move |asked: &strongroom::account::aws::Asked| {
        let held = asked.api() == api
            && left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                })
                .is_ok();
        held.then(|| Ok(refusal(asked, 400, "DependencyViolation")))
    };
    over(moto, before(network(), hold))
}

/// Minutes may pass; what waits for them is neither done nor failed, and is sent again.
#[tokio::test]
async fn what_an_interface_still_holds_is_pending_until_it_is_gone() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto, ENVIRONMENT).await;
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    let (group, subnet) = (
        bank::group("login"),
        law_network::subnet("private-a", "10.40.0.0/20"),
    );
    for (address, call) in [&group, &subnet] {
        send(&aws, address, call, &mut ids).await;
    }
    let calls: [(Address, Call, &str); 2] = [
        (
            group.0,
            SecurityGroupCall::Delete.into(),
            "ec2:DeleteSecurityGroup",
        ),
        (subnet.0, SubnetCall::Delete.into(), "ec2:DeleteSubnet"),
    ];
    for (address, call, api) in calls {
        let held = lingering(&moto, api, 2);
        let refused = held.send(&address, &call, &ids).await;
        let refused = refused.expect_err("held");
        assert_eq!(refused.kind, CallErrorKind::Pending, "{refused}");
        let sent = apply::send(&held, &address, &call, &ids).await;
        assert_eq!(sent, Ok(None), "{address}");
        assert!(!observe(&moto, &aws).await.resources.contains(&address));
    }
}
