//! Waivers and attestations against the shipped bank: what they change, and what they never do.

use jiff::civil::date;
use serde_json::json;

use super::{bank::Bank, library};
use crate::{
    compliance::{
        assess::{Assessment, ExitClass, RequirementResult, assess},
        attestation::Attestation,
        records::Records,
        verdict::{Outcome, Totals},
        waiver::Waiver,
    },
    resource::Read,
};

/// Noon of the day that is judged.
const NOW: &str = "2026-06-15T12:00:00Z";

fn judged(bank: &Bank, records: &Records) -> Assessment {
    let facts = bank.facts();
    assess(
        library(),
        &bank.environment,
        &facts,
        records,
        NOW.parse().unwrap(),
    )
}

/// The bank, with a log group that forgets after a week.
fn forgetful() -> Bank {
    let mut bank = Bank::as_declared();
    let group = bank.snapshot.resources.log_group.get_mut("login").unwrap();
    group.retention_days = Read::Known(Some(7));
    bank
}

fn waiver(scope: serde_json::Value) -> Waiver {
    serde_json::from_value(json!({
        "id": "W-1", "check": "logs.retention-min", "scope": scope, "reason": "r",
        "compensating_control": "c", "owner": "ann", "approver": "bob", "ticket": "T-1",
        "approved_on": "2026-01-01", "expires": "2026-12-31",
    }))
    .unwrap()
}

fn attestation(framework: &str, requirement: &str) -> Attestation {
    serde_json::from_value(json!({
        "id": "A-1", "satisfies": {framework: [requirement]}, "statement": "s", "by": "ann",
        "attested_on": "2026-01-01", "valid_until": "2026-12-31",
        "evidence": [{"file": "a.pdf", "sha256": "aa"}],
    }))
    .unwrap()
}

fn waived(waiver: Waiver) -> Records {
    Records {
        waivers: vec![waiver],
        ..Records::default()
    }
}

fn attested(attestation: Attestation) -> Records {
    Records {
        attestations: vec![attestation],
        found: [("a.pdf".to_owned(), Some("aa".to_owned()))].into(),
        ..Records::default()
    }
}

fn requirement<'a>(assessment: &'a Assessment, framework: &str, id: &str) -> &'a RequirementResult {
    let framework = assessment
        .frameworks
        .iter()
        .find(|f| f.id.as_str() == framework);
    let mut requirements = framework.unwrap().requirements.iter();
    requirements
        .find(|requirement| requirement.id == id)
        .unwrap()
}

#[test]
fn an_exception_is_counted_apart_and_ends_the_run_well() {
    let bank = forgetful();
    assert_eq!(
        judged(&bank, &Records::default()).exit_class,
        ExitClass::ControlFailed
    );
    for scope in [
        json!({"service": "login"}),
        json!({"resource": "log_group/login"}),
        json!({"service": "login", "resource": "log_group/login"}),
    ] {
        let assessment = judged(&bank, &waived(waiver(scope)));
        assert_eq!(assessment.exit_class, ExitClass::Agreed);
        let Totals {
            fail, exception, ..
        } = assessment.totals;
        assert_eq!((fail, exception), (0, 1));
        let result = &assessment.waivers[0];
        assert_eq!(
            result.failures[0].resource,
            "services.login.log_groups.login"
        );
        assert!(result.doubts.is_empty(), "{:?}", result.doubts);
        for framework in &assessment.frameworks {
            for requirement in &framework.requirements {
                let excepted = requirement.checks.iter().any(|c| c.totals.exception > 0);
                assert!(!excepted || requirement.overall >= Outcome::Exception);
            }
        }
    }
}

#[test]
fn a_waiver_of_elsewhere_or_of_another_time_excepts_nothing() {
    let bank = forgetful();
    let mut expired = waiver(json!({"service": "login"}));
    expired.expires = date(2026, 6, 14);
    let mut early = waiver(json!({"service": "login"}));
    early.approved_on = date(2026, 6, 16);
    let mut other = waiver(json!({"service": "login"}));
    other.check = Some("logs.kms-encrypted".to_owned());
    for waiver in [
        expired,
        early,
        other,
        waiver(json!({"service": "customers"})),
        waiver(json!({"resource": "kms_key/login"})),
        waiver(json!({"service": "customers", "resource": "log_group/login"})),
    ] {
        let assessment = judged(&bank, &waived(waiver));
        assert_eq!(assessment.exit_class, ExitClass::ControlFailed);
        assert_eq!(assessment.totals.exception, 0);
    }
}

#[test]
fn a_waiver_never_makes_the_unread_an_exception() {
    let mut bank = Bank::as_declared();
    let group = bank.snapshot.resources.log_group.get_mut("login").unwrap();
    group.retention_days = Read::Unread(crate::resource::Unread {
        call: "logs:DescribeLogGroups".to_owned(),
        reason: crate::resource::UnreadReason::Denied,
        message: "no".to_owned(),
    });
    let assessment = judged(&bank, &waived(waiver(json!({"service": "login"}))));
    assert_eq!(assessment.exit_class, ExitClass::NotEvaluated);
    let doubt = &assessment.waivers[0].doubts[0];
    assert!(
        doubt.starts_with("matches nothing: no such failure"),
        "{doubt}"
    );
}

