//! A saved plan is opened or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::plan::SavedPlan;

fuzz_target!(|text: &str| {
    let _ = SavedPlan::open(text);
});
