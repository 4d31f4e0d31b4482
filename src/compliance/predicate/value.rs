//! Facts as CEL values. Every number is a signed 64-bit integer.

use std::{collections::HashMap, sync::Arc};

use cel::objects::{Key, Map};
use serde_json::Value;

/// The CEL value of a fact; what is no fact (`null`, fractions) becomes CEL's null, which no
/// analysed predicate touches.
pub(in crate::compliance) fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => number.as_i64().map_or(cel::Value::Null, cel::Value::Int),
        Value::String(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Array(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Object(fields) => cel::Value::Map(Map {
            map: Arc::new(
                fields
                    .iter()
                    .map(|(name, value)| (Key::from(name.as_str()), to_cel(value)))
                    .collect::<HashMap<_, _>>(),
            ),
        }),
        Value::Null => cel::Value::Null,
    }
}
