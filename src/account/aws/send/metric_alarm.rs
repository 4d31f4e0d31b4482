//! Sends the calls of alarms.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic, Tag};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{AlarmDefinition, MetricAlarm, MetricAlarmCall, Ref},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &MetricAlarmCall) -> Sent {
    let client = &order.clients.cloudwatch;
    match call {
        MetricAlarmCall::Create(alarm) => return create(order, alarm).await,
        MetricAlarmCall::Put(definition) => {
            put(order, order.own_id()?, definition, None).await?;
        }
        MetricAlarmCall::Tag(tags) => {
            let request = client.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(tag_list(tags))).send().await?;
        }
        MetricAlarmCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = client.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        MetricAlarmCall::Delete => {
            let request = client.delete_alarms();
            request.alarm_names(order.own_id()?).send().await?;
        }
    }
    Ok(None)
}

fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

/// PutMetricAlarm answers nothing, so the ARN is asked for.
async fn create(order: &Order<'_>, alarm: &MetricAlarm) -> Sent {
    let definition = wanted(&alarm.definition, "alarm")?;
    let tags = tag_list(wanted(&alarm.tags, "tags")?);
    put(order, &alarm.name, definition, Some(tags)).await?;
    let request = order.clients.cloudwatch.describe_alarms();
    let shown = request.alarm_names(&alarm.name).send().await?;
    let arn = shown
        .metric_alarms()
        .first()
        .and_then(|one| one.alarm_arn());
    let arn = arn.ok_or_else(|| Refusal::own("the answer names no alarm"))?;
    Ok(Some(PhysicalId::with_arn(&alarm.name, arn)))
}

/// What is not named goes back to CloudWatch's default; tags are taken only where none are yet.
async fn put(
    order: &Order<'_>,
    name: &str,
    wants: &AlarmDefinition,
    tags: Option<Vec<Tag>>,
) -> Result<(), Refusal> {
    let arns = |refs: &BTreeSet<Ref>| -> Result<Vec<String>, Refusal> {
        refs.iter().map(|reference| order.arn(reference)).collect()
    };
    let dimensions = wants.dimensions.iter();
    let dimension = |(name, value)| Dimension::builder().name(name).value(value).build();
    let request = order.clients.cloudwatch.put_metric_alarm();
    request
        .alarm_name(name)
        .alarm_description(&wants.description)
        .namespace(&wants.namespace)
        .metric_name(&wants.metric)
        .set_dimensions(Some(dimensions.map(dimension).collect()))
        .statistic(Statistic::from(wants.statistic.as_str()))
        .period(number(wants.period_seconds)?)
        .evaluation_periods(number(wants.periods)?)
        .comparison_operator(ComparisonOperator::from(wants.comparison.as_str()))
        .threshold(wants.threshold as f64)
        .treat_missing_data(wants.missing_data.as_str())
        .actions_enabled(wants.actions_enabled)
        .set_alarm_actions(Some(arns(&wants.alarm_actions)?))
        .set_ok_actions(Some(arns(&wants.ok_actions)?))
        .set_tags(tags)
        .send()
        .await?;
    Ok(())
}

fn number(number: u32) -> Result<i32, Refusal> {
    i32::try_from(number).map_err(|error| Refusal::own(format!("{number}: {error}")))
}
