//! The pivot: what one account looked like at one moment, complete and serialisable.
//! Everything to the right of a snapshot is pure and replays offline.

mod account_state;
mod database;
mod link;
mod obscure;
mod operated;
mod ownership;
mod quota;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use account_state::{AccessKey, AccountState, AccountSummary, Credentials, ROOT};
pub use database::{Database, wanted_databases};
pub use link::{link, link_each, link_to, unlink};
pub use obscure::obscure;
pub use operated::{Delivery, Operated};
pub use ownership::{Claim, Conflict, claim};
pub use quota::{QuotaName, QuotaProfile, Quotas};

pub use crate::model::{Ids, PhysicalId};

use crate::{
    model::{AccountId, EnvironmentName, KindName, Region},
    resource::{Read, Resources},
};

/// The schema of the serialised snapshot.
pub const SCHEMA: &str = "strongroom/snapshot/v1";

/// What one account showed of one environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Name and version of this format.
    pub schema: String,
    /// Where it comes from; only a live one can be evidence.
    pub origin: Origin,
    /// The environment that was looked for.
    pub environment: EnvironmentName,
    /// The account that was looked at.
    pub account: AccountId,
    /// The Region that was looked at.
    pub region: Region,
    /// ARN of the caller, as `sts:GetCallerIdentity` shows it.
    pub caller: String,
    /// When the observation began, UTC.
    pub taken_at: jiff::Timestamp,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// The only place for physical ids.
    pub ids: Ids,
    /// What is there, linked.
    pub resources: Resources,
    /// What others own and checks ask about all the same: a trail of the organization, a gateway
    /// that somebody attached. Never compared with the specification, never changed.
    #[serde(default)]
    pub foreign: Resources,
    /// What the account shows of itself that is no resource.
    #[serde(default)]
    pub account_state: AccountState,
    /// Use and delivery; never compared.
    #[serde(default)]
    pub operated: Operated,
    /// Resources whose owner is in doubt; nothing is changed while there is one.
    pub conflicts: Vec<Conflict>,
}

/// Where a snapshot comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Origin {
    /// An account that answers over the wire.
    Live {
        /// The endpoint, where it is not AWS's own: an emulator, a VPC endpoint.
        endpoint: Option<String>,
    },
    /// The embedded sandbox: no AWS was asked.
    Sandbox,
    /// A plan applied in memory to another snapshot: nothing was observed.
    Predicted,
}

impl Origin {
    /// The words that every rendering shows.
    pub fn words(&self) -> String {
        match self {
            Self::Live { endpoint: None } => "live AWS account".to_owned(),
            Self::Live {
                endpoint: Some(url),
            } => format!("live account at {url}"),
            Self::Sandbox => "embedded sandbox, not AWS".to_owned(),
            Self::Predicted => "prediction, nothing was observed".to_owned(),
        }
    }
}

/// What was read: how many of each kind were listed, or why not; and how many calls it took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Resources found of each kind; unread where the listing itself failed.
    pub listings: BTreeMap<KindName, Read<u64>>,
    /// Wire calls by API, as `kms:DescribeKey`.
    pub calls: BTreeMap<String, u64>,
    /// Counts of the account from another source than the listings, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inventory: BTreeMap<KindName, InventoryCount>,
}

/// A count of one kind that does not come from its listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventoryCount {
    /// The call that counts, as `iam:GetAccountSummary`.
    pub call: String,
    /// What it counts.
    pub count: Read<u64>,
    /// How many of the same the listing walked, of this environment or not.
    pub listed: u64,
}

impl Coverage {
    /// All wire calls.
    pub fn total_calls(&self) -> u64 {
        // A snapshot is a file that people can edit.
        self.calls.values().copied().fold(0, u64::saturating_add)
    }
}
