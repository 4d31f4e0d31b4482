//! The law of predict for how roles reach what runs. Moto has no Pod Identity: those calls are held
//! against AWS's documentation in `unanswered.rs`.

use std::collections::BTreeSet;

use strongroom::{
    model::{KindName, Tags},
    resource::{
        InstanceProfile, InstanceProfileCall, OidcProvider, OidcProviderCall, Ref,
        ServiceLinkedRole, ServiceLinkedRoleCall,
    },
};

use super::{
    bank::{self, Step, step},
    law::{law, less, more, walk},
};
use crate::moto::{ENVIRONMENT, Moto};

/// The issuer of `onboarding` in the specification that the wire tests observe with.
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

#[tokio::test]
async fn oidc_provider() {
    let at = |call| step(KindName::OidcProvider, ISSUER, call);
    law(
        |_| vec![],
        |_| {
            let made = OidcProvider {
                issuer: ISSUER.to_owned(),
                audiences: BTreeSet::from(["sts.amazonaws.com".to_owned()]).into(),
                tags: Tags::from([("owner".to_owned(), "platform".to_owned())]).into(),
            };
            vec![
                at(OidcProviderCall::Create(Box::new(made))),
                at(OidcProviderCall::AddAudience("other".to_owned())),
                at(OidcProviderCall::RemoveAudience("other".to_owned())),
                at(OidcProviderCall::Tag(more())),
                at(OidcProviderCall::Untag(less())),
                at(OidcProviderCall::Delete),
            ]
        },
    )
    .await;
}
