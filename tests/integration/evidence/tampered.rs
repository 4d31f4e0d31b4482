//! Tampering, kind by kind: by somebody without a key, with another key, and with the right one.

use std::{fs, sync::LazyLock};

use proptest::prelude::*;
use strongroom::{
    evidence::{
        Algorithm, Manifest, SigningKey, VerifyingKey,
        verify::{Found, Verification},
    },
    snapshot::Origin,
};

use super::bundle::Bundle;

/// Something done to a manifest.
type Edit = fn(&mut Manifest);

fn stranger() -> SigningKey {
    SigningKey::of_seed(Algorithm::P256, &[7; 32]).unwrap()
}

#[test]
fn a_changed_byte_is_named() {
    Bundle::rehearsed()
        .replaced("report.md", "sandbox", "Sandbox")
        .fails("report.md was changed: it has");
}

#[test]
fn a_dropped_file_is_named() {
    let bundle = Bundle::rehearsed();
    fs::remove_file(bundle.path("facts.json")).unwrap();
    bundle.fails("facts.json is missing");
}

#[test]
fn an_added_file_is_named_wherever_it_lies() {
    let bundle = Bundle::rehearsed();
    fs::create_dir(bundle.path("deep")).unwrap();
    fs::write(bundle.path("deep/more.md"), "all is well").unwrap();
    bundle.fails("deep/more.md is not of this bundle");
}

#[cfg(unix)]
#[test]
fn a_link_is_no_file() {
    let bundle = Bundle::rehearsed();
    fs::rename(bundle.path("facts.json"), bundle.desk.path("facts.json")).unwrap();
    std::os::unix::fs::symlink("../facts.json", bundle.path("facts.json")).unwrap();
    bundle.fails("facts.json is no regular file");
}

#[test]
fn a_manifest_for_the_changed_file_is_not_the_signed_one() {
    let bundle = Bundle::rehearsed();
    let envelope = bundle.bytes("manifest.dsse.json");
    let bundle = bundle
        .replaced("report.md", "sandbox", "Sandbox")
        .resealed(&stranger());
    fs::write(bundle.path("manifest.dsse.json"), envelope).unwrap();
    bundle.fails("signs another manifest");
}

#[test]
fn a_bundle_signed_by_another_key_is_refused_with_both_keys() {
    let bundle = Bundle::rehearsed().resealed(&stranger());
    bundle.fails(&format!(
        "not by the pinned key {}",
        bundle.public().fingerprint()
    ));
    let claimed = stranger().verifying_key().fingerprint();
    bundle.fails(&format!("signed by the key {claimed}"));
}

#[test]
fn a_signature_that_claims_the_pinned_key_is_still_none() {
    let bundle = Bundle::rehearsed();
    let pinned = bundle.public().fingerprint();
    let claimed = stranger().verifying_key().fingerprint();
    bundle
        .resealed(&stranger())
        .replaced("manifest.dsse.json", claimed.as_str(), pinned.as_str())
        .fails("the signature is not one of the pinned key");
}

#[test]
fn a_signature_that_was_taken_away_is_missed() {
    let bundle = Bundle::rehearsed();
    fs::remove_file(bundle.path("manifest.dsse.json")).unwrap();
    bundle.fails("the bundle is not signed");
}

/// Makes an outcome another one, in a bundle whose only service has a log that is kept too short.
fn whitewashed(key: impl Fn(&Bundle) -> SigningKey) -> Bundle {
    let bundle = Bundle::reported();
    let key = key(&bundle);
    bundle
        .replaced(
            "assessment.json",
            "\"outcome\": \"needs-live\"",
            "\"outcome\": \"pass\"",
        )
        .resealed(&key)
}

#[test]
fn an_edited_verdict_is_found_whoever_signs_it() {
    whitewashed(|_| stranger()).fails("not by the pinned key");
    let own = whitewashed(Bundle::key);
    own.fails("assessment.json is not what the evidence gives at ");
    own.fails("the bundle says \"pass\", and it is \"needs-live\"");
}

#[test]
fn an_edited_page_signed_by_the_right_key_is_found() {
    let bundle = Bundle::rehearsed();
    let key = bundle.key();
    let bundle = bundle.replaced("report.html", "</h1>", " (approved)</h1>");
    bundle
        .resealed(&key)
        .fails("report.html is not what the evidence gives at line");
}

