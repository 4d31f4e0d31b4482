//! Every kind of resource is whole: a file of its own, the calls that observe and send it, a place
//! in the architecture.

use strongroom::{model::KindName, resource::Resources};

use super::repository::{assert_none, exists, read};

/// What a kind asks for; the edge only where there is one.
fn files(kind: &str, edge: bool) -> Vec<String> {
    let folders: &[&str] = if edge {
        &[
            "src/resource",
            "src/account/aws/observe",
            "src/account/aws/send",
        ]
    } else {
        &["src/resource"]
    };
    folders
        .iter()
        .map(|folder| format!("{folder}/{kind}.rs"))
        .collect()
}

#[test]
fn every_kind_has_its_files() {
    let edge = exists("src/account/aws");
    let wanted = Resources::KINDS
        .iter()
        .flat_map(|kind| files(kind.as_str(), edge));
    assert_none(
        wanted
            .filter(|path| !exists(path))
            .map(|path| format!("{path} is missing"))
            .collect(),
        "docs/adding-a-kind.md lists what a kind consists of.",
    );
}

#[test]
fn every_kind_is_documented() {
    let text = read("docs/architecture.md");
    let missing = Resources::KINDS
        .iter()
        .filter(|kind| !names(&text, kind.as_str()));
    assert_none(
        missing
            .map(|kind| format!("docs/architecture.md does not name `{kind}`"))
            .collect(),
        "Say in docs/architecture.md what the kind is for.",
    );
}

/// Every name of a kind stands for a kind.
#[test]
fn every_name_of_a_kind_is_provisioned() {
    let unprovisioned: Vec<KindName> = KindName::ALL
        .iter()
        .copied()
        .filter(|kind| !Resources::KINDS.contains(kind))
        .collect();
    assert_eq!(unprovisioned, [], "add the kind to the registry");
}

fn names(text: &str, kind: &str) -> bool {
    text.contains(&format!("`{kind}`"))
}

#[test]
fn the_rules_can_fail() {
    assert!(files("no_such_kind", true).iter().all(|path| !exists(path)));
    assert_eq!(files("kms_key", true).len(), 3);
    assert!(exists("src/resource/kms_key.rs"));
    assert!(!names("a key, but not in backticks: kms_key", "kms_key"));
}
