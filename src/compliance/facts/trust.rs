//! Facts about trust policies: who may assume a role, and how closely that is pinned.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use super::{Texts, principal, statement::allows};
use crate::{
    iam::{PolicyDocument, PrincipalType, Statement},
    model::AccountId,
};

const CALLER_KEYS: [&str; 4] = [
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
];
const PODS: &str = "pods.eks.amazonaws.com";
const CLUSTER_KEYS: [&str; 2] = ["aws:SourceArn", "aws:RequestTag/eks-cluster-arn"];

/// Anybody, whole foreign accounts, and identity providers without a condition on the subject.
pub(super) fn public(trust: &PolicyDocument, own: &AccountId) -> Texts {
    principals(trust, |statement, kind, who| match kind {
        PrincipalType::Aws => {
            principal::is_anybody(who) || principal::is_foreign(who, own) && principal::is_root(who)
        }
        PrincipalType::Federated => subjects(statement).is_empty(),
        PrincipalType::Service | PrincipalType::CanonicalUser => false,
    })
    .chain(everybody_else(trust))
    .collect()
}

/// Service principals whose caller no condition pins.
pub(super) fn unpinned_services(trust: &PolicyDocument) -> Texts {
    principals(trust, |statement, kind, _| {
        kind == PrincipalType::Service && !statement.pins(&CALLER_KEYS)
    })
    .collect()
}

/// Principals of other accounts that need not show an external id.
pub(super) fn foreign_without_external_id(trust: &PolicyDocument, own: &AccountId) -> Texts {
    principals(trust, |statement, kind, who| {
        kind == PrincipalType::Aws
            && principal::is_foreign(who, own)
            && !statement.pins(&["sts:ExternalId"])
    })
    .collect()
}

/// Identity providers and EKS Pod Identity, as far as they are trusted at all.
pub(super) fn web_identities(trust: &PolicyDocument) -> Texts {
    principals(trust, |_, kind, who| {
        kind == PrincipalType::Federated || who.to_string() == PODS
    })
    .collect()
}

/// Those of [`web_identities`] that are not pinned to one subject and audience, or to one
/// cluster and account.
pub(super) fn unpinned_web_identities(trust: &PolicyDocument) -> Texts {
    principals(trust, |statement, kind, who| match kind {
        PrincipalType::Federated => !exact(&subjects(statement)) || !exact(&audiences(statement)),
        _ if who.to_string() == PODS => {
            !(statement.pins(&["aws:SourceAccount"]) && statement.pins(&CLUSTER_KEYS))
        }
        _ => false,
    })
    .collect()
}

/// The principals of Allow statements that the question is answered with yes for.
fn principals<'p>(
    trust: &'p PolicyDocument,
    ask: impl Fn(&Statement, PrincipalType, &crate::resource::Ref) -> bool + Copy + 'p,
) -> impl Iterator<Item = String> + 'p {
    allows(trust).flat_map(move |(_, statement)| {
        PrincipalType::ALL.into_iter().flat_map(move |kind| {
            principal::of_type(statement, kind)
                .filter(move |who| ask(statement, kind, who))
                .map(|who| who.to_string())
        })
    })
}

fn everybody_else(trust: &PolicyDocument) -> impl Iterator<Item = String> + '_ {
    allows(trust)
        .filter(|(_, statement)| !statement.not_principals.is_empty())
        .map(|(sid, _)| format!("everybody but the NotPrincipal of {sid}"))
}

fn subjects(statement: &Statement) -> Texts {
    provider_values(statement, ":sub")
}

fn audiences(statement: &Statement) -> Texts {
    provider_values(statement, ":aud")
}

/// The values of keys such as `oidc.eks.…:sub`, whatever the provider.
fn provider_values(statement: &Statement, suffix: &str) -> Texts {
    let keys = statement.conditions.values().flat_map(|keys| keys.keys());
    keys.filter(|key| key.as_str().to_ascii_lowercase().ends_with(suffix))
        .flat_map(|key| statement.demands(key.as_str()))
        .collect()
}

fn exact(values: &Texts) -> bool {
    !values.is_empty() && values.iter().all(|value| !value.contains(['*', '?']))
}
