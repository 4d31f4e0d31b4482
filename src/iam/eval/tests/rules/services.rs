//! S7 to S10, S24 to S29: what KMS, STS, endpoints and service principals do in their own way.

use serde_json::json;

use super::super::*;
use crate::iam::eval::{EndpointKind, Grant, Reason};

fn decrypting(principal: &str) -> Request {
    asking(principal, "kms:Decrypt", KEY)
}

fn grant(constraints: serde_json::Value) -> Vec<Grant> {
    let grant = json!({
        "GrantId": "g-1", "GranteePrincipal": ROLE, "Operations": ["Decrypt"], "Constraints": constraints,
    });
    vec![serde_json::from_value(grant).unwrap()]
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
#[test]
fn s07_kms_needs_the_key_policy() {
    let identity = vec![allow("kms:*")];
    let by = |resource| Layers {
        identity: identity.clone(),
        resource,
        ..Layers::default()
    };
    silent(&by(None), &decrypting(ROLE));
    allowed(&by(granting(json!(ROOT))), &decrypting(ROLE));
    silent(
        &by(granting(json!("arn:aws:iam::111111111111:role/z"))),
        &decrypting(ROLE),
    );
    let delegated = json!({
        "Effect": "Allow", "Action": "kms:Describe*", "Resource": "*", "Principal": { "AWS": ROOT },
    });
    silent(&by(Some(policy(delegated))), &decrypting(ROLE));
    let unasked = Layers {
        resource: granting(json!(ROOT)),
        ..Layers::default()
    };
    silent(&unasked, &decrypting(ROLE));
    let direct = Layers {
        resource: granting(json!(ROLE)),
        ..Layers::default()
    };
    allowed(&direct, &decrypting(ROLE));
    denied(
        &Layers {
            identity: vec![deny("kms:Decrypt")],
            ..direct.clone()
        },
        &decrypting(ROLE),
    );
    silent(&direct, &decrypting(ROOT));
    allowed(&unasked, &decrypting(ROOT));
    // No key is used: identity policies alone decide.
    allowed(&by(None), &asking(ROLE, "kms:ListKeys", "*"));
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>
#[test]
fn s08_a_grant_allows_and_never_denies() {
    let granted = |grants| Layers {
        grants,
        ..Layers::default()
    };
    let open = granted(grant(json!(null)));
    allowed(&open, &decrypting(ROLE));
    allowed(&open, &decrypting(SESSION));
    assert_eq!(
        verdict(&open, &decrypting(ROLE)).because,
        [Reason::Grant(0)]
    );
    silent(&open, &decrypting("arn:aws:iam::111111111111:role/z"));
    silent(&open, &asking(ROLE, "kms:Encrypt", KEY));
    denied(
        &Layers {
            identity: vec![deny("*")],
            ..open.clone()
        },
        &decrypting(ROLE),
    );
    let there = Request {
        resource_account: Some(THERE.to_owned()),
        ..decrypting(ROLE)
    };
    allowed(&open, &there);

    let one = json!({ "kms:EncryptionContext:app": "a" });
    let two = json!({ "kms:EncryptionContext:app": "a", "kms:EncryptionContext:other": "b" });
    let subset = granted(grant(json!({ "EncryptionContextSubset": { "app": "a" } })));
    let equals = granted(grant(json!({ "EncryptionContextEquals": { "app": "a" } })));
    silent(&subset, &decrypting(ROLE));
    allowed(&subset, &with(decrypting(ROLE), two.clone()));
    allowed(&equals, &with(decrypting(ROLE), one));
    silent(&equals, &with(decrypting(ROLE), two));
    let source = granted(grant(json!({ "SourceArn": OBJECT })));
    silent(&source, &decrypting(ROLE));
    allowed(
        &source,
        &with(decrypting(ROLE), json!({ "aws:SourceArn": OBJECT })),
    );
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>
#[test]
fn s09_another_account_may_use_a_key_but_not_administer_it() {
    let both = Layers {
        identity: vec![allow("kms:*")],
        resource: granting(json!(HERE)),
        ..Layers::default()
    };
    let there = |action: &str| Request {
        resource_account: Some(THERE.to_owned()),
        ..asking(ROLE, action, KEY)
    };
    for action in [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
        "kms:CreateGrant",
    ] {
        allowed(&both, &there(action));
    }
    for action in [
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
    ] {
        silent(&both, &there(action));
        assert_eq!(
            verdict(&both, &there(action)).because,
            [Reason::NotAcrossAccounts]
        );
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[test]
fn s10_a_trust_policy_has_to_allow() {
    let target = "arn:aws:iam::111111111111:role/t";
    let assume = |principal: &str| asking(principal, "sts:AssumeRole", target);
    let by = |identity: Vec<_>, resource| Layers {
        identity,
        resource,
        ..Layers::default()
    };
    allowed(&by(vec![], trusting(json!(ROLE))), &assume(ROLE));
    allowed(&by(vec![], trusting(json!(ROLE))), &assume(SESSION));
    silent(&by(vec![], trusting(json!(ROOT))), &assume(ROLE));
    allowed(
        &by(vec![allow("sts:*")], trusting(json!(ROOT))),
        &assume(ROLE),
    );
    silent(&by(vec![allow("sts:*")], None), &assume(ROLE));
    silent(
        &by(vec![allow("sts:*")], trusting(json!("AROAEXAMPLE"))),
        &assume(ROLE),
    );
    let there = Request {
        resource_account: Some(THERE.to_owned()),
        ..assume(ROLE)
    };
    silent(&by(vec![], trusting(json!(ROLE))), &there);
    allowed(&by(vec![allow("sts:*")], trusting(json!(ROLE))), &there);
    let tagging = asking(ROLE, "sts:TagSession", target);
    silent(&by(vec![allow("*")], trusting(json!(ROLE))), &tagging);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce>
#[test]
fn s24_the_keys_of_an_endpoint_are_there_only_through_it() {
    let through = Layers {
        identity: vec![allow_when(
            json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } }),
        )],
        ..Layers::default()
    };
    let direct = with(reading(), json!({ "aws:SourceIp": "203.0.113.9" }));
    silent(&through, &direct);
    let inside = direct.clone().via_endpoint("vpce-1", "vpc-1");
    allowed(&through, &inside);
    assert_eq!(inside.context.get("aws:SourceIp"), None);
    let fenced = Layers {
        identity: vec![
            allow("*"),
            policy(json!({
                "Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": { "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } },
            })),
        ],
        ..Layers::default()
    };
    allowed(&fenced, &direct);
    denied(&fenced, &inside);
    // The condition proves nothing where another Allow has none.
    let other = Layers {
        identity: [through.identity, vec![allow("s3:*")]].concat(),
        ..Layers::default()
    };
    allowed(&other, &direct);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn>
#[test]
fn s25_principal_arn_is_the_role_and_never_its_session() {
    let pinned = |arn: &str| Layers {
        identity: vec![allow_when(
            json!({ "ArnEquals": { "aws:PrincipalArn": arn } }),
        )],
        ..Layers::default()
    };
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    allowed(&pinned(ROLE), &session);
    silent(&pinned(SESSION), &session);
    let known = with(
        session,
        json!({ "aws:PrincipalArn": "arn:aws:iam::111111111111:role/p/a" }),
    );
    allowed(&pinned("arn:aws:iam::111111111111:role/p/*"), &known);
    let public = Layers {
        resource: Some(policy(json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*",
            "Condition": { "Null": { "aws:PrincipalArn": "true" } },
        }))),
        ..Layers::default()
    };
    allowed(&public, &asking("*", "s3:GetObject", OBJECT));
    silent(&public, &reading());
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service>
#[test]
fn s26_via_service_is_set_only_on_behalf() {
    let through = Layers {
        resource: Some(policy(json!({
            "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": { "AWS": ROLE },
            "Condition": { "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        }))),
        ..Layers::default()
    };
    silent(&through, &decrypting(ROLE));
    allowed(
        &through,
        &decrypting(ROLE).via_service("s3.eu-west-1.amazonaws.com"),
    );
    silent(
        &through,
        &decrypting(ROLE).via_service("sqs.eu-west-1.amazonaws.com"),
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
#[test]
fn s27_a_service_is_judged_by_the_resource_policy_alone() {
    let logs = "logs.eu-west-1.amazonaws.com";
    let statement = json!({
        "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": { "Service": logs },
        "Condition": { "StringEquals": { "aws:SourceAccount": HERE } },
    });
    let trusted = Layers {
        resource: Some(policy(statement)),
        scp: vec![level(vec![])],
        ..Layers::default()
    };
    let asked = |account: &str| with(decrypting(logs), json!({ "aws:SourceAccount": account }));
    allowed(&trusted, &asked(HERE));
    silent(&trusted, &asked(THERE));
    silent(&trusted, &decrypting(logs));
    let identity = Layers {
        identity: vec![allow("*")],
        ..Layers::default()
    };
    silent(&identity, &asked(HERE));
    silent(
        &trusted,
        &with(
            decrypting("s3.amazonaws.com"),
            json!({ "aws:SourceAccount": HERE }),
        ),
    );
}

/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
#[test]
fn s28_an_endpoint_policy_limits_and_reads_accounts_by_its_kind() {
    let through = |endpoint_kind, principal: serde_json::Value| Layers {
        identity: vec![allow("*")],
        endpoint: granting(principal).into_iter().collect(),
        endpoint_kind,
        ..Layers::default()
    };
    allowed(&through(EndpointKind::Gateway, json!("*")), &reading());
    silent(&through(EndpointKind::Gateway, json!(HERE)), &reading());
    silent(&through(EndpointKind::Unknown, json!(HERE)), &reading());
    allowed(&through(EndpointKind::Interface, json!(HERE)), &reading());
    allowed(
        &through(EndpointKind::Unknown, json!(HERE)),
        &asking(ROLE, "sqs:SendMessage", "*"),
    );
    silent(
        &through(
            EndpointKind::Interface,
            json!("arn:aws:iam::111111111111:role/z"),
        ),
        &reading(),
    );
    let alone = Layers {
        identity: vec![],
        ..through(EndpointKind::Interface, json!("*"))
    };
    silent(&alone, &reading());
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
#[test]
fn s29_who_am_i_needs_no_permission_and_pass_role_does() {
    let nothing = Layers {
        identity: vec![deny("*")],
        ..Layers::default()
    };
    allowed(&nothing, &asking(ROLE, "sts:GetCallerIdentity", "*"));
    silent(
        &Layers::default(),
        &asking("*", "sts:GetCallerIdentity", "*"),
    );
    let passes = Layers {
        identity: vec![policy(json!({
            "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111111111111:role/t",
            "Condition": { "StringEquals": { "iam:PassedToService": "lambda.amazonaws.com" } },
        }))],
        ..Layers::default()
    };
    let pass = |service: &str| {
        let asked = asking(ROLE, "iam:PassRole", "arn:aws:iam::111111111111:role/t");
        with(asked, json!({ "iam:PassedToService": service }))
    };
    allowed(&passes, &pass("lambda.amazonaws.com"));
    silent(&passes, &pass("ec2.amazonaws.com"));
}
