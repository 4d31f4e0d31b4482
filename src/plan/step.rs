//! Steps: from what is there and what is wanted to the calls between them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Action, Step};
use crate::{
    model::{Address, ServiceName},
    resource::{
        Aspect, Call, Direction, FieldChange, Kind, Resources, Sides, Visitor, field::differences,
    },
};

/// The steps that lead from `before` to `after`.
pub fn between(
    before: &Resources,
    after: &Resources,
    owners: &BTreeMap<Address, ServiceName>,
) -> BTreeMap<Address, Step> {
    let mut stepper = Stepper {
        before,
        after,
        owners,
        steps: BTreeMap::new(),
    };
    Resources::each_kind(&mut stepper);
    stepper.steps
}

struct Stepper<'a> {
    before: &'a Resources,
    after: &'a Resources,
    owners: &'a BTreeMap<Address, ServiceName>,
    steps: BTreeMap<Address, Step>,
}

impl Visitor for Stepper<'_> {
    fn visit<K: Kind>(&mut self) {
        let (before, after) = (K::table(self.before), K::table(self.after));
        let names = before
            .keys()
            .chain(after.keys().filter(|name| !before.contains_key(*name)));
        for name in names {
            let address = Address::new(K::NAME, name.as_str());
            let step = match (before.get(name), after.get(name)) {
                (None, Some(wanted)) => Some(creation(wanted)),
                (Some(live), Some(wanted)) => alteration(live, wanted),
                (Some(live), None) => Some(deletion(live)),
                (None, None) => None,
            };
            if let Some(mut step) = step {
                step.service = self.owners.get(&address).cloned();
                self.steps.insert(address, step);
            }
        }
    }
}

/// A resource as JSON, for the generic comparison of its fields.
pub fn json<K: Kind>(resource: &K) -> Value {
    serde_json::to_value(resource).unwrap_or_default()
}

fn step(action: Action, direction: Direction, changes: Vec<FieldChange>) -> Step {
    Step {
        action,
        service: None,
        direction,
        changes,
        create: Vec::new(),
        settle: Vec::new(),
        delete: Vec::new(),
    }
}

fn calls<C: Into<Call>>(calls: Vec<C>) -> Vec<Call> {
    calls.into_iter().map(Into::into).collect()
}

fn creation<K: Kind>(wanted: &K) -> Step {
    let call = wanted.create();
    let created = K::apply(None, &call);
    let settle = created
        .map(|created| K::settle(&created, wanted))
        .unwrap_or_default();
    Step {
        create: vec![call.into()],
        settle: calls(settle),
        ..step(
            Action::Create,
            appearing(K::ASPECT),
            changes::<K>(&Value::Null, &json(wanted)),
        )
    }
}

fn deletion<K: Kind>(live: &K) -> Step {
    Step {
        delete: calls(live.delete()),
        ..step(
            Action::Delete,
            appearing(K::ASPECT).reversed(),
            changes::<K>(&json(live), &Value::Null),
        )
    }
}

/// None where nothing differs that could be read.
fn alteration<K: Kind>(live: &K, wanted: &K) -> Option<Step> {
    let changes = changes::<K>(&json(live), &json(wanted));
    if changes.is_empty() {
        return None;
    }
    let worst = Direction::worst(changes.iter().map(|change| change.direction));
    let immutable = |change: &FieldChange| K::IMMUTABLE.contains(&change.path.field());
    if changes.iter().any(immutable) {
        return Some(step(Action::Replace, worst, changes));
    }
    Some(Step {
        settle: calls(K::settle(live, wanted)),
        ..step(Action::Update, worst, changes)
    })
}

/// The fields of a resource that appears or vanishes have no direction of their own.
fn changes<K: Kind>(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = differences(before, after);
    if !before.is_null() && !after.is_null() {
        for change in &mut changes {
            change.direction = K::direction(change, Sides { before, after });
        }
    }
    changes
}

/// What the appearing of a resource does.
fn appearing(aspect: Aspect) -> Direction {
    match aspect {
        Aspect::Access => Direction::AccessWidened,
        Aspect::Logging => Direction::LoggingStrengthened,
        Aspect::Encryption => Direction::EncryptionStrengthened,
        Aspect::Boundary => Direction::AccessNarrowed,
    }
}
