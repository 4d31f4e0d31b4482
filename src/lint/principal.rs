//! Who is trusted: everybody, services that act for anybody, providers, whole accounts.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>

use super::{
    Finding, LintCode, PolicyKind,
    document::{Document, Principal, Statement},
};

/// Conditions that say on whose behalf a service asks.
const ON_BEHALF: [&str; 6] = [
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "kms:EncryptionContext:",
    "kms:CallerAccount",
];
/// Conditions that leave some of everybody.
const WHO: [&str; 16] = [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalTag/",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceIp",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:userid",
    "aws:VpcSourceIp",
    "kms:CallerAccount",
    "lambda:FunctionUrlAuthType",
];
/// Conditions that leave some of an account.
const OF_ACCOUNT: [&str; 7] = [
    "sts:ExternalId",
    "aws:PrincipalArn",
    "aws:PrincipalTag/",
    "aws:PrincipalOrgID",
    "aws:userid",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
];
/// Services whose trust policies have no documented condition on whom they act for.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
const UNCONDITIONED: [&str; 4] = [
    "cloudtrail.amazonaws.com",
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];
/// What the unique ids of roles and users begin with.
const IDS: [&str; 3] = ["AROA", "AIDA", "AGPA"];

/// Who is trusted that should not be.
pub(super) fn findings(document: &Document<'_>) -> Vec<Finding> {
    if !document.grants() {
        return Vec::new();
    }
    let named = document
        .allows()
        .filter(|one| one.node.get("Principal").is_some());
    named
        .flat_map(|statement| {
            let principals = statement.principals.iter();
            principals.filter_map(|principal| of(document.kind, statement, principal))
        })
        .collect()
}

fn of(kind: PolicyKind, statement: &Statement<'_>, principal: &Principal<'_>) -> Option<Finding> {
    match (principal.kind, principal.name.text) {
        ("AWS", "*") => public(statement, principal),
        ("AWS", text) if IDS.iter().any(|id| text.starts_with(id)) => Some(deleted(principal)),
        ("AWS", text) if kind == PolicyKind::Trust && is_account(text) => {
            account(statement, principal)
        }
        ("Service", service) => {
            let exempt = kind == PolicyKind::Trust && UNCONDITIONED.contains(&service);
            (!exempt).then(|| deputy(statement, principal)).flatten()
        }
        ("Federated", provider) => federation(statement, principal, provider),
        _ => None,
    }
}

fn public(statement: &Statement<'_>, principal: &Principal<'_>) -> Option<Finding> {
    let finding = Finding::new(
        LintCode::PublicPrincipal,
        principal.name.span,
        "everybody in the world is allowed, without signing in too",
    );
    let help = "Name the principals, or demand aws:PrincipalOrgID or aws:PrincipalAccount.";
    (!statement.asks(&WHO)).then(|| finding.help(help))
}

fn deleted(principal: &Principal<'_>) -> Finding {
    let finding = Finding::new(
        LintCode::DeletedPrincipal,
        principal.name.span,
        "this is the unique id of a role or user that is gone",
    );
    finding.help("Remove it, or name the ARN of the one that took its place.")
}

fn account(statement: &Statement<'_>, principal: &Principal<'_>) -> Option<Finding> {
    let message = "the account decides alone which of its roles and users may assume this role";
    let finding = Finding::new(
        LintCode::ForeignWithoutCondition,
        principal.name.span,
        message,
    );
    let help = "Name the role that may, or demand aws:PrincipalArn or sts:ExternalId.";
    (!statement.asks(&OF_ACCOUNT)).then(|| finding.help(help))
}

fn deputy(statement: &Statement<'_>, principal: &Principal<'_>) -> Option<Finding> {
    let service = principal.name.text;
    let message = format!("{service} is trusted on behalf of anybody, in any account");
    let finding = Finding::new(LintCode::ConfusedDeputy, principal.name.span, message);
    let help = "Demand aws:SourceArn or aws:SourceAccount.";
    (!statement.asks(&ON_BEHALF)).then(|| finding.help(help))
}

/// An OIDC provider vouches for whoever has an account there; SAML for its own directory.
fn federation(
    statement: &Statement<'_>,
    principal: &Principal<'_>,
    provider: &str,
) -> Option<Finding> {
    let mut keys = statement
        .conditions
        .iter()
        .map(|line| line.key.text.to_ascii_lowercase());
    let saml = provider.contains(":saml-provider/");
    let asked = keys.any(|key| match saml {
        true => key.starts_with("saml:"),
        false => key.ends_with(":sub") || key.ends_with(":repository") || key.ends_with(":amr"),
    });
    let finding = Finding::new(
        LintCode::OpenFederation,
        principal.name.span,
        "whoever this provider signs in may assume the role",
    );
    let help = match saml {
        true => "Demand saml:aud at least.",
        false => "Demand the `sub` of the provider, with the exact workload or repository.",
    };
    (!asked).then(|| finding.help(help))
}

fn is_account(text: &str) -> bool {
    let id = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    id || text.starts_with("arn:") && text.ends_with(":root")
}
