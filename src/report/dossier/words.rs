//! A value of a resource as lines that people read: names before values, a level deeper a step
//! further in. Nothing is left out.

use serde_json::Value;

/// The lines of a value.
pub fn lines(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    match inline(value) {
        Some(text) => lines.push(text),
        None => write(value, 0, &mut lines),
    }
    lines
}

fn write(value: &Value, depth: usize, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| entry(&format!("{name}:"), value, depth, lines)),
        Value::Array(items) => items
            .iter()
            .for_each(|value| entry("-", value, depth, lines)),
        other => lines.push(indented(depth, &other.to_string())),
    }
}

fn entry(before: &str, value: &Value, depth: usize, lines: &mut Vec<String>) {
    match inline(value) {
        Some(text) => lines.push(indented(depth, &format!("{before} {text}"))),
        None => {
            lines.push(indented(depth, before));
            write(value, depth + 1, lines);
        }
    }
}

/// What stands on one line: a single value, a reference, nothing.
fn inline(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some("none".to_owned()),
        Value::Array(items) if items.is_empty() => Some("none".to_owned()),
        Value::Array(items) => match items.as_slice() {
            [one] => inline(one),
            _ => None,
        },
        Value::Object(fields) => match fields.get("to") {
            Some(Value::String(address)) if fields.len() == 1 => Some(address.clone()),
            _ if fields.is_empty() => Some("none".to_owned()),
            _ => None,
        },
        other => Some(other.to_string()),
    }
}

fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_in_lines() {
        let value = json!({
            "actions": ["a:B", "a:C"],
            "managed": [],
            "resources": ["*"],
            "role": {"to": "iam_role/login-v1"},
        });
        let told = lines(&value).join("\n");
        let expected =
            "actions:\n  - a:B\n  - a:C\nmanaged: none\nresources: *\nrole: iam_role/login-v1";
        assert_eq!(told, expected);
        assert_eq!(lines(&json!(400)), ["400"]);
    }
}
