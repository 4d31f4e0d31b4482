//! Chains of digests, made and then tampered with. The signature algorithm is a stand-in: the real
//! one is tested where there is a real key.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::*;
use crate::evidence::hex;

const ACCOUNT: &str = "111122223333";

/// Files in memory.
struct Memory {
    names: BTreeSet<String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl TrailFolder for Memory {
    fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        self.files
            .get(name)
            .cloned()
            .ok_or_else(|| "gone".to_owned())
    }
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sign(message: &str) -> String {
    hex(Digest::of(format!("key{message}").as_bytes())
        .as_str()
        .as_bytes())
}

fn stand_in(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let message = [key, message].concat();
    signature == Digest::of(&message).as_str().as_bytes()
}

fn log_name(hour: usize) -> String {
    format!(
        "AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/{ACCOUNT}_CloudTrail_eu-west-1_{hour:02}.json.gz"
    )
}

fn digest_name(hour: usize, end: &str) -> String {
    format!(
        "AWSLogs/{ACCOUNT}/CloudTrail-Digest/eu-west-1/{ACCOUNT}_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261101T{hour:02}0000Z{end}.json.gz"
    )
}

fn log(hour: usize) -> Vec<u8> {
    format!("{{\"Records\":[{hour}]}}").into_bytes()
}

/// A digest for an hour after `previous`: its name, content and signature.
fn digest(
    hour: usize,
    previous: Option<&(String, Vec<u8>, String)>,
    end: &str,
) -> (String, Vec<u8>, String) {
    let name = digest_name(hour, end);
    let value = json!({
        "awsAccountId": ACCOUNT,
        "digestStartTime": format!("2026-11-01T{:02}:00:00Z", hour - 1),
        "digestEndTime": format!("2026-11-01T{hour:02}:00:00Z"),
        "digestS3Bucket": "logs", "digestS3Object": name,
        "digestPublicKeyFingerprint": "f1", "digestSignatureAlgorithm": "SHA256withRSA",
        "previousDigestS3Bucket": previous.map(|_| "logs"),
        "previousDigestS3Object": previous.map(|one| &one.0),
        "previousDigestHashValue": previous.map(|one| Digest::of(&one.1)),
        "previousDigestSignature": previous.map(|one| &one.2),
        "logFiles": [{
            "s3Bucket": "logs", "s3Object": log_name(hour),
            "hashValue": Digest::of(&log(hour)), "hashAlgorithm": "SHA-256",
        }],
    });
    let bytes = serde_json::to_vec(&value).unwrap();
    let file: DigestFile = serde_json::from_slice(&bytes).unwrap();
    let signature = sign(&file.signing_string(&Digest::of(&bytes)));
    (name, bytes, signature)
}

/// Four hours of digests and logs; only the newest digest has its metadata beside it.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut previous: Option<(String, Vec<u8>, String)> = None;
    for hour in 1..=4 {
        let made = digest(hour, previous.as_ref(), "");
        files.insert(made.0.clone(), zipped(&made.1));
        files.insert(log_name(hour), zipped(&log(hour)));
        previous = Some(made);
    }
    let (name, _, signature) = previous.unwrap();
    let metadata =
        json!({"Metadata": {"signature": signature, "signature-algorithm": "SHA256withRSA"}});
    files.insert(
        format!("{name}.metadata.json"),
        metadata.to_string().into_bytes(),
    );
    files
}

fn keys(to: &str) -> KeyList {
    let list = json!({"PublicKeyList": [{
        "Value": "a2V5", "Fingerprint": "f1",
        "ValidityStartTime": 1_700_000_000.5, "ValidityEndTime": to,
    }]});
    KeyList::parse(&list.to_string()).unwrap()
}

fn verified(files: BTreeMap<String, Vec<u8>>) -> TrailVerification {
    let names = files.keys().cloned().collect();
    let folder = Memory { names, files };
    verify(&folder, &keys("2030-01-01T00:00:00Z"), &stand_in)
}

/// The findings, by their words.
fn words(findings: &[TrailFinding]) -> String {
    let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
    all.join("\n")
}

#[test]
fn a_whole_chain_is_valid_and_one_saved_signature_is_enough() {
    let result = verified(files());
    assert_eq!(
        (words(&result.broken), words(&result.unknown)),
        Default::default()
    );
    assert_eq!(result.valid_logs, 4);
    let stream = &result.streams[0];
    assert_eq!(
        (stream.digests, stream.signed, stream.backfill),
        (4, 4, false)
    );
    assert_eq!(
        (stream.from.as_str(), stream.to.as_str()),
        ("2026-11-01T00:00:00Z", "2026-11-01T04:00:00Z")
    );
    assert!(
        stream
            .name
            .starts_with("logs/111122223333_CloudTrail-Digest_eu-west-1_trail")
    );
}

