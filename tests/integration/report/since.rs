//! What changed since an earlier bundle: what turned, what came and what went, said first.

use serde_json::json;
use strongroom::evidence::{Earlier, verify::Found};

use super::{
    formats::{files, parsed, troubled},
    judged::{Judged, manifest},
};

/// What the bank said before, as an earlier bundle says it.
fn earlier(judged: &Judged) -> Earlier {
    let assessment = serde_json::to_vec(&judged.assessment()).unwrap();
    let found = Found {
        files: [("assessment.json".to_owned(), assessment)].into(),
        ..Found::default()
    };
    Earlier::of(&manifest(judged), &found).unwrap()
}

#[test]
fn what_changed_since_an_earlier_bundle_is_told_first() {
    let mut judged = troubled();
    judged.earlier = Some(earlier(&Judged::bank()));
    let files = files(&judged);
    let since = &parsed(&files, "report.json")["since"];
    let turned = since["turned"].as_array().unwrap();
    let about = |check: &str, after: &str| {
        turned.iter().any(|one| {
            one["check"] == check
                && one["before"]["slug"] == "pass"
                && one["after"]["slug"] == after
        })
    };
    assert!(about("logs.retention-min", "fail"), "{turned:#?}");
    assert!(about("logs.retention-min", "exception"), "{turned:#?}");
    assert!(about("kms.policy-exact", "not-evaluated"), "{turned:#?}");
    assert_eq!(since["gone"], json!([]));
    let page = String::from_utf8(files["report.html"].clone()).unwrap();
    let (since, summary) = (page.find("id=\"since\""), page.find("id=\"summary\""));
    assert!(since.is_some() && since < summary);
    let short = String::from_utf8(files["report.md"].clone()).unwrap();
    assert!(short.contains("pass → **fail** `log group"), "{short}");
}

#[test]
fn what_came_and_went_is_told() {
    let before = Judged::bank().specified(|environment| {
        environment
            .services
            .retain(|name, _| name.as_str() != "edge");
    });
    let mut judged = Judged::bank();
    judged.earlier = Some(earlier(&before));
    let since = judged.report().since.unwrap();
    assert!(
        since
            .appeared
            .iter()
            .all(|one| one.service == "edge" || one.service.is_empty())
    );
    assert!(!since.appeared.is_empty());
    let mut judged = before;
    judged.earlier = Some(earlier(&Judged::bank()));
    let since = judged.report().since.unwrap();
    assert!(
        since
            .gone
            .iter()
            .any(|one| one.resource.starts_with("services.edge."))
    );
}
