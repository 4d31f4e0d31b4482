//! First, do no harm: each rule with its test.

use serde_json::{Value, json};
use strongroom::{
    model::Address,
    plan::{Action, Agreed, Consent, HarmKind, Refusal, guard, harms},
    resource::Direction::{AccessNarrowed, AccessWidened, LoggingStrengthened},
    snapshot::Conflict,
};

use super::bank::{Bank, nothing};

const ROLE: &str = "iam_role/login-v1";
const KEY: &str = "kms_key/login";
const BUCKET: &str = "s3_bucket/audit";
const LOG: &str = "log_group/login";

fn bank() -> Bank {
    Bank::sandbox().applied()
}

fn document(effect: &str) -> Value {
    json!({
        "version": "2012-10-17",
        "statements": {"Sudden": {"effect": effect, "actions": ["*"], "resources": ["*"]}},
    })
}

fn statement(effect: &str) -> Value {
    json!({"effect": effect, "principals": {"AWS": ["*"]}, "actions": ["*"], "resources": ["*"]})
}

fn grant(grantee: &str) -> Value {
    json!({"grantee": grantee, "retiring": null, "operations": ["Decrypt"], "constraints": null})
}

fn agreed(address: &str) -> Agreed {
    Agreed::These([address.parse::<Address>().unwrap()].into())
}

#[test]
fn an_unknown_deny_is_told_and_kept() {
    bank()
        .tampered(ROLE, |role| role["inline"]["revoke"] = document("Deny"))
        .drift()
        .keeps(ROLE, "inline.revoke");
    bank()
        .tampered(ROLE, |role| {
            role["inline"]["access"]["statements"]["Stop"] = statement("Deny")
        })
        .drift()
        .keeps(ROLE, "inline.access.statements.Stop");
    bank()
        .tampered(ROLE, |role| {
            role["trust"]["statements"]["Stop"] = statement("Deny")
        })
        .drift()
        .keeps(ROLE, "trust.statements.Stop");
    bank()
        .tampered(KEY, |key| {
            key["policy"]["statements"]["Stop"] = statement("Deny")
        })
        .drift()
        .keeps(KEY, "policy.statements.Stop");
    bank()
        .tampered("iam_policy/boundary", |policy| {
            policy["document"]["statements"]["Stop"] = statement("Deny");
        })
        .drift()
        .keeps("iam_policy/boundary", "document.statements.Stop");
}

#[test]
fn a_quarantine_policy_is_told_and_kept() {
    for name in ["AWSDenyAll", "AWSCompromisedKeyQuarantineV3"] {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        bank()
            .tampered(ROLE, |role| role["managed"] = json!([arn]))
            .drift()
            .keeps(ROLE, &format!("managed[{arn}]"));
    }
}

#[test]
fn an_unknown_allow_is_drift() {
    bank()
        .tampered(ROLE, |role| role["inline"]["backdoor"] = document("Allow"))
        .drift()
        .finds(ROLE, "inline.backdoor", AccessWidened);
    let both = json!({"version": "2012-10-17", "statements": {
        "Stop": statement("Deny"), "Go": statement("Allow"),
    }});
    bank()
        .tampered(ROLE, |role| role["inline"]["both"] = both)
        .drift()
        .finds(ROLE, "inline.both.statements.Go", AccessWidened);
    bank()
        .tampered(ROLE, |role| {
            role["managed"] = json!(["arn:aws:iam::111122223333:policy/AWSDenyAll"])
        })
        .drift()
        .finds(ROLE, "managed", AccessWidened);
}

/// No name that somebody chooses hides what it does.
#[test]
fn an_inline_policy_hides_behind_no_name() {
    for name in ["statements", "to", "inline", "conditions"] {
        bank()
            .tampered(ROLE, |role| role["inline"][name] = document("Allow"))
            .drift()
            .finds(
                ROLE,
                &format!("inline.{name}.statements.Sudden"),
                AccessWidened,
            );
    }
}

