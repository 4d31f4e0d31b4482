//! One generic comparison of fields: stable paths for everything that plan, drift and checks name.
//! Objects are maps, arrays are sets; a `null` is an absent field.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Direction, UNREAD};

/// The path of a field in a resource: `policy.statements.Recovery.actions[kms:PutKeyPolicy]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(Vec<Segment>);

/// One step of a path. Shared, for the leaves below one field all begin alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A field of a struct or a key of a map.
    Key(Arc<str>),
    /// An element of a set.
    Element(Arc<str>),
}

impl FieldPath {
    /// The path one key deeper.
    pub fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.into()))
    }

    fn element(&self, element: &Value) -> Self {
        self.with(Segment::Element(scalar(element).into()))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend_from_slice(&self.0);
        segments.push(segment);
        Self(segments)
    }

    /// The steps.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The key at a position, if there is one.
    pub fn key_at(&self, index: usize) -> Option<&str> {
        match self.0.get(index) {
            Some(Segment::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The name of the resource's field that the path begins with.
    pub fn field(&self) -> &str {
        self.key_at(0).unwrap_or_default()
    }

    /// The value that the first `length` keys lead to.
    pub fn lookup<'a>(&self, value: &'a Value, length: usize) -> Option<&'a Value> {
        (0..length).try_fold(value, |value, index| value.get(self.key_at(index)?))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Element(text) => write!(f, "[{text}]")?,
                Segment::Key(key) if !plain(key) => write!(f, "[{key:?}]")?,
                Segment::Key(key) if index == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

fn plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-:/@".contains(&b))
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Which field.
    pub path: FieldPath,
    /// Its value before; none if it was absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Its value after; none if it will be absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// What the change does.
    pub direction: Direction,
}

/// The whole resource on both sides of a change.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// Before.
    pub before: &'a Value,
    /// After.
    pub after: &'a Value,
}

/// Every leaf that differs, sorted by path, with a neutral direction.
pub fn differences(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(&FieldPath::default(), Some(before), Some(after), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.shrink_to_fit();
    found
}

fn compare(
    path: &FieldPath,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<FieldChange>,
) {
    let (before, after) = (present(before), present(after));
    if before == after || [before, after].into_iter().flatten().any(unread) {
        return;
    }
    match (before, after) {
        (Some(Value::Array(_)), _) | (_, Some(Value::Array(_))) => {
            compare_sets(path, elements(before), elements(after), found);
        }
        _ if [before, after].into_iter().flatten().all(is_map) => {
            for key in keys(before).union(&keys(after)) {
                let (before, after) = (inner(before, key), inner(after, key));
                compare(&path.key(key), before, after, found);
            }
        }
        _ => found.push(FieldChange {
            path: path.clone(),
            before: before.cloned(),
            after: after.cloned(),
            direction: Direction::Neutral,
        }),
    }
}

fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

fn unread(value: &Value) -> bool {
    value.get(UNREAD).is_some()
}

/// A reference is a leaf, though it is an object.
fn is_map(value: &Value) -> bool {
    value.is_object() && !is_reference(value)
}

/// Whether a value is a reference to an address, and not a map with an entry called `to`.
pub fn is_reference(value: &Value) -> bool {
    let object = value.as_object().filter(|object| object.len() == 1);
    object.is_some_and(|object| object.get("to").is_some_and(Value::is_string))
}

fn inner<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    value.and_then(|value| value.get(key))
}

fn keys(value: Option<&Value>) -> BTreeSet<&String> {
    value
        .and_then(Value::as_object)
        .map(|object| object.keys().collect())
        .unwrap_or_default()
}

fn elements(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(elements)) => elements,
        _ => &[],
    }
}

fn compare_sets(path: &FieldPath, before: &[Value], after: &[Value], found: &mut Vec<FieldChange>) {
    let lost = before.iter().filter(|element| !after.contains(element));
    let gained = after.iter().filter(|element| !before.contains(element));
    found.extend(lost.map(|element| FieldChange {
        path: path.element(element),
        before: Some(element.clone()),
        after: None,
        direction: Direction::Neutral,
    }));
    found.extend(gained.map(|element| FieldChange {
        path: path.element(element),
        before: None,
        after: Some(element.clone()),
        direction: Direction::Neutral,
    }));
}

/// A leaf as people read it: a string bare, a reference as its address, `none` if absent.
pub fn leaf(value: Option<&Value>) -> String {
    value.map_or_else(|| "none".to_owned(), scalar)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) if is_reference(value) => leaf(object.get("to")),
        _ => value.to_string(),
    }
}

/// Every unread field of a resource, with why.
pub fn unread_fields(value: &Value) -> Vec<(FieldPath, &Value)> {
    let mut found = Vec::new();
    collect_unread(&FieldPath::default(), value, &mut found);
    found
}

fn collect_unread<'a>(path: &FieldPath, value: &'a Value, found: &mut Vec<(FieldPath, &'a Value)>) {
    let Some(object) = value.as_object() else {
        return;
    };
    match object.get(UNREAD) {
        Some(why) => found.push((path.clone(), why)),
        None => object
            .iter()
            .for_each(|(key, inner)| collect_unread(&path.key(key), inner, found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(before: Value, after: Value) -> Vec<String> {
        differences(&before, &after)
            .iter()
            .map(|change| {
                let (before, after) = (leaf(change.before.as_ref()), leaf(change.after.as_ref()));
                format!("{}: {before} -> {after}", change.path)
            })
            .collect()
    }

    #[test]
    fn paths_are_stable_and_sets_have_no_order() {
        assert_eq!(
            shown(
                json!({"a": [1, 2], "b": {"c.d": "x"}, "e": null, "f": {"to": "kms_key/k"}}),
                json!({"a": [2, 3], "b": {"c.d": "y"}, "f": "literal"}),
            ),
            [
                "a[1]: 1 -> none",
                "a[3]: none -> 3",
                "b[\"c.d\"]: x -> y",
                "f: kms_key/k -> literal",
            ]
        );
    }

    #[test]
    fn what_was_not_read_is_no_difference() {
        let unread = json!({"a": {UNREAD: {"call": "kms:GetKeyPolicy"}}, "b": 1});
        assert!(shown(unread.clone(), json!({"a": {"x": 1}, "b": 1})).is_empty());
        assert_eq!(unread_fields(&unread).len(), 1);
    }

    #[test]
    fn a_missing_map_shows_its_leaves() {
        assert_eq!(
            shown(
                json!({}),
                json!({"s": {"effect": "Allow", "actions": ["a"]}})
            ),
            ["s.actions[a]: none -> a", "s.effect: none -> Allow"]
        );
    }
}
