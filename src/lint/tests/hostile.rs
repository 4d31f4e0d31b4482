//! Texts that nobody would write: no panic, no run-away, no place outside of the text.

use proptest::prelude::*;

use super::*;

#[test]
fn stars_without_end_are_judged_at_once() {
    let stars = "*a".repeat(10_000);
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": "s3:{stars}", "Resource": "arn:aws:s3:::{stars}"}},
            {{"Effect": "Deny", "Action": "s3:{stars}b", "Resource": "arn:aws:s3:::{stars}b"}}
        ]}}"#
    );
    assert!(codes(&policy).contains(&"unknown-action"));
}

#[test]
fn a_tower_of_brackets_is_no_policy() {
    assert_eq!(codes(&"{\"Statement\":[".repeat(100_000)), ["not-json"]);
}

/// Pieces of policies in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"Statement\"",
        "\"Effect\"",
        "\"Allow\"",
        "\"Action\"",
        "\"s3:*\"",
        "\"*\"",
        "\"Resource\"",
        "\"Condition\"",
        "\"é${\"",
        "\"Principal\"",
        "null",
        "1e9",
        "\"ForAllValues:StringEquals\"",
        "\"aws:TagKeys\"",
        " ",
        "\n",
    ]);
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_finding_is_in_the_text(text in pieces()) {
        let known = Known::vendored().unwrap();
        for finding in lint(&text, None, &known) {
            prop_assert!(finding.span.end <= text.len().max(1), "{finding:?}");
        }
    }

    #[test]
    fn whatever_a_value_is_nothing_breaks(effect in ".{0,6}", action in ".{0,12}", key in ".{0,12}", value in ".{0,12}") {
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow", "Sid": effect, "Action": action, "Resource": value,
                "Condition": {"StringEquals": {key: value}, action: {"aws:SourceIp": effect}},
            }
        });
        let text = policy.to_string();
        for finding in lint(&text, None, &Known::vendored().unwrap()) {
            prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
        }
    }
}
