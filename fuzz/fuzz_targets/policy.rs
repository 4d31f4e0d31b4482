//! A policy that parses is written and parsed again to the same document.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::iam::grammar;

fuzz_target!(|text: &str| {
    if let Ok(document) = grammar::parse(text) {
        let written = grammar::write(&document, &|_| None).expect("literals need no ARN");
        assert_eq!(grammar::parse_value(&written).as_ref(), Ok(&document));
    }
});
