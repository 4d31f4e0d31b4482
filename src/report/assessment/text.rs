//! Foreign text made harmless to the eye, and values as text on one line.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

/// Shows every character that could make text lie by its code, in all strings of a value.
pub(in crate::report) fn show(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(deceives) => *text = plain(text),
        Value::Array(items) => items.iter_mut().for_each(show),
        Value::Object(fields) => fields.values_mut().for_each(show),
        _ => {}
    }
}

/// Shows a value as [`show`] does; text in these fields may have lines, for it is our own Markdown.
pub(in crate::report) fn show_lines(value: &mut Value, markdown: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| show_lines(item, markdown)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if markdown.contains(&name.as_str()) => {
                        let lines: Vec<String> = text.lines().map(plain).collect();
                        *text = lines.join("\n");
                    }
                    other => show_lines(other, markdown),
                }
            }
        }
        other => show(other),
    }
}

/// Text in which every character that could lie is shown by its code.
pub(in crate::report) fn plain(text: &str) -> String {
    text.chars().fold(String::new(), |mut shown, c| {
        if deceives(c) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
        shown
    })
}

/// Control characters, and characters that are not seen but change the order of others.
/// <https://www.unicode.org/reports/tr9/>
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{61c}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A value on one line. A list stays a list, so that an empty one can be told from nothing.
pub(super) fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(compact).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// The word of an enum as it stands in files.
pub(super) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// An id for anchors: letters, digits and hyphens only.
pub(super) fn anchor(kind: &str, parts: &[&str]) -> String {
    let part = |text: &&str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect()
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    format!("{kind}-{}", parts.join("-"))
}

/// A number with its noun: `1 check`, `2 checks`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_that_lies_is_shown_by_its_codes() {
        let mut value = json!({"a": ["x\u{202e}y", "\u{1b}[31m"], "b": "naïve – ok"});
        show(&mut value);
        assert_eq!(
            value,
            json!({"a": ["x\\u{202e}y", "\\u{1b}[31m"], "b": "naïve – ok"})
        );
    }

    #[test]
    fn values_stay_on_one_line() {
        assert_eq!(compact(&json!(["a", 1, []])), "[\"a\", 1, []]");
    }
}
