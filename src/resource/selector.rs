//! Event selectors: what a trail records. Basic selectors are read as the advanced ones that
//! select the same.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Direction, FieldChange, Sides};
use crate::model::{Environment, Home, State, Store, StoreKind};

/// Conditions by field of the event, as `eventCategory`; all of them must hold.
pub type EventSelector = BTreeMap<String, FieldCondition>;

/// What a field of an event must be. Empty sets ask for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldCondition {
    /// One of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub equals: BTreeSet<String>,
    /// None of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_equals: BTreeSet<String>,
    /// Begins with one of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub starts_with: BTreeSet<String>,
    /// Begins with none of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_starts_with: BTreeSet<String>,
    /// Ends with one of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ends_with: BTreeSet<String>,
    /// Ends with none of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_ends_with: BTreeSet<String>,
}

/// The category of what changes an account.
pub const MANAGEMENT: &str = "Management";
/// The category of what reads and writes what is in it.
pub const DATA: &str = "Data";

impl FieldCondition {
    /// A condition for one of the values.
    pub fn equals<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self {
            equals: values.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// A condition for values that begin so.
    pub fn starts_with<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Self {
            starts_with: values.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// How many values it names: a trail holds 500 in all its selectors.
    pub fn len(&self) -> usize {
        let one_of = self.equals.len() + self.starts_with.len() + self.ends_with.len();
        let none_of = self.not_equals.len() + self.not_starts_with.len() + self.not_ends_with.len();
        one_of + none_of
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A selector of one category of events.
pub fn category(name: &str) -> EventSelector {
    let condition = FieldCondition::equals([name]);
    EventSelector::from([("eventCategory".to_owned(), condition)])
}

/// What a new trail records where nobody says: all management events.
pub fn unsaid() -> BTreeMap<String, EventSelector> {
    [("basic 1 management".to_owned(), category(MANAGEMENT))].into()
}

/// A selector of data events of one type of resource.
pub fn data(kind: &str, arns: FieldCondition) -> EventSelector {
    let mut selector = category(DATA);
    selector.insert("resources.type".to_owned(), FieldCondition::equals([kind]));
    selector.insert("resources.ARN".to_owned(), arns);
    selector
}

/// The data events of the stores that services declare: one selector for each kind of store, for a
/// trail holds few of them.
pub fn of_stores(environment: &Environment) -> BTreeMap<String, EventSelector> {
    let mut arns: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    let services = environment.services.values();
    let alive = services.filter(|service| !matches!(service.state, State::Retired { .. }));
    for store in alive.flat_map(|service| &service.stores) {
        if let Some((name, kind, arn)) = recorded(environment, store) {
            arns.entry((name, kind)).or_default().insert(arn);
        }
    }
    let selector = |((name, kind), arns): ((&str, &str), BTreeSet<String>)| {
        (
            name.to_owned(),
            data(kind, FieldCondition::starts_with(arns)),
        )
    };
    arns.into_iter().map(selector).collect()
}

/// A store as data events name it: the selector, the type and how the ARN begins. Of the other
/// kinds CloudTrail records every call as a management event.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html>
fn recorded(
    environment: &Environment,
    store: &Store,
) -> Option<(&'static str, &'static str, String)> {
    let name = &store.name;
    let home = Home {
        account: environment.account.clone(),
        region: environment.region.clone(),
    };
    Some(match store.kind {
        StoreKind::S3 => (
            "buckets",
            "AWS::S3::Object",
            format!("{}/", home.bucket_arn(name)),
        ),
        StoreKind::Dynamodb => {
            let table = home.arn("dynamodb", &format!("table/{name}"));
            ("tables", "AWS::DynamoDB::Table", table)
        }
        StoreKind::Sqs => ("queues", "AWS::SQS::Queue", home.arn("sqs", name)),
        StoreKind::Sns => ("topics", "AWS::SNS::Topic", home.arn("sns", name)),
        StoreKind::Secretsmanager | StoreKind::Rds => return None,
    })
}

/// A selector that comes records more; a condition that comes records less, and one more value
/// in it more again, unless it says what is not meant.
pub fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
    let path = &change.path;
    let there = |side, keys| path.lookup(side, keys).is_some();
    let both = |keys| there(sides.before, keys) && there(sides.after, keys);
    let gained = change.before.is_none();
    if !both(2) {
        return Direction::logging(gained);
    }
    if !both(4) {
        return Direction::logging(!gained);
    }
    let negated = path
        .key_at(3)
        .is_some_and(|operator| operator.starts_with("not_"));
    Direction::logging(gained != negated)
}
