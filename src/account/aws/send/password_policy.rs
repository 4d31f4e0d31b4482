//! Sends the calls of the account's password policy.

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{PasswordPolicyCall, PasswordRules},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &PasswordPolicyCall) -> Sent {
    match call {
        PasswordPolicyCall::Create(policy) => {
            put(order, wanted(&policy.rules, "password policy")?).await?;
            let caller = order.clients.sts.get_caller_identity().send().await?;
            let account = caller.account().unwrap_or_default();
            Ok(Some(PhysicalId::plain(account)))
        }
        PasswordPolicyCall::Put(rules) => {
            put(order, rules).await?;
            Ok(None)
        }
    }
}

/// What is not named goes back to IAM's default.
async fn put(order: &Order<'_>, rules: &PasswordRules) -> Result<(), Refusal> {
    let request = order.clients.iam.update_account_password_policy();
    request
        .minimum_password_length(number(rules.min_length)?)
        .require_uppercase_characters(rules.upper_case)
        .require_lowercase_characters(rules.lower_case)
        .require_numbers(rules.numbers)
        .require_symbols(rules.symbols)
        .allow_users_to_change_password(rules.users_may_change)
        .set_max_password_age(rules.max_age_days.map(number).transpose()?)
        .set_password_reuse_prevention(rules.reuse_prevention.map(number).transpose()?)
        .hard_expiry(rules.hard_expiry)
        .send()
        .await?;
    Ok(())
}

fn number(number: u32) -> Result<i32, Refusal> {
    i32::try_from(number).map_err(|error| Refusal::own(format!("{number}: {error}")))
}