#[test]
fn an_edited_snapshot_signed_by_the_right_key_is_not_what_was_rehearsed() {
    let bundle = Bundle::rehearsed();
    let key = bundle.key();
    let bundle = bundle.replaced(
        "snapshot.json",
        "\"retention_days\": ",
        "\"retention_days\": 9",
    );
    bundle
        .resealed(&key)
        .fails("snapshot.json is not what the evidence gives at resources.log_group");
}

#[test]
fn an_edited_specification_signed_by_the_right_key_does_not_fit_its_digest() {
    let bundle = Bundle::reported();
    let key = bundle.key();
    let bundle = bundle.replaced(
        "environment.json",
        "\"rotation_days\": ",
        "\"rotation_days\": 1",
    );
    let bundle = bundle.resealed(&key);
    bundle.fails("manifest.json is not what the evidence gives at specification.digest");
}

#[test]
fn a_page_of_ones_own_signed_by_the_right_key_follows_from_nothing() {
    let bundle = Bundle::reported();
    let key = bundle.key();
    fs::write(bundle.path("opinion.md"), "all is well").unwrap();
    bundle
        .resealed(&key)
        .fails("opinion.md follows from nothing in the bundle");
    let bundle = Bundle::reported();
    let key = bundle.key();
    fs::remove_file(bundle.path("report.md")).unwrap();
    bundle
        .resealed(&key)
        .fails("report.md follows from the evidence, and the bundle");
}

#[test]
fn an_edited_origin_population_or_caller_is_found_though_the_right_key_signed() {
    let edits: [(&str, Edit); 4] = [
        ("origin", |m| m.origin = Origin::Live { endpoint: None }),
        ("population.calls", |m| m.population.calls = 900),
        ("caller", |m| m.caller = "role/auditor".to_owned()),
        ("taken_at", |m| m.taken_at = jiff::Timestamp::UNIX_EPOCH),
    ];
    for (place, edit) in edits {
        let bundle = Bundle::reported();
        let (mut manifest, key) = (bundle.manifest(), bundle.key());
        edit(&mut manifest);
        let bundle = bundle.signed(&manifest, &key);
        bundle.fails(&format!(
            "manifest.json is not what the evidence gives at {place}"
        ));
    }
}

#[test]
fn a_bundle_of_another_version_is_unknown_and_its_differences_are_named() {
    let bundle = Bundle::reported();
    let key = bundle.key();
    let bundle = bundle
        .replaced("assessment.json", "\"needs-live\"", "\"pass\"")
        .resealed(&key);
    let mut manifest = bundle.manifest();
    manifest.tool.version = "0.0.9".to_owned();
    let bundle = bundle.signed(&manifest, &key);
    let run = bundle.verify("").exits(12).says("strongroom 0.0.9 made it");
    run.says("assessment.json is not what the evidence gives");
}

#[test]
fn foreign_text_in_a_bundle_commands_no_terminal() {
    let bundle = Bundle::reported();
    let (mut manifest, key) = (bundle.manifest(), bundle.key());
    manifest.caller = "a\u{1b}[2Jb".to_owned();
    manifest.tool.name = "\u{202e}x".to_owned();
    let bundle = bundle.signed(&manifest, &key);
    bundle.verify("").exits(14).commands_no_terminal();
}

/// One bundle for the property below.
static SEALED: LazyLock<(Found, VerifyingKey)> = LazyLock::new(|| {
    let bundle = Bundle::rehearsed();
    (bundle.found(), bundle.public())
});

/// The bytes of one of its files, the manifest and the signature among them.
fn nth(found: &mut Found, index: usize) -> &mut Vec<u8> {
    let Found {
        manifest,
        envelope,
        files,
        ..
    } = found;
    let named = [manifest, envelope].into_iter().flatten();
    let mut all: Vec<&mut Vec<u8>> = named.chain(files.values_mut()).collect();
    let index = index % all.len();
    all.swap_remove(index)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_changed_byte_in_any_file_is_found(file: usize, place: usize, mask in 1_u8..) {
        let (found, key) = &*SEALED;
        let mut found = found.clone();
        let bytes = nth(&mut found, file);
        let place = place % bytes.len();
        bytes[place] ^= mask;
        prop_assert!(Verification::begin(&found, Some(key), false).is_broken());
    }

    #[test]
    fn any_cut_or_added_byte_is_found(file: usize, place: usize, added: Option<u8>) {
        let (found, key) = &*SEALED;
        let mut found = found.clone();
        let bytes = nth(&mut found, file);
        let place = place % bytes.len();
        match added {
            Some(byte) => bytes.insert(place, byte),
            None => drop(bytes.remove(place)),
        }
        prop_assert!(Verification::begin(&found, Some(key), false).is_broken());
    }
}
