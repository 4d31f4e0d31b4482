//! What the program is built from: one public registry, and a reason for every exception.

use super::repository::{assert_none, exists, read};

/// Sources of crates beside the first registry of the lock file: other registries, git, archives.
fn foreign_sources(lock: &str) -> Vec<String> {
    let sources = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "));
    let registry = sources
        .clone()
        .find(|source| source.starts_with("\"registry+"));
    let foreign = sources.filter(|source| Some(*source) != registry);
    foreign.map(str::to_owned).collect()
}

/// Entries of `deny.toml` that name a crate or an advisory without saying why.
fn without_reason(deny: &str) -> Vec<String> {
    let entries = deny.lines().map(str::trim).filter(|line| {
        ["{ crate =", "{ id =", "{ name ="]
            .iter()
            .any(|start| line.starts_with(start))
    });
    entries
        .filter(|line| !line.contains("reason = \""))
        .map(str::to_owned)
        .collect()
}

/// Licences of vendored data, by the folder that holds it: the NOTICE has to name each.
const VENDORED: [&str; 1] = ["policies/actions/LICENSE.iam-data"];

#[test]
fn crates_come_from_the_public_registry() {
    assert_none(
        foreign_sources(&read("Cargo.lock")),
        "Take the crate from the public registry: a clone has no other.",
    );
    for file in [".cargo/config", ".cargo/config.toml"] {
        assert!(
            !exists(file),
            "{file} belongs to a machine, not to the repository"
        );
    }
}

#[test]
fn exceptions_have_reasons() {
    assert_none(
        without_reason(&read("deny.toml")),
        "Add a reason to the entry in deny.toml.",
    );
}

#[test]
fn vendored_data_is_acknowledged() {
    let notice = read("NOTICE");
    let missing = VENDORED
        .iter()
        .filter(|path| !exists(path) || !notice.contains(**path));
    assert_none(
        missing.map(|path| path.to_string()).collect(),
        "Name the licence in NOTICE.",
    );
}

#[test]
fn the_rules_can_fail() {
    let lock = "source = \"registry+a\"\nsource = \"git+https://example.org/a\"\nsource = \"registry+a\"\n";
    assert_eq!(foreign_sources(lock), ["\"git+https://example.org/a\""]);
    let deny = "  { crate = \"a\", reason = \"b\" },\n  { crate = \"c\" },\n";
    assert_eq!(without_reason(deny), ["{ crate = \"c\" },"]);
}
