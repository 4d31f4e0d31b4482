//! A CloudWatch alarm on one metric.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// An alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricAlarm {
    /// Alarm name.
    pub name: String,
    /// When it fires and whom it tells: one call sets all of it.
    pub definition: Read<AlarmDefinition>,
    /// Tags.
    pub tags: Read<Tags>,
}

/// When an alarm fires and whom it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmDefinition {
    /// Description.
    pub description: String,
    /// Namespace of the metric.
    pub namespace: String,
    /// Name of the metric.
    pub metric: String,
    /// Dimensions of the metric.
    pub dimensions: BTreeMap<String, String>,
    /// How data points are put together, as `Sum`.
    pub statistic: String,
    /// Length of a period, in seconds.
    pub period_seconds: u32,
    /// Periods that are looked at.
    pub periods: u32,
    /// How the metric is held against the threshold, as `LessThanThreshold`.
    pub comparison: String,
    /// The threshold; only whole ones are declared, and another one is cut off.
    pub threshold: i64,
    /// What a period without data means.
    pub missing_data: MissingData,
    /// Whether it tells anybody.
    pub actions_enabled: bool,
    /// Whom it tells when it fires.
    pub alarm_actions: BTreeSet<Ref>,
    /// Whom it tells when all is well again.
    pub ok_actions: BTreeSet<Ref>,
}

/// What a period without data means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingData {
    /// Something is wrong.
    Breaching,
    /// All is well.
    NotBreaching,
    /// Nothing: the state stays.
    Ignore,
    /// That it is not known.
    Missing,
}

impl MissingData {
    /// The word that AWS knows it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
            Self::Ignore => "ignore",
            Self::Missing => "missing",
        }
    }

    /// What AWS's word means; without a word it is not known.
    pub fn of(word: Option<&str>) -> Self {
        match word {
            Some("breaching") => Self::Breaching,
            Some("notBreaching") => Self::NotBreaching,
            Some("ignore") => Self::Ignore,
            _ => Self::Missing,
        }
    }
}

linked!(MetricAlarm { definition });
linked!(AlarmDefinition {
    alarm_actions,
    ok_actions
});

/// A call on an alarm.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricAlarmCall {
    /// PutMetricAlarm with tags, where there is none of that name.
    Create(Box<MetricAlarm>),
    /// PutMetricAlarm.
    Put(Box<AlarmDefinition>),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteAlarms of this one, with its history.
    Delete,
}

impl Kind for MetricAlarm {
    const NAME: KindName = KindName::MetricAlarm;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "cloudwatch:DescribeAlarms";
    const LOSS: Option<&'static str> = Some("deleted with its history");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = MetricAlarmCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("alarm:{}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("cloudwatch", &resource))
    }

    fn create(&self) -> MetricAlarmCall {
        MetricAlarmCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<MetricAlarmCall> {
        let changed = from.definition.changed(&to.definition).cloned();
        changed
            .map(|definition| MetricAlarmCall::Put(Box::new(definition)))
            .into_iter()
            .chain(
                TagChange::between(&from.tags, &to.tags)
                    .calls(MetricAlarmCall::Tag, MetricAlarmCall::Untag),
            )
            .collect()
    }

    fn delete(&self) -> Vec<MetricAlarmCall> {
        vec![MetricAlarmCall::Delete]
    }

    fn apply(state: Option<Self>, call: &MetricAlarmCall) -> Option<Self> {
        if let MetricAlarmCall::Create(alarm) = call {
            return Some((**alarm).clone());
        }
        let mut alarm = state?;
        match call {
            MetricAlarmCall::Create(_) | MetricAlarmCall::Delete => return None,
            MetricAlarmCall::Put(definition) => alarm.definition.set((**definition).clone()),
            MetricAlarmCall::Tag(tags) => tagging::set(&mut alarm.tags, tags),
            MetricAlarmCall::Untag(keys) => tagging::remove(&mut alarm.tags, keys),
        }
        Some(alarm)
    }

    fn api(call: &MetricAlarmCall) -> Api {
        match call {
            MetricAlarmCall::Create(_) | MetricAlarmCall::Put(_) => {
                Api::cloudwatch("PutMetricAlarm", 3)
            }
            MetricAlarmCall::Tag(_) => Api::cloudwatch("TagResource", 20),
            MetricAlarmCall::Untag(_) => Api::cloudwatch("UntagResource", 20),
            MetricAlarmCall::Delete => Api::cloudwatch("DeleteAlarms", 3),
        }
    }

    fn removes(call: &MetricAlarmCall) -> bool {
        matches!(call, MetricAlarmCall::Delete)
    }

    fn named(call: &MetricAlarmCall) -> BTreeSet<Address> {
        match call {
            MetricAlarmCall::Create(alarm) => alarm.addresses(),
            MetricAlarmCall::Put(definition) => definition.addresses(),
            _ => BTreeSet::new(),
        }
    }

    /// An alarm that is declared otherwise may not fire any more, or tell nobody.
    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        if change.path.field() != "definition" {
            return Direction::Neutral;
        }
        match change.path.key_at(1) {
            Some("description" | "ok_actions") => Direction::Neutral,
            Some("actions_enabled") => Direction::logging(change.after == Some(true.into())),
            Some("alarm_actions") => Direction::logging(change.before.is_none()),
            _ => Direction::LoggingWeakened,
        }
    }
}