#[test]
fn a_valid_attestation_satisfies_what_no_check_can_show() {
    let bank = Bank::as_declared();
    let assessment = judged(&bank, &attested(attestation("dora@2022/2554", "5")));
    let result = requirement(&assessment, "dora@2022/2554", "5");
    assert_eq!(result.overall, Outcome::Attested);
    assert_eq!(result.attested[0].id, "A-1");
    assert_eq!(assessment.exit_class, ExitClass::Agreed);
}

#[test]
fn an_attestation_that_ended_or_lost_its_evidence_fails() {
    let bank = Bank::as_declared();
    let good = || attestation("dora@2022/2554", "5");
    let mut expired = attested(good());
    expired.attestations[0].valid_until = date(2026, 6, 14);
    let mut old = attested(good());
    old.attestations[0].attested_on = date(2025, 1, 1);
    let mut changed = attested(good());
    changed
        .found
        .insert("a.pdf".to_owned(), Some("bb".to_owned()));
    for (records, why) in [
        (expired, "A-1 expired on 2026-06-14"),
        (
            old,
            "threshold: A-1 is of 2025-01-01, and 365 days are the most",
        ),
        (changed, "A-1: a.pdf has changed since it was hashed"),
    ] {
        let assessment = judged(&bank, &records);
        let result = requirement(&assessment, "dora@2022/2554", "5");
        assert_eq!(result.overall, Outcome::Fail);
        assert_eq!(result.reasons, [why]);
        assert_eq!(assessment.exit_class, ExitClass::ControlFailed);
    }
}

#[test]
fn a_newer_attestation_takes_the_place_of_one_that_ended() {
    let mut records = attested(attestation("dora@2022/2554", "5"));
    let mut expired = attestation("dora@2022/2554", "5");
    expired.id = "A-0".to_owned();
    expired.valid_until = date(2026, 3, 1);
    records.attestations.insert(0, expired);
    let assessment = judged(&Bank::as_declared(), &records);
    let result = requirement(&assessment, "dora@2022/2554", "5");
    assert_eq!(result.overall, Outcome::Attested);
}

#[test]
fn an_attestation_for_some_services_leaves_the_others_open() {
    let mut one = attestation("dora@2022/2554", "5");
    one.services = ["login".parse().unwrap()].into();
    let assessment = judged(&Bank::as_declared(), &attested(one));
    let result = requirement(&assessment, "dora@2022/2554", "5");
    assert_eq!(result.overall, Outcome::Manual);
    assert!(result.reasons[0].starts_with("nobody attests it for accounts, "));
}

#[test]
fn an_attestation_is_no_substitute_for_checks() {
    let mut bank = Bank::as_declared();
    let key = bank.snapshot.resources.kms_key.get_mut("login").unwrap();
    key.state = Read::Known(crate::resource::KeyState::Disabled);
    let id = "7(1)";
    let assessment = judged(&bank, &attested(attestation("dora-rts@2024/1774", id)));
    let result = requirement(&assessment, "dora-rts@2024/1774", id);
    assert_eq!(result.overall, Outcome::Fail);
}

#[test]
fn what_aws_answers_for_is_counted_apart_and_all_counts_add_up() {
    let assessment = judged(&Bank::as_declared(), &Records::default());
    let rts = assessment
        .frameworks
        .iter()
        .find(|f| f.id.as_str() == "dora-rts@2024/1774");
    let rts = rts.unwrap();
    assert_eq!(rts.totals.inherited, 3);
    assert!(rts.totals.not_applicable >= 1);
    for framework in &assessment.frameworks {
        assert_eq!(framework.totals.population(), framework.requirements.len());
    }
}

#[test]
fn what_matches_nothing_is_told() {
    let bank = Bank::as_declared();
    for (framework, id, doubt) in [
        (
            "soc2@2017",
            "CC6.1",
            "speaks of soc2@2017, which is not judged here",
        ),
        (
            "dora@2022/2554",
            "99",
            "matches nothing: dora@2022/2554 has no requirement 99",
        ),
    ] {
        let assessment = judged(&bank, &attested(attestation(framework, id)));
        assert_eq!(assessment.attestations[0].doubts, [doubt]);
    }
    let mut nobody = waiver(json!({"service": "login"}));
    nobody.check = Some("logs.no-such-check".to_owned());
    let assessment = judged(&bank, &waived(nobody));
    assert_eq!(
        assessment.waivers[0].doubts,
        ["matches nothing: there is no such check"]
    );
}

#[test]
fn a_looser_threshold_fails_the_stricter_requirement_with_its_reason() {
    let mut bank = Bank::as_declared();
    bank.environment.frameworks = ["nydfs-500@2023".parse().unwrap()].into();
    let assessment = judged(&bank, &Records::default());
    let result = requirement(&assessment, "nydfs-500@2023", "500.6(b)");
    assert_eq!(result.overall, Outcome::Fail);
    assert!(
        result.reasons.iter().any(|why| why
            == "threshold: logs.retention-min passes with its own and fails with what is asked for here"),
        "{:?}",
        result.reasons
    );
}
