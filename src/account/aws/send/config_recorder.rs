//! Sends the calls of the AWS Config recorder and its delivery channel.

use aws_sdk_config::types::{
    ConfigSnapshotDeliveryProperties, ConfigurationRecorder, DeliveryChannel as AsSent,
    ExclusionByResourceTypes, MaximumExecutionFrequency, RecordingFrequency, RecordingGroup,
    RecordingMode, RecordingStrategy, RecordingStrategyType, ResourceType, Tag,
};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    model::Tags,
    resource::{ConfigRecorder, ConfigRecorderCall, DeliveryChannel, Recording, Ref},
    snapshot::PhysicalId,
};

/// The name of a channel where there is none yet, as AWS itself calls it.
const CHANNEL: &str = "default";

pub(super) async fn send(order: &Order<'_>, call: &ConfigRecorderCall) -> Sent {
    if let ConfigRecorderCall::Create(recorder) = call {
        return create(order, recorder).await;
    }
    let (client, name) = (&order.clients.config, order.own_id()?);
    match call {
        ConfigRecorderCall::Create(_) => {}
        ConfigRecorderCall::Put(recording) => {
            let recorder = recorder(order, name, recording)?;
            let request = client.put_configuration_recorder();
            request.configuration_recorder(recorder).send().await?;
        }
        ConfigRecorderCall::PutChannel(channel) => put_channel(order, channel).await?,
        ConfigRecorderCall::DeleteChannel => {
            let request = client.delete_delivery_channel();
            let channel = channel_name(order).await?;
            request.delivery_channel_name(channel).send().await?;
        }
        ConfigRecorderCall::Start => {
            let request = client.start_configuration_recorder();
            request.configuration_recorder_name(name).send().await?;
        }
        ConfigRecorderCall::Stop => {
            let request = client.stop_configuration_recorder();
            request.configuration_recorder_name(name).send().await?;
        }
        ConfigRecorderCall::Tag(tags) => {
            let request = client.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(tag_list(tags))).send().await?;
        }
        ConfigRecorderCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = client.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        ConfigRecorderCall::Delete => {
            let request = client.delete_configuration_recorder();
            request.configuration_recorder_name(name).send().await?;
        }
    }
    Ok(None)
}

fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

async fn create(order: &Order<'_>, wants: &ConfigRecorder) -> Sent {
    let client = &order.clients.config;
    let recorder = recorder(order, &wants.name, wanted(&wants.recording, "recording")?)?;
    let request = client.put_configuration_recorder();
    request
        .configuration_recorder(recorder)
        .set_tags(Some(tag_list(wanted(&wants.tags, "tags")?)))
        .send()
        .await?;
    let request = client.describe_configuration_recorders();
    let shown = request
        .configuration_recorder_names(&wants.name)
        .send()
        .await?;
    let arn = shown
        .configuration_recorders()
        .first()
        .and_then(|one| one.arn());
    Ok(Some(PhysicalId {
        id: wants.name.clone(),
        arn: arn.map(str::to_owned),
        unique_id: None,
    }))
}

fn recorder(
    order: &Order<'_>,
    name: &str,
    recording: &Recording,
) -> Result<ConfigurationRecorder, Refusal> {
    let frequency = RecordingFrequency::from(recording.frequency.as_str());
    let mode = RecordingMode::builder()
        .recording_frequency(frequency)
        .build()?;
    Ok(ConfigurationRecorder::builder()
        .name(name)
        .role_arn(order.arn(&recording.role)?)
        .recording_group(group(recording))
        .recording_mode(mode)
        .build())
}

/// All types with the global ones or without, all but some, or some.
fn group(recording: &Recording) -> RecordingGroup {
    let types = |names: &std::collections::BTreeSet<String>| {
        let types = names.iter().map(|name| ResourceType::from(name.as_str()));
        Some(types.collect())
    };
    let strategy = |by| RecordingStrategy::builder().use_only(by).build();
    let group = RecordingGroup::builder();
    if !recording.only.is_empty() {
        let by = strategy(RecordingStrategyType::InclusionByResourceTypes);
        let group = group.recording_strategy(by).all_supported(false);
        return group.set_resource_types(types(&recording.only)).build();
    }
    if !recording.excluded.is_empty() {
        let by = strategy(RecordingStrategyType::ExclusionByResourceTypes);
        let left_out = ExclusionByResourceTypes::builder();
        let left_out = left_out
            .set_resource_types(types(&recording.excluded))
            .build();
        let group = group.recording_strategy(by).all_supported(false);
        return group.exclusion_by_resource_types(left_out).build();
    }
    let by = strategy(RecordingStrategyType::AllSupportedResourceTypes);
    group
        .recording_strategy(by)
        .all_supported(true)
        .include_global_resource_types(recording.global_types)
        .build()
}

/// AWS has one channel at most: one of any name is the one.
async fn channel_name(order: &Order<'_>) -> Result<String, Refusal> {
    let shown = order.clients.config.describe_delivery_channels();
    let shown = shown.send().await?;
    let name = shown.delivery_channels().first().and_then(|one| one.name());
    Ok(name.unwrap_or(CHANNEL).to_owned())
}

async fn put_channel(order: &Order<'_>, channel: &DeliveryChannel) -> Result<(), Refusal> {
    let arn = |reference: &Option<Ref>| match reference {
        Some(reference) => order.arn(reference).map(Some),
        None => Ok(None),
    };
    let snapshots = channel.snapshots.as_deref().map(|frequency| {
        let frequency = MaximumExecutionFrequency::from(frequency);
        let properties = ConfigSnapshotDeliveryProperties::builder();
        properties.delivery_frequency(frequency).build()
    });
    let bucket = order.arn(&channel.bucket)?;
    let sent = AsSent::builder()
        .name(channel_name(order).await?)
        .s3_bucket_name(bucket.rsplit(':').next().unwrap_or(&bucket))
        .set_s3_key_prefix(channel.prefix.clone())
        .set_s3_kms_key_arn(arn(&channel.key)?)
        .set_sns_topic_arn(arn(&channel.topic)?)
        .set_config_snapshot_delivery_properties(snapshots)
        .build();
    let request = order.clients.config.put_delivery_channel();
    request.delivery_channel(sent).send().await?;
    Ok(())
}
