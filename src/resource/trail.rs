//! A CloudTrail trail with its event selectors, its delivery and whether it records.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, EventSelector, FieldChange, Kind, Linked, Read, Ref, Sides,
    field::is_reference,
    linked, selector,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// Trail name.
    pub name: String,
    /// The Region that it was made in.
    pub home_region: Read<String>,
    /// Whether it records every account of the organization.
    pub organization: Read<bool>,
    /// The bucket that it delivers to.
    pub bucket: Read<Ref>,
    /// What the names of its files begin with; none for nothing more than CloudTrail's own.
    pub prefix: Read<Option<String>>,
    /// The topic that hears of each delivery; none by default.
    pub topic: Read<Option<Ref>>,
    /// The key that encrypts its files; none for S3's own.
    pub kms_key: Read<Option<Ref>>,
    /// Where it records.
    pub reach: Read<Reach>,
    /// Whether it writes digests that show what was changed afterwards.
    pub validation: Read<bool>,
    /// Its second delivery.
    pub cloudwatch: Read<LogDelivery>,
    /// What it records, by the name of the selector.
    pub selectors: Read<BTreeMap<String, EventSelector>>,
    /// Whether it records now.
    pub logging: Read<bool>,
    /// Tags.
    pub tags: Read<Tags>,
}

/// Where a trail records. AWS refuses every Region without the global services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// In every Region.
    pub multi_region: bool,
    /// In services that have no Region, as IAM.
    pub global_services: bool,
}

/// Delivery to CloudWatch Logs: both or neither.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogDelivery {
    /// The log group, by its ARN without `:*`.
    pub log_group: Option<Ref>,
    /// The role by which CloudTrail writes there.
    pub role: Option<Ref>,
}

linked!(Trail {
    bucket,
    topic,
    kms_key,
    cloudwatch
});
linked!(LogDelivery { log_group, role });

impl LogDelivery {
    /// As CloudTrail shows it: one without the other is nothing.
    fn shown(self) -> Self {
        match (&self.log_group, &self.role) {
            (Some(_), Some(_)) => self,
            _ => Self::default(),
        }
    }
}

/// A call on a trail.
#[derive(Debug, Clone, PartialEq)]
pub enum TrailCall {
    /// CreateTrail with all but selectors.
    Create(Box<Trail>),
    /// UpdateTrail: another bucket.
    SetBucket(Ref),
    /// UpdateTrail: another prefix, or none.
    SetPrefix(Option<String>),
    /// UpdateTrail: another topic, or none.
    SetTopic(Option<Ref>),
    /// UpdateTrail: another key, or none.
    SetKey(Option<Ref>),
    /// UpdateTrail: other Regions.
    SetReach(Reach),
    /// UpdateTrail: with digests or without.
    SetValidation(bool),
    /// UpdateTrail: another log group, or none.
    SetLogDelivery(LogDelivery),
    /// PutEventSelectors, all of them.
    PutSelectors(BTreeMap<String, EventSelector>),
    /// AddTags.
    Tag(Tags),
    /// RemoveTags.
    Untag(BTreeSet<String>),
    /// StartLogging.
    Start,
    /// StopLogging.
    Stop,
    /// DeleteTrail; its files stay.
    Delete,
}

impl Kind for Trail {
    const NAME: KindName = KindName::Trail;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name", "home_region", "organization"];
    const LISTING: &'static str = "cloudtrail:DescribeTrails";
    const LOSS: Option<&'static str> = Some("deleted: what happens afterwards is not recorded");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = TrailCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    /// CloudTrail tries the bucket's policy and the role before it accepts a trail.
    fn create_waits(&self) -> BTreeSet<Address> {
        let role = self.cloudwatch.known().and_then(|to| to.role.clone());
        let mut waits = self.bucket.addresses();
        waits.extend(role.addresses());
        waits
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let arn = home.arn("cloudtrail", &format!("trail/{}", self.name));
        PhysicalId::with_arn(&self.name, arn)
    }

