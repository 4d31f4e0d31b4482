//! The proof as machines read it: versioned, sorted, each witness with the line that replays it.

use serde_json::{Map, Value, json};

use crate::{
    isolation::{Finding, Matrix, Question},
    snapshot::Snapshot,
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/isolation/v1";

/// The proof as machines read it. Cells that are not told are isolated, unless their row or column
/// is among what was not read.
pub fn machine(matrix: &Matrix, snapshot: &Snapshot) -> Value {
    let totals = matrix.questions.iter().map(|question| {
        let totals = matrix.totals(*question);
        let counts = json!({
            "isolated": totals.isolated,
            "declared": totals.declared,
            "unknown": totals.unknown,
            "reachable": totals.reachable,
        });
        (question.id().to_owned(), counts)
    });
    json!({
        "schema": SCHEMA,
        "environment": snapshot.environment,
        "origin": snapshot.origin,
        "taken_at": snapshot.taken_at,
        "services": matrix.services,
        "questions": matrix.questions,
        "verdict": matrix.worst_of_all(),
        "totals": totals.collect::<Map<_, _>>(),
        "findings": findings(matrix),
        "escalations": escalations(matrix),
        "unread": unread(matrix),
        "assumptions": matrix.assumptions,
        "trusted": matrix.trusted,
    })
}

fn findings(matrix: &Matrix) -> Vec<Value> {
    let found = matrix.findings.iter();
    found
        .map(|((from, to, question), finding)| {
            let mut value = written(finding);
            value["from"] = json!(from);
            value["to"] = json!(to);
            value["question"] = json!(question);
            // What was not read may open more than what is declared.
            value["verdict"] = json!(matrix.verdict(from, to, *question));
            value
        })
        .collect()
}

fn escalations(matrix: &Matrix) -> Vec<Value> {
    let found = matrix.escalations.iter();
    found
        .map(|((party, role, path), finding)| {
            let mut value = written(finding);
            value["party"] = json!(party);
            value["role"] = json!(role);
            value["path"] = json!(path);
            value
        })
        .collect()
}

fn written(finding: &Finding) -> Value {
    serde_json::to_value(finding).unwrap_or_default()
}

fn unread(matrix: &Matrix) -> Value {
    let rows = matrix
        .rows
        .iter()
        .map(|(from, why)| json!({"from": from, "why": why}));
    let columns = matrix.columns.iter();
    let columns = columns.map(|((to, question), why): (&(_, Question), _)| {
        json!({"to": to, "question": question, "why": why})
    });
    json!({
        "rows": rows.collect::<Vec<_>>(),
        "columns": columns.collect::<Vec<_>>(),
    })
}
