//! The comment: what it says of the bank, and that it stays a comment.

use super::judged::{Judged, denied};

#[test]
fn the_bank_in_short() {
    insta::with_settings!({filters => vec![(r"\d+\.\d+\.\d+; the", "[version]; the")]}, {
        insta::assert_snapshot!("bank", Judged::bank().short());
    });
}

#[test]
fn an_account_that_shows_nothing_still_fits_a_comment() {
    let judged = Judged::bank().with(|json| {
        let keys = json["resources"]["kms_key"].as_object_mut().unwrap();
        for (name, key) in keys {
            key["policy"] = denied("kms:GetKeyPolicy", &format!("{name} {}", "x".repeat(5_000)));
        }
        let roles = json["resources"]["iam_role"].as_object_mut().unwrap();
        for role in roles.values_mut() {
            role["inline"]["access"]["statements"]["x".repeat(3_000)] =
                serde_json::json!({ "effect": "Allow", "actions": ["*"], "resources": ["*"] });
        }
    });
    let short = judged.short();
    assert!(short.chars().count() <= 60_000);
    assert!(short.contains("What could not be read") || short.contains("more than fits here"));
}
