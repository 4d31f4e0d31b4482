//! Facts about alarms: which events and whose silence reach somebody, ours and others' alike.

use super::{
    FactsOrigin, Texts, World,
    observed::{Observed, both, flatten, listing},
};
use crate::{
    model::{Concern, WATCHES, Watch},
    resource::{
        AlarmDefinition, FilterDefinition, LogGroup, MetricAlarm, MetricFilter, MissingData, Read,
        SnsTopic, Table,
    },
};

/// The topic that the environment's alarms go to.
const TOPIC: &str = "alarms";
/// The log groups that are never silent while all is well.
const NEVER_SILENT: [&str; 2] = ["audit-trail", "flow-logs"];

/// What is counted and what fires, of the whole account.
pub(super) struct Alarms<'a> {
    world: &'a World<'a>,
    filters: Read<Vec<&'a FilterDefinition>>,
    alarms: Read<Vec<&'a AlarmDefinition>>,
}

impl<'a> Alarms<'a> {
    pub fn of(world: &'a World<'a>) -> Self {
        let snapshot = world.snapshot;
        let filters = definitions(
            [
                &snapshot.resources.metric_filter,
                &snapshot.foreign.metric_filter,
            ],
            |filter: &'a MetricFilter| &filter.definition,
        );
        let alarms = definitions(
            [
                &snapshot.resources.metric_alarm,
                &snapshot.foreign.metric_alarm,
            ],
            |alarm: &'a MetricAlarm| &alarm.definition,
        );
        Self {
            world,
            filters: seen(
                world,
                flatten(listing::<MetricFilter>(snapshot).map(|_| filters)),
            ),
            alarms: seen(
                world,
                flatten(listing::<MetricAlarm>(snapshot).map(|_| alarms)),
            ),
        }
    }

    /// The events that nobody is told of.
    pub fn unwatched(&self, concern: Concern) -> Read<Texts> {
        both(self.filters.as_ref(), self.alarms.as_ref()).map(|(filters, alarms)| {
            let concerning = WATCHES.iter().filter(|watch| watch.concern == concern);
            let untold = concerning.filter(|watch| !told(watch, filters, alarms));
            untold.map(|watch| watch.name.to_owned()).collect()
        })
    }

    /// The log groups that may go silent without anybody being told.
    pub fn silence_unwatched(&self) -> Read<Texts> {
        let groups = NEVER_SILENT.into_iter().filter_map(|name| {
            let group = self.world.desired.log_group.get(name)?;
            Some((name, group))
        });
        let groups: Vec<(&str, &LogGroup)> = groups.collect();
        self.alarms.as_ref().map(|alarms| {
            let untold = groups
                .iter()
                .filter(|(_, group)| !alarms.iter().any(|alarm| hears_silence(alarm, &group.name)));
            untold.map(|(name, _)| (*name).to_owned()).collect()
        })
    }

    /// How many subscribe to the environment's alarms.
    pub fn recipients(&self) -> Read<i64> {
        let topic = Observed::<SnsTopic>::of(self.world.snapshot, TOPIC);
        match topic.exists() {
            Read::Known(true) => topic.facet(|topic| &topic.subscriptions).map(|all| {
                let count = all.as_ref().map_or(0, std::collections::BTreeSet::len);
                i64::try_from(count).unwrap_or(i64::MAX)
            }),
            Read::Known(false) => seen(self.world, 0.into()),
            Read::Unread(why) => Read::Unread(why),
        }
    }
}

/// The alarms of an account that somebody else owns are known of a live account only.
fn seen<T>(world: &World<'_>, found: Read<T>) -> Read<T> {
    if world.environment.baseline || world.origin() == FactsOrigin::Live {
        return found;
    }
    Read::Unread(world.operated("cloudwatch:DescribeAlarms"))
}

/// What is known of all; one that could not be read leaves all unknown.
fn definitions<'a, K, D: 'a>(
    tables: [&'a Table<K>; 2],
    definition: impl Fn(&'a K) -> &'a Read<D>,
) -> Read<Vec<&'a D>> {
    let start = Read::Known(Vec::new());
    tables
        .into_iter()
        .flat_map(Table::values)
        .fold(start, |all, one| {
            both(all, definition(one).as_ref()).map(|(mut all, one)| {
                all.push(one);
                all
            })
        })
}

fn told(watch: &Watch, filters: &[&FilterDefinition], alarms: &[&AlarmDefinition]) -> bool {
    let counting = filters
        .iter()
        .filter(|filter| watch.named_by(&filter.pattern));
    counting.into_iter().any(|filter| {
        alarms.iter().any(|alarm| {
            let same = (&alarm.namespace, &alarm.metric) == (&filter.namespace, &filter.metric);
            same && tells(alarm) && rises(alarm)
        })
    })
}

fn tells(alarm: &AlarmDefinition) -> bool {
    alarm.actions_enabled && !alarm.alarm_actions.is_empty()
}

/// Whether the first event raises it.
fn rises(alarm: &AlarmDefinition) -> bool {
    match alarm.comparison.as_str() {
        "GreaterThanOrEqualToThreshold" => alarm.threshold <= 1,
        "GreaterThanThreshold" => alarm.threshold <= 0,
        _ => false,
    }
}

fn hears_silence(alarm: &AlarmDefinition, group: &str) -> bool {
    let incoming = alarm.namespace == "AWS/Logs"
        && matches!(alarm.metric.as_str(), "IncomingLogEvents" | "IncomingBytes")
        && alarm
            .dimensions
            .get("LogGroupName")
            .is_some_and(|name| name == group);
    let falls = alarm.comparison.starts_with("LessThan");
    incoming && falls && tells(alarm) && alarm.missing_data == MissingData::Breaching
}
