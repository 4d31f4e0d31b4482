//! Generates tamperings: one for each thing that can be done to each shape of field of each kind.
//! Pure: only what a kind's own calls can bring about is generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    alter::{self, Site},
    shape::{self, Form, Place, Shape, at},
    tampering::{Expected, Fixed, Generated, Tampering, Verb},
    whole,
};
use crate::{
    model::{Address, TagKey},
    resource::{FieldChange, Kept, Kind, Resources, Sides, Table, Visitor, field::differences},
};

/// The tamperings of `resources`, which are taken to be live as they stand. The seed chooses the
/// resource for each; the same seed gives the same list.
pub fn tamperings(resources: &Resources, seed: u64) -> Generated {
    let mut generator = Generator {
        resources,
        seed,
        generated: Generated::default(),
    };
    Resources::each_kind(&mut generator);
    generator.generated
}

/// Why an immutable field stays.
const IMMUTABLE: &str = "AWS never lets it change; another value is another resource";
/// Why another field stays.
const NO_CALL: &str = "Strongroom has no call that writes it";

struct Generator<'a> {
    resources: &'a Resources,
    seed: u64,
    generated: Generated,
}

impl Visitor for Generator<'_> {
    fn visit<K: Kind>(&mut self) {
        let table = K::table(self.resources);
        let json: BTreeMap<&String, Value> = table
            .iter()
            .filter_map(|(name, resource)| Some((name, serde_json::to_value(resource).ok()?)))
            .collect();
        let places = shape::places::<K>(json.iter().map(|(name, value)| (*name, value)));
        for ((shape, form), places) in &places {
            let field = Field::<K> {
                table,
                json: &json,
                shape,
                form: *form,
                places: rotated(places, self.seed, &format!("{}.{shape}", K::NAME)),
            };
            self.field(&field);
        }
        let all: Vec<_> = table.iter().collect();
        let chosen = rotated(&all, self.seed, K::NAME.as_str());
        let resources = self.resources;
        let found = &mut self.generated.tamperings;
        found.extend(
            chosen
                .iter()
                .find_map(|(n, r)| whole::missing(resources, n, *r)),
        );
        found.extend(
            chosen
                .iter()
                .find_map(|(n, r)| whole::extra(resources, n, *r)),
        );
    }
}

impl Generator<'_> {
    fn field<K: Kind>(&mut self, field: &Field<'_, K>) {
        let made: Vec<Tampering> = alter::verbs(field.form)
            .iter()
            .filter_map(|verb| field.tampering(*verb))
            .collect();
        let covers = |verb: &Tampering| verb.verb != Verb::Denied;
        if field.is_leaf() && !made.iter().any(covers) {
            let immutable = K::IMMUTABLE.contains(&field.shape.top());
            self.generated.fixed.push(Fixed {
                field: format!("{}.{}", K::NAME, field.shape),
                reason: if immutable { IMMUTABLE } else { NO_CALL },
            });
        }
        self.generated.tamperings.extend(made);
    }
}

/// One shape of one kind, with every place that has it.
struct Field<'a, K: Kind> {
    table: &'a Table<K>,
    json: &'a BTreeMap<&'a String, Value>,
    shape: &'a Shape,
    form: Form,
    places: Vec<&'a Place>,
}

