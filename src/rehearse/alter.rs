//! One alteration of one place: the JSON of the resource as it would look afterwards.
//! Candidates only; whether a type can hold them and a call can bring them about is asked later.

use serde_json::{Map, Value};

use super::{
    plausible,
    shape::{Form, Shape, at, at_mut, rename},
    tampering::Verb,
};

/// A place with what stands there and what stands at the same place elsewhere.
pub struct Site<'a> {
    /// The shape of the place.
    pub shape: &'a Shape,
    /// What stands there.
    pub form: Form,
    /// The keys that lead there.
    pub keys: &'a [String],
    /// The resource.
    pub whole: &'a Value,
    /// Leaves or elements at the same place in all resources.
    pub donors: &'a [&'a Value],
}

/// What can be done to a place of a form.
pub fn verbs(form: Form) -> &'static [Verb] {
    match form {
        Form::Leaf => &[Verb::Changed, Verb::Cleared],
        Form::Set => &[
            Verb::Added,
            Verb::Removed,
            Verb::Changed,
            Verb::Inverted,
            Verb::Denied,
        ],
        Form::Map => &[Verb::Added, Verb::Removed, Verb::Denied],
    }
}

impl Site<'_> {
    /// The resource after the alteration, best candidate first.
    pub fn candidates(&self, verb: Verb) -> Vec<Value> {
        match (self.form, verb) {
            (Form::Leaf, Verb::Changed) => self.each_other(self.here(), |place, value| {
                *place = value;
            }),
            (Form::Leaf, Verb::Cleared) => self.put(Value::Null).into_iter().collect(),
            (Form::Set, _) => self.set(verb),
            (Form::Map, _) => self.map(verb),
            _ => Vec::new(),
        }
    }

    fn here(&self) -> &Value {
        at(self.whole, self.keys).unwrap_or(&Value::Null)
    }

    fn put(&self, value: Value) -> Option<Value> {
        let mut whole = self.whole.clone();
        *at_mut(&mut whole, self.keys)? = value;
        Some(whole)
    }

    fn each_other(&self, current: &Value, place: impl Fn(&mut Value, Value)) -> Vec<Value> {
        plausible::others(self.shape, current, self.donors)
            .into_iter()
            .filter_map(|value| {
                let mut changed = self.here().clone();
                place(&mut changed, value);
                self.put(changed)
            })
            .collect()
    }

    fn set(&self, verb: Verb) -> Vec<Value> {
        let Some(elements) = self.here().as_array() else {
            return Vec::new();
        };
        let first = elements.first().unwrap_or(&Value::Null);
        match verb {
            Verb::Added => self.each_other(first, push),
            // An element of a document that loses its last value would be no document.
            Verb::Removed if elements.len() > 1 || self.keys.len() == 1 => {
                let rest = elements.iter().skip(1).cloned().collect();
                self.put(Value::Array(rest)).into_iter().collect()
            }
            Verb::Removed if self.shape.passes("conditions") => self.pruned().into_iter().collect(),
            Verb::Changed if elements.len() == 1 => self.each_other(first, |set, value| {
                *set = Value::Array(vec![value]);
            }),
            Verb::Inverted => self.inverted().into_iter().collect(),
            Verb::Denied => plausible::denying_element(self.shape)
                .and_then(|element| {
                    let mut set = self.here().clone();
                    push(&mut set, element);
                    self.put(set)
                })
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    /// `actions` become `not_actions`: everything but what was meant.
    fn inverted(&self) -> Option<Value> {
        let (last, parent) = self.keys.split_last()?;
        if last != self.shape.field() {
            return None;
        }
        let mut whole = self.whole.clone();
        rename(&mut whole, parent, last, &format!("not_{last}"));
        Some(whole)
    }

    /// Without the place, and without what would be empty then.
    fn pruned(&self) -> Option<Value> {
        let mut whole = self.whole.clone();
        let mut keys = self.keys;
        while let Some((last, parent)) = keys.split_last() {
            let object = at_mut(&mut whole, parent)?.as_object_mut()?;
            object.remove(last);
            if !object.is_empty() {
                break;
            }
            keys = parent;
        }
        Some(whole)
    }

    fn map(&self, verb: Verb) -> Vec<Value> {
        let Some(entries) = self.here().as_object() else {
            return Vec::new();
        };
        match verb {
            Verb::Removed if entries.len() > 1 || self.keys.len() == 1 => self.without(entries),
            Verb::Added => self.entries(entries, |entry| {
                (!plausible::only_denies(entry)).then(|| entry.clone())
            }),
            Verb::Denied => self.entries(entries, |entry| plausible::denying(entry.clone())),
            _ => Vec::new(),
        }
    }

    /// The map without one entry; what denies is what somebody would rather be without.
    fn without(&self, here: &Map<String, Value>) -> Vec<Value> {
        let mut keys: Vec<(bool, &String)> = here
            .iter()
            .map(|(key, entry)| (!plausible::only_denies(entry), key))
            .collect();
        keys.sort();
        keys.into_iter()
            .filter_map(|(_, key)| {
                let mut rest = here.clone();
                rest.remove(key);
                self.put(Value::Object(rest))
            })
            .collect()
    }

    /// The map with one more entry, made after one that is there or elsewhere.
    fn entries(
        &self,
        here: &Map<String, Value>,
        made: impl Fn(&Value) -> Option<Value>,
    ) -> Vec<Value> {
        let further = plausible::further_entry(self.shape);
        here.values()
            .chain(self.donors.iter().copied())
            .chain(&further)
            .filter_map(|entry| self.with_entry(made(entry)?))
            .collect()
    }

    fn with_entry(&self, entry: Value) -> Option<Value> {
        let mut entries = self.here().as_object()?.clone();
        entries.insert(plausible::further_key(self.shape).to_owned(), entry);
        self.put(Value::Object(entries))
    }
}

fn push(set: &mut Value, value: Value) {
    if let Value::Array(elements) = set
        && !elements.contains(&value)
    {
        elements.push(value);
    }
}
