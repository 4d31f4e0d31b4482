//! Where two files that should be the same are not: by path in JSON, by line in other text.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// A value that is longer is cut.
const LONGEST: usize = 120;

/// One place where two files differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The path or the line; empty where the whole is meant.
    pub place: String,
    /// What the bundle holds there.
    pub sealed: String,
    /// What it should hold.
    pub again: String,
}

/// The places where `sealed` differs from `again`, in order, at most `limit` of them; there is one
/// at least where the bytes differ.
pub fn differences(sealed: &[u8], again: &[u8], limit: usize) -> Vec<Difference> {
    if sealed == again {
        return Vec::new();
    }
    let mut found = Vec::new();
    match (
        serde_json::from_slice(sealed),
        serde_json::from_slice(again),
    ) {
        (Ok(sealed), Ok(again)) => values(String::new(), Some(&sealed), Some(&again), &mut found),
        _ => lines(sealed, again, &mut found),
    }
    if found.is_empty() {
        let whole = |bytes: &[u8]| format!("{} bytes", bytes.len());
        found.push(difference(String::new(), whole(sealed), whole(again)));
    }
    found.truncate(limit);
    found
}

fn values(
    place: String,
    sealed: Option<&Value>,
    again: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (sealed, again) {
        (Some(Value::Object(one)), Some(Value::Object(two))) => {
            for key in one.keys().chain(two.keys()).collect::<BTreeSet<_>>() {
                let below = match place.as_str() {
                    "" => key.clone(),
                    _ => format!("{place}.{key}"),
                };
                values(below, one.get(key), two.get(key), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(two))) => {
            for index in 0..one.len().max(two.len()) {
                let below = format!("{place}[{index}]");
                values(below, one.get(index), two.get(index), found);
            }
        }
        (sealed, again) if sealed == again => {}
        (sealed, again) => found.push(difference(place, shown(sealed), shown(again))),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

fn lines(sealed: &[u8], again: &[u8], found: &mut Vec<Difference>) {
    let (sealed, again) = (
        String::from_utf8_lossy(sealed),
        String::from_utf8_lossy(again),
    );
    let (mut one, mut two) = (sealed.lines(), again.lines());
    for number in 1_usize.. {
        let shown = |line: Option<&str>| line.map_or_else(|| "nothing".to_owned(), str::to_owned);
        match (one.next(), two.next()) {
            (None, None) => return,
            (left, right) if left == right => {}
            (left, right) => {
                let (left, right) = parted(&shown(left), &shown(right));
                found.push(difference(format!("line {number}"), left, right));
            }
        }
    }
}

/// Two lines from a little before the place where they part.
fn parted(one: &str, two: &str) -> (String, String) {
    let same = one.chars().zip(two.chars()).take_while(|(a, b)| a == b);
    let skipped = same.count().saturating_sub(LONGEST / 3);
    let rest = |line: &str| match skipped {
        0 => line.to_owned(),
        _ => format!("…{}", line.chars().skip(skipped).collect::<String>()),
    };
    (rest(one), rest(two))
}

fn difference(place: String, sealed: String, again: String) -> Difference {
    Difference {
        place,
        sealed: cut(&sealed),
        again: cut(&again),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(sealed: &str, again: &str) -> Vec<String> {
        let found = differences(sealed.as_bytes(), again.as_bytes(), 10);
        found.into_iter().map(|one| one.place).collect()
    }

    #[test]
    fn places_are_paths_in_json_and_lines_in_text() {
        assert_eq!(places("{}", "{}"), Vec::<String>::new());
        assert_eq!(
            places(r#"{"a":{"b":[1,2]}}"#, r#"{"a":{"b":[1]},"c":1}"#),
            ["a.b[1]", "c"]
        );
        assert_eq!(places("a\nb\n", "a\nc\nd\n"), ["line 2", "line 3"]);
    }

    #[test]
    fn bytes_that_differ_always_differ_somewhere() {
        assert_eq!(places("{\"a\":1}", "{\"a\": 1}"), [""]);
        let found = differences(&[0xff], &[0xfe], 10);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