impl<K: Kind> Field<'_, K> {
    /// A map's entries have shapes of their own, unless there is none in all resources.
    fn is_leaf(&self) -> bool {
        self.form != Form::Map || self.values().next().is_none()
    }

    /// The first place and the first value that a call can bring about.
    fn tampering(&self, verb: Verb) -> Option<Tampering> {
        let donors = self.donors();
        self.places
            .iter()
            .filter(|place| !names_it(place, verb))
            .find_map(|place| {
                let live = self.table.get(&place.resource)?;
                let site = Site {
                    shape: self.shape,
                    form: self.form,
                    keys: &place.keys,
                    whole: self.json.get(&place.resource)?,
                    donors: &donors,
                };
                let mut candidates = site.candidates(verb).into_iter();
                candidates.find_map(|value| self.carried_out(verb, place, live, value))
            })
    }

    fn carried_out(&self, verb: Verb, place: &Place, live: &K, value: Value) -> Option<Tampering> {
        let wanted: K = serde_json::from_value(value).ok()?;
        let (calls, after) = settled(live, &wanted)?;
        let before = self.json.get(&place.resource)?;
        let json = serde_json::to_value(&after).ok()?;
        if after == *live || parent(before, place) == parent(&json, place) {
            return None;
        }
        let address = Address::new(K::NAME, place.resource.as_str());
        let at_address = |calls: Vec<K::Call>| {
            let calls = calls.into_iter().map(Into::into);
            calls.map(|call| (address.clone(), call)).collect()
        };
        let kept = verb == Verb::Denied;
        let shape = match verb {
            Verb::Inverted => self.shape.renamed(&format!("not_{}", self.shape.field())),
            _ => self.shape.clone(),
        };
        Some(Tampering {
            shape: shape.to_string(),
            verb,
            calls: at_address(calls),
            undo: at_address(if kept {
                K::settle(&after, live)
            } else {
                Vec::new()
            }),
            expected: if kept {
                Expected::Kept(self.kept(live, &after))
            } else {
                Expected::Changes(changes::<K>(before, &json))
            },
            address,
        })
    }

    fn kept(&self, live: &K, after: &K) -> Vec<Kept> {
        let mut kept = Vec::new();
        live.clone().keep(after, &mut |part| kept.push(part));
        kept
    }

    /// What stands at this shape in all resources, each value once.
    fn donors(&self) -> Vec<&Value> {
        let mut seen = BTreeSet::new();
        self.values()
            .filter(|value| seen.insert(value.to_string()))
            .collect()
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.places.iter().flat_map(|place| {
            let value = self
                .json
                .get(&place.resource)
                .and_then(|json| at(json, &place.keys));
            let parts: Vec<&Value> = match (self.form, value) {
                (Form::Set, Some(Value::Array(elements))) => elements.iter().collect(),
                (Form::Map, Some(Value::Object(entries))) => entries.values().collect(),
                (Form::Leaf, Some(value)) => vec![value],
                _ => Vec::new(),
            };
            parts
        })
    }
}

/// What the calls really lead to, which may be less than what was wanted of them.
fn settled<K: Kind>(live: &K, wanted: &K) -> Option<(Vec<K::Call>, K)> {
    let calls = K::settle(live, wanted);
    let after = calls
        .iter()
        .try_fold(live.clone(), |state, call| K::apply(Some(state), call))?;
    Some((calls, after))
}

/// The leaf, set or map, or for a set that was renamed what holds it.
fn parent<'v>(whole: &'v Value, place: &Place) -> Option<&'v Value> {
    at(whole, &place.keys).filter(|value| !value.is_null())
}

/// A resource that is found by a name in this field would be another one under another name;
/// under another owner's tag it would be in doubt, and nothing would be repaired.
fn names_it(place: &Place, verb: Verb) -> bool {
    let field = place.keys.first().map(String::as_str);
    let owner = place
        .keys
        .last()
        .is_some_and(|key| key == TagKey::ENVIRONMENT);
    verb == Verb::Changed && (whole::NAMES.iter().any(|name| field == Some(name)) || owner)
}

/// The fields that differ, each with what its change does.
pub fn changes<K: Kind>(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = differences(before, after);
    for change in &mut changes {
        change.direction = K::direction(change, Sides { before, after });
    }
    changes
}

/// The items from one on that seed and label choose, all of them.
fn rotated<'a, T>(items: &'a [T], seed: u64, label: &str) -> Vec<&'a T> {
    let digest = Sha256::digest(format!("{seed}:{label}"));
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let length = items.len().max(1) as u64;
    let start = usize::try_from(number % length).unwrap_or_default();
    items
        .iter()
        .skip(start)
        .chain(items.iter().take(start))
        .collect()
}
