//! The formats of other tools, held against the official schemas: for an account where something
//! fails, something is waived and something could not be read, and for the bank as it should be.

use std::{collections::BTreeMap, sync::LazyLock};

use jsonschema::Validator;
use serde_json::{Value, json};
use strongroom::{
    compliance::{records::Records, waiver::Waiver},
    evidence::Rendering,
    report::format::{built, render, usual},
};

use super::judged::{Judged, denied};

/// A schema of somebody else, as it is.
fn schema(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn validator(schema: &Value) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap()
}

static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema = schema(include_str!("../../schemas/sarif-2.1.0.json"));
    // The pattern of languages, as published, is no regular expression: a bracket closes nothing.
    for place in ["run", "toolComponent"] {
        schema["definitions"][place]["properties"]["language"]["pattern"] =
            "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    validator(&schema)
});
static OCSF: LazyLock<Validator> = LazyLock::new(|| {
    let text = include_str!("../../schemas/ocsf-compliance-finding-1.6.0.json");
    validator(&schema(text))
});

/// One model of OSCAL: of the alternatives of the whole schema, the one that is meant, so that an
/// error says more than that none fits.
fn oscal(model: &str) -> Validator {
    let mut whole = schema(include_str!("../../schemas/oscal-complete-1.2.3.json"));
    let mut all = whole["oneOf"].as_array().unwrap().iter();
    let one = all.find(|one| one["properties"].get(model).is_some());
    let one = one.unwrap().clone();
    whole.as_object_mut().unwrap().remove("oneOf");
    whole["properties"] = one["properties"].clone();
    whole["required"] = one["required"].clone();
    whole["additionalProperties"] = false.into();
    validator(&whole)
}

#[track_caller]
fn valid(validator: &Validator, value: &Value, what: &str) {
    let errors = validator.iter_errors(value);
    let errors: Vec<String> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

pub fn files(judged: &Judged) -> BTreeMap<String, Vec<u8>> {
    judged.sourced(|source| render(&usual(), source).unwrap())
}

pub fn parsed(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

/// A log kept too short, a second one that a waiver allows, and a key policy that was denied.
pub fn troubled() -> Judged {
    let mut judged = Judged::bank().with(|json| {
        let groups = &mut json["resources"]["log_group"];
        groups["login"]["retention_days"] = 7.into();
        groups["cards"]["retention_days"] = 7.into();
        json["resources"]["kms_key"]["ledger"]["policy"] = denied("kms:GetKeyPolicy", "no\u{202e}");
    });
    let waiver: Waiver = serde_json::from_value(json!({
        "id": "w-1",
        "check": "logs.retention-min",
        "scope": { "resource": "log_group/cards" },
        "reason": "The archive is being moved.",
        "compensating_control": "A copy is kept in the archive account.",
        "owner": "Ada Owner",
        "approver": "Bo Approver",
        "approved_on": "2026-01-02",
        "expires": "2026-12-31",
        "ticket": "SEC-1",
    }))
    .unwrap();
    judged.records = Records {
        waivers: vec![waiver],
        ..Records::default()
    };
    judged.evidence = [
        ("snapshot.json", "{}"),
        ("facts.json", "{}"),
        ("environment.json", "{}"),
    ]
    .map(|(name, text)| (name.parse().unwrap(), text.as_bytes().to_vec()))
    .into();
    judged
}

static TROUBLED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| files(&troubled()));
static BANK: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| files(&Judged::bank()));

#[test]
fn every_file_belongs_to_the_rendering_that_made_it() {
    for rendering in usual() {
        let chosen = [rendering].into();
        let made = Judged::bank().sourced(|source| render(&chosen, source).unwrap());
        assert!(!made.is_empty(), "{rendering}");
        for name in made.keys() {
            assert!(rendering.has(name), "{rendering} made {name}");
        }
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert!(files(&troubled()) == *TROUBLED);
}

#[test]
fn sarif_is_valid_and_says_what_failed() {
    for files in [&*TROUBLED, &*BANK] {
        valid(&SARIF, &parsed(files, "report.sarif"), "report.sarif");
    }
    let log = parsed(&TROUBLED, "report.sarif");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let open: Vec<&Value> = results
        .iter()
        .filter(|one| one.get("suppressions").is_none())
        .collect();
    let of = |id: &str| open.iter().filter(|one| one["ruleId"] == id).count();
    assert!(of("logs.retention-min") >= 1, "{open:#?}");
    let excused = results.iter().find(|one| one.get("suppressions").is_some());
    let words = excused.unwrap()["suppressions"][0]["justification"].as_str();
    assert!(words.unwrap().contains("Bo Approver"), "{words:?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        let rule = &run["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], result["ruleId"]);
        let score = rule["properties"]["security-severity"].as_str().unwrap();
        assert!(score.parse::<f64>().unwrap() > 0.0);
    }
    let notes = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("kms:GetKeyPolicy"), "{notes}");
    assert!(
        notes.contains("no evidence about an AWS account"),
        "{notes}"
    );
}

#[test]
fn ocsf_events_are_valid_and_ignorance_is_no_pass() {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for files in [&*TROUBLED, &*BANK] {
        let text = String::from_utf8(files["report.ocsf.jsonl"].clone()).unwrap();
        for line in text.lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            valid(&OCSF, &event, line);
            let outcome = event["unmapped"]["outcome"].as_str().unwrap();
            *outcomes.entry(outcome.to_owned()).or_default() += 1;
            let passed = event["compliance"]["status_id"] == 1;
            assert_eq!(passed, outcome == "pass", "{line}");
            assert_eq!(event["severity_id"] != 1, outcome == "fail", "{line}");
        }
    }
    for outcome in ["pass", "fail", "exception", "not-evaluated", "needs-live"] {
        assert!(outcomes.contains_key(outcome), "{outcome}: {outcomes:?}");
    }
}

