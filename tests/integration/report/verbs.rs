//! `report` and `rehearse` as they are called: what they write, say, and end with.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use clap::Parser;
use strongroom::{
    cli::Cli,
    command::{self, Output},
    evidence::Rendering,
    exit::Exit,
    report::format::usual,
};
use tempfile::TempDir;

use super::judged::{Judged, denied};
use crate::{
    cli::desk::tree,
    contract::bank::{block_on, now},
};

const BANK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/environments/digital-bank");
const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/environments/sandbox.yaml");

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Runs a command; its end, standard output and standard error.
fn run(arguments: &[&str], at: jiff::Timestamp) -> (Exit, String, String) {
    let (out, err) = (Captured::default(), Captured::default());
    let mut output = Output::captured(Box::new(out.clone()), Box::new(err.clone()));
    let cli = Cli::parse_from(["strongroom"].iter().chain(arguments));
    let exit = block_on(command::run(cli, at, &mut output));
    (exit, out.text(), err.text())
}

/// What was written, the manifest aside: it says when.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = tree(folder).into_iter();
    names
        .filter(|name| name != "manifest.json")
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// Writes a snapshot; the folder and its path.
fn snapshot(judged: &Judged) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("snapshot.json");
    fs::write(&path, serde_json::to_vec(&judged.snapshot).unwrap()).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn reported(path: &str, more: &[&str], at: jiff::Timestamp) -> (Exit, String, String, TempDir) {
    let out = TempDir::new().unwrap();
    let folder = out.path().to_str().unwrap();
    let arguments = [&["report", BANK, "-o", folder, "--snapshot", path], more].concat();
    let (exit, told, warned) = run(&arguments, at);
    (exit, told, warned, out)
}

#[test]
fn replaying_a_snapshot_gives_the_same_files_at_any_time() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (first_exit, _, _, first) = reported(&path, &[], now());
    let later = "2027-01-01T00:00:00Z".parse().unwrap();
    let (second_exit, _, _, second) = reported(&path, &[], later);
    assert_eq!(first_exit, second_exit);
    let written = files(first.path());
    let rendered = |name: &&str| Rendering::ALL.iter().any(|one| one.has(name));
    let names = written.keys().map(String::as_str);
    let (renderings, names): (Vec<&str>, Vec<&str>) = names.partition(rendered);
    let wanted = [
        "assessment.json",
        "environment.json",
        "facts.json",
        "places.json",
        "records.json",
        "snapshot.json",
    ];
    assert_eq!(names, wanted);
    for rendering in usual() {
        assert!(
            renderings.iter().any(|name| rendering.has(name)),
            "{rendering}"
        );
    }
    assert!(written == files(second.path()));
    let (_, _, _, third) = reported(
        first.path().join("snapshot.json").to_str().unwrap(),
        &[],
        later,
    );
    assert!(
        written == files(third.path()),
        "its own snapshot gives the report again"
    );
}

#[test]
fn the_bank_as_declared_agrees() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (exit, told, _, _) = reported(&path, &[], now());
    assert_eq!(exit, Exit::Agreed, "{told}");
    assert!(told.contains("embedded sandbox, not AWS"), "{told}");
}

#[test]
fn a_failed_control_and_ignorance_have_their_exits() {
    let weak = Judged::bank().with(|json| {
        json["resources"]["log_group"]["login"]["retention_days"] = 7.into();
    });
    let (_kept, path) = snapshot(&weak);
    assert_eq!(reported(&path, &[], now()).0, Exit::ControlFailed);
    let blind = Judged::bank().with(|json| {
        json["resources"]["kms_key"]["login"]["policy"] = denied("kms:GetKeyPolicy", "no");
    });
    let (_kept, path) = snapshot(&blind);
    assert_eq!(reported(&path, &[], now()).0, Exit::Incomplete);
}

#[test]
fn an_unknown_framework_or_service_is_told_with_those_that_are_known() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (exit, _, warned, _) = reported(&path, &["--framework", "pci-dss@1.0"], now());
    assert_eq!(exit, Exit::Usage);
    assert!(warned.contains("known are apra-cps-234@2019, "), "{warned}");
    assert!(warned.contains("pci-dss@4.0.1"), "{warned}");
    let (exit, _, warned, _) = reported(&path, &["--service", "logon"], now());
    assert_eq!(exit, Exit::Usage);
    assert!(warned.contains("login"), "{warned}");
}

