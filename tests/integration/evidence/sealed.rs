//! Bundles that nobody touched: they verify, they are the same bytes, and they tell what they are.

use std::fs;

use serde_json::Value;
use strongroom::evidence::{Digest, verify::Verification};

use super::bundle::Bundle;
use crate::cli::desk::{applied, desk};

#[test]
fn a_rehearsal_verifies_and_says_what_it_is() {
    let bundle = Bundle::rehearsed();
    let run = bundle.verify("").exits(0);
    let run = run
        .says("embedded sandbox, not AWS")
        .says("rehearsal, seed 0");
    run.says("rehearsed again: the same snapshot")
        .says("the same bytes")
        .says("its evidence gives its verdicts");
}

#[test]
fn a_report_verifies_for_machines_too() {
    let bundle = Bundle::reported();
    let json = bundle.verify("--format json").exits(0).json();
    assert_eq!(json["schema"], "strongroom/verification/v1");
    let digest = Digest::of(&bundle.bytes("manifest.json"));
    assert_eq!(json["digest"], digest.as_str());
    assert_eq!(json["manifest"]["origin"], "sandbox");
    for step in ["files", "signature", "judgement"] {
        assert!(json["steps"][step]["held"].is_string(), "{step}: {json}");
    }
    let head = format!("--head {digest}");
    bundle.verify(&head).exits(0).says("the pinned head");
}

#[test]
fn a_sandbox_is_no_live_account_and_neither_is_a_snapshot_that_says_so() {
    let bundle = Bundle::reported();
    let refused = bundle.verify("--require-live").exits(14);
    refused.says("a live account is required, and this is embedded sandbox");
    let desk = applied();
    desk.run("snapshot sandbox.yaml -o seen.json").exits(0);
    let desk = desk.edited("seen.json", |snapshot| {
        snapshot["origin"] = serde_json::json!({"live": {"endpoint": null}});
    });
    desk.run("keygen -o key").exits(0);
    let report = "report sandbox.yaml -o out --sign-key key --snapshot seen.json";
    // Nobody has made the account's trail and alarms there.
    desk.run(report).exits(11);
    let live = desk.run("verify out --key key.pub --require-live");
    live.exits(14).says("nothing shows that it was asked");
}

#[test]
fn without_a_key_or_a_signature_nothing_is_known_of_the_signer() {
    let desk = applied();
    desk.run("keygen -o key").exits(0);
    desk.run("report sandbox.yaml -o out").exits(0);
    desk.run("verify out").exits(12).says("no key was given");
    let pinned = desk.run("verify out --key key.pub");
    pinned.exits(14).says("the bundle is not signed");
}

#[test]
fn the_same_inputs_at_the_same_moment_are_the_same_bytes() {
    // Both signatures are deterministic, so that a bundle made again is the same bundle.
    let bundle = Bundle::reported();
    let manifest = bundle.manifest();
    let (before, key) = (bundle.found(), bundle.key());
    let after = bundle.signed(&manifest, &key).found();
    assert_eq!(before, after);
}

#[test]
fn a_bundle_is_written_over_an_older_one_without_its_remains() {
    let bundle = Bundle::rehearsed();
    let report = "report sandbox.yaml -o out --sign-key key";
    // The sandbox is empty, so that controls fail; the bundle is whole nevertheless.
    bundle.desk.run(report).exits(11);
    assert!(!bundle.path("rehearsal.json").exists());
    bundle.verify("").exits(0);
    fs::write(bundle.path("notes.txt"), "mine").unwrap();
    let warned = bundle.desk.run(report).exits(11);
    warned.complains("also holds notes.txt");
    bundle.fails("notes.txt is not of this bundle");
}

#[test]
fn a_folder_that_was_not_finished_does_not_verify() {
    let bundle = Bundle::rehearsed();
    fs::remove_file(bundle.path("manifest.json")).unwrap();
    bundle.fails("one that was never finished");
    let empty = desk();
    fs::create_dir(empty.path("out")).unwrap();
    empty
        .run("verify out")
        .exits(14)
        .says("there is no manifest.json");
    empty
        .run("verify nowhere")
        .exits(1)
        .complains("cannot read nowhere");
}

#[test]
fn the_manifest_answers_an_auditors_questions() {
    let bundle = Bundle::reported();
    let json: Value = serde_json::from_slice(&bundle.bytes("manifest.json")).unwrap();
    for field in [
        "/caller",
        "/taken_at",
        "/sealed_at",
        "/tool/version",
        "/tool/binary",
        "/specification/digest",
        "/policies/library",
        "/population/verdicts/pass",
        "/population/listed/kms_key",
        "/files/snapshot.json/sha256",
    ] {
        let value = json.pointer(field).unwrap_or(&Value::Null);
        assert!(!value.is_null(), "{field}");
    }
    assert!(
        json["taken_at"].as_str().unwrap().ends_with('Z'),
        "UTC, and says so"
    );
    let found = bundle.found();
    let verification = Verification::begin(&found, Some(&bundle.public()), false);
    assert!(!verification.is_broken());
}
