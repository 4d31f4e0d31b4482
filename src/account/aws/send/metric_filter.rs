//! Sends the calls of metric filters.

use aws_sdk_cloudwatchlogs::types::MetricTransformation;

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{FilterDefinition, MetricFilterCall, Ref},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &MetricFilterCall) -> Sent {
    match call {
        MetricFilterCall::Create(filter) => {
            let definition = wanted(&filter.definition, "filter")?;
            put(order, &filter.name, &filter.log_group, definition).await?;
            return Ok(Some(PhysicalId::plain(&filter.name)));
        }
        MetricFilterCall::Put(group, definition) => {
            put(order, order.own_id()?, group, definition).await?;
        }
        MetricFilterCall::Delete(group) => {
            let request = order.clients.logs.delete_metric_filter();
            let request = request.log_group_name(order.id(group)?);
            request.filter_name(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

async fn put(
    order: &Order<'_>,
    name: &str,
    group: &Ref,
    definition: &FilterDefinition,
) -> Result<(), Refusal> {
    let metric = MetricTransformation::builder()
        .metric_namespace(&definition.namespace)
        .metric_name(&definition.metric)
        .metric_value(&definition.value)
        .build()?;
    let request = order.clients.logs.put_metric_filter();
    request
        .log_group_name(order.id(group)?)
        .filter_name(name)
        .filter_pattern(&definition.pattern)
        .metric_transformations(metric)
        .send()
        .await?;
    Ok(())
}
