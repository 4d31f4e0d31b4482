//! The GuardDuty detector of an account and Region, with its protections.
//! <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Read, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// The protections that can be turned on and off one by one. The foundational ones (CloudTrail
/// events, flow logs, DNS logs) are always on, and EKS runtime monitoring gave way to
/// `RUNTIME_MONITORING`, beside which AWS refuses it.
pub const FEATURES: [&str; 6] = [
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
    "S3_DATA_EVENTS",
];

/// A detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuarddutyDetector {
    /// Whether it works.
    pub enabled: Read<bool>,
    /// How often updated findings are published, as `FIFTEEN_MINUTES`.
    pub frequency: Read<String>,
    /// The protections that are on, of those in [`FEATURES`].
    pub features: Read<BTreeSet<String>>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(GuarddutyDetector {});

/// A call on the detector.
#[derive(Debug, Clone, PartialEq)]
pub enum GuarddutyDetectorCall {
    /// CreateDetector with everything.
    Create(Box<GuarddutyDetector>),
    /// UpdateDetector: on or off.
    Enable(bool),
    /// UpdateDetector: how often findings are published.
    PutFrequency(String),
    /// UpdateDetector: the protections that are on; all others are off.
    PutFeatures(BTreeSet<String>),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteDetector, with its findings.
    Delete,
}

impl Kind for GuarddutyDetector {
    const NAME: KindName = KindName::GuarddutyDetector;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &[];
    const LISTING: &'static str = "guardduty:ListDetectors";
    const LOSS: Option<&'static str> = Some("deleted with its findings");
    const NAMED: bool = false;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = GuarddutyDetectorCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        PhysicalId::with_arn(token, home.arn("guardduty", &format!("detector/{token}")))
    }

    fn create(&self) -> GuarddutyDetectorCall {
        GuarddutyDetectorCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<GuarddutyDetectorCall> {
        let enabled = from.enabled.changed(&to.enabled).copied();
        let frequency = from.frequency.changed(&to.frequency).cloned();
        let features = from.features.changed(&to.features).cloned();
        [
            enabled.map(GuarddutyDetectorCall::Enable),
            frequency.map(GuarddutyDetectorCall::PutFrequency),
            features.map(GuarddutyDetectorCall::PutFeatures),
        ]
        .into_iter()
        .flatten()
        .chain(
            TagChange::between(&from.tags, &to.tags)
                .calls(GuarddutyDetectorCall::Tag, GuarddutyDetectorCall::Untag),
        )
        .collect()
    }

    fn delete(&self) -> Vec<GuarddutyDetectorCall> {
        vec![GuarddutyDetectorCall::Delete]
    }

    fn apply(state: Option<Self>, call: &GuarddutyDetectorCall) -> Option<Self> {
        if let GuarddutyDetectorCall::Create(detector) = call {
            return Some((**detector).clone());
        }
        let mut detector = state?;
        match call {
            GuarddutyDetectorCall::Create(_) | GuarddutyDetectorCall::Delete => return None,
            GuarddutyDetectorCall::Enable(on) => detector.enabled.set(*on),
            GuarddutyDetectorCall::PutFrequency(text) => detector.frequency.set(text.clone()),
            GuarddutyDetectorCall::PutFeatures(on) => detector.features.set(on.clone()),
            GuarddutyDetectorCall::Tag(tags) => tagging::set(&mut detector.tags, tags),
            GuarddutyDetectorCall::Untag(keys) => tagging::remove(&mut detector.tags, keys),
        }
        Some(detector)
    }

    fn api(call: &GuarddutyDetectorCall) -> Api {
        let operation = match call {
            GuarddutyDetectorCall::Create(_) => "CreateDetector",
            GuarddutyDetectorCall::Enable(_)
            | GuarddutyDetectorCall::PutFrequency(_)
            | GuarddutyDetectorCall::PutFeatures(_) => "UpdateDetector",
            GuarddutyDetectorCall::Tag(_) => "TagResource",
            GuarddutyDetectorCall::Untag(_) => "UntagResource",
            GuarddutyDetectorCall::Delete => "DeleteDetector",
        };
        Api::of("guardduty", operation, 5, 5)
    }

    fn removes(call: &GuarddutyDetectorCall) -> bool {
        matches!(call, GuarddutyDetectorCall::Delete)
    }

    fn named(_: &GuarddutyDetectorCall) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "enabled" => Direction::logging(change.after == Some(true.into())),
            "features" => Direction::logging(change.after.is_some()),
            "frequency" => Direction::logging(change.after == Some("FIFTEEN_MINUTES".into())),
            _ => Direction::Neutral,
        }
    }

    /// Whoever owns it tags it, and may protect more than is asked here.
    fn verify(mut self, live: &Self) -> Self {
        if let (Read::Known(wanted), Read::Known(live)) = (&mut self.features, &live.features) {
            wanted.extend(live.iter().cloned());
        }
        Self {
            tags: live.tags.clone(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detector(features: &[&str]) -> GuarddutyDetector {
        let features: BTreeSet<String> = features.iter().map(|name| (*name).to_owned()).collect();
        GuarddutyDetector {
            enabled: true.into(),
            frequency: "FIFTEEN_MINUTES".to_owned().into(),
            features: features.into(),
            tags: Tags::new().into(),
        }
    }

    #[test]
    fn another_owner_may_protect_more_but_not_less() {
        let wanted = detector(&["S3_DATA_EVENTS"]);
        let more = detector(&["RUNTIME_MONITORING", "S3_DATA_EVENTS"]);
        assert_eq!(wanted.clone().verify(&more), more);
        let less = detector(&["RUNTIME_MONITORING"]);
        assert_eq!(wanted.verify(&less), more);
    }
}