#[test]
fn one_framework_and_one_service_are_alone_on_the_page() {
    let (_kept, path) = snapshot(&Judged::bank());
    let chosen = ["--framework", "pci-dss@4.0.1", "--service", "cards"];
    let (_, _, _, out) = reported(&path, &chosen, now());
    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    assert!(page.contains("id=\"service-cards\"") && !page.contains("id=\"service-login\""));
    assert!(page.contains("PCI DSS 4.0.1") && !page.contains("CIS AWS"));
    assert!(page.contains("about the service <b>cards</b> alone"));
}

#[test]
fn only_the_chosen_renderings_are_written() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (_, told, _, out) = reported(&path, &["--render", "csv,sarif"], now());
    let written = files(out.path());
    let has = |name: &str| written.contains_key(name);
    assert!(has("verdicts.csv") && has("requirements.csv") && has("report.sarif"));
    assert!(!has("report.html") && !has("report.md"));
    assert!(told.contains("verdicts.csv"), "{told}");
    let log: serde_json::Value = serde_json::from_slice(&written["report.sarif"]).unwrap();
    assert_eq!(log["version"], "2.1.0");
}

#[test]
fn one_framework_runs_only_the_checks_that_it_names() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (_, _, _, out) = reported(&path, &["--framework", "pci-dss@4.0.1"], now());
    let report = fs::read(out.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["header"]["frameworks"][0], "pci-dss@4.0.1");
    let checks = report["checks"].as_array().unwrap();
    let speaks = |check: &&serde_json::Value| check["requirements"] != serde_json::json!([]);
    let named: Vec<_> = checks.iter().filter(speaks).map(|one| &one["id"]).collect();
    assert!(!named.is_empty());
    for check in checks {
        assert!(named.contains(&&check["id"]), "{}", check["id"]);
    }
    let folder = out.path().to_str().unwrap();
    let (verified, told, _) = run(&["verify", folder], now());
    assert_eq!(verified, Exit::Incomplete, "{told}");
    assert!(told.contains("the same bytes"), "{told}");
}

#[test]
fn a_report_can_begin_with_what_changed() {
    let (_kept, path) = snapshot(&Judged::bank());
    let (_, _, _, before) = reported(&path, &[], now());
    let weak = Judged::bank().with(|json| {
        json["resources"]["log_group"]["login"]["retention_days"] = 7.into();
    });
    let (_kept, path) = snapshot(&weak);
    let folder = before.path().to_str().unwrap();
    let (exit, _, _, after) = reported(&path, &["--since", folder], now());
    assert_eq!(exit, Exit::ControlFailed);
    let written = files(after.path());
    let report: serde_json::Value = serde_json::from_slice(&written["report.json"]).unwrap();
    let turned = report["since"]["turned"].as_array().unwrap();
    assert!(
        turned.iter().any(|one| one["after"]["slug"] == "fail"),
        "{turned:#?}"
    );
    let (verified, told, _) = run(&["verify", after.path().to_str().unwrap()], now());
    assert_eq!(
        verified,
        Exit::Incomplete,
        "only the signature is unknown: {told}"
    );
    fs::write(before.path().join("assessment.json"), "{}").unwrap();
    let (exit, _, warned, _) = reported(&path, &["--since", folder], now());
    assert_eq!(exit, Exit::Unverified, "{warned}");
}

#[test]
fn a_rehearsal_agrees_and_says_so_in_numbers() {
    let out = TempDir::new().unwrap();
    let folder = out.path().to_str().unwrap();
    let (exit, told, warned) = run(&["rehearse", SMALL, "-o", folder], now());
    assert_eq!(exit, Exit::Agreed, "{told}{warned}");
    let written = files(out.path());
    for name in [
        "plan.txt",
        "plan.json",
        "rehearsal.json",
        "report.html",
        "snapshot.json",
    ] {
        assert!(written.contains_key(name), "{name}");
    }
    let record: serde_json::Value = serde_json::from_slice(&written["rehearsal.json"]).unwrap();
    let tamperings = record["findings"].as_array().unwrap().len();
    assert!(
        told.contains(&format!("Tampered {tamperings} times: {tamperings} found")),
        "{told}"
    );
    assert!(
        !told.contains(" s."),
        "time is told on standard error: {told}"
    );
    assert!(warned.contains("Took "), "{warned}");
    let page = String::from_utf8(written["report.html"].clone()).unwrap();
    assert!(page.contains("id=\"rehearsal\""));
}

#[test]
fn a_rehearsal_has_an_account_of_its_own() {
    let out = TempDir::new().unwrap();
    let folder = out.path().to_str().unwrap();
    let (exit, _, warned) = run(
        &["rehearse", SMALL, "-o", folder, "--service", "login"],
        now(),
    );
    assert_eq!(exit, Exit::Usage);
    assert!(warned.contains("--service"), "{warned}");
}