#[test]
fn oscal_documents_are_valid() {
    let models = [
        ("assessment-plan", "oscal/assessment-plan"),
        ("assessment-results", "oscal/assessment-results"),
        ("component-definition", "oscal/component-definition-"),
        ("plan-of-action-and-milestones", "oscal/plan-of-action"),
    ];
    for (model, prefix) in models {
        let validator = oscal(model);
        let mut seen = 0;
        for files in [&*TROUBLED, &*BANK] {
            for name in files.keys().filter(|name| name.starts_with(prefix)) {
                valid(&validator, &parsed(files, name), name);
                seen += 1;
            }
        }
        assert!(seen > 0, "{model}");
    }
    assert!(
        !BANK.contains_key("oscal/plan-of-action-and-milestones.json"),
        "nothing is open"
    );
    let services = BANK
        .keys()
        .filter(|name| name.contains("component-definition-"));
    assert_eq!(services.count(), 15);
}

/// Every value of a field, anywhere.
fn all<'v>(value: &'v Value, field: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let (true, Value::String(text)) = (name == field, value) {
                    found.push(text);
                }
                all(value, field, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, field, found)),
        _ => {}
    }
}

#[test]
fn what_oscal_documents_refer_to_is_there() {
    for name in [
        "oscal/assessment-results.json",
        "oscal/plan-of-action-and-milestones.json",
    ] {
        let document = parsed(&TROUBLED, name);
        let mut ids = Vec::new();
        all(&document, "uuid", &mut ids);
        for field in [
            "observation-uuid",
            "risk-uuid",
            "subject-uuid",
            "actor-uuid",
            "party-uuid",
            "component-uuid",
        ] {
            let mut named = Vec::new();
            all(&document, field, &mut named);
            assert!(named.iter().all(|id| ids.contains(id)), "{name}: {field}");
        }
        let mut links = Vec::new();
        all(&document, "href", &mut links);
        let inside = links.iter().filter_map(|link| link.strip_prefix('#'));
        assert!(inside.clone().count() > 0, "{name}");
        for id in inside {
            assert!(ids.contains(&id), "{name}: #{id}");
        }
    }
}

#[test]
fn oscal_says_what_is_approved_and_what_is_unknown() {
    let document = parsed(&TROUBLED, "oscal/assessment-results.json");
    let result = &document["assessment-results"]["results"][0];
    let risks = result["risks"].as_array().unwrap();
    let approved = risks
        .iter()
        .find(|one| one["status"] == "deviation-approved")
        .unwrap();
    assert_eq!(approved["deadline"], "2026-12-31T23:59:59Z");
    assert!(
        approved["mitigating-factors"][0]["description"]
            .as_str()
            .unwrap()
            .contains("A copy")
    );
    assert!(risks.iter().any(|one| one["status"] == "open"));
    for finding in result["findings"].as_array().unwrap() {
        let outcome = finding["target"]["status"]["remarks"].as_str().unwrap();
        assert!(
            !["not evaluated", "manual", "needs a live account"].contains(&outcome),
            "{finding}"
        );
    }
    let unknown = result["observations"].as_array().unwrap();
    assert!(unknown.iter().any(|one| one["methods"][0] == "UNKNOWN"));
}

#[test]
fn junit_is_read_back_with_counts_that_add_up() {
    let text = String::from_utf8(TROUBLED["report.junit.xml"].clone()).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&text).unwrap();
    let tests: usize = report
        .test_suites
        .iter()
        .map(|suite| suite.test_cases.len())
        .sum();
    assert_eq!(report.tests, tests);
    assert!(report.failures > 0 && report.errors > 0 && report.skipped > 0);
    for suite in &report.test_suites {
        assert!(!suite.name.as_str().is_empty());
        assert!(suite.test_cases.iter().all(|case| case.classname.is_some()));
    }
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn tables_have_a_row_for_each_verdict_and_requirement() {
    let judged = troubled();
    let (assessment, files) = (judged.assessment(), &*TROUBLED);
    let verdicts: usize = assessment.checks.iter().map(|run| run.verdicts.len()).sum();
    let requirements: usize = assessment
        .frameworks
        .iter()
        .map(|f| f.requirements.len())
        .sum();
    for (name, rows) in [
        ("verdicts.csv", verdicts),
        ("requirements.csv", requirements),
    ] {
        let mut reader = csv::Reader::from_reader(files[name].as_slice());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows, "{name}");
        for cell in records.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
        }
    }
}

#[test]
fn json_is_valid_by_the_published_schema() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/report.v1.json");
    let schema = schema(&std::fs::read_to_string(path).unwrap());
    for files in [&*TROUBLED, &*BANK] {
        valid(
            &validator(&schema),
            &parsed(files, "report.json"),
            "report.json",
        );
    }
}

#[test]
fn a_build_says_which_renderings_it_lacks() {
    let missing = Rendering::ALL
        .into_iter()
        .find(|one| !built().contains(one));
    if let Some(missing) = missing {
        let refused = Judged::bank().sourced(|source| render(&[missing].into(), source));
        assert!(refused.unwrap_err().to_string().contains(missing.as_str()));
    }
}
