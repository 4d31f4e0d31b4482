//! Plain scalars as the YAML 1.2 core schema reads them, and the words on which YAML 1.1 differs.
//! <https://yaml.org/spec/1.2.2/#103-core-schema>

use serde_json::{Number, Value as Json};

/// Reads a plain scalar: null, boolean, integer, float, or text.
pub(super) fn resolve(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => number(text).map_or_else(|| Json::String(text.to_owned()), Json::Number),
    }
}

/// Whether YAML 1.1 tools read this plain text as true or false.
pub(super) fn is_yaml_1_1_boolean(text: &str) -> bool {
    ["yes", "no", "on", "off"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

fn number(text: &str) -> Option<Number> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return u64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    if !looks_numeric(text) {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    unsigned
        .parse::<i64>()
        .map(Number::from)
        .or_else(|_| unsigned.parse::<u64>().map(Number::from))
        .ok()
        .or_else(|| unsigned.parse::<f64>().ok().and_then(float))
}

/// A float; a whole one is given as an integer, so that `8443.0` is the port 8443.
fn float(value: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        return Some(Number::from(value as i64));
    }
    Number::from_f64(value)
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn looks_numeric(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && body.bytes().any(|b| b.is_ascii_digit())
        && body
            .bytes()
            .all(|b| b.is_ascii_digit() || b".eE+-".contains(&b))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_core_schema_is_followed() {
        for (text, expected) in [
            ("~", json!(null)),
            ("True", json!(true)),
            ("no", json!("no")),
            ("8443", json!(8443)),
            ("8443.0", json!(8443)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("-1.5e3", json!(-1500)),
            ("1.5", json!(1.5)),
            ("111122223333", json!(111_122_223_333_u64)),
            ("10.0.0.0/8", json!("10.0.0.0/8")),
            ("2026-01-31", json!("2026-01-31")),
            ("1.2.3", json!("1.2.3")),
            (".", json!(".")),
            ("e5", json!("e5")),
            (".inf", json!(".inf")),
        ] {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }
}
