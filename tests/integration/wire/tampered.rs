//! Every leaf path of every kind, tampered with over the wire, found and repaired.
//! The tamperings are generated; only what the emulator cannot do is listed, and each entry of
//! that list must be needed.

use std::collections::BTreeSet;

use strongroom::rehearse::{Finding, Rehearsal, Stage, rehearse};

use super::estate::Estate;

/// What moto cannot do: kind, shape and verb as drift would tell them, with the call that it does
/// not answer or answers without effect. `docs/emulators.md` tells more.
const IMPOSSIBLE: [(&str, &str); 0] = [];

fn of(finding: &Finding) -> String {
    let Finding {
        address,
        shape,
        verb,
        ..
    } = finding;
    format!("{}.{shape} {verb:?}", address.kind)
}

#[tokio::test]
async fn every_tampering_is_found_and_repaired_but_what_moto_cannot_do() {
    let Some(estate) = Estate::shipped("sandbox.yaml").await else {
        return;
    };
    let Estate {
        aws,
        environment,
        desired,
        ..
    } = &estate;
    let clock = || jiff::Timestamp::UNIX_EPOCH;
    let record = rehearse(aws, environment, desired, &clock, 7).await;
    println!(
        "{} tamperings: {} found, {} repaired, {} kept; {} of moto's gaps; {} fixed",
        record.findings.len(),
        record.found(),
        record.repaired(),
        record.kept(),
        IMPOSSIBLE.len(),
        record.fixed.len()
    );
    assert_gaps(&record);
    assert_failures(&record);
    for finding in record.findings.iter().filter(|finding| finding.found) {
        assert!(finding.repaired || finding.kept, "{finding:#?}");
        assert!(finding.kept || finding.direction.is_some(), "{finding:#?}");
    }
    let last = record
        .last
        .as_ref()
        .expect("the account could be looked at");
    estate.assert_agreed(&strongroom::plan::compare(desired, last));
}

/// Not found is what moto cannot do, no more and no less.
fn assert_gaps(record: &Rehearsal) {
    let lost: BTreeSet<String> = record
        .findings
        .iter()
        .filter(|finding| !finding.found)
        .map(of)
        .collect();
    let listed = IMPOSSIBLE.map(|(what, _)| what.to_owned()).into();
    assert_eq!(lost, listed, "{:#?}", record.failures);
}

/// Nothing failed but the calls of the list.
fn assert_failures(record: &Rehearsal) {
    for failure in &record.failures {
        let known = IMPOSSIBLE
            .iter()
            .any(|(_, call)| failure.message.contains(call));
        assert!(known && failure.stage == Stage::Tamper, "{failure:#?}");
    }
}
