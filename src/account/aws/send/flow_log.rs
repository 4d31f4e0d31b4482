//! Sends the calls of flow logs.

use aws_sdk_ec2::types::{FlowLogsResourceType, LogDestinationType, ResourceType, TrafficType};

use super::{Order, Sent, ec2, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{FlowLog, FlowLogCall, TrafficType as Wanted},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &FlowLogCall) -> Sent {
    match call {
        FlowLogCall::Create(log) => create(order, log).await,
        FlowLogCall::Tag(tags) => ec2::tag(order, tags).await,
        FlowLogCall::Untag(keys) => ec2::untag(order, keys).await,
        FlowLogCall::Delete => {
            let request = order.clients.ec2.delete_flow_logs();
            let answer = request.flow_log_ids(order.own_id()?).send().await?;
            ec2::all_successful(answer.unsuccessful())?;
            Ok(None)
        }
    }
}

/// What could not be created is told in an answer that succeeds.
async fn create(order: &Order<'_>, log: &FlowLog) -> Sent {
    let role = wanted(&log.role, "role")?.as_ref();
    let role = role.map(|role| order.arn(role)).transpose()?;
    let seconds = i32::try_from(log.aggregation_seconds);
    let made = order
        .clients
        .ec2
        .create_flow_logs()
        .resource_type(FlowLogsResourceType::Vpc)
        .resource_ids(order.id(&log.vpc)?)
        .traffic_type(traffic(log.traffic))
        .log_destination_type(LogDestinationType::CloudWatchLogs)
        .log_group_name(order.id(&log.log_group)?)
        .set_deliver_logs_permission_arn(role)
        .log_format(&log.format)
        .max_aggregation_interval(seconds.map_err(|error| Refusal::own(error.to_string()))?)
        .tag_specifications(ec2::created(
            ResourceType::VpcFlowLog,
            &log.name,
            wanted(&log.tags, "tags")?,
        ))
        .send()
        .await?;
    ec2::all_successful(made.unsuccessful())?;
    let id = made.flow_log_ids().first();
    let id = id.ok_or_else(|| Refusal::own("the answer names no flow log"))?;
    Ok(Some(PhysicalId::plain(id.as_str())))
}

fn traffic(wanted: Wanted) -> TrafficType {
    match wanted {
        Wanted::All => TrafficType::All,
        Wanted::Accept => TrafficType::Accept,
        Wanted::Reject => TrafficType::Reject,
    }
}
