//! Observes the flow logs of the VPC that are ours.

use aws_sdk_ec2::{
    Client,
    types::{FlowLog as Shown, TrafficType as ShownTraffic},
};

use super::{
    Target,
    ec2::labels,
    found::{Candidate, Found},
    network::filter_of,
};
use crate::{
    account::aws::error::answer,
    model::KindName,
    resource::{FlowLog, Read, Ref, TrafficType},
    snapshot::PhysicalId,
};

/// The call that shows flow logs.
const CALL: &str = "ec2:DescribeFlowLogs";

/// The flow logs of the environment.
pub async fn observe(client: &Client, target: &Target, vpcs: &Read<Vec<String>>) -> Found<FlowLog> {
    match list(client, vpcs).await {
        Read::Known(shown) => Found::gather(
            shown.iter().filter_map(|log| candidate(log, target)),
            &target.environment,
        ),
        Read::Unread(why) => Found::unread(why),
    }
}

/// Lists the flow logs of VPCs. The request calls its filter otherwise than all others do.
async fn list(client: &Client, vpcs: &Read<Vec<String>>) -> Read<Vec<Shown>> {
    let vpcs = match vpcs {
        Read::Known(vpcs) if vpcs.is_empty() => return Read::Known(Vec::new()),
        Read::Known(vpcs) => vpcs,
        Read::Unread(why) => return Read::Unread(why.clone()),
    };
    let request = client.describe_flow_logs();
    let request = request.filter(filter_of("resource-id", vpcs));
    let pages = request.into_paginator().items().send();
    answer(CALL, pages.try_collect().await)
}

fn candidate(shown: &Shown, target: &Target) -> Option<Candidate<FlowLog>> {
    let labels = labels(shown.tags());
    let resource = FlowLog {
        name: labels.name.clone(),
        vpc: Ref::literal(shown.resource_id()?),
        traffic: traffic(shown)?,
        log_group: destination(shown, target),
        role: shown.deliver_logs_permission_arn().map(Ref::literal).into(),
        format: shown.log_format().unwrap_or_default().to_owned(),
        aggregation_seconds: shown.max_aggregation_interval()?.try_into().ok()?,
        delivery_error: delivery_error(shown).into(),
        tags: labels.tags.clone().into(),
    };
    Some(Candidate {
        named: labels.logical(target, target.vpc.is_none()),
        tags: labels.tags.into(),
        id: PhysicalId::plain(shown.flow_log_id()?),
        resource,
    })
}

fn traffic(shown: &Shown) -> Option<TrafficType> {
    match shown.traffic_type()? {
        ShownTraffic::All => Some(TrafficType::All),
        ShownTraffic::Accept => Some(TrafficType::Accept),
        ShownTraffic::Reject => Some(TrafficType::Reject),
        _ => None,
    }
}

/// A log group of ours is known by its name, whether or not log groups could be listed.
fn destination(shown: &Shown, target: &Target) -> Ref {
    let name = shown.log_group_name();
    let ours = name.and_then(|name| target.naming.logical_of_log_group(name));
    match (ours, shown.log_destination().or(name)) {
        (Some(logical), _) => Ref::to(KindName::LogGroup, logical),
        (None, elsewhere) => Ref::literal(elsewhere.unwrap_or_default()),
    }
}

fn delivery_error(shown: &Shown) -> Option<String> {
    let failed = shown.deliver_logs_status() == Some("FAILED");
    let why = shown.deliver_logs_error_message().unwrap_or("FAILED");
    failed.then(|| why.to_owned())
}