#[test]
fn a_kept_deny_does_not_keep_the_rest() {
    let bank = bank().tampered(ROLE, |role| {
        role["inline"]["revoke"] = document("Deny");
        role["inline"]["backdoor"] = document("Allow");
    });
    bank.drift().finds(ROLE, "inline.backdoor", AccessWidened);
    bank.execute(&bank.plan());
    let inline = bank.observed().resources.iam_role["login-v1"]
        .inline
        .known()
        .unwrap()
        .clone();
    assert!(inline.contains_key("revoke") && !inline.contains_key("backdoor"));
    bank.drift().keeps(ROLE, "inline.revoke");
}

#[test]
fn a_grant_that_aws_made_is_told_and_kept() {
    let role =
        "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS";
    for grantee in ["dynamodb.eu-west-1.amazonaws.com", role] {
        bank()
            .tampered(KEY, |key| key["grants"]["g1"] = grant(grantee))
            .drift()
            .keeps(KEY, "grants.g1");
    }
}

#[test]
fn any_other_grant_is_revoked_with_consent() {
    let stranger = "arn:aws:iam::999988887777:role/stranger";
    let bank = bank().tampered(KEY, |key| key["grants"]["g1"] = grant(stranger));
    bank.drift().finds(KEY, "grants.g1", AccessWidened);
    let consent = Consent {
        destroy: agreed(KEY),
        ..Consent::default()
    };
    assert!(matches!(
        guard(&bank.plan(), &Consent::default()),
        Err(Refusal::Harms(_))
    ));
    assert_eq!(guard(&bank.plan(), &consent), Ok(()));
}

#[test]
fn what_widens_needs_a_consent_that_names_it() {
    let bank = bank().tampered(ROLE, |role| role["inline"] = json!({}));
    bank.drift().finds(ROLE, "inline.access", AccessNarrowed);
    let plan = bank.plan();
    let Err(Refusal::Harms(refused)) = guard(&plan, &Consent::default()) else {
        panic!("a widening passed without consent");
    };
    assert!(refused.iter().all(|harm| harm.kind == HarmKind::Widens));
    let consent = |address| Consent {
        widen: agreed(address),
        ..Consent::default()
    };
    assert!(guard(&plan, &consent("iam_role/accounts-v1")).is_err());
    assert_eq!(guard(&plan, &consent(ROLE)), Ok(()));
    let wrong = Consent {
        destroy: Agreed::Everything,
        ..Consent::default()
    };
    assert!(
        guard(&plan, &wrong).is_err(),
        "consent to a loss is none to a widening"
    );
}

#[test]
fn a_rule_on_a_group_that_exists_widens_and_one_on_a_new_group_does_not() {
    let bank = bank();
    let new = bank.observed();
    let named = Consent {
        lock: true,
        ..Consent::default()
    };
    assert!(guard(&Bank::sandbox().plan(), &named).is_ok());
    let name = new
        .resources
        .security_group_rule
        .keys()
        .next()
        .unwrap()
        .clone();
    bank.account.tamper(|live| {
        live.security_group_rule.remove(&name);
    });
    let harms = harms(&bank.plan());
    assert_eq!(harms.len(), 1);
    assert_eq!(
        (harms[0].kind, &harms[0].address.name),
        (HarmKind::Widens, &name)
    );
}

#[test]
fn what_destroys_needs_a_consent_that_names_it() {
    let bank = bank();
    let plan = strongroom::plan::compare(&nothing(), &bank.observed());
    let harms = harms(&plan);
    for (address, step) in &plan.steps {
        assert_eq!(step.action, Action::Delete);
        let destroyed = harms
            .iter()
            .any(|harm| harm.kind == HarmKind::Destroys && harm.address == *address);
        // A rule is declared again in a moment; nothing is lost with it.
        let rule = address.kind == strongroom::model::KindName::SecurityGroupRule;
        assert_eq!(destroyed, !rule, "{address}");
    }
    assert!(
        guard(
            &plan,
            &Consent {
                widen: Agreed::Everything,
                ..Consent::default()
            }
        )
        .is_err()
    );
    assert_eq!(
        guard(
            &plan,
            &Consent {
                destroy: Agreed::Everything,
                ..Consent::default()
            }
        ),
        Ok(())
    );
}

