//! S18 to S23: how conditions are joined, what a missing key does, and what operators compare.

use serde_json::{Value, json};

use super::super::*;

/// Whether an Allow under the condition allows a request with these keys. A Deny under it has to
/// agree wherever nothing is in doubt.
#[track_caller]
fn holds(condition: Value, context: Value) -> bool {
    let request = with(reading(), context);
    let allowing = Layers {
        identity: vec![allow_when(condition.clone())],
        ..Layers::default()
    };
    let denying = Layers {
        identity: vec![
            allow("*"),
            policy(
                json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition }),
            ),
        ],
        ..Layers::default()
    };
    let allows = verdict(&allowing, &request).decision.is_allowed();
    let denies = !verdict(&denying, &request).decision.is_allowed();
    assert_eq!(allows, denies, "in doubt: {condition}");
    allows
}

/// Neither allows nor spares: the condition cannot be told to hold or not.
#[track_caller]
fn in_doubt(condition: Value, context: Value) {
    let request = with(reading(), context);
    let allowing = Layers {
        identity: vec![allow_when(condition.clone())],
        ..Layers::default()
    };
    silent(&allowing, &request);
    let denying =
        policy(json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition }));
    denied(
        &Layers {
            identity: vec![allow("*"), denying],
            ..Layers::default()
        },
        &request,
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html>
#[test]
fn s18_operators_and_keys_are_joined_by_and_values_by_or_negated_values_by_nor() {
    let context = json!({ "aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": "2" });
    let both =
        |b: &str| json!({ "StringEquals": { "aws:PrincipalTag/a": "1", "aws:PrincipalTag/b": b } });
    assert!(holds(both("2"), context.clone()));
    assert!(!holds(both("3"), context.clone()));
    let operators = |b: &str| json!({ "StringEquals": { "aws:PrincipalTag/a": "1" }, "StringLike": { "aws:PrincipalTag/b": b } });
    assert!(holds(operators("*"), context.clone()));
    assert!(!holds(operators("3*"), context.clone()));
    assert!(holds(
        json!({ "StringEquals": { "aws:PrincipalTag/a": ["0", "1"] } }),
        context.clone()
    ));
    assert!(!holds(
        json!({ "StringNotEquals": { "aws:PrincipalTag/a": ["0", "1"] } }),
        context.clone()
    ));
    assert!(holds(
        json!({ "StringNotEquals": { "aws:PrincipalTag/a": ["0", "3"] } }),
        context.clone()
    ));
    assert!(holds(json!({}), context));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists>
#[test]
fn s19_a_missing_key_fails_what_asks_and_satisfies_what_excludes() {
    let missing =
        |operator: &str, value: &str| holds(json!({ operator: { "aws:X": value } }), json!({}));
    for (operator, value) in [
        ("StringEquals", "a"),
        ("StringEqualsIgnoreCase", "a"),
        ("StringLike", "*"),
        ("NumericLessThan", "1"),
        ("NumericEquals", "1"),
        ("DateGreaterThan", "2020-01-01T00:00:00Z"),
        ("Bool", "true"),
        ("BinaryEquals", "YQ=="),
        ("IpAddress", "0.0.0.0/0"),
        ("ArnLike", "arn:*:*:*:*:*"),
    ] {
        assert!(!missing(operator, value), "{operator}");
        assert!(
            missing(&format!("{operator}IfExists"), value),
            "{operator}IfExists"
        );
    }
    for (operator, value) in [
        ("StringNotEquals", "a"),
        ("StringNotEqualsIgnoreCase", "a"),
        ("StringNotLike", "*"),
        ("NumericNotEquals", "1"),
        ("DateNotEquals", "2020-01-01T00:00:00Z"),
        ("NotIpAddress", "0.0.0.0/0"),
        ("ArnNotLike", "arn:*:*:*:*:*"),
        ("ArnNotEquals", "arn:*:*:*:*:*"),
        ("Null", "true"),
    ] {
        assert!(missing(operator, value), "{operator}");
    }
    assert!(!missing("Null", "false"));
    assert!(!holds(
        json!({ "StringEqualsIfExists": { "aws:X": "a" } }),
        json!({ "aws:X": "b" })
    ));
    assert!(holds(
        json!({ "Null": { "aws:X": false } }),
        json!({ "aws:X": "b" })
    ));
    assert!(holds(
        json!({ "Null": { "aws:X": "TRUE" } }),
        json!({ "aws:X": [] })
    ));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn s20_set_operators_quantify_over_the_values_of_the_request() {
    let tags = |operator: &str, keys: Value| {
        holds(
            json!({ operator: { "aws:TagKeys": ["p", "a"] } }),
            json!({ "aws:TagKeys": keys }),
        )
    };
    let none = |operator: &str| holds(json!({ operator: { "aws:TagKeys": "a" } }), json!({}));
    assert!(tags("ForAllValues:StringEquals", json!(["a", "p"])));
    assert!(!tags("ForAllValues:StringEquals", json!(["a", "h"])));
    assert!(tags("ForAnyValue:StringEquals", json!(["a", "h"])));
    assert!(!tags("ForAnyValue:StringEquals", json!(["g", "h"])));
    assert!(!tags("ForAllValues:StringNotEquals", json!(["a", "h"])));
    assert!(tags("ForAllValues:StringNotEquals", json!(["g", "h"])));
    assert!(tags("ForAnyValue:StringNotEquals", json!(["a", "h"])));
    assert!(!tags("ForAnyValue:StringNotEquals", json!(["a", "p"])));
    assert!(tags("ForAllValues:StringEquals", json!([])));
    assert!(!tags("ForAnyValue:StringNotEquals", json!([])));
    assert!(none("ForAllValues:StringEquals") && none("ForAllValues:StringNotEquals"));
    assert!(!none("ForAnyValue:StringEquals") && !none("ForAnyValue:StringNotEquals"));
    assert!(none("ForAnyValue:StringEqualsIfExists"));
    // Without a set operator nobody documents what several values are compared to.
    in_doubt(
        json!({ "StringEquals": { "aws:TagKeys": "a" } }),
        json!({ "aws:TagKeys": ["a", "b"] }),
    );
    in_doubt(
        json!({ "StringNotEquals": { "aws:TagKeys": "z" } }),
        json!({ "aws:TagKeys": ["a", "b"] }),
    );
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context>
#[test]
fn s21_condition_keys_ignore_case_and_values_do_not() {
    let context =
        json!({ "kms:EncryptionContext:AppName": "A", "kms:EncryptionContextKeys": ["AppName"] });
    let key =
        |key: &str, value: &str| holds(json!({ "StringEquals": { key: value } }), context.clone());
    assert!(key("KMS:encryptioncontext:appname", "A"));
    assert!(!key("kms:EncryptionContext:AppName", "a"));
    let keys = |value: &str| {
        holds(
            json!({ "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": value } }),
            context.clone(),
        )
    };
    assert!(keys("AppName"));
    assert!(!keys("appname"));
    // Two spellings of a key are one key with two values.
    let twice = json!({ "kms:EncryptionContext:a": "1", "kms:EncryptionContext:A": "2" });
    in_doubt(
        json!({ "StringEquals": { "kms:EncryptionContext:a": "1" } }),
        twice,
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[test]
fn s22_arns_are_compared_segment_by_segment_and_strings_are_not() {
    let arn = "arn:aws:svc:us-east-2:999999999999:store/abc:111111111111:f/d";
    let source = |operator: &str, pattern: &str| {
        holds(
            json!({ operator: { "aws:SourceArn": pattern } }),
            json!({ "aws:SourceArn": arn }),
        )
    };
    for operator in ["ArnEquals", "ArnLike"] {
        assert!(source(operator, "arn:aws:svc:*:999999999999:store/*"));
        assert!(source(operator, "arn:aws:svc:us-????-?:*:*:f/d"));
        assert!(!source(operator, "arn:aws:svc:*:111111111111:f/*"));
        assert!(!source(operator, "arn:aws:svc:*:999999999999:STORE/*"));
    }
    for operator in ["ArnNotEquals", "ArnNotLike"] {
        assert!(source(operator, "arn:aws:svc:*:111111111111:f/*"));
        assert!(!source(operator, "arn:aws:svc:*:999999999999:store/*"));
    }
    assert!(source("StringLike", "arn:aws:svc:*:111111111111:f/*"));
    assert!(!source("StringEquals", "arn:aws:svc:*"));
    let filled = json!({ "aws:SourceArn": arn, "aws:PrincipalTag/src": arn });
    assert!(holds(
        json!({ "ArnEquals": { "aws:SourceArn": "${aws:PrincipalTag/src}" } }),
        filled
    ));
    in_doubt(
        json!({ "ArnLike": { "aws:SourceArn": "*" } }),
        json!({ "aws:SourceArn": arn }),
    );
    in_doubt(
        json!({ "ArnNotLike": { "aws:SourceArn": "arn:aws:svc:*" } }),
        json!({ "aws:SourceArn": arn }),
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[test]
fn s23_typed_values_are_compared_by_their_type() {
    let is = |operator: &str, wanted: Value, found: Value| {
        holds(
            json!({ operator: { "aws:X": wanted } }),
            json!({ "aws:X": found }),
        )
    };
    assert!(is("IpAddress", json!("10.0.0.1"), json!("10.0.0.1")));
    assert!(!is("IpAddress", json!("10.0.0.1"), json!("10.0.0.2")));
    assert!(is(
        "IpAddress",
        json!(["192.0.2.0/24", "10.0.0.0/8"]),
        json!("10.9.9.9")
    ));
    assert!(is(
        "IpAddress",
        json!("2001:db8::/32"),
        json!("2001:db8:1::5")
    ));
    assert!(!is("IpAddress", json!("0.0.0.0/0"), json!("2001:db8::1")));
    assert!(is("NotIpAddress", json!("0.0.0.0/0"), json!("2001:db8::1")));
    assert!(is("NumericLessThan", json!("10.5"), json!("10")));
    assert!(is("NumericGreaterThanEquals", json!(3), json!("3.0")));
    assert!(!is("NumericNotEquals", json!("3"), json!("03")));
    assert!(is(
        "DateGreaterThan",
        json!("1577836800"),
        json!("2020-06-01T00:00:00Z")
    ));
    assert!(is(
        "DateLessThanEquals",
        json!("2020-06-01T02:00:00+02:00"),
        json!("2020-06-01T00:00:00Z")
    ));
    assert!(is("Bool", json!(true), json!("true")));
    assert!(!is("Bool", json!("false"), json!("true")));
    assert!(is("BinaryEquals", json!("QmluYXJ5"), json!("QmluYXJ5")));
    assert!(is("StringEqualsIgnoreCase", json!("AbÉ"), json!("aBé")));
    assert!(!is("StringEquals", json!("a*"), json!("ab")));
    assert!(is("StringEquals", json!("a*"), json!("a*")));
    assert!(is("StringLike", json!("a?*"), json!("ab")));
    assert!(is("StringNotLike", json!("a?"), json!("a")));
    for (operator, wanted) in [
        ("NumericEquals", "x"),
        ("DateEquals", "x"),
        ("IpAddress", "10.0.0.0/33"),
        ("Bool", "x"),
    ] {
        in_doubt(
            json!({ operator: { "aws:X": wanted } }),
            json!({ "aws:X": "x" }),
        );
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html>
#[test]
fn tags_of_a_bucket_count_only_where_its_abac_is_on() {
    let tagged = json!({ "StringEquals": { "aws:ResourceTag/team": "x" } });
    in_doubt(tagged.clone(), json!({ "aws:ResourceTag/team": "x" }));
    let layers = Layers {
        identity: vec![allow_when(tagged)],
        ..Layers::default()
    };
    let mut request = with(reading(), json!({ "aws:ResourceTag/team": "x" }));
    request.bucket_abac = true;
    allowed(&layers, &request);
}

#[test]
fn what_is_not_documented_neither_allows_nor_spares() {
    in_doubt(
        json!({ "StringSimilar": { "aws:X": "a" } }),
        json!({ "aws:X": "a" }),
    );
    in_doubt(
        json!({ "StringSimilarIfExists": { "aws:X": "a" } }),
        json!({}),
    );
    in_doubt(
        json!({ "StringEquals": { "aws:X": [] } }),
        json!({ "aws:X": "a" }),
    );
    let odd = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {} });
    silent(
        &Layers {
            identity: vec![policy(odd)],
            ..Layers::default()
        },
        &reading(),
    );
    let both = json!({ "Effect": "Deny", "Action": "a:B", "NotAction": "c:D", "Resource": "*" });
    denied(
        &Layers {
            identity: vec![allow("*"), policy(both)],
            ..Layers::default()
        },
        &reading(),
    );
    let everything = json!({ "Effect": "Allow", "NotAction": [], "NotResource": [] });
    silent(
        &Layers {
            identity: vec![policy(everything)],
            ..Layers::default()
        },
        &reading(),
    );
}
