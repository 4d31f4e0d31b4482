//! A flow log of the VPC. AWS lets nothing of it change but its tags.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Ref, Sides, ec2, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A flow log that is delivered to CloudWatch Logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowLog {
    /// The value of its `Name` tag.
    pub name: String,
    /// The VPC whose traffic is recorded.
    pub vpc: Ref,
    /// Which traffic is recorded.
    pub traffic: TrafficType,
    /// The log group; any other destination shows as its ARN.
    pub log_group: Ref,
    /// The role that delivers; none where the destination needs none.
    pub role: Read<Option<Ref>>,
    /// The fields of a record, as `${srcaddr} ${dstaddr}`.
    pub format: String,
    /// How long packets are gathered into one record, in seconds, 60 or 600.
    pub aggregation_seconds: u32,
    /// What AWS says of a delivery that failed; none while records arrive.
    pub delivery_error: Read<Option<String>>,
    /// Tags, without the name.
    pub tags: Read<Tags>,
}

/// Which traffic a flow log records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrafficType {
    /// Accepted and rejected.
    All,
    /// Accepted alone.
    Accept,
    /// Rejected alone.
    Reject,
}

linked!(FlowLog {
    vpc,
    log_group,
    role
});

/// A call on a flow log.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowLogCall {
    /// CreateFlowLogs for the one VPC.
    Create(Box<FlowLog>),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteFlowLogs; what was recorded stays in the log group.
    Delete,
}

impl Kind for FlowLog {
    const NAME: KindName = KindName::FlowLog;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &[
        "name",
        "vpc",
        "traffic",
        "log_group",
        "role",
        "format",
        "aggregation_seconds",
    ];
    const LISTING: &'static str = "ec2:DescribeFlowLogs";
    const LOSS: Option<&'static str> = Some("deleted; traffic is not recorded any more");
    const NAMED: bool = false;
    const HELD: bool = false;
    type Call = FlowLogCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    /// Records begin to arrive at once only where the role may already write.
    fn create_waits(&self) -> BTreeSet<Address> {
        self.role.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("fl-", token))
    }

    fn create(&self) -> FlowLogCall {
        FlowLogCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<FlowLogCall> {
        TagChange::between(&from.tags, &to.tags).calls(FlowLogCall::Tag, FlowLogCall::Untag)
    }

    fn delete(&self) -> Vec<FlowLogCall> {
        vec![FlowLogCall::Delete]
    }

    fn apply(state: Option<Self>, call: &FlowLogCall) -> Option<Self> {
        if let FlowLogCall::Create(log) = call {
            return Some((**log).clone());
        }
        let mut log = state?;
        match call {
            FlowLogCall::Create(_) | FlowLogCall::Delete => return None,
            FlowLogCall::Tag(tags) => tagging::set(&mut log.tags, tags),
            FlowLogCall::Untag(keys) => tagging::remove(&mut log.tags, keys),
        }
        Some(log)
    }

    fn api(call: &FlowLogCall) -> Api {
        match call {
            FlowLogCall::Create(_) => Api::ec2("CreateFlowLogs", 5, 50),
            FlowLogCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            FlowLogCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            FlowLogCall::Delete => Api::ec2("DeleteFlowLogs", 5, 50),
        }
    }

    fn removes(call: &FlowLogCall) -> bool {
        matches!(call, FlowLogCall::Delete)
    }

    fn named(call: &FlowLogCall) -> BTreeSet<Address> {
        match call {
            FlowLogCall::Create(log) => log.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "traffic" => Direction::logging(change.after == Some("ALL".into())),
            // Elsewhere, or with other fields, nobody finds what was declared to be there.
            "vpc" | "log_group" | "role" | "format" => Direction::LoggingWeakened,
            "aggregation_seconds" => Direction::logging(change.after == Some(60.into())),
            _ => Direction::Neutral,
        }
    }

    /// Whether records arrive is told by a check: no call of a flow log repairs it.
    fn keep(mut self, live: &Self, _: &mut dyn FnMut(Kept)) -> Self {
        self.delivery_error.clone_from(&live.delivery_error);
        self
    }
}

impl FlowLog {
    /// The names of the fields of a record: `srcaddr` of `${srcaddr}`.
    pub fn fields(&self) -> BTreeSet<&str> {
        let words = self.format.split_whitespace();
        words
            .filter_map(|word| word.strip_prefix("${")?.strip_suffix('}'))
            .collect()
    }
}
