//! Sends the calls of trails. An empty text takes a setting away.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html>

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::{
    operation::update_trail::builders::UpdateTrailFluentBuilder,
    types::{AdvancedEventSelector, AdvancedFieldSelector, Tag},
};

use super::{Order, Sent, s3_bucket::bucket_name, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{EventSelector, FieldCondition, LogDelivery, Ref, Trail, TrailCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &TrailCall) -> Sent {
    use TrailCall as Call;
    let client = &order.clients.cloudtrail;
    match call {
        Call::Create(trail) => return create(order, trail).await,
        Call::PutSelectors(selectors) => put_selectors(order, selectors).await?,
        Call::Tag(tags) => {
            let request = client.add_tags().resource_id(order.own_arn()?);
            request.set_tags_list(Some(tag_list(tags)?)).send().await?;
        }
        Call::Untag(keys) => {
            let tags = keys.iter().map(|key| (key.clone(), String::new()));
            let request = client.remove_tags().resource_id(order.own_arn()?);
            let tags = tag_list(&tags.collect())?;
            request.set_tags_list(Some(tags)).send().await?;
        }
        Call::Start => {
            client.start_logging().name(order.own_id()?).send().await?;
        }
        Call::Stop => {
            client.stop_logging().name(order.own_id()?).send().await?;
        }
        Call::Delete => {
            client.delete_trail().name(order.own_id()?).send().await?;
        }
        update => {
            let request = client.update_trail().name(order.own_id()?);
            updated(order, request, update)?.send().await?;
        }
    }
    Ok(None)
}

/// The one field of UpdateTrail that a call sets; the rest stays.
fn updated(
    order: &Order<'_>,
    request: UpdateTrailFluentBuilder,
    call: &TrailCall,
) -> Result<UpdateTrailFluentBuilder, Refusal> {
    use TrailCall as Call;
    Ok(match call {
        Call::SetBucket(bucket) => request.s3_bucket_name(bucket_name(order, bucket)?),
        Call::SetPrefix(prefix) => request.s3_key_prefix(prefix.clone().unwrap_or_default()),
        Call::SetTopic(topic) => request.sns_topic_name(arn(order, topic.as_ref())?),
        Call::SetKey(key) => request.kms_key_id(arn(order, key.as_ref())?),
        Call::SetReach(reach) => request
            .is_multi_region_trail(reach.multi_region)
            .include_global_service_events(reach.global_services),
        Call::SetValidation(on) => request.enable_log_file_validation(*on),
        Call::SetLogDelivery(to) => request
            .cloud_watch_logs_log_group_arn(log_group(order, to)?)
            .cloud_watch_logs_role_arn(arn(order, to.role.as_ref())?),
        _ => request,
    })
}

fn arn(order: &Order<'_>, to: Option<&Ref>) -> Result<String, Refusal> {
    to.map_or_else(|| Ok(String::new()), |to| order.arn(to))
}

/// CloudTrail names a log group by all of its streams.
fn log_group(order: &Order<'_>, to: &LogDelivery) -> Result<String, Refusal> {
    let arn = arn(order, to.log_group.as_ref())?;
    Ok(if arn.is_empty() {
        arn
    } else {
        format!("{arn}:*")
    })
}

async fn create(order: &Order<'_>, trail: &Trail) -> Sent {
    let text = |arn: String| (!arn.is_empty()).then_some(arn);
    let reach = wanted(&trail.reach, "reach")?;
    let cloudwatch = wanted(&trail.cloudwatch, "log delivery")?;
    let key = wanted(&trail.kms_key, "key")?.as_ref();
    let topic = wanted(&trail.topic, "topic")?.as_ref();
    let bucket = bucket_name(order, wanted(&trail.bucket, "bucket")?)?;
    let tags = tag_list(wanted(&trail.tags, "tags")?)?;
    let request = order.clients.cloudtrail.create_trail().name(&trail.name);
    let created = request
        .s3_bucket_name(bucket)
        .set_s3_key_prefix(wanted(&trail.prefix, "prefix")?.clone())
        .set_sns_topic_name(text(arn(order, topic)?))
        .set_kms_key_id(text(arn(order, key)?))
        .is_multi_region_trail(reach.multi_region)
        .include_global_service_events(reach.global_services)
        .enable_log_file_validation(*wanted(&trail.validation, "validation")?)
        .set_cloud_watch_logs_log_group_arn(text(log_group(order, cloudwatch)?))
        .set_cloud_watch_logs_role_arn(text(arn(order, cloudwatch.role.as_ref())?))
        .set_tags_list(Some(tags))
        .send()
        .await?;
    Ok(Some(PhysicalId {
        id: trail.name.clone(),
        arn: created.trail_arn().map(str::to_owned),
        unique_id: None,
    }))
}

fn tag_list(tags: &Tags) -> Result<Vec<Tag>, Refusal> {
    super::tag_list(tags, |key, value| {
        let value = (!value.is_empty()).then(|| value.to_owned());
        Tag::builder().key(key).set_value(value).build()
    })
}

async fn put_selectors(
    order: &Order<'_>,
    selectors: &BTreeMap<String, EventSelector>,
) -> Result<(), Refusal> {
    let selectors: Vec<AdvancedEventSelector> = selectors
        .iter()
        .map(|(name, selector)| advanced(name, selector))
        .collect::<Result<_, _>>()?;
    let request = order.clients.cloudtrail.put_event_selectors();
    request
        .trail_name(order.own_id()?)
        .set_advanced_event_selectors(Some(selectors))
        .send()
        .await?;
    Ok(())
}

fn advanced(name: &str, selector: &EventSelector) -> Result<AdvancedEventSelector, Refusal> {
    let fields = selector
        .iter()
        .map(|(field, condition)| sent(field, condition));
    let fields: Vec<AdvancedFieldSelector> = fields.collect::<Result<_, _>>()?;
    let selector = AdvancedEventSelector::builder().name(name);
    Ok(selector.set_field_selectors(Some(fields)).build()?)
}

fn sent(field: &str, condition: &FieldCondition) -> Result<AdvancedFieldSelector, Refusal> {
    let list = |values: &std::collections::BTreeSet<String>| {
        (!values.is_empty()).then(|| values.iter().cloned().collect())
    };
    Ok(AdvancedFieldSelector::builder()
        .field(field)
        .set_equals(list(&condition.equals))
        .set_not_equals(list(&condition.not_equals))
        .set_starts_with(list(&condition.starts_with))
        .set_not_starts_with(list(&condition.not_starts_with))
        .set_ends_with(list(&condition.ends_with))
        .set_not_ends_with(list(&condition.not_ends_with))
        .build()?)
}
