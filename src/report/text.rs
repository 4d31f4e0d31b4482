//! Text for terminals: foreign values made harmless, sections, counts. Decides nothing.

use std::fmt::{self, Display, Write};

use serde_json::Value;

use super::style::HEADING;
use crate::resource::{FieldPath, Segment, field::leaf};

/// A value that is longer is cut; the machine renderings hold the whole of it.
const LONGEST: usize = 300;

/// Foreign text as it may be shown: what a terminal would obey, and what would show letters in
/// another order than they have, is written as an escape.
pub fn safe(text: impl Display) -> String {
    let text = text.to_string();
    if text.chars().any(obeyed) {
        text.chars().map(visible).collect()
    } else {
        text
    }
}

/// The same for a text of several lines.
pub fn safe_lines(text: impl Display) -> String {
    let text = text.to_string();
    let lines: Vec<String> = text.split('\n').map(safe).collect();
    lines.join("\n")
}

fn visible(c: char) -> String {
    if obeyed(c) {
        c.escape_default().to_string()
    } else {
        c.to_string()
    }
}

/// Control characters, line separators, zero-width and bidirectional formatting.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{feff}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// A leaf as people read it: harmless, and of a bearable length.
pub fn value(value: Option<&Value>) -> String {
    let text = leaf(value);
    let length = text.chars().count();
    if length <= LONGEST {
        return safe(text);
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    format!("{}… ({length} characters)", safe(beginning))
}

/// Whether the path itself says the value: an element of a set.
pub fn is_element(path: &FieldPath) -> bool {
    matches!(path.segments().last(), Some(Segment::Element(_)))
}

/// A heading and its lines; nothing where there are no lines.
pub fn section(
    out: &mut String,
    heading: &str,
    lines: impl Iterator<Item = String>,
) -> fmt::Result {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            writeln!(out, "\n{HEADING}{heading}{HEADING:#}")?;
        }
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// `1 call`, `2 calls`.
pub fn counted(count: impl Into<u64>, noun: &str) -> String {
    match count.into() {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// `3 changed, 1 extra`: what is zero is not told.
pub fn tally<const N: usize>(counts: [(usize, &str); N]) -> String {
    let told = counts.into_iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_nothing_to_obey() {
        assert_eq!(safe("a\u{1b}[31mb\u{202e}c"), "a\\u{1b}[31mb\\u{202e}c");
        assert_eq!(safe("línea «x» 漢"), "línea «x» 漢");
        assert_eq!(safe_lines("a\nb\rc"), "a\nb\\rc");
    }

    #[test]
    fn long_values_are_cut_and_say_so() {
        let long = value(Some(&Value::from("x".repeat(1000))));
        assert!(long.ends_with("… (1000 characters)"));
        assert!(long.chars().count() < 330);
    }

    #[test]
    fn what_is_zero_is_not_told() {
        assert_eq!(tally([(1, "extra"), (0, "missing")]), "1 extra");
        assert_eq!(counted(1_u32, "call"), "1 call");
    }
}
