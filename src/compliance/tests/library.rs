//! The conventions of the shipped checks and frameworks.

use std::collections::BTreeSet;

use super::library;
use crate::compliance::{
    framework::Status,
    library::{Library, PolicyFile, PolicyRole, shipped},
    verdict::Outcome,
};

#[test]
fn each_check_has_a_passing_a_failing_and_an_unread_case_that_come_out_so() {
    for check in library().checks.values() {
        let expected: BTreeSet<Outcome> = check.text.cases.iter().map(|c| c.expect).collect();
        assert!(expected.contains(&Outcome::Pass), "{}", check.text.id);
        assert!(expected.contains(&Outcome::Fail), "{}", check.text.id);
        let unread = [Outcome::NotEvaluated, Outcome::NeedsLive];
        assert!(
            unread.iter().any(|o| expected.contains(o)),
            "{}",
            check.text.id
        );
        assert_eq!(
            check.failing_cases(),
            Vec::<String>::new(),
            "{}",
            check.text.id
        );
    }
}

#[test]
fn a_check_lies_in_the_file_of_its_group() {
    for file in Library::vendored_files()
        .iter()
        .filter(|f| f.role == PolicyRole::Checks)
    {
        let group = file
            .path
            .trim_start_matches("policies/checks/")
            .trim_end_matches(".yaml");
        let ids = file
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("  - id: "));
        for id in ids {
            assert!(
                id.starts_with(&format!("{group}.")),
                "{id} in {}",
                file.path
            );
        }
    }
}

#[test]
fn every_file_of_policies_is_shipped() {
    let mut found = BTreeSet::new();
    for folder in ["policies/checks", "policies/frameworks"] {
        for entry in std::fs::read_dir(folder).unwrap() {
            found.insert(entry.unwrap().path().display().to_string());
        }
    }
    let shipped = Library::vendored_files()
        .iter()
        .map(|file| file.path.to_owned());
    assert_eq!(shipped.collect::<BTreeSet<_>>(), found);
}

#[test]
fn requirement_ids_are_quoted_and_nothing_planned_exists() {
    for file in Library::vendored_files()
        .iter()
        .filter(|f| f.role == PolicyRole::Framework)
    {
        for id in file
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("  - id: "))
        {
            assert!(
                id.starts_with('"') && id.ends_with('"'),
                "{id} in {}",
                file.path
            );
        }
    }
    let library = library();
    for id in library.planned.keys() {
        assert!(
            !library.checks.contains_key(id),
            "{id} is no longer planned"
        );
    }
}

#[test]
fn the_frameworks_are_those_that_a_specification_may_name() {
    let whole: Vec<_> = library().frameworks.values().collect();
    assert_eq!(shipped().len(), whole.len());
    for framework in whole {
        let head = &shipped()[&framework.text.id];
        assert_eq!(
            (&head.name, head.status, &head.note),
            (
                &framework.text.name,
                framework.text.status,
                &framework.text.note
            )
        );
    }
}

#[test]
fn a_retired_framework_leads_to_one_in_force() {
    let retired: Vec<_> = library()
        .frameworks
        .values()
        .filter(|framework| framework.text.status == Status::Retired)
        .collect();
    let ids: Vec<&str> = retired.iter().map(|f| f.text.id.as_str()).collect();
    assert_eq!(
        ids,
        ["bafin-xait@2024", "eba-ict-gl@2019/04", "ffiec-cat@2017"]
    );
    for framework in retired {
        for successor in &framework.text.superseded_by {
            let status = library().frameworks[successor].text.status;
            assert_eq!(status, Status::Active, "{}", framework.text.id);
        }
    }
}

#[test]
fn all_sets_of_requirements_are_there() {
    let counted: Vec<String> = library()
        .frameworks
        .values()
        .map(|framework| {
            let text = &framework.text;
            let mut by = std::collections::BTreeMap::<_, usize>::new();
            for requirement in &text.requirements {
                *by.entry(requirement.coverage).or_default() += 1;
            }
            let by: Vec<String> = by.iter().map(|(c, n)| format!("{n} {c:?}")).collect();
            format!("{} {}: {}", text.id, text.requirements.len(), by.join(", "))
        })
        .collect();
    insta::assert_snapshot!(counted.join("\n"));
}

#[test]
fn a_library_tells_all_its_problems_at_once() {
    let files = [
        (
            "a.yaml",
            PolicyRole::Checks,
            "schema: strongroom/checks/v0\nchecks: []\n",
        ),
        (
            "b.yaml",
            PolicyRole::Checks,
            "schema: strongroom/checks/v1\nchekcs: []\n",
        ),
        ("c.yaml", PolicyRole::Framework, FRAMEWORK),
    ];
    let files = files.map(|(path, role, text)| PolicyFile { path, role, text });
    let errors = Library::load(files).unwrap_err();
    insta::assert_snapshot!(errors);
}

const FRAMEWORK: &str = r#"
schema: strongroom/frameworks/v1
id: "house@1"
name: House rules
status: active
source: {publisher: us, url: "https://bank.example", licence: ours}
applicability: '"personal" in service.data'
requirements:
  - {id: "1", title: One, coverage: full, checks: [iam.no-such-check]}
  - {id: "1", title: Two, coverage: none}
  - {id: "2", title: Three, coverage: full}
"#;
