//! What an account shows of itself that is no resource and that nobody applies: who can sign in,
//! what its services found and delivered. Asked for checks alone; never compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Database, Quotas};
use crate::resource::{Read, Unread, UnreadReason};

/// The state of an account at the moment of an observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountState {
    /// Root user and numbers of the account.
    pub summary: Read<AccountSummary>,
    /// How root and every IAM user can sign in, by user name; `<root_account>` is the root user.
    pub credentials: Read<BTreeMap<String, Credentials>>,
    /// What Access Analyzer found to be reachable from outside and nobody archived: ARNs.
    pub external_access: Read<BTreeSet<String>>,
    /// Whether AWS Config's last delivery succeeded; none where there was none yet.
    pub recorder_delivers: Read<Option<bool>>,
    /// Subscriptions of the alarms' topic that nobody has confirmed, as `protocol:endpoint`.
    pub unconfirmed: Read<BTreeSet<String>>,
    /// The declared databases that are there, by name.
    pub databases: Read<BTreeMap<String, Database>>,
    /// What it may have and has, for plans.
    pub quotas: Quotas,
}

/// The root user and the numbers of an account.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSummary {
    /// The root user has an access key.
    pub root_has_keys: bool,
    /// The root user has a password; none where AWS does not say. One whose credentials the
    /// organization removed has none.
    pub root_has_password: Option<bool>,
    /// The root user signs in with a second factor.
    pub root_has_mfa: bool,
    /// IAM users.
    pub users: u32,
}

/// How one user can sign in.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Whether it has a password; none for root, of whom AWS does not say.
    pub password: Option<bool>,
    /// Whether it has a second factor.
    pub mfa: bool,
    /// When the password was set.
    pub password_set: Option<jiff::Timestamp>,
    /// When the password was last used; none for never.
    pub password_used: Option<jiff::Timestamp>,
    /// Its active access keys, by number.
    pub keys: BTreeMap<u8, AccessKey>,
}

/// An active access key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// When it was made.
    pub made: Option<jiff::Timestamp>,
    /// When it was last used; none for never.
    pub used: Option<jiff::Timestamp>,
}

/// The user name of root in a credential report.
pub const ROOT: &str = "<root_account>";

impl AccountState {
    /// Nothing is known: an account that nobody asked, or that does not live.
    pub fn unknown(message: &str) -> Self {
        let why = |call: &str| Unread {
            call: call.to_owned(),
            reason: UnreadReason::NeedsLive,
            message: message.to_owned(),
        };
        Self {
            summary: Read::Unread(why("iam:GetAccountSummary")),
            credentials: Read::Unread(why("iam:GetCredentialReport")),
            external_access: Read::Unread(why("access-analyzer:ListFindingsV2")),
            recorder_delivers: Read::Unread(why("config:DescribeConfigurationRecorderStatus")),
            unconfirmed: Read::Unread(why("sns:ListSubscriptionsByTopic")),
            databases: Read::Unread(why("rds:DescribeDBInstances")),
            quotas: Quotas::default(),
        }
    }
}

impl Default for AccountState {
    fn default() -> Self {
        Self::unknown("it was not asked for")
    }
}
