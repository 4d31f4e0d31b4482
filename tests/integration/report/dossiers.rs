//! Dossiers: one for each service and framework, well formed, harmless, and true to the account.

use std::collections::BTreeMap;

use serde_json::json;
use strongroom::report::dossier::{self, Beside, Shelf};

use super::{
    hostile::{hostile, lies},
    judged::{Judged, denied},
    markup::Markup,
};

type Texts = BTreeMap<String, String>;

fn dossiers(judged: &Judged) -> Texts {
    let report = judged.report();
    let beside = Beside {
        page: true,
        dossiers: Shelf::of(&report),
    };
    let files = judged.sourced(|source| dossier::files(source, &report, &beside).unwrap());
    let texts = files.into_iter();
    texts
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// What the Markdown says after a resource, up to the next one.
fn about<'a>(text: &'a str, resource: &str) -> &'a str {
    let start = text.find(&format!("`{resource}`")).expect(resource);
    let line = text[..start].rfind('\n').unwrap_or_default();
    let end = text[start..].find("\n- ").map(|end| start + end);
    &text[line..end.unwrap_or(text.len())]
}

#[test]
fn every_service_and_every_framework_has_one() {
    let judged = Judged::bank();
    let files = dossiers(&judged);
    let report = judged.report();
    for service in judged.environment.services.keys() {
        assert!(files.contains_key(&format!("dossiers/{service}.html")));
        assert!(files.contains_key(&format!("dossiers/{service}.md")));
    }
    assert!(files.contains_key("dossiers/frameworks/04-pci-dss-4.0.1.html"));
    let all = judged.environment.services.len() + report.frameworks.len();
    assert_eq!(files.len(), 2 * all);
}

#[test]
fn the_bank_is_as_specified() {
    let files = dossiers(&Judged::bank());
    let login = &files["dossiers/login.md"];
    assert!(
        login.contains("**14 of 14 resources are as specified.**"),
        "{login}"
    );
    assert!(login.contains("| called by | edge |"));
    assert!(login.contains("- Owner: team-identity"));
}

#[test]
fn what_differs_is_told_beside_what_was_specified() {
    let files = dossiers(&Judged::bank().with(|snapshot| {
        let resources = &mut snapshot["resources"];
        resources["log_group"]["login"]["retention_days"] = 30.into();
        resources["kms_key"]["login"]["rotation"] =
            denied("kms:GetKeyRotationStatus", "not authorized");
        let group = resources["security_group"].as_object_mut().unwrap();
        group.remove("login-v1");
        let roles = resources["iam_role"].as_object_mut().unwrap();
        let mut role = roles["login-v1"].clone();
        role["tags"]["strongroom:version"] = json!("v9");
        roles.insert("login-v9".to_owned(), role);
    }));
    let login = &files["dossiers/login.md"];
    let log = about(login, "/strongroom/bank-prod/login");
    assert!(log.contains("**differs**"), "{log}");
    assert!(log.contains("specified 400, found 30"), "{log}");
    let key = about(login, "alias/strongroom/bank-prod/login");
    assert!(key.contains("**not read**") && key.contains("was denied: not authorized"));
    assert!(about(login, "bank-prod-login-v1").contains("as specified"));
    assert!(login.contains("**not there**: security group `bank-prod-login-v1`"));
    assert!(about(login, "bank-prod-login-v9").contains("**not specified**"));
    assert!(
        login.contains("**11 of 15 resources are as specified.**"),
        "{login}"
    );
    let other = &files["dossiers/statements.md"];
    assert!(!other.contains("**differs**"));
}

#[test]
fn pages_are_well_formed_and_need_nothing_else() {
    for (name, page) in dossiers(&Judged::bank())
        .iter()
        .filter(|(name, _)| name.ends_with("html"))
    {
        let markup = Markup::read(page);
        assert!(markup.scripts.is_empty(), "{name}");
        assert!(
            page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"),
            "{name}"
        );
        assert!(page.contains("script-src &#39;none&#39;"), "{name}");
        assert!(
            page.contains("is no evidence about an AWS account"),
            "{name}"
        );
        for link in markup.all("href") {
            let inside = link.starts_with('#') || link.starts_with("../");
            assert!(inside || link.starts_with("https://"), "{name}: {link}");
        }
    }
}

#[test]
fn links_of_the_page_lead_to_dossiers() {
    let judged = Judged::bank();
    let report = judged.report();
    let page = strongroom::report::html::page(&report, &Shelf::of(&report)).unwrap();
    let files = dossiers(&judged);
    let markup = Markup::read(&page);
    let links: Vec<&str> = markup
        .all("href")
        .filter(|link| link.starts_with("dossiers/"))
        .collect();
    assert_eq!(links.len(), report.services.len() + report.frameworks.len());
    assert!(links.iter().all(|link| files.contains_key(*link)));
}

#[test]
fn nothing_breaks_out_of_a_dossier() {
    for (name, text) in dossiers(&hostile()) {
        assert_eq!(text.chars().find(lies), None, "{name}");
        if name.ends_with("html") {
            let markup = Markup::read(&text);
            assert!(markup.scripts.is_empty(), "{name}");
            assert!(!text.contains("<!--"), "{name}");
            continue;
        }
        assert!(!text.lines().any(|line| line.starts_with("# x")), "{name}");
        for line in text.lines().filter(|line| line.contains("<script>")) {
            assert!(
                line.split("``").count() >= 3,
                "{name}: not in a code span: {line}"
            );
        }
    }
}

#[test]
fn the_same_account_gives_the_same_dossiers() {
    let judged = Judged::bank();
    assert_eq!(dossiers(&judged), dossiers(&judged));
}
