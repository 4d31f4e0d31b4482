//! The cases and the documentation of every code.

use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::*;

const CASES: [&str; 7] = [
    include_str!("../../../tests/data/lint/action.yaml"),
    include_str!("../../../tests/data/lint/breadth.yaml"),
    include_str!("../../../tests/data/lint/condition.yaml"),
    include_str!("../../../tests/data/lint/escalation.yaml"),
    include_str!("../../../tests/data/lint/grammar.yaml"),
    include_str!("../../../tests/data/lint/principal.yaml"),
    include_str!("../../../tests/data/lint/reach.yaml"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    fails: Value,
    passes: Value,
}

/// A text stands for a file as it is; anything else is written as JSON.
fn text(policy: &Value) -> String {
    match policy {
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    }
}

fn cases() -> BTreeMap<String, Case> {
    let mut all = BTreeMap::new();
    for file in CASES {
        let cases: BTreeMap<String, Case> = serde_yaml::from_str(file).unwrap();
        all.extend(cases);
    }
    all
}

#[test]
fn every_code_fails_and_passes() {
    let cases = cases();
    for code in LintCode::ALL
        .iter()
        .filter(|code| **code != LintCode::TooLarge)
    {
        let case = cases
            .get(code.id())
            .unwrap_or_else(|| panic!("{code} has no case"));
        let (fails, passes) = (codes(&text(&case.fails)), codes(&text(&case.passes)));
        assert!(fails.contains(&code.id()), "{code} is not found: {fails:?}");
        assert!(
            !passes.contains(&code.id()),
            "{code} is found where it is not"
        );
    }
    assert_eq!(
        cases.len(),
        LintCode::ALL.len() - 1,
        "each case is that of a code"
    );
}

#[test]
fn a_policy_that_aws_cannot_store_is_too_large() {
    let policy = |length: usize| {
        let resource = format!("arn:aws:s3:::{}/*", "a".repeat(length));
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}}}"#
        )
    };
    assert_eq!(codes(&policy(11_000)), ["too-large"]);
    assert_eq!(codes(&policy(9_000)), [""; 0]);
}

#[test]
fn a_policy_in_a_text_is_read_and_told_where_the_text_is() {
    let inner = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let text = serde_json::json!({ "Policy": inner }).to_string();
    let found = lint(&text, None, &Known::vendored().unwrap());
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert_eq!(finding.code, LintCode::AnyAction);
    assert!(text[finding.span.start..finding.span.end].starts_with("\"{"));
}

#[test]
fn every_code_is_documented_and_nothing_else() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lint.md");
    let page = fs::read_to_string(path).unwrap();
    let documented: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let ids: Vec<&str> = LintCode::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(documented, ids);
    for code in LintCode::ALL {
        let severity = match code.severity() {
            Severity::Error => "*Error.*",
            Severity::Warning => "*Warning.*",
        };
        let said = format!("{severity} {}", code.meaning());
        assert!(
            page.contains(&said),
            "{code} is documented with other words"
        );
    }
}

#[test]
fn ids_are_unique_kebab_case() {
    let ids: BTreeSet<&str> = LintCode::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), LintCode::ALL.len());
    let kebab = |id: &str| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    assert!(ids.into_iter().all(kebab));
}
