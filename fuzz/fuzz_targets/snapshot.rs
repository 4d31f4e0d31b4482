//! A snapshot that parses survives its own serialisation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::snapshot::Snapshot;

fuzz_target!(|text: &str| {
    if let Ok(snapshot) = serde_json::from_str::<Snapshot>(text) {
        let written = serde_json::to_string(&snapshot).expect("a snapshot is JSON");
        assert_eq!(serde_json::from_str::<Snapshot>(&written).ok(), Some(snapshot));
    }
});
