//! Waivers and attestations beside a specification, as people use them from day to day.

use serde_json::{Value, json};

use super::desk::{Desk, applied};

fn waivers(expires: &str) -> String {
    format!(
        "# Agreed in the risk forum.
schema: strongroom/waivers/v1
waivers:
  - id: W-1
    drift: {{address: log_group/login, path: retention_days}}
    reason: The archive is full until the new one is there.
    compensating_control: Logs are copied to the SIEM.
    owner: ann@bank.example
    approver: bob@bank.example
    approved_on: 2026-01-10
    expires: {expires}
    ticket: RISK-7
  - id: W-2
    check: logs.retention-min
    scope: {{service: login}}
    reason: The archive is full until the new one is there.
    compensating_control: Logs are copied to the SIEM.
    owner: ann@bank.example
    approver: bob@bank.example
    approved_on: 2026-01-10
    expires: {expires}
    ticket: RISK-7
"
    )
}

/// A snapshot of an account whose log group forgets too early, taken on a day in 2026.
fn forgetful(expires: &str) -> Desk {
    let desk = applied().tampered(|account: &mut Value| {
        account["resources"]["log_group"]["login"]["retention_days"] = json!(7);
    });
    desk.run("snapshot sandbox.yaml -o seen.json").exits(0);
    desk.edited("seen.json", |seen| {
        seen["taken_at"] = json!("2026-06-15T12:00:00Z")
    })
    .with("sandbox.waivers.yaml", waivers(expires))
}

#[test]
fn a_waived_drift_is_an_exception_until_it_expires() {
    let desk = forgetful("2026-12-31");
    desk.run("drift sandbox.yaml --snapshot seen.json")
        .exits(0)
        .says("(exception W-1, until 2026-12-31)")
        .says("No drift but exceptions: 1 changed; 1 difference is an exception.");
    let machine = desk
        .run("drift sandbox.yaml --snapshot seen.json --format json")
        .exits(0)
        .json();
    assert_eq!(machine["waivers"]["waived"][0]["waiver"], "W-1");
    assert_eq!(machine["waivers"]["open"], 0);
    let expired = forgetful("2026-06-14");
    expired
        .run("drift sandbox.yaml --snapshot seen.json")
        .exits(10)
        .says("(waiver W-1 expired on 2026-06-14)");
}

#[test]
fn a_waiver_of_another_field_allows_nothing_and_is_told() {
    let desk = forgetful("2026-12-31");
    let text = desk
        .read("sandbox.waivers.yaml")
        .replace("path: retention_days", "path: kms_key");
    let desk = desk.with("sandbox.waivers.yaml", text);
    desk.run("drift sandbox.yaml --snapshot seen.json")
        .exits(10)
        .says("Waivers that match nothing")
        .says("W-1: remove it, or correct its drift");
}

#[test]
fn a_waived_failure_is_an_exception_and_never_a_pass() {
    let desk = forgetful("2026-12-31");
    let line = "report sandbox.yaml -o out --snapshot seen.json";
    desk.run(line)
        .exits(0)
        .says("0 failed, 1 excepted by waivers");
    let assessment: Value = serde_json::from_str(&desk.read("out/assessment.json")).unwrap();
    assert_eq!(assessment["totals"]["exception"], 1);
    assert_eq!(assessment["totals"]["fail"], 0);
    let page = desk.read("out/report.html");
    assert!(page.contains("Exception by waiver W-1") || page.contains("Exception by waiver W-2"));
    assert!(page.contains("Logs are copied to the SIEM."));
    let expired = forgetful("2026-06-14");
    expired.run(line).exits(11).says("1 failed");
    let short = expired.read("out/report.md");
    assert!(
        short.contains("Waiver W-2 is expired: its last day is 2026-06-14."),
        "{short}"
    );
}

#[test]
fn a_waiver_that_matches_nothing_is_told_on_page_one() {
    let desk = forgetful("2026-12-31");
    let text = desk
        .read("sandbox.waivers.yaml")
        .replace("service: login", "service: customers");
    let desk = desk.with("sandbox.waivers.yaml", text);
    desk.run("report sandbox.yaml -o out --snapshot seen.json")
        .exits(11);
    let short = desk.read("out/report.md");
    assert!(
        short.contains("Waiver W-2: matches nothing: no such failure was found"),
        "{short}"
    );
}

