//! The published schemas are those of the code.
//! `UPDATE_SCHEMAS=1 cargo test` writes them anew after a deliberate change.

use schemars::{JsonSchema, schema_for};

use crate::compliance::{
    attestation::AttestationFile, check::CheckFile, facts::Facts, framework::FrameworkText,
    library::PlannedFile, waiver::WaiverFile,
};

fn published<T: JsonSchema>(name: &str) {
    let path = format!("docs/schema/{name}.v1.json");
    let mut generated = serde_json::to_string_pretty(&schema_for!(T)).unwrap();
    generated.push('\n');
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "{path} differs: run UPDATE_SCHEMAS=1 cargo test"
    );
}

#[test]
fn of_facts() {
    published::<Facts>("facts");
}

#[test]
fn of_checks() {
    published::<CheckFile>("checks");
}

#[test]
fn of_frameworks() {
    published::<FrameworkText>("frameworks");
}

#[test]
fn of_planned_checks() {
    published::<PlannedFile>("planned");
}

#[test]
fn of_waivers() {
    published::<WaiverFile>("waivers");
}

#[test]
fn of_attestations() {
    published::<AttestationFile>("attestations");
}
