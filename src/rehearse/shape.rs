//! The shapes of a kind's fields: paths with map keys and set elements generalised.
//! The types themselves tell a map from a struct; nothing is known here about any kind.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::plausible;
use crate::resource::{Kind, UNREAD, field::is_reference};

/// The path of a field without the names in it: `inline.*.statements.*.actions[*]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape(Vec<Part>);

/// One step of a shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Field(String),
    Entry,
    Element,
}

impl Shape {
    fn with(&self, part: Part) -> Self {
        let mut parts = self.0.clone();
        parts.push(part);
        Self(parts)
    }

    /// The resource's own field that it begins with.
    pub fn top(&self) -> &str {
        self.fields().next().unwrap_or_default()
    }

    /// The innermost field, whatever entries and elements follow it.
    pub fn field(&self) -> &str {
        self.fields().last().unwrap_or_default()
    }

    /// Whether it passes through the field `name`.
    pub fn passes(&self, name: &str) -> bool {
        self.fields().any(|field| field == name)
    }

    /// The shape of the same place under another innermost field.
    pub fn renamed(&self, name: &str) -> Self {
        let mut parts = self.0.clone();
        let last = parts.iter_mut().rev().find_map(|part| match part {
            Part::Field(field) => Some(field),
            _ => None,
        });
        if let Some(field) = last {
            name.clone_into(field);
        }
        Self(parts)
    }

    fn fields(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field.as_str()),
            _ => None,
        })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            match part {
                Part::Field(field) if index == 0 => f.write_str(field)?,
                Part::Field(field) => write!(f, ".{field}")?,
                Part::Entry => f.write_str(".*")?,
                Part::Element => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A scalar, a reference, or nothing where something may stand.
    Leaf,
    /// A set; the shape is that of its elements.
    Set,
    /// A map; the shape is that of its entries.
    Map,
}

/// One place in one resource.
#[derive(Debug, Clone)]
pub struct Place {
    /// The resource's logical name.
    pub resource: String,
    /// The keys that lead to the leaf, set or map.
    pub keys: Vec<String>,
}

/// Every place of a kind's resources by form and shape, in the order of the resources.
pub type Places = BTreeMap<(Shape, Form), Vec<Place>>;

/// Walks the resources of one kind.
pub fn places<'a, K: Kind>(resources: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Places {
    let mut walk = Walk {
        found: Places::new(),
        maps: BTreeMap::new(),
    };
    for (name, whole) in resources {
        walk.node::<K>(name, whole, &mut Vec::new(), &Shape::default());
    }
    walk.found
}

struct Walk {
    found: Places,
    maps: BTreeMap<Shape, bool>,
}

impl Walk {
    fn node<K: Kind>(&mut self, name: &str, whole: &Value, keys: &mut Vec<String>, shape: &Shape) {
        match at(whole, keys) {
            Some(Value::Array(_)) => self.add(name, keys, shape.with(Part::Element), Form::Set),
            Some(value) if is_reference(value) => {
                self.add(name, keys, shape.clone(), Form::Leaf);
            }
            Some(Value::Object(object)) if object.contains_key(UNREAD) => {}
            Some(Value::Object(object)) => {
                let map = self.is_map::<K>(whole, keys, shape);
                if map {
                    self.add(name, keys, shape.with(Part::Entry), Form::Map);
                }
                for key in object.keys() {
                    let part = if map {
                        Part::Entry
                    } else {
                        Part::Field(key.clone())
                    };
                    keys.push(key.clone());
                    self.node::<K>(name, whole, keys, &shape.with(part));
                    keys.pop();
                }
            }
            Some(_) => self.add(name, keys, shape.clone(), Form::Leaf),
            None => {}
        }
    }

    fn add(&mut self, name: &str, keys: &[String], shape: Shape, form: Form) {
        self.found.entry((shape, form)).or_default().push(Place {
            resource: name.to_owned(),
            keys: keys.to_vec(),
        });
    }

    /// A map accepts any key and a struct does not, so the type answers by being read.
    fn is_map<K: Kind>(&mut self, whole: &Value, keys: &[String], shape: &Shape) -> bool {
        if let Some(known) = self.maps.get(shape) {
            return *known;
        }
        let Some(first) = at(whole, keys).and_then(first_key) else {
            return true;
        };
        let mut probe = whole.clone();
        rename(&mut probe, keys, &first, plausible::further_key(shape));
        let map = serde_json::from_value::<K>(probe).is_ok();
        self.maps.insert(shape.clone(), map);
        map
    }
}

fn first_key(value: &Value) -> Option<String> {
    value.as_object()?.keys().next().cloned()
}

/// The value that the keys lead to.
pub fn at<'a>(whole: &'a Value, keys: &[String]) -> Option<&'a Value> {
    keys.iter().try_fold(whole, |value, key| value.get(key))
}

/// The value that the keys lead to, to change it.
pub fn at_mut<'a>(whole: &'a mut Value, keys: &[String]) -> Option<&'a mut Value> {
    keys.iter().try_fold(whole, |value, key| value.get_mut(key))
}

/// Gives an entry of the object that the keys lead to another key.
pub fn rename(whole: &mut Value, keys: &[String], from: &str, to: &str) {
    let object = at_mut(whole, keys).and_then(Value::as_object_mut);
    if let Some(object) = object
        && let Some(value) = object.remove(from)
    {
        object.insert(to.to_owned(), value);
    }
}
