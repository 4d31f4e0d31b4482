//! What each tampering does, by kind, shape and verb, as a table for people to review.

use std::collections::{BTreeMap, BTreeSet};

use strongroom::{
    rehearse::{Expected, tamperings},
    resource::Direction,
};

use super::bank::{compiled, environment};

/// One line a shape and verb: all that it may do, over many choices of the resource.
#[test]
fn every_shape_has_its_directions() {
    let resources = compiled(&environment("sandbox.yaml")).resources;
    let mut table: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for tampering in (0..16).flat_map(|seed| tamperings(&resources, seed).tamperings) {
        let does = match &tampering.expected {
            Expected::Changes(changes) => {
                Direction::worst(changes.iter().map(|change| change.direction)).words()
            }
            Expected::Missing => "missing",
            Expected::Extra => "extra",
            Expected::Kept(_) => "told and kept",
        };
        let verb = format!("{:?}", tampering.verb).to_lowercase();
        let line = format!(
            "{:<20} {:<42} {verb:<9}",
            tampering.address.kind, tampering.shape
        );
        table.entry(line).or_default().insert(does);
    }
    let lines: Vec<String> = table
        .into_iter()
        .map(|(line, does)| {
            format!(
                "{line} {}",
                does.into_iter().collect::<Vec<_>>().join(" | ")
            )
        })
        .collect();
    reviewed("directions", &lines);
}

/// Exactly these fields cannot be tampered with by a call; a new one needs a line here.
#[test]
fn what_no_call_can_change_is_known() {
    let fixed = tamperings(&compiled(&environment("digital-bank")).resources, 0).fixed;
    let lines: Vec<String> = fixed
        .into_iter()
        .map(|f| format!("{:<36} {}", f.field, f.reason))
        .collect();
    reviewed("fixed", &lines);
}

/// A table for people, in a file that is called what it is.
fn reviewed(name: &str, lines: &[String]) {
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, lines.join("\n"));
    });
}
