//! The event selectors of a trail. Basic ones are read as the advanced ones that select the same.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::{
    Client,
    types::{AdvancedEventSelector, AdvancedFieldSelector, EventSelector as Basic, ReadWriteType},
};

use crate::{
    account::aws::error::answer,
    resource::{
        EventSelector, FieldCondition, Read, Unread, UnreadReason,
        selector::{DATA, MANAGEMENT, category},
    },
};

const CALL: &str = "cloudtrail:GetEventSelectors";

/// What a trail records, by the name of the selector.
pub async fn read(client: &Client, arn: &str) -> Read<BTreeMap<String, EventSelector>> {
    let shown = client.get_event_selectors().trail_name(arn).send().await;
    match answer(CALL, shown) {
        Read::Unread(why) => Read::Unread(why),
        Read::Known(shown) => {
            let (advanced, basic) = (shown.advanced_event_selectors(), shown.event_selectors());
            match (advanced.is_empty(), basic.is_empty()) {
                (false, _) => Read::Known(numbered(advanced)),
                (true, false) => Read::Known(converted(basic)),
                (true, true) => Read::Unread(unsaid()),
            }
        }
    }
}

/// A trail always has a selector: an endpoint that shows none does not tell.
fn unsaid() -> Unread {
    Unread {
        call: CALL.to_owned(),
        reason: UnreadReason::Unsupported,
        message: "the answer has no selector".to_owned(),
    }
}

/// Names are free, may be missing and may be there twice.
fn numbered(shown: &[AdvancedEventSelector]) -> BTreeMap<String, EventSelector> {
    let mut all = BTreeMap::new();
    for (index, selector) in shown.iter().enumerate() {
        let unnamed = || format!("unnamed {}", index + 1);
        let name = selector.name().filter(|name| !name.is_empty());
        let mut name = name.map_or_else(unnamed, str::to_owned);
        if all.contains_key(&name) {
            name = format!("{name} {}", index + 1);
        }
        let fields = selector.field_selectors().iter();
        let fields = fields.map(|field| (field.field().to_owned(), condition(field)));
        all.insert(name, fields.collect());
    }
    all
}

fn condition(shown: &AdvancedFieldSelector) -> FieldCondition {
    let set = |values: &[String]| values.iter().cloned().collect();
    FieldCondition {
        equals: set(shown.equals()),
        not_equals: set(shown.not_equals()),
        starts_with: set(shown.starts_with()),
        not_starts_with: set(shown.not_starts_with()),
        ends_with: set(shown.ends_with()),
        not_ends_with: set(shown.not_ends_with()),
    }
}

fn converted(shown: &[Basic]) -> BTreeMap<String, EventSelector> {
    let mut all = BTreeMap::new();
    for (index, selector) in shown.iter().enumerate() {
        let number = index + 1;
        if selector.include_management_events().unwrap_or(true) {
            all.insert(format!("basic {number} management"), management(selector));
        }
        for resource in selector.data_resources() {
            let kind = resource.r#type().unwrap_or_default();
            let mut data = both_ways(selector, category(DATA));
            data.insert("resources.type".to_owned(), FieldCondition::equals([kind]));
            let arns = FieldCondition::starts_with(resource.values().iter().cloned());
            data.insert("resources.ARN".to_owned(), arns);
            all.insert(format!("basic {number} {kind}"), data);
        }
    }
    all
}

fn management(selector: &Basic) -> EventSelector {
    let mut management = both_ways(selector, category(MANAGEMENT));
    let excluded = selector.exclude_management_event_sources();
    if !excluded.is_empty() {
        let condition = FieldCondition {
            not_equals: excluded.iter().cloned().collect(),
            ..FieldCondition::default()
        };
        management.insert("eventSource".to_owned(), condition);
    }
    management
}

/// Reads, writes, or both.
fn both_ways(selector: &Basic, mut of: EventSelector) -> EventSelector {
    let only = match selector.read_write_type() {
        Some(ReadWriteType::ReadOnly) => "true",
        Some(ReadWriteType::WriteOnly) => "false",
        _ => return of,
    };
    of.insert("readOnly".to_owned(), FieldCondition::equals([only]));
    of
}
