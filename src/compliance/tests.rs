#![allow(clippy::unwrap_used, clippy::panic)]
use super::library::Library;

#[test]
fn the_vendored_library_has_no_problem() {
    if let Err(errors) = Library::vendored() {
        panic!("{errors}");
    }
}
