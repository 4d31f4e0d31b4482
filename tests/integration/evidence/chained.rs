//! Stores: chains of bundles, cut, torn and forked; and what they show of a period.

use std::{fs, path::PathBuf};

use serde_json::json;
use strongroom::evidence::{Digest, Manifest};

use super::bundle::Bundle;
use crate::cli::desk::{Desk, applied};

const REPORT: &str = "report sandbox.yaml --store store --sign-key key --snapshot";
const VERIFY: &str = "verify --key key.pub --chain store";

/// A desk with snapshots of several moments; in the third a retention was shortened.
fn looked() -> Desk {
    let mut desk = applied();
    desk.run("keygen -o key").exits(0);
    desk.run("snapshot sandbox.yaml -o seen.json").exits(0);
    let moments = [
        "2026-07-01T06:00:00Z",
        "2026-07-02T06:00:00Z",
        "2026-07-03T06:00:00Z",
        "2026-07-06T06:00:00Z",
    ];
    for (index, moment) in moments.iter().enumerate() {
        let mut snapshot: serde_json::Value =
            serde_json::from_str(&desk.read("seen.json")).unwrap();
        snapshot["taken_at"] = json!(moment);
        if index == 2 {
            snapshot["resources"]["log_group"]["login"]["retention_days"] = json!(7);
        }
        desk = desk.with(&format!("seen-{index}.json"), snapshot.to_string());
    }
    desk
}

/// A store with those four bundles.
fn stored() -> Desk {
    let desk = looked();
    for (index, code) in [0, 0, 11, 0].into_iter().enumerate() {
        desk.run(&format!("{REPORT} seen-{index}.json")).exits(code);
    }
    desk
}

/// The folders of the bundles, oldest first.
fn bundles(desk: &Desk) -> Vec<PathBuf> {
    let names = desk.names("store/sandbox").into_iter();
    let names = names.filter(|name| name.starts_with("2026"));
    names
        .map(|name| desk.path(&format!("store/sandbox/{name}")))
        .collect()
}

fn digest(folder: &std::path::Path) -> Digest {
    Digest::of(&fs::read(folder.join("manifest.json")).unwrap())
}

#[test]
fn a_store_is_a_chain_and_its_newest_bundle_is_the_head() {
    let desk = stored();
    let all = bundles(&desk);
    let previous = |folder: &PathBuf| {
        let bytes = fs::read(folder.join("manifest.json")).unwrap();
        Manifest::parse(&bytes).unwrap().previous
    };
    assert_eq!(previous(&all[0]), None);
    for pair in all.windows(2) {
        assert_eq!(previous(&pair[1]), Some(digest(&pair[0])));
    }
    let head = digest(&all[3]);
    assert_eq!(desk.read("store/sandbox/HEAD").trim(), head.as_str());
    let whole = desk.run(VERIFY).exits(0);
    whole
        .says("4 bundles, unbroken; pin the head")
        .says("2026-07-06");
    let pinned = desk.run(&format!("{VERIFY} --head {head}")).exits(0);
    pinned.says("4 bundles, unbroken, up to the pinned head");
    let older = all[1].strip_prefix(desk.path("")).unwrap().display();
    let run = desk.run(&format!("verify {older} --key key.pub --chain store"));
    run.exits(0).says("2026-07-02");
    desk.run(&format!("verify {older} --key key.pub"))
        .exits(0)
        .says("name the others");
}

#[test]
fn a_chain_without_its_end_is_found_by_the_pinned_head_and_by_the_stores_own() {
    let desk = stored();
    let all = bundles(&desk);
    let head = digest(&all[3]);
    fs::remove_dir_all(&all[3]).unwrap();
    desk.run(VERIFY).exits(14).says("HEAD names");
    fs::write(desk.path("store/sandbox/HEAD"), digest(&all[2]).as_str()).unwrap();
    // Whoever keeps the store can do this; only a head that is pinned elsewhere tells.
    desk.run(VERIFY).exits(0);
    let cut = desk.run(&format!("{VERIFY} --head {head}")).exits(14);
    cut.says("the chain was cut short").says(head.as_str());
}

