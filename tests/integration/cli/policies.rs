//! A bank's own checks and frameworks, from the worked example of the documentation.

use std::{fs, path::Path};

use super::desk::{Desk, applied};

/// The example of `docs/adding-a-framework.md`, copied to the desk as `house`.
fn with_house_rules(desk: Desk) -> Desk {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/house-policies");
    for file in ["checks/house.yaml", "frameworks/house-rules-2026.yaml"] {
        let to = desk.path("house").join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from.join(file), to).unwrap();
    }
    desk
}

/// Exchanges a piece of a file of the house rules.
fn spoilt(desk: &Desk, file: &str, from: &str, to: &str) {
    let path = desk.path("house").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_example_of_the_documentation_passes_its_test() {
    let desk = with_house_rules(applied());
    desk.run("policies test house")
        .exits(0)
        .says("ok house.card-keys-rotate-yearly")
        .says("not applicable: neither card nor personal data")
        .says("ok house-rules@2026: 4 requirements")
        .says("1 checks with 4 cases, 1 frameworks: all as they say.");
    let machine = desk
        .run("policies test house --format json")
        .exits(0)
        .json();
    assert_eq!(machine["schema"], "strongroom/policies-test/v1");
    assert_eq!(
        machine["tried"]["checks"][0]["cases"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_case_that_comes_out_otherwise_is_told_with_its_file() {
    let desk = with_house_rules(applied());
    spoilt(
        &desk,
        "checks/house.yaml",
        "rotation_period_days: 730",
        "rotation_period_days: 30",
    );
    desk.run("policies test house")
        .exits(1)
        .says("house/checks/house.yaml: house.card-keys-rotate-yearly: case \"rotates too seldom\" expects fail, and comes to pass");
}

#[test]
fn an_id_that_is_taken_is_refused() {
    let desk = with_house_rules(applied());
    let own = "id: house.card-keys-rotate-yearly";
    spoilt(&desk, "checks/house.yaml", own, "id: kms.rotation-enabled");
    desk.run("policies test house")
        .exits(1)
        .says("another check has this id");
    desk.run("report sandbox.yaml -o out --policies house")
        .exits(3)
        .complains("another check has this id");
    let desk = with_house_rules(applied());
    spoilt(
        &desk,
        "frameworks/house-rules-2026.yaml",
        "house-rules@2026",
        "dora@2022/2554",
    );
    desk.run("policies test house")
        .exits(1)
        .says("another framework has this id");
}

#[test]
fn a_file_that_is_neither_is_refused_and_so_is_an_empty_folder() {
    let desk = with_house_rules(applied());
    fs::write(desk.path("house/checks/notes.yaml"), "schema: other/v1\n").unwrap();
    desk.run("policies test house")
        .exits(3)
        .complains("is `other/v1`, and must be");
    fs::create_dir(desk.path("empty")).unwrap();
    desk.run("policies test empty")
        .exits(2)
        .complains("there is no *.yaml");
    desk.run("policies test nowhere")
        .exits(1)
        .complains("cannot read nowhere");
}

#[test]
fn a_specification_may_name_a_framework_of_the_bank() {
    let desk = with_house_rules(applied()).respecified(
        "own.yaml",
        "frameworks: [pci-dss@4.0.1, dora@2022/2554]",
        "frameworks: [house-rules@2026]",
    );
    desk.run("validate own.yaml")
        .exits(3)
        .complains("unknown-framework");
    desk.run("validate own.yaml --policies house").exits(0);
    desk.run("report own.yaml -o out --policies house").exits(0);
    let assessment: serde_json::Value =
        serde_json::from_str(&desk.read("out/assessment.json")).unwrap();
    let framework = &assessment["frameworks"][0];
    assert_eq!(framework["id"], "house-rules@2026");
    let outcome = |index: usize| &framework["requirements"][index]["overall"];
    assert_eq!(outcome(0), "pass");
    assert_eq!(outcome(1), "manual");
    assert_eq!(outcome(3), "inherited");
    assert!(
        desk.read("out/report.html")
            .contains("house.card-keys-rotate-yearly")
    );
}

#[test]
fn a_retired_framework_explains_itself() {
    let desk = applied();
    desk.run("report sandbox.yaml -o out --framework ffiec-cat")
        .exits(0)
        .complains("ffiec-cat@2017 is retired.")
        .complains("nist-csf@2.0");
    assert!(
        desk.read("out/report.html")
            .contains("withdrew it on 31 August 2025")
    );
    desk.run("report sandbox.yaml -o out --framework cis-aws")
        .exits(2)
        .complains("cis-aws has several versions; name one of cis-aws@5.0.0, cis-aws@7.0.0");
}
