//! What is ours has no error: every policy that the shipped bank compiles to.

use std::path::Path;

use super::*;
use crate::{
    desired::{compile, expected_arn},
    iam::{PolicyDocument, grammar},
    model::Address,
    spec,
};

#[test]
fn the_policies_of_the_bank_have_no_error() {
    let environment = spec::load(Path::new("environments/digital-bank"))
        .unwrap()
        .environment;
    let resources = compile(&environment, Catalogue::vendored().unwrap())
        .unwrap()
        .resources;
    let arn = |address: &Address| expected_arn(&environment, &resources, address);
    let known = Known::vendored().unwrap();
    let errors = |document: &PolicyDocument, kind| -> Vec<String> {
        let text = format!("{:#}", grammar::write(document, &arn).unwrap());
        let found = lint(&text, kind, &known).into_iter();
        let errors = found.filter(|one| one.code.severity() == Severity::Error);
        errors
            .map(|one| {
                format!(
                    "{}: {} {}",
                    one.code,
                    one.message,
                    &text[one.span.start..one.span.end]
                )
            })
            .collect()
    };
    for (name, role) in &resources.iam_role {
        assert_eq!(
            errors(role.trust.known().unwrap(), Some(PolicyKind::Trust)),
            [""; 0],
            "{name}"
        );
        for policy in role.inline.known().unwrap().values() {
            assert_eq!(
                errors(policy, Some(PolicyKind::Identity)),
                [""; 0],
                "{name}"
            );
        }
    }
    for (name, key) in &resources.kms_key {
        assert_eq!(
            errors(key.policy.known().unwrap(), Some(PolicyKind::Key)),
            [""; 0],
            "{name}"
        );
    }
    for (name, boundary) in &resources.iam_policy {
        assert_eq!(
            errors(
                boundary.document.known().unwrap(),
                Some(PolicyKind::Ceiling)
            ),
            [""; 0],
            "{name}"
        );
    }
}
