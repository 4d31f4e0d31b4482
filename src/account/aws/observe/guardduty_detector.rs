//! Observes the GuardDuty detector of the account and Region.

use aws_sdk_guardduty::{
    Client,
    operation::get_detector::GetDetectorOutput,
    types::{DetectorStatus, FeatureStatus},
};

use super::{Target, account_wide::once, found::Found, tags::tags};
use crate::{
    account::aws::error::{answer, malformed},
    model::{Address, KindName, Tags},
    resource::{GUARDDUTY_FEATURES, GuarddutyDetector, Read},
    snapshot::PhysicalId,
};

/// The call that lists detectors.
const LIST: &str = "guardduty:ListDetectors";
/// The call that shows one.
const CALL: &str = "guardduty:GetDetector";

/// The detector; AWS makes one at most.
pub async fn observe(client: &Client, target: &Target) -> Found<GuarddutyDetector> {
    let pages = client.list_detectors().into_paginator().items().send();
    let ids: Vec<String> = match answer(LIST, pages.try_collect().await) {
        Read::Known(ids) => ids,
        Read::Unread(why) => return Found::unread(why),
    };
    let Some(id) = ids.into_iter().min() else {
        return once(Read::Known(None), &Read::Known(Tags::new()), target);
    };
    let shown = answer(CALL, client.get_detector().detector_id(&id).send().await);
    let detector = detector(&shown);
    let tags = detector.tags.clone();
    once(
        Read::Known(Some((detector, physical(id, target)))),
        &tags,
        target,
    )
}

fn physical(id: String, target: &Target) -> PhysicalId {
    let home = target
        .declared
        .home(&Address::new(KindName::GuarddutyDetector, ""));
    let arn = home.arn("guardduty", &format!("detector/{id}"));
    PhysicalId::with_arn(id, arn)
}

fn detector(shown: &Read<GetDetectorOutput>) -> GuarddutyDetector {
    let enabled = |shown: &GetDetectorOutput| shown.status() == Some(&DetectorStatus::Enabled);
    GuarddutyDetector {
        enabled: shown.as_ref().map(enabled),
        frequency: match shown.as_ref().map(frequency) {
            Read::Known(Some(frequency)) => frequency.into(),
            Read::Known(None) => Read::Unread(malformed(CALL, "the answer has no frequency")),
            Read::Unread(why) => Read::Unread(why),
        },
        features: shown.as_ref().map(features),
        tags: shown.as_ref().map(labels),
    }
}

fn frequency(shown: &GetDetectorOutput) -> Option<String> {
    let frequency = shown.finding_publishing_frequency()?;
    Some(frequency.as_str().to_owned())
}

/// Those that can be turned off and are on.
fn features(shown: &GetDetectorOutput) -> std::collections::BTreeSet<String> {
    let on = shown.features().iter();
    on.filter(|feature| feature.status() == Some(&FeatureStatus::Enabled))
        .filter_map(|feature| Some(feature.name()?.as_str()))
        .filter(|name| GUARDDUTY_FEATURES.contains(name))
        .map(str::to_owned)
        .collect()
}

fn labels(shown: &GetDetectorOutput) -> Tags {
    let pairs = shown.tags().into_iter().flatten();
    tags(pairs.map(|(key, value)| (key.as_str(), value.as_str())))
}
