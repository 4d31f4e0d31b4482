//! `verify-trail` with a real key: what CloudTrail would have delivered, as a person downloads it.

use std::{fs, io::Write, path::Path};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use strongroom::evidence::{Digest, hex};

use crate::cli::desk::{Desk, desk};

const LINE: &str = "verify-trail trail --keys keys.json";
const PREFIX: &str = "AWSLogs/111122223333";

fn put(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    fs::write(path, encoder.finish().unwrap()).unwrap();
}

fn log_key() -> String {
    format!(
        "{PREFIX}/CloudTrail/eu-west-1/111122223333_CloudTrail_eu-west-1_20261101T0030Z_a.json.gz"
    )
}

fn digest_key() -> String {
    format!(
        "{PREFIX}/CloudTrail-Digest/eu-west-1/111122223333_CloudTrail-Digest_eu-west-1_bank_eu-west-1_20261101T010000Z.json.gz"
    )
}

fn signed(key: &KeyPair, message: &str) -> String {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .unwrap();
    hex(&signature)
}

/// A desk with one hour of a trail and the list of its one key.
fn delivered() -> Desk {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let desk = desk();
    let log = br#"{"Records":[]}"#;
    put(&desk.path(&format!("trail/{}", log_key())), log);
    let digest = json!({
        "awsAccountId": "111122223333",
        "digestStartTime": "2026-11-01T00:00:00Z", "digestEndTime": "2026-11-01T01:00:00Z",
        "digestS3Bucket": "logs", "digestS3Object": digest_key(),
        "digestPublicKeyFingerprint": "f1", "digestSignatureAlgorithm": "SHA256withRSA",
        "previousDigestS3Bucket": null, "previousDigestS3Object": null,
        "previousDigestHashValue": null, "previousDigestSignature": null,
        "logFiles": [{
            "s3Bucket": "logs", "s3Object": log_key(),
            "hashValue": Digest::of(log), "hashAlgorithm": "SHA-256",
        }],
    });
    let content = serde_json::to_vec(&digest).unwrap();
    let path = desk.path(&format!("trail/{}", digest_key()));
    put(&path, &content);
    let message = format!(
        "2026-11-01T01:00:00Z\nlogs/{}\n{}\nnull",
        digest_key(),
        Digest::of(&content)
    );
    let metadata = json!({"Metadata": {"signature": signed(&key, &message)}});
    let beside = format!("{}.metadata.json", path.display());
    fs::write(beside, metadata.to_string()).unwrap();
    // PKCS#1, as CloudTrail lists its keys.
    let public = STANDARD.encode(key.public_key().as_ref());
    let keys = json!({"PublicKeyList": [{"Value": public, "Fingerprint": "f1"}]});
    desk.with("keys.json", keys.to_string())
}

#[test]
fn a_trail_is_valid_by_its_real_key() {
    let desk = delivered();
    let run = desk
        .run(LINE)
        .exits(0)
        .says("1 digest, 1 with a valid signature");
    run.says("1 log as a digest says")
        .says("These are the logs that CloudTrail delivered.");
    let json = desk.run(&format!("{LINE} --format json")).exits(0).json();
    assert_eq!(json["schema"], "strongroom/trail-verification/v1");
}

#[test]
fn another_key_and_another_log_are_found() {
    let desk = delivered();
    let other = desk.with("keys.json", delivered().read("keys.json"));
    other
        .run(LINE)
        .exits(14)
        .says("its signature is not that of the key f1");
    let desk = delivered();
    put(
        &desk.path(&format!("trail/{}", log_key())),
        br#"{"Records":[1]}"#,
    );
    desk.run(LINE).exits(14).says("was changed: its content");
}

#[test]
fn what_is_no_list_of_keys_is_refused() {
    let desk = delivered().with("keys.json", "[]");
    desk.run(LINE).exits(2).complains("list-public-keys");
    desk.run("verify-trail nowhere --keys keys.json").exits(2);
}