#[test]
fn a_broken_waiver_refuses_the_run_with_its_line() {
    let text = waivers("2027-01-11").replace("bob@", "ANN@");
    let desk = applied().with("sandbox.waivers.yaml", text);
    for line in [
        "validate sandbox.yaml",
        "drift sandbox.yaml",
        "report sandbox.yaml -o out",
    ] {
        desk.run(line)
            .exits(3)
            .complains("same-person")
            .complains("waiver-too-long")
            .complains("sandbox.waivers.yaml:9:15");
    }
    let machine = desk
        .run("validate sandbox.yaml --format json")
        .exits(3)
        .json();
    assert_eq!(machine["diagnostics"].as_array().unwrap().len(), 4);
}

const ATTEST: [&str; 13] = [
    "attest",
    "sandbox.yaml",
    "--framework",
    "dora",
    "--requirement",
    "5",
    "--by",
    "Ann Example",
    "--statement",
    "The board approved the framework: minutes 7 # 2026.",
    "--evidence",
    "minutes.pdf",
    "--valid-until",
];

fn attest(desk: &Desk, until: &str, more: &[&str]) -> std::process::Output {
    let mut command = desk.command("--cloud sandbox");
    command.args(ATTEST).arg(until).args(more).output().unwrap()
}

#[test]
fn what_is_attested_satisfies_its_requirement_until_its_evidence_changes() {
    let desk = applied().with("minutes.pdf", "agreed");
    let first = attest(&desk, "2099-12-31", &[]);
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    let told = String::from_utf8(first.stderr).unwrap();
    assert!(
        told.contains("5 takes none older than 365 days: it counts until "),
        "{told}"
    );
    let commented = format!("# ours\n{}", desk.read("sandbox.attestations.yaml"));
    let desk = desk.with("sandbox.attestations.yaml", commented);
    assert_eq!(
        attest(&desk, "2099-12-31", &["--approver", "Bob"])
            .status
            .code(),
        Some(0)
    );
    let text = desk.read("sandbox.attestations.yaml");
    assert!(text.starts_with("# ours\n"), "{text}");
    assert_eq!(text.matches("- id: att-").count(), 2, "{text}");
    let outcome = |desk: &Desk| {
        let assessment: Value = serde_json::from_str(&desk.read("out/assessment.json")).unwrap();
        let dora = assessment["frameworks"].as_array().unwrap()[0].clone();
        assert_eq!(dora["id"], "dora@2022/2554");
        dora["requirements"][0]["overall"].clone()
    };
    desk.run("report sandbox.yaml -o out").exits(0);
    assert_eq!(outcome(&desk), "attested");
    let desk = desk.with("minutes.pdf", "agreed otherwise");
    desk.run("report sandbox.yaml -o out").exits(11);
    assert_eq!(outcome(&desk), "fail");
    let short = desk.read("out/report.md");
    assert!(
        short.contains("minutes.pdf has changed since it was hashed"),
        "{short}"
    );
}

#[test]
fn what_cannot_be_attested_is_refused_and_nothing_is_written() {
    let desk = applied().with("minutes.pdf", "agreed");
    let cases: [(&str, &[&str], i32, &str); 5] = [
        ("2020-01-01", &[], 2, "--valid-until: 2020-01-01 is over"),
        (
            "2099-12-31",
            &["--requirement", "99"],
            2,
            "has no requirement 99",
        ),
        (
            "2099-12-31",
            &["--approver", "ann example"],
            3,
            "same-person",
        ),
        (
            "2099-12-31",
            &["--evidence", "/dev/null"],
            2,
            "put evidence beside the specification",
        ),
        (
            "2099-12-31",
            &["--evidence", "gone.pdf"],
            1,
            "cannot read gone.pdf",
        ),
    ];
    for (until, more, code, words) in cases {
        let output = attest(&desk, until, more);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(words), "{words}: {told}");
        assert!(!desk.path("sandbox.attestations.yaml").exists());
    }
}
