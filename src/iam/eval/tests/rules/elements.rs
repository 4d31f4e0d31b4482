//! S11 to S17: principals, actions, resources, and variables.

use serde_json::{Value, json};

use super::super::*;
use crate::iam::eval::{Doubt, Reason};

fn by_identity(statement: Value) -> Layers {
    Layers {
        identity: vec![policy(statement)],
        ..Layers::default()
    }
}

fn on(resource: &str) -> Layers {
    by_identity(json!({ "Effect": "Allow", "Action": "*", "Resource": resource }))
}

fn by_resource(principal: Value) -> Layers {
    let statement =
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": principal });
    Layers {
        resource: Some(policy(statement)),
        ..Layers::default()
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[test]
fn s11_principals_mean_whom_their_form_says() {
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    let nobody = asking("*", "s3:GetObject", OBJECT);
    allowed(&by_resource(json!("*")), &nobody);
    allowed(&by_resource(json!({ "AWS": "*" })), &nobody);
    silent(&by_resource(json!({ "AWS": ROLE })), &nobody);
    allowed(&by_resource(json!({ "AWS": ROLE })), &session);
    allowed(
        &by_resource(json!({ "AWS": ["AIDAEXAMPLE", SESSION] })),
        &session,
    );
    silent(&by_resource(json!({ "AWS": SESSION })), &reading());
    let other = asking(
        "arn:aws:sts::111111111111:assumed-role/a/other",
        "s3:GetObject",
        OBJECT,
    );
    silent(&by_resource(json!({ "AWS": SESSION })), &other);
    silent(
        &by_resource(json!({ "AWS": "arn:aws:iam::111111111111:role/*" })),
        &session,
    );
    silent(&by_resource(json!({ "Service": "*" })), &session);
    let lambda = asking("lambda.amazonaws.com", "s3:GetObject", OBJECT);
    allowed(
        &by_resource(json!({ "Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"] })),
        &lambda,
    );
    silent(&by_resource(json!({ "AWS": HERE })), &lambda);
    let provider = "arn:aws:iam::111111111111:oidc-provider/token.example.org";
    allowed(
        &by_resource(json!({ "Federated": provider })),
        &asking(
            provider,
            "sts:AssumeRoleWithWebIdentity",
            "arn:aws:iam::111111111111:role/t",
        ),
    );
    silent(&by_resource(json!({ "CanonicalUser": "79a59d" })), &session);
    // An account by its id is its root's ARN: it delegates, in both forms alike.
    for form in [HERE, ROOT] {
        let delegated = Layers {
            identity: vec![allow("kms:*")],
            ..by_resource(json!({ "AWS": form }))
        };
        allowed(&delegated, &asking(ROLE, "kms:Decrypt", KEY));
    }
}

/// A role's name is unique in its account; its path is not shown by a session.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
#[test]
fn s11_a_role_with_a_path_is_meant_by_its_whole_arn() {
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    let pathed = "arn:aws:iam::111111111111:role/p/a";
    silent(&by_resource(json!({ "AWS": pathed })), &session);
    let known = with(session, json!({ "aws:PrincipalArn": pathed }));
    allowed(&by_resource(json!({ "AWS": pathed })), &known);
    silent(&by_resource(json!({ "AWS": ROLE })), &known);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
#[test]
fn s12_not_principal_with_deny_spares_whom_it_lists_at_every_level() {
    let session = asking(SESSION, "s3:GetObject", OBJECT);
    let but = |named: Value| Layers {
        identity: vec![allow("*")],
        resource: Some(policy(json!({
            "Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": { "AWS": named },
        }))),
        ..Layers::default()
    };
    allowed(&but(json!([ROOT, ROLE, SESSION])), &session);
    denied(&but(json!([THERE])), &session);
    denied(&but(json!([ROLE, SESSION])), &session);
    let found = verdict(&but(json!([ROLE])), &session).because;
    assert!(
        matches!(found[..], [Reason::Denies(_, Some(Doubt::NotPrincipal))]),
        "{found:?}"
    );
    let user = "arn:aws:iam::111111111111:user/u";
    allowed(
        &but(json!([HERE, user])),
        &asking(user, "s3:GetObject", OBJECT),
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html>
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html>
#[test]
fn s13_the_not_elements_are_complements_within_their_statement() {
    let not_iam =
        by_identity(json!({ "Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*" }));
    allowed(&not_iam, &reading());
    silent(&not_iam, &asking(ROLE, "iam:GetRole", ROLE));
    let not_there = by_identity(json!({
        "Effect": "Allow", "Action": "s3:*", "NotResource": ["arn:aws:s3:::c", "arn:aws:s3:::c/*"],
    }));
    allowed(&not_there, &reading());
    silent(
        &not_there,
        &asking(ROLE, "s3:GetObject", "arn:aws:s3:::c/x"),
    );
    let fence = Layers {
        identity: vec![
            allow("*"),
            policy(json!({ "Effect": "Deny", "NotAction": "ec2:*", "Resource": "*" })),
        ],
        ..Layers::default()
    };
    denied(&fence, &reading());
    allowed(&fence, &asking(ROLE, "ec2:RunInstances", "*"));
    let not_them = Layers {
        resource: Some(policy(json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "NotPrincipal": { "AWS": ROLE },
        }))),
        ..Layers::default()
    };
    silent(&not_them, &reading());
    allowed(
        &not_them,
        &asking("arn:aws:iam::111111111111:role/z", "s3:GetObject", OBJECT),
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
#[test]
fn s14_actions_ignore_case_and_take_wildcards() {
    let action = |pattern: &str| {
        by_identity(json!({ "Effect": "Allow", "Action": pattern, "Resource": "*" }))
    };
    for pattern in [
        "S3:getobject",
        "s3:Get*",
        "s3:?etObject",
        "*",
        "s3:*Obj*",
        "*:*",
    ] {
        allowed(&action(pattern), &reading());
    }
    for pattern in ["s3:Get", "s3:GetObject?", "s3", "s3*", "s3:${*}"] {
        silent(&action(pattern), &reading());
    }
    allowed(&action("kms:*"), &asking(ROLE, "KMS:LISTKEYS", "*"));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[test]
fn s15_resources_keep_case_and_a_star_at_a_segments_end_crosses_colons() {
    for pattern in [
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::?/x",
        "arn:*",
        "arn:aws:s3*",
    ] {
        allowed(&on(pattern), &reading());
    }
    for pattern in [
        "arn:aws:s3:::B/x",
        "arn:aws:s3:::b",
        "arn:aws:s*:::c/x",
        "arn:aws:s3::b/x",
        "b/x",
    ] {
        silent(&on(pattern), &reading());
    }
    let queue = asking(
        ROLE,
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111111111111:q1",
    );
    allowed(&on("arn:aws:sqs:*:q1"), &queue);
    silent(&on("arn:aws:s*s:q1"), &queue);
    // An action without resources asks for `*`, which no ARN pattern means.
    silent(
        &on("arn:aws:s3:::*"),
        &asking(ROLE, "s3:ListAllMyBuckets", "*"),
    );
    allowed(&on("*"), &asking(ROLE, "s3:ListAllMyBuckets", "*"));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn s16_variables_are_values_and_only_of_the_current_language() {
    let named = with(
        reading(),
        json!({ "aws:username": "x", "aws:TagKeys": ["x", "y"] }),
    );
    allowed(&on("arn:aws:s3:::b/${aws:username}"), &named);
    allowed(&on("arn:aws:s3:::b/${AWS:UserName}*"), &named);
    silent(&on("arn:aws:s3:::b/${aws:username}"), &reading());
    allowed(&on("arn:aws:s3:::b/${aws:username, 'x'}"), &reading());
    silent(&on("arn:aws:s3:::b/${*}"), &named);
    silent(&on("arn:aws:s3:::b/${aws:TagKeys}"), &named);
    silent(
        &on("arn:aws:s3:::${aws:username}"),
        &with(reading(), json!({ "aws:username": "*" })),
    );
    silent(
        &on("arn:aws:${aws:PrincipalTag/s}:::b/x"),
        &with(reading(), json!({ "aws:PrincipalTag/s": "s3" })),
    );
    let old = r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}}"#;
    let old = Layers {
        identity: vec![Arc::new(old.parse().unwrap())],
        ..Layers::default()
    };
    silent(&old, &named);
    allowed(
        &old,
        &asking(ROLE, "s3:GetObject", "arn:aws:s3:::b/${aws:username}"),
    );
    let not_mine = by_identity(json!({
        "Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/${aws:username}",
    }));
    silent(&not_mine, &reading());
    let wanted = |operator: &str| Layers {
        identity: vec![allow_when(
            json!({ operator: { "s3:prefix": "${aws:username}" } }),
        )],
        ..Layers::default()
    };
    let prefix = with(reading(), json!({ "s3:prefix": "x" }));
    silent(&wanted("StringLike"), &prefix);
    allowed(&wanted("StringNotLike"), &prefix);
    allowed(
        &wanted("StringLike"),
        &with(reading(), json!({ "s3:prefix": "x", "aws:username": "x" })),
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse>
#[test]
fn s17_a_variable_where_none_is_documented_neither_allows_nor_spares() {
    let typed = json!({ "NumericEquals": { "aws:MultiFactorAuthAge": "${aws:PrincipalTag/age}" } });
    let context = json!({ "aws:MultiFactorAuthAge": "5", "aws:PrincipalTag/age": "5" });
    let request = with(reading(), context);
    let allowing = Layers {
        identity: vec![allow_when(typed.clone())],
        ..Layers::default()
    };
    silent(&allowing, &request);
    let found = verdict(&allowing, &request).because;
    assert!(
        found
            .iter()
            .any(|r| matches!(r, Reason::MightAllow(_, Doubt::Variable))),
        "{found:?}"
    );
    let denying =
        policy(json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": typed }));
    denied(
        &Layers {
            identity: vec![allow("*"), denying],
            ..Layers::default()
        },
        &request,
    );
    let text = json!({ "StringEquals": { "s3:prefix": "${aws:PrincipalTag/age}" } });
    let text = Layers {
        identity: vec![allow_when(text)],
        ..Layers::default()
    };
    allowed(
        &text,
        &with(
            reading(),
            json!({ "s3:prefix": "5", "aws:PrincipalTag/age": "5" }),
        ),
    );
}
