//! What a missing permission hides: the facets that the call shows, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use strongroom::{
    account::{Account, ObserveError},
    model::KindName,
    resource::{Read, UnreadReason, field::unread_fields},
    snapshot::Snapshot,
};

use super::{bank, denier::denying, difference, observe, send};
use crate::moto::{ENVIRONMENT, Moto};

/// The facets that each read shows. A kind alone means its listing.
fn shown() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let groups = "security_group";
    let rules = "security_group_rule";
    [
        (
            "iam:GetAccountAuthorizationDetails",
            vec![
                "iam_policy",
                "iam_role.boundary",
                "iam_role.inline",
                "iam_role.managed",
                "iam_role.tags",
            ],
        ),
        (
            "iam:ListRoles",
            vec!["iam_role.description", "iam_role.max_session_seconds"],
        ),
        ("iam:ListPolicyTags", vec!["iam_policy.tags"]),
        ("kms:ListAliases", vec!["kms_key"]),
        (
            "kms:DescribeKey",
            vec![
                "kms_key.description",
                "kms_key.multi_region",
                "kms_key.origin",
                "kms_key.spec",
                "kms_key.state",
            ],
        ),
        ("kms:GetKeyPolicy", vec!["kms_key.policy"]),
        ("kms:GetKeyRotationStatus", vec!["kms_key.rotation"]),
        ("kms:ListGrants", vec!["kms_key.grants"]),
        (
            "tag:GetResources",
            vec!["kms_key", "kms_key.tags", "log_group.tags"],
        ),
        ("logs:DescribeLogGroups", vec!["log_group"]),
        ("ec2:DescribeVpcs", vec!["vpc", groups, rules]),
        ("ec2:DescribeSecurityGroups", vec![groups, rules]),
        (
            "ec2:DescribeSecurityGroupRules",
            vec!["security_group.default_egress", rules],
        ),
    ]
    .map(|(api, facets)| (api, facets.into_iter().collect()))
    .into()
}

/// What a snapshot could not read because `api` was denied.
fn hidden(snapshot: &Snapshot, api: &str) -> BTreeSet<String> {
    let listings = snapshot.coverage.listings.iter();
    let kinds = listings
        .filter(|(_, listing)| listing.unread().is_some_and(|why| why.call == api))
        .map(|(kind, _)| kind.to_string());
    let json = serde_json::to_value(&snapshot.resources).expect("JSON");
    let fields = unread_fields(&json)
        .into_iter()
        .filter(|(_, why)| why["call"] == api && why["reason"] == "denied")
        .filter_map(|(path, _)| Some(format!("{}.{}", path.key_at(0)?, path.key_at(2)?)))
        .collect::<Vec<_>>();
    kinds.chain(fields).collect()
}

#[tokio::test]
async fn a_denied_read_hides_what_it_shows_and_nothing_else() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto, ENVIRONMENT).await;
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    let steps = [bank::boundary()]
        .into_iter()
        .chain(bank::service(&moto, "login"));
    for (address, call) in steps {
        send(&aws, &address, &call, &mut ids).await;
    }
    let seen = observe(&moto, &aws).await;
    let mut asked: BTreeSet<&str> = seen.coverage.calls.keys().map(String::as_str).collect();
    assert!(asked.remove("sts:GetCallerIdentity"));
    let shown = shown();
    assert_eq!(
        asked,
        shown.keys().copied().collect(),
        "each read is denied in turn"
    );
    for (api, facets) in shown {
        let blind = observe(&moto, &denying(&moto, [api])).await;
        let expected: BTreeSet<String> = facets.iter().map(|facet| (*facet).to_owned()).collect();
        assert_eq!(hidden(&blind, api), expected, "{api}");
        assert_same_elsewhere(&seen, &blind, api);
    }
}

/// Kinds whose listing failed are empty; the others are as they were, unread facets aside.
fn assert_same_elsewhere(seen: &Snapshot, blind: &Snapshot, api: &str) {
    let found = difference(&seen.resources, &blind.resources);
    for change in found {
        let kind = change.path.field().to_owned();
        let unlisted =
            blind.coverage.listings.iter().any(|(name, listing)| {
                name.to_string() == kind && matches!(listing, Read::Unread(_))
            });
        assert!(
            unlisted && change.after.is_none(),
            "{api} changed {}",
            change.path
        );
    }
}

#[tokio::test]
async fn who_may_not_ask_who_he_is_reads_nothing() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let aws = denying(&moto, ["sts:GetCallerIdentity"]);
    let error = aws.observe(&moto.scope()).await;
    assert!(
        matches!(error, Err(ObserveError::Unreachable { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_wrong_account_is_left_alone() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let mut scope = moto.scope();
    scope.environment.account = "999999999999".parse().expect("an account");
    let aws = moto.aws();
    let error = aws.observe(&scope).await;
    assert_eq!(
        error,
        Err(ObserveError::WrongAccount {
            expected: scope.environment.account,
            actual: moto.account.to_string(),
        })
    );
    let asked: Vec<String> = aws
        .tape()
        .exchanges
        .keys()
        .map(|asked| asked.api())
        .collect();
    assert_eq!(asked, ["sts:GetCallerIdentity"]);
}

/// Moto does not know deletion protection: the reading says so.
#[tokio::test]
async fn what_the_emulator_does_not_answer_is_unsupported() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto, ENVIRONMENT).await;
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    for (address, call) in bank::service(&moto, "login") {
        send(&aws, &address, &call, &mut ids).await;
    }
    let seen = observe(&moto, &aws).await;
    let group = &seen.resources.log_group["login"];
    let why = group.deletion_protected.unread().expect("unread");
    assert_eq!(why.reason, UnreadReason::Unsupported);
    assert_eq!(seen.coverage.listings[&KindName::LogGroup], Read::Known(1));
}
