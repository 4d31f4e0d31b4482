//! Observes the metric alarms of the account: ours, and those of others for the checks.

use aws_sdk_cloudwatch::{
    Client,
    operation::describe_alarms::DescribeAlarmsOutput,
    types::{AlarmType, MetricAlarm as Shown},
};

use super::{
    Target,
    found::{Candidate, Found},
    tags::{self, of_one},
};
use crate::{
    account::aws::error::answer,
    resource::{AlarmDefinition, MetricAlarm, MissingData, Read, Ref, Table},
    snapshot::PhysicalId,
};

/// The call that shows alarms.
const CALL: &str = "cloudwatch:DescribeAlarms";
/// Alarms on one page, at most.
const PAGE: i32 = 100;

/// Lists every metric alarm of the account and Region.
pub async fn list(client: &Client) -> Read<Vec<Shown>> {
    let pages = client
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .max_records(PAGE)
        .into_paginator()
        .send();
    let pages: Read<Vec<DescribeAlarmsOutput>> = answer(CALL, pages.try_collect().await);
    pages.map(|pages| {
        let alarms = pages.into_iter().filter_map(|page| page.metric_alarms);
        alarms.flatten().collect()
    })
}

/// Those that bear our names.
pub async fn observe(
    shown: &Read<Vec<Shown>>,
    tagging: &aws_sdk_resourcegroupstagging::Client,
    target: &Target,
) -> Found<MetricAlarm> {
    let all = match shown {
        Read::Known(all) => all,
        Read::Unread(why) => return Found::unread(why.clone()),
    };
    let logical = |alarm: &Shown| {
        target
            .naming
            .logical(alarm.alarm_name()?)
            .map(str::to_owned)
    };
    let ours: Vec<(&Shown, String)> = all
        .iter()
        .filter_map(|alarm| Some((alarm, logical(alarm)?)))
        .collect();
    let arns = ours.iter().filter_map(|(alarm, _)| alarm.alarm_arn());
    let tags = tags::of(tagging, arns.map(str::to_owned).collect()).await;
    let candidates = ours.into_iter().filter_map(|(alarm, logical)| {
        let (name, arn) = (alarm.alarm_name()?, alarm.alarm_arn()?);
        let tags = of_one(&tags, arn);
        Some(Candidate {
            named: Some(logical),
            resource: resource(alarm, name, tags.clone()),
            tags,
            id: PhysicalId::with_arn(name, arn),
        })
    });
    Found::gather(candidates, &target.environment)
}

/// Those of others, by name. Their tags are nobody's business here.
pub fn foreign(shown: &Read<Vec<Shown>>, ours: &Found<MetricAlarm>) -> Table<MetricAlarm> {
    let all = shown.known().map(Vec::as_slice).unwrap_or_default();
    let own = |name: &str| ours.table.values().any(|alarm| alarm.name == name);
    let others = all
        .iter()
        .filter_map(|alarm| Some((alarm.alarm_name()?, alarm)));
    others
        .filter(|(name, _)| !own(name))
        .map(|(name, alarm)| {
            (
                name.to_owned(),
                resource(alarm, name, super::account_wide::untagged()),
            )
        })
        .collect()
}

fn resource(shown: &Shown, name: &str, tags: Read<crate::model::Tags>) -> MetricAlarm {
    MetricAlarm {
        name: name.to_owned(),
        definition: definition(shown).into(),
        tags,
    }
}

fn definition(shown: &Shown) -> AlarmDefinition {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let number =
        |number: Option<i32>| u32::try_from(number.unwrap_or_default()).unwrap_or_default();
    let refs = |arns: &[String]| arns.iter().map(|arn| Ref::literal(arn.as_str())).collect();
    let pairs = shown.dimensions().iter();
    let pairs = pairs.filter_map(|one| Some((one.name()?.to_owned(), one.value()?.to_owned())));
    let statistic = shown.statistic().map(|statistic| statistic.as_str());
    let comparison = shown
        .comparison_operator()
        .map(|operator| operator.as_str());
    AlarmDefinition {
        description: text(shown.alarm_description()),
        namespace: text(shown.namespace()),
        metric: text(shown.metric_name()),
        dimensions: pairs.collect(),
        statistic: text(statistic.or(shown.extended_statistic())),
        period_seconds: number(shown.period()),
        periods: number(shown.evaluation_periods()),
        comparison: text(comparison),
        threshold: shown.threshold().unwrap_or_default() as i64,
        missing_data: MissingData::of(shown.treat_missing_data()),
        actions_enabled: shown.actions_enabled().unwrap_or(true),
        alarm_actions: refs(shown.alarm_actions()),
        ok_actions: refs(shown.ok_actions()),
    }
}
