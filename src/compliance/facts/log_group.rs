//! Facts about a service's log group: encryption, retention, protection.
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    World,
    observed::{Observed, both, flatten},
};
use crate::{
    model::TagKey,
    resource::{LogGroup, Read},
};

/// A service's log group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogGroupFacts {
    /// Whether the log group is there.
    pub exists: Read<bool>,
    /// Whether its class is the declared one.
    pub class_exact: Read<bool>,
    /// Whether its tags name the service.
    pub tagged: Read<bool>,
    /// Whether the service's own key, the declared one, encrypts it.
    pub key_is_own: Read<bool>,
    /// Whether events are kept for ever.
    pub never_expires: Read<bool>,
    /// How long events are kept, in days; 0 where they never expire.
    pub retention_days: Read<i64>,
    /// Whether deletion is refused.
    pub deletion_protected: Read<bool>,
    /// Hours since the last event arrived; an operated fact.
    pub silent_hours: Read<i64>,
}

pub(super) fn facts(world: &World<'_>, name: &str, wanted: &LogGroup) -> LogGroupFacts {
    let group = Observed::<LogGroup>::of(world.snapshot, name);
    LogGroupFacts {
        exists: group.exists(),
        class_exact: both(group.facet(|g| &g.class), wanted.class.as_ref())
            .map(|(live, wanted)| live == wanted),
        tagged: group.facet(|g| &g.tags).map(|tags| {
            tags.get(TagKey::SERVICE)
                .is_some_and(|service| service == name)
        }),
        key_is_own: both(group.facet(|g| &g.kms_key), wanted.kms_key.as_ref())
            .map(|(live, wanted)| live == wanted && live.is_some()),
        never_expires: group.facet(|g| &g.retention_days).map(Option::is_none),
        retention_days: group
            .facet(|g| &g.retention_days)
            .map(|days| days.map_or(0, i64::from)),
        deletion_protected: group.facet(|g| &g.deletion_protected).map(|on| *on),
        silent_hours: flatten(
            group.plain(|_| Read::Unread(world.operated("cloudwatch:GetMetricData"))),
        ),
    }
}
