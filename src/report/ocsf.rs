//! Verdicts as OCSF compliance findings (class 2003 of version 1.6.0, profile `cloud`), one JSON
//! document a line, for security lakes and SIEMs. An event never says that something passed which
//! was not read.
//! <https://schema.ocsf.io/1.6.0/classes/compliance_finding>

use serde_json::{Map, Value, json};

use super::{
    assessment::{Report, Source, show},
    row::{Row, rows},
};
use crate::compliance::{check::Severity, verdict::Outcome};

/// The version of the schema that the events follow.
const VERSION: &str = "1.6.0";
/// Category "Findings".
const CATEGORY: u32 = 2;
/// Class "Compliance Finding".
const CLASS: u32 = 2003;
/// Activity "Create".
const ACTIVITY: u32 = 1;
/// Type of account "AWS Account".
const AWS_ACCOUNT: u32 = 10;

/// A number of the schema with its caption.
type Coded = (u32, &'static str);

/// One event for each verdict.
///
/// # Errors
/// None that these values can cause.
pub fn lines(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    for row in rows(source, report) {
        let mut event = event(source, report, &row);
        show(&mut event);
        serde_json::to_writer(&mut bytes, &event)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn event(source: &Source<'_>, report: &Report, row: &Row<'_>) -> Value {
    let (severity_id, severity) = urgency(row);
    let (status_id, status) = standing(row.verdict.outcome);
    let uid = row.identity(source);
    let moment = source.snapshot.taken_at.as_millisecond();
    json!({
        "activity_id": ACTIVITY,
        "activity_name": "Create",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + ACTIVITY,
        "type_name": "Compliance Finding: Create",
        "time": moment,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "message": format!("{}. Origin: {}.", row.sentence(), report.header.origin),
        "cloud": {
            "provider": "AWS",
            "region": report.header.region,
            "account": { "uid": report.header.account, "type": "AWS Account", "type_id": AWS_ACCOUNT },
        },
        "metadata": metadata(report, row, uid.as_str()),
        "finding_info": {
            "uid": uid.as_str(),
            "title": row.check.title,
            "desc": row.sentence(),
            "created_time": moment,
            "types": [row.check.id],
            "data_sources": row.check.calls.iter().map(|call| call.call.clone()).collect::<Vec<_>>(),
        },
        "compliance": compliance(row),
        "resources": [resource(report, row)],
        "remediation": { "desc": row.check.remediation },
        "evidences": [{ "data": evidence(row) }],
        "unmapped": { "specification_sha256": report.header.digest, "outcome": row.shown.outcome.slug },
    })
}

fn metadata(report: &Report, row: &Row<'_>, uid: &str) -> Value {
    json!({
        "version": VERSION,
        "profiles": ["cloud"],
        "uid": uid,
        "event_code": row.check.id,
        "labels": [format!("origin: {}", report.header.origin)],
        "product": {
            "name": "Strongroom",
            "vendor_name": "Strongroom",
            "version": env!("CARGO_PKG_VERSION"),
        },
    })
}

fn compliance(row: &Row<'_>) -> Value {
    let (status_id, status) = compliant(row.verdict.outcome);
    let (severity_id, severity) = weight(row.run.severity);
    let mut frameworks: Vec<&str> = row
        .check
        .requirements
        .iter()
        .map(|one| one.framework.as_str())
        .collect();
    frameworks.dedup();
    let params = row.run.params.iter();
    let params: Vec<Value> = params
        .map(|(name, value)| json!({ "name": name, "value": value.to_string() }))
        .collect();
    json!({
        "control": row.check.id,
        "desc": row.check.title,
        "standards": frameworks,
        "requirements": row.requirements(),
        "control_parameters": params,
        "status_id": status_id,
        "status": status,
        "status_code": row.shown.outcome.slug,
        "status_details": row.details(),
        "checks": [{
            "uid": row.check.id,
            "name": row.check.title,
            "severity_id": severity_id,
            "severity": severity,
            "standards": frameworks,
            "status_id": status_id,
            "status": status,
        }],
    })
}

fn resource(report: &Report, row: &Row<'_>) -> Value {
    let shown = &row.shown.resource;
    let mut resource = json!({
        "uid": row.uid(),
        "uid_alt": row.verdict.resource,
        "name": shown.name,
        "type": shown.kind,
        "region": report.header.region,
        "labels": [format!("environment: {}", report.header.environment)],
    });
    if !row.shown.service.is_empty() {
        resource["group"] = json!({ "name": row.shown.service, "type": "service" });
    }
    resource
}

/// The facts that were read.
fn evidence(row: &Row<'_>) -> Value {
    let facts = row.verdict.evidence.iter();
    let facts: Map<String, Value> = facts
        .map(|(path, value)| (path.clone(), value.clone()))
        .collect();
    facts.into()
}

/// How bad the event is: what did not fail is information.
fn urgency(row: &Row<'_>) -> Coded {
    match row.verdict.outcome {
        Outcome::Fail => weight(row.run.severity),
        _ => (1, "Informational"),
    }
}

fn weight(severity: Severity) -> Coded {
    match severity {
        Severity::Critical => (5, "Critical"),
        Severity::High => (4, "High"),
        Severity::Medium => (3, "Medium"),
        Severity::Low => (2, "Low"),
    }
}

/// Where the finding stands, as somebody who works it off sees it.
fn standing(outcome: Outcome) -> Coded {
    match outcome {
        Outcome::Fail => (1, "New"),
        Outcome::Exception => (3, "Suppressed"),
        Outcome::Pass => (4, "Resolved"),
        _ => (0, "Unknown"),
    }
}

fn compliant(outcome: Outcome) -> Coded {
    match outcome {
        Outcome::Pass => (1, "Pass"),
        Outcome::Exception => (2, "Warning"),
        Outcome::Fail => (3, "Fail"),
        Outcome::NotApplicable => (99, "Not applicable"),
        Outcome::Inherited
        | Outcome::Attested
        | Outcome::Manual
        | Outcome::NeedsLive
        | Outcome::NotEvaluated => (0, "Unknown"),
    }
}
