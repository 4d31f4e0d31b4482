//! Conventions that hold codes, documentation, tests and published schemas together.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value as Json;

use crate::spec::{Code, environment_schema, format, schema, service_schema};

/// Every file whose snapshots show how a diagnostic reads.
const SHOWN: [&str; 10] = [
    include_str!("access.rs"),
    include_str!("edges.rs"),
    include_str!("names.rs"),
    include_str!("environment.rs"),
    include_str!("fields.rs"),
    include_str!("files.rs"),
    include_str!("records.rs"),
    include_str!("services.rs"),
    include_str!("values.rs"),
    include_str!("yaml.rs"),
];

fn root(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

#[test]
fn ids_are_unique_kebab_case() {
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len());
    for id in ids {
        let kebab = id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(kebab, "{id}");
    }
}

#[test]
fn every_code_is_shown_by_a_test() {
    let shown: BTreeSet<&str> = SHOWN
        .iter()
        .flat_map(|file| file.lines())
        .map(|line| line.trim().trim_start_matches("assert_snapshot!"))
        .collect();
    for code in Code::ALL {
        assert!(shown.contains(code.id()), "no test shows {code}");
    }
}

#[test]
fn every_code_is_documented_and_nothing_else() {
    let text = fs::read_to_string(root("docs/diagnostics.md")).unwrap();
    let documented: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(documented, codes);
    for code in Code::ALL {
        assert!(
            text.contains(code.meaning()),
            "{code} is documented with other words"
        );
    }
}

/// `STRONGROOM_WRITE_SCHEMAS=1 cargo test published_schemas` writes them anew.
#[test]
fn published_schemas_are_current() {
    for (name, generated) in [
        ("specification", schema()),
        ("environment", environment_schema()),
        ("service", service_schema()),
    ] {
        let path = root("docs/schema").join(format!("{name}.json"));
        let text = format!("{generated:#}\n");
        if std::env::var_os("STRONGROOM_WRITE_SCHEMAS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let published = fs::read_to_string(&path).unwrap();
        assert_eq!(published, text, "{name}.json is stale");
    }
}

#[test]
fn every_field_is_described_and_every_format_has_a_rule() {
    for schema in [environment_schema(), service_schema()] {
        visit(&schema, "");
    }
}

fn visit(node: &Json, path: &str) {
    let properties = node.get("properties").and_then(Json::as_object);
    for (name, field) in properties.into_iter().flatten() {
        assert!(
            field.get("description").is_some(),
            "{path}/{name} has no description"
        );
    }
    if let Some(format) = node.get("format").and_then(Json::as_str) {
        let number = format.starts_with("uint");
        let known = format::FORMATS.iter().any(|(name, _)| *name == format);
        assert!(number || known, "{path}: format {format} has no rule");
    }
    match node {
        Json::Object(map) => map
            .iter()
            .for_each(|(key, child)| visit(child, &format!("{path}/{key}"))),
        Json::Array(items) => items.iter().for_each(|child| visit(child, path)),
        _ => {}
    }
}
