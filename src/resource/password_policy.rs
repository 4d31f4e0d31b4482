//! The password policy of an account's IAM users: a setting, which nothing here takes away.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Api, Aspect, Direction, FieldChange, Kind, Read, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// The password policy of the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// What is asked of a password: one call sets all of it.
    pub rules: Read<PasswordRules>,
}

/// What is asked of a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// Characters at least.
    pub min_length: u32,
    /// An upper-case letter is needed.
    pub upper_case: bool,
    /// A lower-case letter is needed.
    pub lower_case: bool,
    /// A digit is needed.
    pub numbers: bool,
    /// A symbol is needed.
    pub symbols: bool,
    /// Days until it expires; none where it never does.
    pub max_age_days: Option<u32>,
    /// How many earlier ones cannot be used again; none where all can.
    pub reuse_prevention: Option<u32>,
    /// Users may change their own.
    pub users_may_change: bool,
    /// After it expired, only an administrator can set another.
    pub hard_expiry: bool,
}

linked!(PasswordPolicy {});

/// A call on the password policy.
#[derive(Debug, Clone, PartialEq)]
pub enum PasswordPolicyCall {
    /// UpdateAccountPasswordPolicy where there is none.
    Create(Box<PasswordPolicy>),
    /// UpdateAccountPasswordPolicy.
    Put(PasswordRules),
}

impl Kind for PasswordPolicy {
    const NAME: KindName = KindName::PasswordPolicy;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &[];
    const LISTING: &'static str = "iam:GetAccountPasswordPolicy";
    const LOSS: Option<&'static str> = None;
    const NAMED: bool = true;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = PasswordPolicyCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        PhysicalId::plain(home.account.as_str())
    }

    fn create(&self) -> PasswordPolicyCall {
        PasswordPolicyCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<PasswordPolicyCall> {
        let changed = from.rules.changed(&to.rules).cloned();
        changed.map(PasswordPolicyCall::Put).into_iter().collect()
    }

    /// Passwords do not become weak because an environment goes.
    fn delete(&self) -> Vec<PasswordPolicyCall> {
        Vec::new()
    }

    fn apply(state: Option<Self>, call: &PasswordPolicyCall) -> Option<Self> {
        match call {
            PasswordPolicyCall::Create(policy) => Some((**policy).clone()),
            PasswordPolicyCall::Put(rules) => {
                let mut policy = state?;
                policy.rules.set(rules.clone());
                Some(policy)
            }
        }
    }

    fn api(_: &PasswordPolicyCall) -> Api {
        Api::iam("UpdateAccountPasswordPolicy")
    }

    fn removes(_: &PasswordPolicyCall) -> bool {
        false
    }

    fn named(_: &PasswordPolicyCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        let number = |side: &Option<Value>| side.as_ref().and_then(Value::as_u64);
        let (before, after) = (number(&change.before), number(&change.after));
        let on = change.after == Some(true.into());
        match change.path.key_at(1) {
            Some("min_length" | "reuse_prevention") => Direction::access(after < before),
            Some("max_age_days") => {
                let days = |days: Option<u64>| days.unwrap_or(u64::MAX);
                Direction::access(days(after) > days(before))
            }
            Some("users_may_change") => Direction::Neutral,
            _ => Direction::access(!on),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::resource::field::differences;

    fn rules(max_age_days: Option<u32>, symbols: bool) -> Value {
        json!({"rules": {
            "min_length": 14, "upper_case": true, "lower_case": true, "numbers": true,
            "symbols": symbols, "max_age_days": max_age_days, "reuse_prevention": 24,
            "users_may_change": true, "hard_expiry": false,
        }})
    }

    fn direction(before: &Value, after: &Value) -> Direction {
        let change = differences(before, after).pop().unwrap();
        PasswordPolicy::direction(&change, Sides { before, after })
    }

    #[test]
    fn a_password_that_never_expires_is_a_weaker_one() {
        use Direction::{AccessNarrowed, AccessWidened};
        let (some, never) = (rules(Some(90), true), rules(None, true));
        assert_eq!(direction(&some, &never), AccessWidened);
        assert_eq!(direction(&never, &some), AccessNarrowed);
        assert_eq!(direction(&some, &rules(Some(30), true)), AccessNarrowed);
        assert_eq!(direction(&some, &rules(Some(90), false)), AccessWidened);
    }
}
