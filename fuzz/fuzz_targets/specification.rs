//! Whatever stands in a specification is read or refused, and every refusal can be rendered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::spec;

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("spec.yaml");
    if std::fs::write(&path, bytes).is_ok() {
        if let Err(errors) = spec::load(&path) {
            let _ = (errors.render(false), errors.machine());
        }
    }
});