#[test]
fn a_chain_without_its_beginning_or_middle_has_a_gap() {
    for gone in [0, 1] {
        let desk = stored();
        let all = bundles(&desk);
        let lost = digest(&all[gone]);
        fs::remove_dir_all(&all[gone]).unwrap();
        desk.run(VERIFY)
            .exits(14)
            .says(&format!("{lost}, which is not here"));
    }
}

#[test]
fn a_bundle_beside_the_chain_is_a_fork() {
    let desk = stored();
    fs::remove_file(desk.path("store/sandbox/HEAD")).unwrap();
    desk.run(&format!("{REPORT} seen-1.json")).exits(0);
    desk.run(VERIFY).exits(14).says("the chain has two ends");
}

#[test]
fn every_bundle_of_a_chain_must_verify() {
    let desk = stored();
    let page = bundles(&desk)[1].join("report.md");
    fs::write(&page, "all is well").unwrap();
    desk.run(VERIFY).exits(14).says("report.md was changed");
    desk.run("report --period 2026-07-01..2026-07-06 --store store --key key.pub")
        .exits(14)
        .complains("report.md was changed");
}

#[test]
fn a_store_and_a_folder_get_the_same_bundle_and_nothing_unfinished_is_left() {
    let desk = stored();
    desk.run("report sandbox.yaml").exits(2);
    desk.run(&format!("{REPORT} seen-3.json -o out")).exits(0);
    let names = desk.names("store/sandbox");
    assert!(
        names.iter().all(|name| !name.starts_with(".unfinished")),
        "{names:?}"
    );
    let bundle = Bundle { desk };
    let written = digest(&bundle.path(""));
    let kept = bundles(&bundle.desk);
    assert_eq!(kept.len(), 5);
    assert!(kept.iter().any(|folder| digest(folder) == written));
    assert!(bundle.manifest().previous.is_some());
    bundle.verify("").exits(0).says("it follows");
}

#[test]
fn a_period_tells_what_held_what_failed_and_when_nobody_looked() {
    let desk = stored();
    let line = "report --period 2026-07-01..2026-07-06 --store store --key key.pub";
    let json = desk.run(&format!("{line} --format json")).exits(12).json();
    assert_eq!(json["days_without"], json!(["2026-07-04", "2026-07-05"]));
    assert_eq!(json["bundles"].as_array().unwrap().len(), 4);
    let checks = json["checks"].as_array().unwrap().iter();
    let mut failed = checks.filter(|check| !check["failures"].as_array().unwrap().is_empty());
    let failed = failed
        .next()
        .expect("the shortened retention failed a check");
    assert_eq!(
        failed["failures"],
        json!([{"opened": "2026-07-03T06:00:00Z", "closed": "2026-07-06T06:00:00Z"}])
    );
    let intervals = failed["intervals"].as_array().unwrap();
    let told: Vec<_> = intervals
        .iter()
        .map(|one| (&one["outcome"], &one["looks"]))
        .collect();
    let pass = json!("pass");
    assert_eq!(
        told,
        [
            (&pass, &json!(2)),
            (&json!("fail"), &json!(1)),
            (&pass, &json!(1))
        ]
    );
    let change = &json["changes"][0];
    assert_eq!(change["seen_at"], "2026-07-03T06:00:00Z");
    assert_eq!(change["named"], json!(["log_group.login.retention_days"]));

    let text = desk.run(line).exits(12);
    let text = text
        .says("4 looks on 4 of 6 days")
        .says("no evidence of operation");
    text.says("2, 0 of them from Monday to Friday")
        .says("**failed**");
    desk.run(&format!("{line} -o out"))
        .exits(12)
        .says("Open out/period.md");
    assert_eq!(desk.names("out"), ["period.json", "period.md"]);
}

#[test]
fn a_period_ends_as_its_last_look_does() {
    let desk = stored();
    let period = |days: &str| format!("report --period {days} --store store --key key.pub");
    desk.run(&period("2026-07-01..2026-07-02")).exits(0);
    desk.run(&period("2026-07-01..2026-07-03")).exits(11);
    desk.run(&period("2025-01-01..2025-12-31"))
        .exits(12)
        .complains("has no bundle");
    desk.run(&period("2026-07-02..2026-07-01")).exits(2);
    desk.run("report --period 2026-07-01..2026-07-02").exits(2);
    let unpinned = desk.run("report --period 2026-07-01..2026-07-02 --store store");
    unpinned.exits(12).complains("nobody knows who sealed");
}
