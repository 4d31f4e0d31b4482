//! Letters that the document's fonts have. PDF/A forbids a missing glyph, so a letter that no font
//! has is shown by its code: a name in any script may stand in a specification, and never costs
//! the report.

use std::{collections::BTreeSet, fmt::Write, sync::LazyLock};

use typst::text::{Coverage, Font};

/// All letters of the fonts of this program, beyond ASCII.
static LETTERS: LazyLock<BTreeSet<u32>> = LazyLock::new(|| {
    let fonts = super::typeset::fonts();
    fonts.iter().flat_map(letters).collect()
});

fn letters(font: &Font) -> Vec<u32> {
    let coverage: &Coverage = &font.info().coverage;
    coverage.iter().collect()
}

/// The text with the codes of what cannot be printed; none where all of it can.
pub fn shown(text: &str) -> Option<String> {
    if text.chars().all(prints) {
        return None;
    }
    let mut shown = String::new();
    for c in text.chars() {
        if prints(c) {
            shown.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
    }
    Some(shown)
}

/// Code points for private use mean nothing to another reader.
fn prints(c: char) -> bool {
    c.is_ascii() || (!private(c) && LETTERS.contains(&u32::from(c)))
}

/// <https://www.unicode.org/faq/private_use.html>
fn private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_has_is_shown_by_its_code() {
        assert_eq!(shown("Zürich: naïve – „ok“ → Ω Ж"), None);
        assert_eq!(shown("株 x").as_deref(), Some("\\u{682a} x"));
        assert_eq!(shown("\u{e001}").as_deref(), Some("\\u{e001}"));
    }
}
