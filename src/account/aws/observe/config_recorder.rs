//! Observes the AWS Config recorder of the account and Region, with its channel and its state.

use std::collections::BTreeSet;

use aws_sdk_config::{
    Client,
    types::{
        ConfigurationRecorder, ConfigurationRecorderStatus, DeliveryChannel as ShownChannel,
        RecorderStatus, RecordingGroup, RecordingStrategyType,
    },
};
use futures::join;

use super::{Target, account_wide::once, found::Found, tags::tags};
use crate::{
    account::aws::error::answer,
    model::{Address, KindName, Tags},
    resource::{ConfigRecorder, DeliveryChannel, Read, Recording, Ref, Unread, UnreadReason},
    snapshot::PhysicalId,
};

/// The call that shows recorders.
const CALL: &str = "config:DescribeConfigurationRecorders";
/// The call that shows whether they record.
const STATUS: &str = "config:DescribeConfigurationRecorderStatus";
/// The call that shows where they deliver to.
const CHANNELS: &str = "config:DescribeDeliveryChannels";
/// The call that shows tags.
const TAGS: &str = "config:ListTagsForResource";

/// The recorder, and whether its last delivery succeeded.
pub async fn observe(
    client: &Client,
    target: &Target,
) -> (Found<ConfigRecorder>, Read<Option<bool>>) {
    let (recorders, status, channels) = join!(
        client.describe_configuration_recorders().send(),
        client.describe_configuration_recorder_status().send(),
        client.describe_delivery_channels().send(),
    );
    let status = answer(STATUS, status)
        .map(|shown| shown.configuration_recorders_status.unwrap_or_default());
    let channels =
        answer(CHANNELS, channels).map(|shown| shown.delivery_channels.unwrap_or_default());
    let delivers = status.as_ref().map(|all| delivers(all));
    let recorders = match answer(CALL, recorders) {
        Read::Known(shown) => shown.configuration_recorders.unwrap_or_default(),
        Read::Unread(why) => return (Found::unread(why), delivers),
    };
    // A recorder that an AWS service made for itself is not the account's.
    let own = recorders
        .iter()
        .find(|one| one.service_principal().is_none());
    let Some(shown) = own else {
        return (
            once(Read::Known(None), &Read::Known(Tags::new()), target),
            delivers,
        );
    };
    let tags = labels(client, shown).await;
    let name = shown.name().unwrap_or_default().to_owned();
    let resource = ConfigRecorder {
        recording: recording(shown).into(),
        channel: channels.map(|all| all.first().map(|channel| delivery(channel, target))),
        started: status.map(|all| {
            all.iter()
                .any(|one| one.name() == Some(&name) && one.recording())
        }),
        tags: tags.clone(),
        name: name.clone(),
    };
    let id = PhysicalId {
        id: name,
        arn: shown.arn().map(str::to_owned),
        unique_id: None,
    };
    (
        once(Read::Known(Some((resource, id))), &tags, target),
        delivers,
    )
}

fn delivers(all: &[ConfigurationRecorderStatus]) -> Option<bool> {
    let own = all.iter().find(|one| one.service_principal().is_none())?;
    match own.last_status()? {
        RecorderStatus::Success => Some(true),
        RecorderStatus::Failure => Some(false),
        _ => None,
    }
}

fn recording(shown: &ConfigurationRecorder) -> Recording {
    let group = shown.recording_group();
    let mode = shown.recording_mode();
    let frequency = mode.map_or("CONTINUOUS", |mode| mode.recording_frequency().as_str());
    let (excluded, only) = group.map(chosen_types).unwrap_or_default();
    Recording {
        role: Ref::literal(shown.role_arn().unwrap_or_default()),
        global_types: group.is_some_and(RecordingGroup::include_global_resource_types),
        frequency: frequency.to_owned(),
        excluded,
        only,
    }
}

/// What is left out, and what alone is recorded.
fn chosen_types(group: &RecordingGroup) -> (BTreeSet<String>, BTreeSet<String>) {
    let names = |types: &[aws_sdk_config::types::ResourceType]| {
        types.iter().map(|kind| kind.as_str().to_owned()).collect()
    };
    let strategy = group
        .recording_strategy()
        .and_then(|strategy| strategy.use_only());
    let left_out = group
        .exclusion_by_resource_types()
        .map(|all| names(all.resource_types()));
    match strategy {
        Some(RecordingStrategyType::ExclusionByResourceTypes) => {
            (left_out.unwrap_or_default(), BTreeSet::new())
        }
        _ if group.all_supported() => Default::default(),
        _ => (BTreeSet::new(), names(group.resource_types())),
    }
}

/// AWS names the bucket; as a reference it is known by its ARN.
fn delivery(shown: &ShownChannel, target: &Target) -> DeliveryChannel {
    let home = target
        .declared
        .home(&Address::new(KindName::ConfigRecorder, ""));
    let snapshots = shown.config_snapshot_delivery_properties();
    let snapshots = snapshots.and_then(|properties| properties.delivery_frequency());
    DeliveryChannel {
        bucket: Ref::Literal(home.bucket_arn(shown.s3_bucket_name().unwrap_or_default())),
        prefix: shown.s3_key_prefix().map(str::to_owned),
        key: shown.s3_kms_key_arn().map(Ref::literal),
        topic: shown.sns_topic_arn().map(Ref::literal),
        snapshots: snapshots.map(|frequency| frequency.as_str().to_owned()),
    }
}

async fn labels(client: &Client, recorder: &ConfigurationRecorder) -> Read<Tags> {
    let Some(arn) = recorder.arn() else {
        return Read::Unread(Unread {
            call: TAGS.to_owned(),
            reason: UnreadReason::Unsupported,
            message: "the recorder has no ARN".to_owned(),
        });
    };
    let shown = client
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await;
    answer(TAGS, shown).map(|shown| {
        let pairs = shown.tags().iter();
        tags(pairs.filter_map(|tag| Some((tag.key()?, tag.value()?))))
    })
}
