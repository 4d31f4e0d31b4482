//! S1 to S6: what denies, what has to allow, and what limits, within an account and across.

use serde_json::json;

use super::super::*;

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[test]
fn s01_a_deny_anywhere_wins_and_the_default_is_deny() {
    let request = reading();
    silent(&Layers::default(), &request);
    let open = Layers {
        identity: vec![allow("*")],
        ..Layers::default()
    };
    allowed(&open, &request);
    let everybody =
        json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*" });
    let denials = [
        Layers {
            identity: vec![allow("*"), deny("s3:*")],
            ..open.clone()
        },
        Layers {
            boundary: vec![allow("*"), deny("s3:*")],
            ..open.clone()
        },
        Layers {
            session: Some(deny("s3:*")),
            ..open.clone()
        },
        Layers {
            scp: vec![level(vec![allow("*"), deny("s3:*")])],
            ..open.clone()
        },
        Layers {
            rcp: vec![level(vec![policy(everybody.clone())])],
            ..open.clone()
        },
        Layers {
            resource: Some(policy(everybody.clone())),
            ..open.clone()
        },
        Layers {
            endpoint: vec![policy(everybody)],
            ..open.clone()
        },
    ];
    for layers in denials {
        denied(&layers, &request);
    }
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn s02_every_level_of_an_organisation_has_to_allow() {
    let request = reading();
    let levels = |scp: Vec<Level>| Layers {
        identity: vec![allow("*")],
        scp,
        ..Layers::default()
    };
    allowed(
        &levels(vec![level(vec![allow("*")]), level(vec![allow("s3:*")])]),
        &request,
    );
    silent(
        &levels(vec![level(vec![allow("*")]), level(vec![allow("ec2:*")])]),
        &request,
    );
    silent(&levels(vec![level(vec![])]), &request);

    let elsewhere =
        json!({ "Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Principal": "*" });
    let controlled = Layers {
        identity: vec![allow("*")],
        rcp: vec![level(vec![policy(elsewhere)]), level(vec![])],
        ..Layers::default()
    };
    allowed(&controlled, &request);
    let linked =
        "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX";
    let unbound = levels(vec![level(vec![allow("ec2:*")])]);
    allowed(&unbound, &asking(linked, "s3:GetObject", OBJECT));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>
#[test]
fn s03_within_an_account_either_side_suffices() {
    let by_identity = Layers {
        identity: vec![allow("s3:*")],
        ..Layers::default()
    };
    let by_resource = Layers {
        resource: granting(json!(ROLE)),
        ..Layers::default()
    };
    let by_account = Layers {
        resource: granting(json!(ROOT)),
        ..Layers::default()
    };
    allowed(&by_identity, &reading());
    allowed(&by_resource, &reading());
    silent(&by_account, &reading());
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
#[test]
fn s04_across_accounts_both_sides_have_to_allow() {
    let mut request = reading();
    request.resource_account = Some(THERE.to_owned());
    let both = Layers {
        identity: vec![allow("s3:*")],
        resource: granting(json!(HERE)),
        ..Layers::default()
    };
    allowed(&both, &request);
    silent(
        &Layers {
            identity: vec![],
            ..both.clone()
        },
        &request,
    );
    silent(
        &Layers {
            resource: None,
            ..both.clone()
        },
        &request,
    );
    silent(
        &Layers {
            resource: granting(json!(THERE)),
            ..both.clone()
        },
        &request,
    );
    silent(
        &Layers {
            boundary: vec![allow("ec2:*")],
            ..both.clone()
        },
        &request,
    );
    silent(
        &Layers {
            scp: vec![level(vec![allow("ec2:*")])],
            ..both.clone()
        },
        &request,
    );
    request.resource_account = None;
    silent(
        &Layers {
            resource: None,
            ..both
        },
        &request,
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic>
#[test]
fn s05_what_is_granted_to_a_session_or_user_is_not_limited_but_what_is_granted_to_a_role_is() {
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    let user = "arn:aws:iam::111111111111:user/u";
    let federated = "arn:aws:sts::111111111111:federated-user/f";
    let bounded = |principal: serde_json::Value| Layers {
        boundary: vec![allow("ec2:*")],
        resource: granting(principal),
        ..Layers::default()
    };
    allowed(&bounded(json!(SESSION)), &session);
    allowed(&bounded(json!(user)), &asking(user, "s3:GetObject", OBJECT));
    allowed(
        &bounded(json!(federated)),
        &asking(federated, "s3:GetObject", OBJECT),
    );
    allowed(&bounded(json!("*")), &session);
    silent(&bounded(json!(ROLE)), &session);
    silent(&bounded(json!(ROOT)), &session);
    silent(&bounded(json!(ROLE)), &reading());
    let narrowed = |principal: &str| Layers {
        session: Some(allow("ec2:*")),
        resource: granting(json!(principal)),
        ..Layers::default()
    };
    allowed(&narrowed(SESSION), &session);
    silent(&narrowed(ROLE), &session);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
#[test]
fn s06_a_boundary_and_a_session_policy_limit_and_never_grant() {
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    let only = Layers {
        boundary: vec![allow("*")],
        session: Some(allow("*")),
        ..Layers::default()
    };
    silent(&only, &session);
    let with_identity = Layers {
        identity: vec![allow("s3:*")],
        ..only.clone()
    };
    allowed(&with_identity, &session);
    silent(
        &Layers {
            session: Some(allow("ec2:*")),
            ..with_identity.clone()
        },
        &session,
    );
    silent(
        &Layers {
            boundary: vec![allow("*"), allow("ec2:*")],
            ..with_identity.clone()
        },
        &session,
    );

    let but_us = json!({
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "NotPrincipal": { "AWS": [ROOT, ROLE, SESSION] },
    });
    let spared = Layers {
        identity: vec![allow("*")],
        resource: Some(policy(but_us)),
        ..Layers::default()
    };
    allowed(&spared, &session);
    denied(
        &Layers {
            boundary: vec![allow("*")],
            ..spared
        },
        &session,
    );
}
