//! Ignorance never passes: not of a facet, not of a listing, not of any fact of any check.

use serde_json::{Value, json};

use super::{bank::Bank, library, outcomes};
use crate::{
    compliance::{assess::ExitClass, verdict::Outcome},
    model::KindName,
    resource::{Read, UNREAD, Unread, UnreadReason},
};

fn denied(call: &str) -> Unread {
    Unread {
        call: call.to_owned(),
        reason: UnreadReason::Denied,
        message: "no".to_owned(),
    }
}

#[test]
fn flipping_any_touched_fact_to_unread_never_passes() {
    let library = library();
    for check in library.checks.values() {
        let predicates = check.applies.iter().chain(&check.pass);
        let touched: Vec<_> = predicates.flat_map(|p| p.touched().clone()).collect();
        let passing = check
            .text
            .cases
            .iter()
            .filter(|case| case.expect == Outcome::Pass);
        for (case, path) in passing.flat_map(|case| touched.iter().map(move |p| (case, p))) {
            let mut case = case.clone();
            let unread = json!({ UNREAD: denied("x:Y") });
            case.facts
                .get_mut(&path.variable)
                .unwrap()
                .insert(path.field.clone(), unread);
            let outcome = check.judge_case(&case).outcome();
            assert_eq!(outcome, Outcome::NotEvaluated, "{} {path}", check.text.id);
        }
    }
}

#[test]
fn an_unread_facet_leaves_every_check_on_it_open() {
    let mut bank = Bank::as_declared();
    let key = bank.snapshot.resources.kms_key.get_mut("login").unwrap();
    key.policy = Read::Unread(denied("kms:GetKeyPolicy"));
    let assessment = bank.assess();
    assert_eq!(assessment.exit_class, ExitClass::NotEvaluated);
    for check in [
        "kms.policy-exact",
        "kms.admin-use-separated",
        "kms.no-external-principal",
    ] {
        let found = outcomes(&assessment, check);
        let login = found
            .iter()
            .find(|(path, _)| path == "services.login.keys.login")
            .unwrap();
        assert_eq!(login.1, Outcome::NotEvaluated, "{check}");
    }
    let call = assessment
        .unread
        .iter()
        .find(|u| u.unread.call == "kms:GetKeyPolicy")
        .unwrap();
    assert!(
        call.verdicts >= 3 && !call.requirements.is_empty(),
        "{call:?}"
    );
}

#[test]
fn an_unread_listing_is_no_absence() {
    let mut bank = Bank::as_declared();
    bank.snapshot.resources.log_group.clear();
    let listings = &mut bank.snapshot.coverage.listings;
    listings.insert(
        KindName::LogGroup,
        Read::Unread(denied("logs:DescribeLogGroups")),
    );
    for (path, outcome) in outcomes(&bank.assess(), "logs.group-per-service") {
        assert_eq!(outcome, Outcome::NotEvaluated, "{path}");
    }
    bank.snapshot
        .coverage
        .listings
        .insert(KindName::LogGroup, Read::Known(0));
    for (path, outcome) in outcomes(&bank.assess(), "logs.group-per-service") {
        assert_eq!(outcome, Outcome::Fail, "{path}");
    }
}

#[test]
fn unread_rules_leave_the_groups_open() {
    let mut bank = Bank::as_declared();
    let listings = &mut bank.snapshot.coverage.listings;
    let call = "ec2:DescribeSecurityGroupRules";
    listings.insert(KindName::SecurityGroupRule, Read::Unread(denied(call)));
    let assessment = bank.assess();
    for check in [
        "net.sg-rules-exact",
        "net.no-public-ingress",
        "net.no-admin-port-ingress",
    ] {
        for (path, outcome) in outcomes(&assessment, check) {
            assert_eq!(outcome, Outcome::NotEvaluated, "{check} {path}");
        }
    }
}

#[test]
fn known_bad_comes_before_unknown() {
    let mut bank = Bank::as_declared();
    let key = bank.snapshot.resources.kms_key.get_mut("login").unwrap();
    key.state = crate::resource::KeyState::PendingDeletion.into();
    key.policy = Read::Unread(denied("kms:GetKeyPolicy"));
    let found = outcomes(&bank.assess(), "kms.deletion-guarded");
    assert!(found.contains(&("services.login.keys.login".to_owned(), Outcome::Fail)));
}

#[test]
fn evidence_names_the_values_and_what_is_missing() {
    let mut bank = Bank::as_declared();
    let key = bank.snapshot.resources.kms_key.get_mut("login").unwrap();
    key.policy = Read::Unread(denied("kms:GetKeyPolicy"));
    let assessment = bank.assess();
    let run = assessment
        .checks
        .iter()
        .find(|run| run.id == "kms.deletion-guarded")
        .unwrap();
    let verdict = run
        .verdicts
        .iter()
        .find(|v| v.service.as_deref() == Some("login"))
        .unwrap();
    let evidence: Vec<(&str, &Value)> = verdict
        .evidence
        .iter()
        .map(|(path, value)| (path.as_str(), value))
        .collect();
    let unread = json!({ UNREAD: denied("kms:GetKeyPolicy") });
    assert_eq!(
        evidence,
        [
            (
                "services.login.keys.login.deletion_window_min_days",
                &unread
            ),
            ("services.login.keys.login.exists", &json!(true)),
            ("services.login.keys.login.state", &json!("Enabled")),
            ("services.login.keys.login.undeclared_retirers", &unread),
        ]
    );
}
