//! Facts about a flow log: what it records, where it goes, and whether it arrives.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    FactsOrigin, Texts, World,
    observed::{Observed, both, flatten},
};
use crate::resource::{FlowLog, LogGroup, Read, Ref, TrafficType};

/// The call that shows flow logs and what became of their delivery.
const CALL: &str = "ec2:DescribeFlowLogs";

/// A flow log of the environment's VPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowLogFacts {
    /// Whether the flow log is there; one that is there is active.
    pub exists: Read<bool>,
    /// Whether it records the environment's VPC.
    pub on_vpc: Read<bool>,
    /// Whether it records accepted and rejected traffic.
    pub all_traffic: Read<bool>,
    /// Whether AWS reports no failed delivery; an operated fact.
    pub delivered: Read<bool>,
    /// Whether it goes to the declared log group.
    pub destination_declared: Read<bool>,
    /// Whether that log group is encrypted with the declared key.
    pub destination_encrypted: Read<bool>,
    /// The fields of a record, as `srcaddr`.
    pub fields: Read<Texts>,
    /// How long packets are gathered into one record, in seconds.
    pub aggregation_seconds: Read<i64>,
}

pub(super) fn facts(world: &World<'_>, name: &str, wanted: &FlowLog) -> FlowLogFacts {
    let log = Observed::<FlowLog>::of(world.snapshot, name);
    FlowLogFacts {
        exists: log.exists(),
        on_vpc: log.plain(|log| log.vpc == wanted.vpc),
        all_traffic: log.plain(|log| log.traffic == TrafficType::All),
        delivered: flatten(log.plain(|log| delivered(world, log))),
        destination_declared: log.plain(|log| log.log_group == wanted.log_group),
        destination_encrypted: encrypted(world, wanted),
        fields: log.plain(|log| log.fields().into_iter().map(str::to_owned).collect()),
        aggregation_seconds: log.plain(|log| log.aggregation_seconds.into()),
    }
}

fn delivered(world: &World<'_>, log: &FlowLog) -> Read<bool> {
    match world.origin() {
        FactsOrigin::Live => log.delivery_error.as_ref().map(Option::is_none),
        FactsOrigin::Sandbox | FactsOrigin::Predicted => Read::Unread(world.operated(CALL)),
    }
}

fn encrypted(world: &World<'_>, wanted: &FlowLog) -> Read<bool> {
    let Ref::To(address) = &wanted.log_group else {
        return Read::Known(false);
    };
    let group = Observed::<LogGroup>::of(world.snapshot, &address.name);
    let wanted = world.desired.log_group.get(&address.name);
    let key = wanted.map_or(Read::Known(&None), |group| group.kms_key.as_ref());
    both(group.facet(|group| &group.kms_key), key)
        .map(|(live, wanted)| live == wanted && live.is_some())
}
