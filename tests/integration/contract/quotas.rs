//! Quotas set low: what a plan would exceed is said with numbers, and nothing is done.

use strongroom::{
    model::KindName,
    plan::{self, Action, Consent, Excess, Plan, Refusal, guard},
    resource::{Read, Unread, UnreadReason},
    snapshot::{QuotaName, Quotas, Snapshot},
};

use super::bank::Bank;

fn planned(bank: &Bank, quotas: impl FnOnce(&mut Quotas)) -> Plan {
    let mut live = bank.observed();
    quotas(&mut live.account_state.quotas);
    plan::compare(&bank.desired, &live)
}

fn set(quotas: &mut Quotas, quota: QuotaName, limit: u64, used: u64) {
    quotas.limits.insert(quota, Read::Known(limit));
    quotas.used.insert(quota, Read::Known(used));
}

fn created(bank: &Bank, kind: KindName) -> u64 {
    let plan = bank.plan();
    let steps = plan.steps.iter();
    let created = steps.filter(|(a, step)| a.kind == kind && step.action == Action::Create);
    created.count() as u64
}

#[test]
fn what_is_there_counts_whoever_made_it() {
    let bank = Bank::sandbox();
    for (quota, kind) in [
        (QuotaName::Roles, KindName::IamRole),
        (QuotaName::Policies, KindName::IamPolicy),
        (QuotaName::Keys, KindName::KmsKey),
        (QuotaName::Vpcs, KindName::Vpc),
        (QuotaName::Addresses, KindName::ElasticIp),
        (QuotaName::Buckets, KindName::S3Bucket),
    ] {
        let more = created(&bank, kind);
        assert!(more > 0, "{kind}");
        let exact = planned(&bank, |quotas| set(quotas, quota, more + 7, 7));
        assert_eq!(exact.exceeded, [], "{kind}");
        let low = planned(&bank, |quotas| set(quotas, quota, more + 6, 7));
        let [excess] = low.exceeded.as_slice() else {
            panic!("{kind}: {:?}", low.exceeded);
        };
        let Excess {
            there,
            needed,
            limit,
            read,
            ..
        } = excess;
        // What others manage is there already: the sandbox holds it.
        assert_eq!(
            (*needed, *limit, *read),
            (there + more, more + 6, true),
            "{kind}"
        );
        let refused = guard(&low, &Consent::everything()).unwrap_err();
        assert_eq!(refused, Refusal::Quotas(low.exceeded.clone()));
    }
}

#[test]
fn rules_routes_entries_and_endpoints_are_counted_where_they_are() {
    let bank = Bank::sandbox();
    for quota in [
        QuotaName::GroupRules,
        QuotaName::AclEntries,
        QuotaName::Routes,
    ] {
        let low = planned(&bank, |quotas| set(quotas, quota, 1, 0));
        assert!(!low.exceeded.is_empty(), "{quota:?}");
        for excess in &low.exceeded {
            assert!(
                excess.quota == quota && excess.address.is_some(),
                "{excess:?}"
            );
        }
    }
    for quota in [QuotaName::InterfaceEndpoints, QuotaName::NatGateways] {
        let low = planned(&bank, |quotas| set(quotas, quota, 1, 1));
        assert_eq!(low.exceeded.len(), 1, "{quota:?}");
    }
}

/// Where Service Quotas does not answer, the documented default holds, and the plan says so.
#[test]
fn an_unread_quota_is_the_documented_default() {
    let why = Unread {
        call: "servicequotas:GetServiceQuota".to_owned(),
        reason: UnreadReason::Denied,
        message: "no".to_owned(),
    };
    let bank = Bank::sandbox();
    let plan = planned(&bank, |quotas| {
        quotas.limits.insert(QuotaName::Vpcs, Read::Unread(why));
        quotas.used.insert(QuotaName::Vpcs, Read::Known(5));
    });
    let [excess] = plan.exceeded.as_slice() else {
        panic!("{:?}", plan.exceeded);
    };
    assert_eq!(
        (excess.code, excess.limit, excess.read),
        ("L-F678F1CE", 5, false)
    );
}

/// What one service needs is asked of the quota, not what all of them would.
#[test]
fn a_plan_for_one_service_is_refused_for_its_own_needs_alone() {
    let bank = Bank::sandbox();
    let plan = planned(&bank, |quotas| set(quotas, QuotaName::Keys, 3, 0));
    assert_eq!(plan.exceeded.len(), 1);
    let one = plan.only(&"login".parse().unwrap(), &bank.desired.owners);
    let keys = one.steps.keys().filter(|a| a.kind == KindName::KmsKey);
    assert!(keys.count() <= 3);
    assert_eq!(one.exceeded, []);
}

/// An account that is full and as specified is not refused anything.
#[test]
fn what_does_not_grow_is_not_refused() {
    let bank = Bank::sandbox().applied();
    let nothing = |live: &mut Snapshot| {
        for quota in QuotaName::ALL {
            set(&mut live.account_state.quotas, quota, 0, 9);
        }
    };
    let mut live = bank.observed();
    nothing(&mut live);
    assert_eq!(plan::compare(&bank.desired, &live).exceeded, []);
}