    fn create(&self) -> TrailCall {
        TrailCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<TrailCall> {
        use TrailCall as Call;
        let calls = [
            changed(&from.bucket, &to.bucket, Call::SetBucket),
            changed(&from.prefix, &to.prefix, Call::SetPrefix),
            changed(&from.topic, &to.topic, Call::SetTopic),
            changed(&from.kms_key, &to.kms_key, Call::SetKey),
            changed(&from.reach, &to.reach, |to| Call::SetReach(to.accepted())),
            changed(&from.validation, &to.validation, Call::SetValidation),
            changed(&from.cloudwatch, &to.cloudwatch, Call::SetLogDelivery),
            changed(&from.selectors, &to.selectors, Call::PutSelectors),
            changed(&from.logging, &to.logging, switch),
        ];
        let tags = TagChange::between(&from.tags, &to.tags).calls(Call::Tag, Call::Untag);
        calls.into_iter().flatten().chain(tags).collect()
    }

    fn delete(&self) -> Vec<TrailCall> {
        vec![TrailCall::Delete]
    }

    fn apply(state: Option<Self>, call: &TrailCall) -> Option<Self> {
        use TrailCall as Call;
        if let Call::Create(trail) = call {
            return Some(Self {
                selectors: selector::unsaid().into(),
                logging: false.into(),
                ..(**trail).clone()
            });
        }
        let mut trail = state?;
        match call {
            Call::Create(_) | Call::Delete => return None,
            Call::SetBucket(bucket) => trail.bucket.set(bucket.clone()),
            Call::SetPrefix(prefix) => trail.prefix.set(prefix.clone()),
            Call::SetTopic(topic) => trail.topic.set(topic.clone()),
            Call::SetKey(key) => trail.kms_key.set(key.clone()),
            Call::SetReach(reach) => trail.reach.set(*reach),
            Call::SetValidation(on) => trail.validation.set(*on),
            Call::SetLogDelivery(to) => trail.cloudwatch.set(to.clone().shown()),
            Call::PutSelectors(selectors) => trail.selectors.set(selectors.clone()),
            Call::Tag(tags) => tagging::set(&mut trail.tags, tags),
            Call::Untag(keys) => tagging::remove(&mut trail.tags, keys),
            Call::Start => trail.logging.set(true),
            Call::Stop => trail.logging.set(false),
        }
        Some(trail)
    }

    fn api(call: &TrailCall) -> Api {
        use TrailCall as Call;
        Api::cloudtrail(match call {
            Call::Create(_) => "CreateTrail",
            Call::SetBucket(_)
            | Call::SetPrefix(_)
            | Call::SetTopic(_)
            | Call::SetKey(_)
            | Call::SetReach(_)
            | Call::SetValidation(_)
            | Call::SetLogDelivery(_) => "UpdateTrail",
            Call::PutSelectors(_) => "PutEventSelectors",
            Call::Tag(_) => "AddTags",
            Call::Untag(_) => "RemoveTags",
            Call::Start => "StartLogging",
            Call::Stop => "StopLogging",
            Call::Delete => "DeleteTrail",
        })
    }

    fn removes(call: &TrailCall) -> bool {
        matches!(call, TrailCall::Delete)
    }

    fn named(call: &TrailCall) -> BTreeSet<Address> {
        match call {
            TrailCall::Create(trail) => trail.addresses(),
            TrailCall::SetBucket(to) => to.addresses(),
            TrailCall::SetTopic(to) | TrailCall::SetKey(to) => to.addresses(),
            TrailCall::SetLogDelivery(to) => to.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        let on = change.after == Some(true.into());
        match change.path.field() {
            "selectors" => selector::direction(change, sides),
            "reach" | "validation" | "logging" => Direction::logging(on),
            "kms_key" => Direction::encryption(change.before.is_none()),
            // Files that go elsewhere are not where they are kept and read.
            "bucket" => Direction::logging(change.after.as_ref().is_some_and(is_reference)),
            "prefix" => Direction::logging(change.after.is_none()),
            "cloudwatch" => Direction::logging(change.before.is_none()),
            "topic" => Direction::access(change.after.is_some()),
            _ => Direction::Neutral,
        }
    }
}

impl Reach {
    /// Every Region without the global services is refused: without them goes the one Region.
    fn accepted(self) -> Self {
        Self {
            multi_region: self.multi_region && self.global_services,
            ..self
        }
    }
}

fn changed<T: Clone + PartialEq>(
    from: &Read<T>,
    to: &Read<T>,
    call: impl FnOnce(T) -> TrailCall,
) -> Option<TrailCall> {
    from.changed(to).cloned().map(call)
}

fn switch(on: bool) -> TrailCall {
    if on {
        TrailCall::Start
    } else {
        TrailCall::Stop
    }
}