#[test]
fn what_nobody_can_undo_needs_the_name_of_the_environment() {
    let everything_else = Consent {
        lock: false,
        ..Consent::everything()
    };
    let weaker = |retention: Value| {
        bank()
            .tampered(BUCKET, |bucket| bucket["retention"] = retention)
            .plan()
    };
    let governance = weaker(json!({"mode": "GOVERNANCE", "days": 3650}));
    let shorter = weaker(json!({"mode": "COMPLIANCE", "days": 30}));
    for plan in [Bank::sandbox().plan(), governance, shorter] {
        let Err(Refusal::Harms(refused)) = guard(&plan, &everything_else) else {
            panic!("a lock passed without the name");
        };
        let told: Vec<_> = refused
            .iter()
            .map(|h| (h.kind, h.address.to_string()))
            .collect();
        assert_eq!(told, [(HarmKind::Locks, BUCKET.to_owned())]);
        assert_eq!(guard(&plan, &Consent::everything()), Ok(()));
    }
    let longer = weaker(json!({"mode": "COMPLIANCE", "days": 3650}));
    let harms = harms(&longer);
    assert_eq!(harms.len(), 1, "{harms:?}");
    assert_eq!(harms[0].kind, HarmKind::Destroys, "it shortens");
}

#[test]
fn what_is_locked_stays_and_its_key_with_it() {
    let bank = bank();
    let plan = strongroom::plan::compare(&nothing(), &bank.observed());
    for address in [BUCKET, "kms_key/audit"] {
        let address: Address = address.parse().unwrap();
        assert!(plan.retained.contains(&address), "{address}");
        assert!(!plan.steps.contains_key(&address), "{address}");
    }
    let trail = "trail/audit".parse().unwrap();
    assert_eq!(plan.steps[&trail].action, Action::Delete);
}

#[test]
fn shorter_retention_destroys_and_longer_does_not() {
    let longer = bank().tampered(LOG, |group| group["retention_days"] = Value::Null);
    longer
        .drift()
        .finds(LOG, "retention_days", LoggingStrengthened);
    let harms_of = |bank: &Bank| {
        harms(&bank.plan())
            .iter()
            .map(|harm| harm.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(harms_of(&longer), [HarmKind::Destroys]);
    let shorter = bank().tampered(LOG, |group| group["retention_days"] = json!(1));
    assert_eq!(harms_of(&shorter), []);
}

#[test]
fn what_cannot_be_changed_is_never_replaced_silently() {
    for (address, field, value) in [
        (LOG, "class", json!("INFREQUENT_ACCESS")),
        (KEY, "spec", json!("RSA_2048")),
        (
            "security_group/login-v1",
            "description",
            json!("something else"),
        ),
        (ROLE, "path", json!("/elsewhere/")),
    ] {
        let bank = bank().tampered(address, |resource| resource[field] = value);
        bank.drift().tells(address, Action::Replace);
        let plan = bank.plan();
        assert!(matches!(
            guard(&plan, &Consent::everything()),
            Err(Refusal::Replacements(_))
        ));
        assert_eq!(bank.execute(&plan).calls, 0, "{address}");
    }
}

#[test]
fn where_the_owner_is_in_doubt_nothing_is_done() {
    let bank = bank();
    let mut live = bank.observed();
    live.conflicts.push(Conflict {
        address: KEY.parse().unwrap(),
        ids: vec!["k-1".to_owned(), "k-2".to_owned()],
        reason: "two keys claim it".to_owned(),
    });
    let plan = strongroom::plan::compare(&bank.desired, &live);
    assert!(matches!(
        guard(&plan, &Consent::everything()),
        Err(Refusal::Conflicts(_))
    ));
}

#[test]
fn a_key_that_waits_for_its_deletion_is_left_alone_or_taken_back() {
    let bank = bank().tampered(KEY, |key| key["state"] = json!("PendingDeletion"));
    let plan = strongroom::plan::compare(&nothing(), &bank.observed());
    assert!(plan.retained.contains(&KEY.parse().unwrap()));
    assert!(!plan.steps.contains_key(&KEY.parse().unwrap()));
    bank.execute(&bank.plan());
    assert_eq!(bank.observed().resources, bank.desired.resources);
}
