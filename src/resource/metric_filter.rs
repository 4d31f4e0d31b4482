//! A metric filter: it counts the events of a log group that match a pattern.
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// A metric filter. AWS lets it have no tags: it is ours by its name and its log group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricFilter {
    /// Filter name, unique in its log group.
    pub name: String,
    /// The log group.
    pub log_group: Ref,
    /// What it counts: one call sets all of it.
    pub definition: Read<FilterDefinition>,
}

/// What a metric filter counts, and as which metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterDefinition {
    /// Filter pattern.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
    pub pattern: String,
    /// Namespace of the metric.
    pub namespace: String,
    /// Name of the metric.
    pub metric: String,
    /// What one event counts, as `1`.
    pub value: String,
}

linked!(MetricFilter { log_group });

/// A call on a metric filter.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricFilterCall {
    /// PutMetricFilter where there is none of that name.
    Create(Box<MetricFilter>),
    /// PutMetricFilter in this log group.
    Put(Ref, FilterDefinition),
    /// DeleteMetricFilter in this log group; the metric keeps its past.
    Delete(Ref),
}

impl Kind for MetricFilter {
    const NAME: KindName = KindName::MetricFilter;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name", "log_group"];
    const LISTING: &'static str = "logs:DescribeMetricFilters";
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = MetricFilterCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, _: &str) -> PhysicalId {
        PhysicalId::plain(&self.name)
    }

    fn create(&self) -> MetricFilterCall {
        MetricFilterCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<MetricFilterCall> {
        let changed = from.definition.changed(&to.definition).cloned();
        changed
            .map(|definition| MetricFilterCall::Put(to.log_group.clone(), definition))
            .into_iter()
            .collect()
    }

    fn delete(&self) -> Vec<MetricFilterCall> {
        vec![MetricFilterCall::Delete(self.log_group.clone())]
    }

    fn apply(state: Option<Self>, call: &MetricFilterCall) -> Option<Self> {
        match call {
            MetricFilterCall::Create(filter) => Some((**filter).clone()),
            MetricFilterCall::Put(_, definition) => {
                let mut filter = state?;
                filter.definition.set(definition.clone());
                Some(filter)
            }
            MetricFilterCall::Delete(_) => None,
        }
    }

    fn api(call: &MetricFilterCall) -> Api {
        match call {
            MetricFilterCall::Create(_) | MetricFilterCall::Put(..) => {
                Api::logs("PutMetricFilter", 5)
            }
            MetricFilterCall::Delete(_) => Api::logs("DeleteMetricFilter", 5),
        }
    }

    fn removes(call: &MetricFilterCall) -> bool {
        matches!(call, MetricFilterCall::Delete(_))
    }

    fn named(call: &MetricFilterCall) -> BTreeSet<Address> {
        match call {
            MetricFilterCall::Create(filter) => filter.addresses(),
            MetricFilterCall::Put(group, _) | MetricFilterCall::Delete(group) => group.addresses(),
        }
    }

    /// What is counted otherwise than declared may raise no alarm any more.
    fn direction(_: &FieldChange, _: Sides<'_>) -> Direction {
        Direction::LoggingWeakened
    }
}
