//! What single services do otherwise: STS, KMS and S3. Each rule with its page.

use super::principal::Caller;

/// KMS actions on no key: identity policies decide alone.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>
const WITHOUT_KEY: &[&str] = &[
    "kms:connectcustomkeystore",
    "kms:createcustomkeystore",
    "kms:createkey",
    "kms:deletecustomkeystore",
    "kms:describecustomkeystores",
    "kms:disconnectcustomkeystore",
    "kms:generaterandom",
    "kms:listaliases",
    "kms:listkeys",
    "kms:listretirablegrants",
    "kms:updatecustomkeystore",
];

/// What KMS lets another account do with a key; key policies that allow it more have no effect.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html>
const ACROSS_ACCOUNTS: &[&str] = &[
    "kms:creategrant",
    "kms:decrypt",
    "kms:derivesharedsecret",
    "kms:describekey",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatedatakeywithoutplaintext",
    "kms:generatemac",
    "kms:getkeyrotationstatus",
    "kms:getpublickey",
    "kms:listgrants",
    "kms:reencryptfrom",
    "kms:reencryptto",
    "kms:retiregrant",
    "kms:revokegrant",
    "kms:sign",
    "kms:verify",
    "kms:verifymac",
];

/// Whoever signs a request may ask who they are, whatever denies it.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
pub(super) fn needs_no_permission(action: &str, caller: &Caller) -> bool {
    action == "sts:getcalleridentity" && matches!(caller, Caller::Account { .. })
}

/// Whether the action, in lower case, is one of KMS.
pub(super) fn is_kms(action: &str) -> bool {
    action.starts_with("kms:")
}

/// Whether a key's policy has to allow. An alias is none of the key's; a request that names no
/// resource still uses a key.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
pub(super) fn needs_key_policy(action: &str, resource: &str) -> bool {
    let what = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let is_other = what.starts_with("alias/") && is_about_alias(action);
    is_kms(action) && !is_other && !WITHOUT_KEY.contains(&action)
}

fn is_about_alias(action: &str) -> bool {
    matches!(
        action,
        "kms:createalias" | "kms:deletealias" | "kms:updatealias"
    )
}

/// Whether another account may ask; every action of another service, and some of KMS.
pub(super) fn may_cross_accounts(action: &str) -> bool {
    !is_kms(action) || ACROSS_ACCOUNTS.contains(&action)
}

/// Whether the ARN is of a general purpose bucket, or of something in one.
pub(super) fn is_bucket(resource: &str) -> bool {
    let mut parts = resource.splitn(6, ':').skip(2);
    parts.next() == Some("s3") && parts.next() == Some("") && parts.next() == Some("")
}
