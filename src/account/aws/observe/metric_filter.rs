//! Observes the metric filters of the account: ours, and those of others for the checks.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::{Client, types::MetricFilter as Shown};

use super::{
    Target,
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::{answer, malformed},
    model::{KindName, Tags},
    resource::{FilterDefinition, MetricFilter, Read, Ref, Table},
    snapshot::PhysicalId,
};

/// The call that shows metric filters.
const CALL: &str = "logs:DescribeMetricFilters";

/// Lists every metric filter of the account and Region.
pub async fn list(client: &Client) -> Read<Vec<Shown>> {
    let pages = client
        .describe_metric_filters()
        .limit(50)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await)
}

/// Those on our log groups that bear our names.
pub fn observe(shown: &Read<Vec<Shown>>, target: &Target) -> Found<MetricFilter> {
    match shown {
        Read::Known(all) => Found::gather(
            latest(all).values().filter_map(|filter| {
                let resource = resource(filter, target)?;
                Some(Candidate {
                    named: Some(logical(&resource, target)?.to_owned()),
                    tags: Read::Known(Tags::new()),
                    id: PhysicalId::plain(&resource.name),
                    resource,
                })
            }),
            &target.environment,
        ),
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

/// Those of others, by log group and name.
pub fn foreign(shown: &Read<Vec<Shown>>, target: &Target) -> Table<MetricFilter> {
    let all = shown.known().map(Vec::as_slice).unwrap_or_default();
    let filters = latest(all).into_values();
    filters
        .filter_map(|filter| resource(filter, target))
        .filter(|filter| logical(filter, target).is_none())
        .map(|filter| (format!("{}:{}", filter.log_group, filter.name), filter))
        .collect()
}

/// A name belongs to one filter of a log group; of several, the last is the one that was put last.
fn latest(all: &[Shown]) -> BTreeMap<(&str, &str), &Shown> {
    all.iter()
        .filter_map(|filter| Some(((filter.log_group_name()?, filter.filter_name()?), filter)))
        .collect()
}

fn logical<'a>(filter: &'a MetricFilter, target: &Target) -> Option<&'a str> {
    filter.log_group.address()?;
    target.naming.logical(&filter.name)
}

/// Our log groups are known by their names.
fn resource(shown: &Shown, target: &Target) -> Option<MetricFilter> {
    let group = shown.log_group_name()?;
    let log_group = match target.naming.logical_of_log_group(group) {
        Some(name) => Ref::to(KindName::LogGroup, name),
        None => Ref::literal(group),
    };
    Some(MetricFilter {
        name: shown.filter_name()?.to_owned(),
        log_group,
        definition: definition(shown),
    })
}

fn definition(shown: &Shown) -> Read<FilterDefinition> {
    let Some(metric) = shown.metric_transformations().first() else {
        return Read::Unread(malformed(CALL, "a filter without a metric"));
    };
    Read::Known(FilterDefinition {
        pattern: shown.filter_pattern().unwrap_or_default().to_owned(),
        namespace: metric.metric_namespace().to_owned(),
        metric: metric.metric_name().to_owned(),
        value: metric.metric_value().to_owned(),
    })
}
