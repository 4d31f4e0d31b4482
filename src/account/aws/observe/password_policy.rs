//! Observes the password policy of the account.

use aws_sdk_iam::{Client, types::PasswordPolicy as Shown};

use super::{
    Target,
    account_wide::{once, setting, untagged},
    found::Found,
};
use crate::{
    account::aws::error::Refusal,
    resource::{PasswordPolicy, PasswordRules, Read},
};

/// The call that shows it.
const CALL: &str = "iam:GetAccountPasswordPolicy";
/// What IAM answers where there is none.
const NOTHING: &str = "NoSuchEntity";
/// What IAM asks of a password where nobody says.
const SHORTEST: u32 = 6;

/// The account's password policy.
pub async fn observe(client: &Client, target: &Target) -> Found<PasswordPolicy> {
    let shown = client.get_account_password_policy().send().await;
    let seen = match shown.map_err(Refusal::from) {
        Ok(shown) => Read::Known(shown.password_policy().map(rules)),
        Err(refusal) if refusal.code() == NOTHING => Read::Known(None),
        Err(refusal) => Read::Unread(refusal.unread(CALL)),
    };
    let seen = seen.map(|found| {
        found.map(|rules| {
            let policy = PasswordPolicy {
                rules: rules.into(),
            };
            setting(policy, target)
        })
    });
    once(seen, &untagged(), target)
}

fn rules(shown: &Shown) -> PasswordRules {
    let number = |number: Option<i32>| u32::try_from(number?).ok().filter(|number| *number > 0);
    PasswordRules {
        min_length: number(shown.minimum_password_length()).unwrap_or(SHORTEST),
        upper_case: shown.require_uppercase_characters(),
        lower_case: shown.require_lowercase_characters(),
        numbers: shown.require_numbers(),
        symbols: shown.require_symbols(),
        max_age_days: number(shown.max_password_age()),
        reuse_prevention: number(shown.password_reuse_prevention()),
        users_may_change: shown.allow_users_to_change_password(),
        hard_expiry: shown.hard_expiry().unwrap_or_default(),
    }
}
