//! Waivers and attestations that are wrong, each as a person reads it.

use insta::assert_snapshot;

use super::bank::Bank;
use crate::spec::records;

const WAIVERS: &str = "bank/waivers.yaml";
const GOOD: &str = "schema: strongroom/waivers/v1
waivers:
  - id: W-1
    check: kms.rotation-enabled
    scope: {service: login}
    reason: The vendor cannot rotate yet.
    compensating_control: Use of the key is watched.
    owner: ann
    approver: bob
    approved_on: 2026-01-31
    expires: 2027-01-31
    ticket: RISK-7
";

/// How the refusal reads of waivers with one piece exchanged.
fn refused(from: &str, to: &str) -> String {
    let bank = Bank::new().write(WAIVERS, GOOD).edit(WAIVERS, from, to);
    let errors = records(&bank.path("bank")).unwrap_err();
    bank.scrub(&errors.render(false))
}

#[test]
fn good_ones_are_read_and_none_is_none() {
    let bank = Bank::new();
    assert_eq!(records(&bank.path("bank")).unwrap().waivers, []);
    let bank = bank.write(WAIVERS, GOOD);
    let read = records(&bank.path("bank")).unwrap();
    assert_eq!(read.waivers[0].id, "W-1");
}

#[test]
fn a_single_file_has_them_beside_it() {
    let bank = Bank::empty()
        .write("one.yaml", "")
        .write("one.waivers.yaml", GOOD);
    assert_eq!(records(&bank.path("one.yaml")).unwrap().waivers.len(), 1);
}

#[test]
fn one_person_with_two_hats() {
    assert_snapshot!(refused("approver: bob", "approver: Ann"), @r#"
    same-person

      × `Ann` is the owner and the approver
        ╭─[bank/waivers.yaml:9:15]
      8 │     owner: ann
      9 │     approver: Ann
        ·               ─┬─
        ·                ╰── waivers[0].approver
     10 │     approved_on: 2026-01-31
        ╰────
      help: let another person approve
    "#);
}

#[test]
fn more_than_a_year() {
    assert_snapshot!(refused("2027-01-31", "2027-02-01"), @r#"
    waiver-too-long

      × the waiver ends on 2027-02-01, more than a year after 2026-01-31
        ╭─[bank/waivers.yaml:11:14]
     10 │     approved_on: 2026-01-31
     11 │     expires: 2027-02-01
        ·              ─────┬────
        ·                   ╰── waivers[0].expires
     12 │     ticket: RISK-7
        ╰────
      help: let it end on 2027-01-31 at the latest, and renew it then
    "#);
}

#[test]
fn neither_check_nor_drift() {
    assert_snapshot!(refused("    check: kms.rotation-enabled\n", ""), @r#"
    one-target

      × the waiver `W-1` names neither a check nor a drift
       ╭─[bank/waivers.yaml:3:9]
     2 │ waivers:
     3 │   - id: W-1
       ·         ─┬─
       ·          ╰── waivers[0].id
     4 │     scope: {service: login}
       ╰────
      help: write `check:` with `scope:`, or `drift:` with an address; two waivers for both
    "#);
}

#[test]
fn the_same_id_twice() {
    let entry = GOOD.split_once("waivers:\n").unwrap().1;
    let twice = format!("    ticket: RISK-7\n{}", entry.trim_end());
    assert_snapshot!(refused("    ticket: RISK-7", &twice), @r#"
    record-twice

      × another entry has the id `W-1`
        ╭─[bank/waivers.yaml:13:9]
     12 │     ticket: RISK-7
     13 │   - id: W-1
        ·         ─┬─
        ·          ╰── waivers[1].id
     14 │     check: kms.rotation-enabled
        ╰────
      help: give it an id of its own; ids are never used again
    "#);
}

#[test]
fn no_waiver_is_for_everything() {
    let text = refused("    scope: {service: login}\n", "");
    assert!(
        text.contains("does not say where the check may fail"),
        "{text}"
    );
    let text = refused("scope: {service: login}", "scope: {resource: login}");
    assert!(text.contains("an address such as kms_key/login"), "{text}");
}

#[test]
fn fields_and_days_are_checked_like_the_specification() {
    for (from, to, words) in [
        ("    owner: ann\n", "", "the field `owner` is missing"),
        ("ticket:", "tickets:", "did you mean `ticket`?"),
        ("2027-01-31", "2027-02-30", "a day of the calendar"),
        ("2027-01-31", "2025-02-01", "is before the first"),
        ("waivers/v1", "waivers/v9", "is not a value of `schema`"),
    ] {
        let text = refused(from, to);
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn evidence_stays_below_the_folder() {
    for file in ["../secret", "/etc/passwd", "a/../../b"] {
        let evidence = format!(
            "ticket: RISK-7\n    evidence: [{{file: {file}, sha256: \"{}\"}}]",
            "0".repeat(64)
        );
        let text = refused("ticket: RISK-7", &evidence);
        assert!(
            text.contains("a path below the folder of this file"),
            "{text}"
        );
    }
}
