//! The law of predict for how roles reach what runs. Moto has no Pod Identity: see `pods.rs`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use strongroom::{
    account::{Account, Scope},
    model::{Address, KindName, Runtime, Tags, Workload},
    resource::{
        InstanceProfile, InstanceProfileCall, OidcProvider, OidcProviderCall, Ref,
        ServiceLinkedRole, ServiceLinkedRoleCall,
    },
};

use super::{
    bank::{self, Step, step},
    estate::running,
    law::{hold, law, less, more, walk},
};
use crate::moto::{ENVIRONMENT, Moto};

/// The issuer of a cluster.
const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

fn profile(call: InstanceProfileCall) -> Step {
    step(KindName::InstanceProfile, "login-v1", call)
}

#[tokio::test]
async fn instance_profile() {
    let role = || Ref::to(KindName::IamRole, "login-v1");
    law(
        |_| vec![bank::role("login")],
        |_| {
            let made = InstanceProfile {
                name: format!("{ENVIRONMENT}-login-v1"),
                path: format!("/strongroom/{ENVIRONMENT}/"),
                role: None.into(),
            };
            vec![
                profile(InstanceProfileCall::Create(Box::new(made))),
                profile(InstanceProfileCall::AddRole(role())),
                profile(InstanceProfileCall::RemoveRole(role())),
                profile(InstanceProfileCall::Delete),
            ]
        },
    )
    .await;
}

/// Nobody but IAM deletes one, so it stays.
#[tokio::test]
async fn service_linked_role() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let role = ServiceLinkedRole {
        service: "ecs.amazonaws.com".to_owned(),
        name: "AWSServiceRoleForECS".to_owned(),
    };
    let create = ServiceLinkedRoleCall::Create(Box::new(role));
    walk(&moto, &[step(KindName::ServiceLinkedRole, "ecs", create)]).await;
}

/// Whoever makes the cluster makes its provider, which is verified; still, its calls are known.
/// Moto does not know those that change audiences.
#[tokio::test]
async fn oidc_provider() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let runtime = Runtime::EksIrsa {
        issuer: ISSUER.to_owned(),
        workload: Workload {
            namespace: "identity".to_owned(),
            service_account: "login".to_owned(),
        },
    };
    let environment = running(moto.scope().environment, "login", runtime);
    let (aws, scope) = (moto.aws(), Scope::of(&environment, Timestamp::UNIX_EPOCH));
    let mut seen = aws.observe(&scope).await.expect("moto answers");
    let at = |call| step(KindName::OidcProvider, ISSUER, call);
    let made = OidcProvider {
        issuer: ISSUER.to_owned(),
        audiences: BTreeSet::from(["sts.amazonaws.com".to_owned()]).into(),
        tags: Tags::from([("owner".to_owned(), "platform".to_owned())]).into(),
    };
    for step in [
        at(OidcProviderCall::Create(Box::new(made))),
        at(OidcProviderCall::Tag(more())),
        at(OidcProviderCall::Untag(less())),
    ] {
        seen = hold(&aws, &scope, seen, &[step]).await;
    }
    let id = &seen.ids[&Address::new(KindName::OidcProvider, ISSUER)].id;
    let arn = id.replace(':', "%3A").replace('/', "%2F");
    let other = || "other".to_owned();
    for (call, action) in [
        (
            OidcProviderCall::AddAudience(other()),
            "AddClientIDToOpenIDConnectProvider",
        ),
        (
            OidcProviderCall::RemoveAudience(other()),
            "RemoveClientIDFromOpenIDConnectProvider",
        ),
    ] {
        let (address, call) = at(call);
        let aws = moto.aws();
        let refused = aws.send(&address, &call, &seen.ids).await;
        let refused = refused.expect_err("moto does not know it");
        assert!(refused.message.contains("does not answer"), "{refused}");
        let tape = aws.tape();
        let (asked, _) = tape.exchanges.first_key_value().expect("one exchange");
        assert_eq!(asked.api(), format!("iam:{action}"));
        for field in [
            "ClientID=other".to_owned(),
            format!("OpenIDConnectProviderArn={arn}"),
        ] {
            assert!(
                asked.body.split('&').any(|one| one == field),
                "{}",
                asked.body
            );
        }
    }
    seen = hold(&aws, &scope, seen, &[at(OidcProviderCall::Delete)]).await;
    assert!(seen.resources.oidc_provider.is_empty());
}