#[test]
fn a_flat_folder_and_a_bare_signature_do_as_well() {
    let mut flat = BTreeMap::new();
    for (name, bytes) in files() {
        let base = name.rsplit('/').next().unwrap().to_owned();
        match base.strip_suffix(".metadata.json") {
            None => flat.insert(base, bytes),
            Some(digest) => {
                let value: Value = serde_json::from_slice(&bytes).unwrap();
                let digits = value["Metadata"]["signature"].as_str().unwrap();
                flat.insert(
                    format!("{digest}.signature"),
                    format!("{digits}\n").into_bytes(),
                )
            }
        };
    }
    let result = verified(flat);
    assert_eq!(
        (words(&result.broken), words(&result.unknown)),
        Default::default()
    );
}

#[test]
fn changed_logs_and_missing_logs_are_named() {
    let mut changed = files();
    changed.insert(log_name(2), zipped(b"{\"Records\":[]}"));
    assert!(words(&verified(changed).broken).contains("_02.json.gz was changed"));
    let mut hidden = files();
    hidden.insert(log_name(2), [zipped(&log(2)), zipped(b"more")].concat());
    assert!(words(&verified(hidden).broken).contains("_02.json.gz was changed"));
    let mut gone = files();
    gone.remove(&log_name(3));
    assert!(words(&verified(gone).broken).contains("_03.json.gz is missing"));
    let mut added = files();
    added.insert(log_name(9), zipped(&log(9)));
    assert!(words(&verified(added).unknown).contains("_09.json.gz is named by no digest"));
}

#[test]
fn a_forged_or_moved_digest_has_no_valid_signature() {
    for (from, to) in [("_02.json.gz", "_07.json.gz"), ("T01:00:00Z", "T00:30:00Z")] {
        let mut forged = files();
        let name = digest_name(2, "");
        let text = String::from_utf8(inflated(&forged[&name]).unwrap()).unwrap();
        forged.insert(name, zipped(text.replacen(from, to, 1).as_bytes()));
        let result = verified(forged);
        let broken = words(&result.broken);
        assert!(
            broken.contains("T020000Z.json.gz was changed, or moved"),
            "{broken}"
        );
        assert!(broken.contains("is not what s3://logs/"), "{broken}");
    }
}

#[test]
fn a_missing_digest_is_a_hole_unless_it_is_older_than_all() {
    let mut hole = files();
    hole.remove(&digest_name(2, ""));
    hole.remove(&log_name(2));
    let broken = words(&verified(hole).broken);
    assert!(broken.contains("T020000Z.json.gz is missing"), "{broken}");
    let mut later = files();
    later.remove(&digest_name(1, ""));
    later.remove(&log_name(1));
    assert_eq!(verified(later).broken, []);
}

#[test]
fn what_the_newest_digest_says_is_unknown_without_its_signature() {
    let mut unsigned = files();
    unsigned.remove(&format!("{}.metadata.json", digest_name(4, "")));
    let result = verified(unsigned);
    assert_eq!(result.broken, []);
    assert!(words(&result.unknown).contains("save the object's metadata as AWSLogs/"));
    assert_eq!(result.streams[0].signed, 3);
}

#[test]
fn a_second_chain_in_a_stream_is_a_gap_and_backfills_have_their_own() {
    let mut all = files();
    let restarted = digest(8, None, "");
    all.insert(restarted.0.clone(), zipped(&restarted.1));
    all.insert(
        format!("{}.signature", restarted.0),
        restarted.2.into_bytes(),
    );
    all.insert(log_name(8), zipped(&log(8)));
    let late = digest(2, None, "_backfill");
    all.insert(late.0.clone(), zipped(&late.1));
    let metadata = json!({"Metadata": {
        "signature": late.2, "backfill-generation-timestamp": "2026-11-05T00:00:00Z",
    }});
    all.insert(
        format!("{}.metadata.json", late.0),
        metadata.to_string().into_bytes(),
    );
    let result = verified(all);
    assert_eq!(result.broken, []);
    let unknown = words(&result.unknown);
    assert!(
        unknown.contains("from 2026-11-01T04:00:00Z to 2026-11-01T07:00:00Z"),
        "{unknown}"
    );
    let kinds: Vec<bool> = result
        .streams
        .iter()
        .map(|stream| stream.backfill)
        .collect();
    assert_eq!(kinds, [false, true]);
}

#[test]
fn a_key_that_is_not_supplied_or_not_valid_then_is_refused() {
    let files = files();
    let names = files.keys().cloned().collect();
    let folder = Memory { names, files };
    let old = verify(&folder, &keys("2026-01-01T00:00:00Z"), &stand_in);
    assert!(words(&old.broken).contains("f1, which was not valid then"));
    let none = verify(&folder, &KeyList::default(), &stand_in);
    assert!(words(&none.broken).contains("f1, which is not among the supplied"));
    assert!(KeyList::parse("{}").is_err());
}

#[test]
fn an_empty_folder_proves_nothing() {
    let result = verified(BTreeMap::new());
    assert_eq!(result.unknown, [TrailFinding::NoDigest]);
}
