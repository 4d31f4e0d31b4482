//! Each code with a policy that fails and one that passes, in `tests/data/lint/`; the page that
//! documents them; policies that must have no finding; and texts that nobody would write.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod hostile;
mod whole;

use super::*;

fn codes(text: &str) -> Vec<&'static str> {
    let known = Known::vendored().unwrap();
    let found = lint(text, None, &known);
    found.iter().map(|finding| finding.code.id()).collect()
}
