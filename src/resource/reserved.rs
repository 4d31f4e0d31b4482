//! Calls that a policy of the resource itself keeps from the pipeline: they are for other hands.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Call, KmsKeyCall, Ref, Resources, S3BucketCall};
use crate::{
    iam::{Caseless, Effect, PolicyDocument, Statement, eval::Glob},
    model::{Address, KindName},
};

/// The condition key that names the caller.
const CALLER: &str = "aws:PrincipalArn";
/// The operators by which a Deny lets somebody through.
const UNLESS: [&str; 2] = ["ArnNotEquals", "ArnNotLike"];

/// Who alone can make a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hands {
    /// Those whom the bucket's policy exempts from its Deny: the break-glass role.
    BreakGlass(BTreeSet<String>),
    /// Those whom the key's policy lets retire it.
    KeyAdmins,
}

/// Who alone can make the call, where the pipeline cannot.
pub fn reserved(live: &Resources, address: &Address, call: &Call) -> Option<Hands> {
    match call {
        Call::S3Bucket(call) if address.kind == KindName::S3Bucket => {
            let bucket = live.s3_bucket.get(&address.name)?;
            let exempt = exempted(bucket.policy.known()?, action(call)?)?;
            Some(Hands::BreakGlass(exempt))
        }
        Call::KmsKey(call) if retires(call) => Some(Hands::KeyAdmins),
        _ => None,
    }
}

/// The permission behind a call on a bucket that is there.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
fn action(call: &S3BucketCall) -> Option<&'static str> {
    use S3BucketCall as Call;
    Some(match call {
        Call::Create(_) => return None,
        Call::PutOwnership(_) => "s3:PutBucketOwnershipControls",
        Call::PutPublicBlock(_) => "s3:PutBucketPublicAccessBlock",
        Call::PutEncryption(_) => "s3:PutEncryptionConfiguration",
        Call::PutVersioning(_) => "s3:PutBucketVersioning",
        Call::PutRetention(_) => "s3:PutBucketObjectLockConfiguration",
        Call::PutLifecycle(_) => "s3:PutLifecycleConfiguration",
        Call::PutLogging(_) => "s3:PutBucketLogging",
        Call::PutTags(_) => "s3:PutBucketTagging",
        Call::PutPolicy(policy) if policy.statements.is_empty() => "s3:DeleteBucketPolicy",
        Call::PutPolicy(_) => "s3:PutBucketPolicy",
        Call::Delete => "s3:DeleteBucket",
    })
}

/// Retiring a key is for people: no key policy of ours lets the pipeline.
fn retires(call: &KmsKeyCall) -> bool {
    use KmsKeyCall::{DeleteAlias, Disable, RevokeGrant, ScheduleDeletion};
    matches!(
        call,
        DeleteAlias(_) | Disable | RevokeGrant(_) | ScheduleDeletion(_)
    )
}

/// Whom the first Deny of the action lets through by name; none where nothing denies it so.
fn exempted(policy: &PolicyDocument, action: &str) -> Option<BTreeSet<String>> {
    let mut statements = policy.statements.values();
    statements.find_map(|statement| {
        let denies = statement.effect == Effect::Deny && names(statement, action);
        denies.then(|| callers(statement)).flatten()
    })
}

fn names(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let pattern = |written: &Caseless| Glob::new(&written.as_str().to_ascii_lowercase());
    let mut actions = statement.actions.iter();
    actions.any(|written| pattern(written).is_match(&action))
}

fn callers(statement: &Statement) -> Option<BTreeSet<String>> {
    let conditions = UNLESS
        .iter()
        .filter_map(|operator| statement.conditions.get(*operator));
    let mut values = conditions.filter_map(|keys| keys.get(&CALLER.into()));
    Some(values.next()?.iter().map(Ref::to_string).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const BREAK_GLASS: &str = "arn:aws:iam::111122223333:role/break-glass";

    fn tamper() -> PolicyDocument {
        let deny = Statement::deny(["s3:DeleteBucket*", "s3:PutLifecycleConfiguration"])
            .by([Ref::literal("*")])
            .when("ArnNotEquals", CALLER, [Ref::literal(BREAK_GLASS)]);
        let plain = Statement::deny(["s3:*"]).by([Ref::literal("*")]).when(
            "Bool",
            "aws:SecureTransport",
            [Ref::literal("false")],
        );
        PolicyDocument::new([("Tamper", deny), ("Tls", plain)])
    }

    #[test]
    fn a_deny_with_an_exemption_is_for_the_exempted() {
        let exempt = exempted(&tamper(), "s3:DeleteBucketPolicy");
        assert_eq!(exempt, Some([BREAK_GLASS.to_owned()].into()));
        assert!(exempted(&tamper(), "s3:PutLifecycleConfiguration").is_some());
    }

    #[test]
    fn what_nobody_is_exempted_from_says_nothing_of_hands() {
        assert_eq!(exempted(&tamper(), "s3:PutBucketTagging"), None);
        assert_eq!(
            exempted(&PolicyDocument::default(), "s3:DeleteBucket"),
            None
        );
    }
}
