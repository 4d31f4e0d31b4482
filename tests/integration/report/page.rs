//! The page: whole, reproducible, and with what is not known in front.

use std::collections::BTreeSet;

use serde_json::Value;
use strongroom::compliance::verdict::Outcome;

use super::{
    judged::{Judged, denied},
    markup::Markup,
};

fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<section id=\"{id}\"")).unwrap();
    rest.split("\n</section>").next().unwrap()
}

#[test]
fn the_page_is_well_formed_and_every_link_leads_somewhere() {
    let page = Judged::bank().page();
    let markup = Markup::read(&page);
    let ids = markup.ids();
    for link in markup.all("href") {
        match link.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "{link} leads nowhere"),
            None => assert!(link.starts_with("https://"), "{link}"),
        }
    }
    for labelled in markup.all("aria-labelledby") {
        assert!(ids.contains(labelled), "{labelled}");
    }
}

#[test]
fn the_page_needs_nothing_else_and_lets_nothing_else_in() {
    let page = Judged::bank().page();
    let markup = Markup::read(&page);
    for name in ["link", "img", "iframe", "object"] {
        assert!(markup.tags.iter().all(|tag| tag.name != name), "{name}");
    }
    assert_eq!(markup.all("src").count(), 0);
    let events = markup.tags.iter().flat_map(|tag| &tag.attributes);
    assert!(
        events
            .clone()
            .all(|(key, _)| !key.starts_with("on") && key != "style")
    );
    let policy = markup
        .all("content")
        .find(|c| c.contains("default-src"))
        .unwrap();
    assert!(
        policy.starts_with("default-src &#39;none&#39;;"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn every_table_has_a_caption_and_heads_with_a_scope() {
    let page = Judged::bank().page();
    let markup = Markup::read(&page);
    let count = |name: &str| markup.tags.iter().filter(|tag| tag.name == name).count();
    assert_eq!(count("table"), count("caption"));
    assert!(
        markup
            .tags
            .iter()
            .filter(|tag| tag.name == "th")
            .all(|tag| tag.get("scope").is_some())
    );
    assert_eq!(count("main"), 1);
    assert_eq!(count("h1"), 1);
}

#[test]
fn every_section_and_every_printed_page_tells_the_origin() {
    let page = Judged::bank().page();
    for id in ["summary", "frameworks", "services", "checks", "method"] {
        assert!(
            section(&page, id).contains("embedded sandbox, not AWS"),
            "{id}"
        );
    }
    assert!(page.contains("@top-right { content: \"embedded\\20 sandbox\\2c \\20 not\\20 AWS\" }"));
}

#[test]
fn ten_runs_give_the_same_bytes() {
    let judged = Judged::bank();
    let pages: BTreeSet<String> = (0..10).map(|_| judged.page()).collect();
    assert_eq!(pages.len(), 1);
}

#[test]
fn every_verdict_and_every_requirement_is_on_the_page() {
    let judged = Judged::bank();
    let (assessment, page) = (judged.assessment(), judged.page());
    let island = island(&page);
    let count = |kind: &str| island.iter().filter(|item| item["kind"] == kind).count();
    let verdicts: usize = assessment.checks.iter().map(|run| run.verdicts.len()).sum();
    let requirements: usize = assessment
        .frameworks
        .iter()
        .map(|f| f.requirements.len())
        .sum();
    assert_eq!(count("verdict"), verdicts);
    assert_eq!(count("requirement"), requirements);
    let markup = Markup::read(&page);
    let ids = markup.ids();
    assert!(
        island
            .iter()
            .all(|item| ids.contains(item["id"].as_str().unwrap()))
    );
}

fn island(page: &str) -> Vec<Value> {
    let data = Markup::read(page).scripts.remove(0);
    let data: Value = serde_json::from_str(&data).unwrap();
    data["items"].as_array().unwrap().clone()
}

#[test]
fn the_services_add_up_to_the_whole() {
    let report = Judged::bank().report();
    let (all, parts) = report.by_service.split_last().unwrap();
    assert!(all.sum);
    for (index, whole) in all.counts.each.iter().enumerate() {
        let sum: usize = parts.iter().map(|row| row.counts.each[index].count).sum();
        assert_eq!(sum, whole.count, "{}", whole.kind.words);
    }
    for counts in report.by_service.iter().map(|row| &row.counts) {
        assert_eq!(
            counts.each.iter().map(|each| each.count).sum::<usize>(),
            counts.total
        );
    }
}

#[test]
fn why_requirements_are_not_evaluated_adds_up() {
    let judged = Judged::bank().with(|json| {
        json["resources"]["kms_key"]["login"]["policy"] = denied("kms:GetKeyPolicy", "no");
    });
    for framework in judged.report().frameworks {
        let open = &framework.open;
        let word = Outcome::NotEvaluated.words();
        let each = framework
            .counts
            .each
            .iter()
            .find(|each| each.kind.words == word)
            .unwrap();
        assert_eq!(
            open.unread + open.planned + open.account,
            each.count,
            "{}",
            framework.id
        );
    }
}

#[test]
fn denied_reads_are_in_front_with_the_permission_and_what_they_leave_open() {
    let judged = Judged::bank().with(|json| {
        json["resources"]["kms_key"]["login"]["policy"] =
            denied("kms:GetKeyPolicy", "explicit deny");
        json["coverage"]["listings"]["log_group"] = denied("logs:DescribeLogGroups", "not you");
    });
    let page = judged.page();
    let summary = section(&page, "summary");
    let unread = summary
        .split("<h3>What could not be read</h3>")
        .nth(1)
        .unwrap();
    for told in [
        "access denied: explicit deny",
        "<td><code>kms:GetKeyPolicy</code></td>",
        "Log groups were not listed: logs:DescribeLogGroups was denied: not you",
        "dora-rts@2024/1774 7(2)",
    ] {
        assert!(unread.contains(told), "{told} is not in {unread}");
    }
}

#[test]
fn a_failure_shows_what_was_expected_and_what_was_found() {
    let judged = Judged::bank().with(|json| {
        json["resources"]["log_group"]["login"]["retention_days"] = 7.into();
    });
    let report = judged.report();
    let failed = report
        .summary
        .failures
        .iter()
        .find(|f| f.check == "logs.retention-min");
    let place = &failed.expect("the check fails").places[0];
    assert_eq!(place.resource, "log group /strongroom/bank-prod/login");
    let found: Vec<&str> = place.broken[0]
        .found
        .iter()
        .map(|fact| fact.value.as_str())
        .collect();
    assert!(found.contains(&"7"), "{:#?}", place.broken);
    let page = judged.page();
    assert!(section(&page, "summary").contains("<b>Expected</b>"));
}

#[test]
fn a_verdict_is_filtered_by_the_frameworks_that_have_its_service_in_scope() {
    let page = Judged::bank().page();
    let items = island(&page);
    let verdicts = items.iter().filter(|item| item["kind"] == "verdict");
    let card = "pci-dss@4.0.1";
    let named: BTreeSet<&str> = verdicts
        .filter(|item| item["f"].as_array().unwrap().iter().any(|id| id == card))
        .map(|item| item["s"][0].as_str().unwrap())
        .collect();
    assert_eq!(named, BTreeSet::from(["", "cards"]));
}
