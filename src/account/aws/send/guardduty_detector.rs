//! Sends the calls of the GuardDuty detector.

use std::collections::BTreeSet;

use aws_sdk_guardduty::types::{
    DetectorFeature, DetectorFeatureConfiguration, FeatureStatus, FindingPublishingFrequency,
};

use super::{Order, Sent, wanted};
use crate::{
    account::aws::error::Refusal,
    resource::{GUARDDUTY_FEATURES, GuarddutyDetector, GuarddutyDetectorCall},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &GuarddutyDetectorCall) -> Sent {
    if let GuarddutyDetectorCall::Create(detector) = call {
        return create(order, detector).await;
    }
    let (client, id) = (&order.clients.guardduty, order.own_id()?);
    let update = || client.update_detector().detector_id(id);
    match call {
        GuarddutyDetectorCall::Create(_) => {}
        GuarddutyDetectorCall::Enable(on) => {
            update().enable(*on).send().await?;
        }
        GuarddutyDetectorCall::PutFrequency(frequency) => {
            let frequency = FindingPublishingFrequency::from(frequency.as_str());
            let request = update().finding_publishing_frequency(frequency);
            request.send().await?;
        }
        GuarddutyDetectorCall::PutFeatures(on) => {
            update().set_features(Some(features(on))).send().await?;
        }
        GuarddutyDetectorCall::Tag(tags) => {
            let tags = tags.clone().into_iter().collect();
            let request = client.tag_resource().resource_arn(order.own_arn()?);
            request.set_tags(Some(tags)).send().await?;
        }
        GuarddutyDetectorCall::Untag(keys) => {
            let keys = keys.iter().cloned().collect();
            let request = client.untag_resource().resource_arn(order.own_arn()?);
            request.set_tag_keys(Some(keys)).send().await?;
        }
        GuarddutyDetectorCall::Delete => {
            client.delete_detector().detector_id(id).send().await?;
        }
    }
    Ok(None)
}

/// Every protection that can be turned off is named: what is not named would stay as it is.
fn features(on: &BTreeSet<String>) -> Vec<DetectorFeatureConfiguration> {
    let status = |name: &str| match on.contains(name) {
        true => FeatureStatus::Enabled,
        false => FeatureStatus::Disabled,
    };
    let feature = |name: &str| {
        let feature = DetectorFeatureConfiguration::builder().name(DetectorFeature::from(name));
        feature.status(status(name)).build()
    };
    GUARDDUTY_FEATURES.into_iter().map(feature).collect()
}

async fn create(order: &Order<'_>, detector: &GuarddutyDetector) -> Sent {
    let frequency = wanted(&detector.frequency, "frequency")?.as_str();
    let tags = wanted(&detector.tags, "tags")?.clone();
    let request = order.clients.guardduty.create_detector();
    let created = request
        .enable(*wanted(&detector.enabled, "state")?)
        .finding_publishing_frequency(FindingPublishingFrequency::from(frequency))
        .set_features(Some(features(wanted(&detector.features, "protections")?)))
        .set_tags(Some(tags.into_iter().collect()))
        .send()
        .await?;
    let id = created.detector_id();
    let id = id.ok_or_else(|| Refusal::own("the answer names no detector"))?;
    Ok(Some(physical(order, id).await?))
}

/// GuardDuty answers an id; its ARN names account and Region.
async fn physical(order: &Order<'_>, id: &str) -> Result<PhysicalId, Refusal> {
    let caller = order.clients.sts.get_caller_identity().send().await?;
    let region = order.clients.guardduty.config().region();
    let region = region.map(ToString::to_string).unwrap_or_default();
    let partition = caller.arn().and_then(|arn| arn.split(':').nth(1));
    let (partition, account) = (
        partition.unwrap_or("aws"),
        caller.account().unwrap_or_default(),
    );
    let arn = format!("arn:{partition}:guardduty:{region}:{account}:detector/{id}");
    Ok(PhysicalId::with_arn(id, arn))
}
