//! What was examined, what was found, and where that is written: one observation for each verdict
//! that is no good news, and one for all the others of a check together, resource by resource.
//! A failure of a check that holds the account against the specification is an issue with a
//! statement of that specification, as drift is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::common::{Paper, props};
use crate::{
    compliance::{assess::RequirementResult, verdict::Outcome},
    evidence::{FACTS, SNAPSHOT, TAPE},
    model::FrameworkId,
    report::{markdown::prose, row::Row},
};

/// How the names of checks end that hold resources against the specification.
const EXACT: &str = "-exact";

impl Paper<'_> {
    /// The id of the observation of a verdict.
    pub fn observed(&self, row: &Row<'_>) -> String {
        let identity = row.identity(self.source);
        self.ids.of_report("observation", &[identity.as_str()])
    }

    /// Every observation of checks.
    pub fn observations(&self) -> Vec<Value> {
        let agreed = self.checks.iter().filter_map(|rows| self.agreed(rows));
        let told = self.rows().filter(|row| !super::is_good(row));
        agreed
            .chain(told.map(|row| self.observation(row)))
            .collect()
    }

    /// The id of the observation of what is well with a check.
    pub fn agreed_id(&self, row: &Row<'_>) -> String {
        let settings = row.settings().join(", ");
        self.ids.of_report("agreed", &[&row.run.id, &settings])
    }

    /// What is well with a check: each resource that passes, or that it is not about.
    fn agreed(&self, rows: &[Row<'_>]) -> Option<Value> {
        let good: Vec<&Row<'_>> = rows.iter().filter(|row| super::is_good(row)).collect();
        let first = *good.first()?;
        let passed = good
            .iter()
            .filter(|row| row.verdict.outcome == Outcome::Pass);
        let (passed, all) = (passed.count(), rows.len());
        let aside = good.len() - passed;
        Some(json!({
            "uuid": self.agreed_id(first),
            "title": prose(&first.check.title),
            "description": format!("{passed} of {all} pass; {aside} are not applicable."),
            "props": props(&[
                ("check", &first.check.id),
                ("severity", &first.check.severity),
                ("thresholds", &first.settings().join(", ")),
            ]),
            "methods": ["EXAMINE"],
            "types": ["control-objective"],
            "origins": self.origins(),
            "subjects": good.iter().map(|row| self.subject(row)).collect::<Vec<_>>(),
            "relevant-evidence": self.relevant(first, "services and environment"),
            "collected": self.moment(),
        }))
    }

    fn subject(&self, row: &Row<'_>) -> Value {
        let resource = &row.shown.resource;
        json!({
            "subject-uuid": self.item(&row.verdict.resource),
            "type": "inventory-item",
            "title": prose(&format!("{} {}", resource.kind, resource.name)),
            "props": props(&[
                ("outcome", row.shown.outcome.slug),
                ("facts-path", &row.verdict.resource),
            ]),
        })
    }

    /// The observation of a verdict.
    pub fn observation(&self, row: &Row<'_>) -> Value {
        let details: Vec<String> = row.details().iter().map(|line| prose(line)).collect();
        let sentence = format!("{}.", prose(&row.sentence()));
        let description = std::iter::once(sentence).chain(details);
        json!({
            "uuid": self.observed(row),
            "title": prose(&row.check.title),
            "description": description.collect::<Vec<_>>().join("\n\n"),
            "props": props(&[
                ("check", &row.check.id),
                ("outcome", row.shown.outcome.slug),
                ("severity", &row.check.severity),
                ("thresholds", &row.settings().join(", ")),
                ("service", &row.shown.service),
                ("facts-path", &row.verdict.resource),
                ("identity", row.identity(self.source).as_str()),
            ]),
            "methods": ["EXAMINE"],
            "types": kinds(row),
            "origins": self.origins(),
            "subjects": [self.subject(row)],
            "relevant-evidence": self.relevant(row, &row.verdict.resource),
            "collected": self.moment(),
        })
    }

    /// Where it is written: the facts, what the account showed, and the exchange itself.
    fn relevant(&self, row: &Row<'_>, path: &str) -> Vec<Value> {
        let calls: Vec<&str> = row
            .check
            .calls
            .iter()
            .map(|call| call.call.as_str())
            .collect();
        let calls = calls.join(", ");
        let files = [
            (FACTS, format!("The facts at {path}")),
            (SNAPSHOT, "What the account showed".to_owned()),
            (TAPE, format!("The answers of {calls}")),
        ];
        let there = files
            .into_iter()
            .filter(|(name, _)| self.evidence.contains_key(name));
        there
            .map(|(name, what)| {
                json!({ "href": format!("#{}", self.file(name)), "description": prose(&what) })
            })
            .collect()
    }

    /// A requirement that nobody can call met or broken yet: it is observed, and there is no finding.
    pub fn undecided(&self, framework: &FrameworkId, one: &RequirementResult) -> Value {
        let name = format!("{framework} {}", one.id);
        let reasons = one.reasons.iter().map(|reason| prose(reason));
        let head = format!("{}: {}.", prose(&name), one.overall.words());
        json!({
            "uuid": self.ids.of_report("undecided", &[framework.as_str(), &one.id]),
            "title": prose(&format!("{name}: {}", one.title)),
            "description": std::iter::once(head).chain(reasons).collect::<Vec<_>>().join("\n\n"),
            "props": props(&[
                ("framework", framework.as_str()),
                ("requirement", &one.id),
                ("outcome", super::slug(one.overall)),
                ("to-attest", one.attestation.as_ref().map_or("", |terms| &terms.prompt)),
            ]),
            "methods": ["UNKNOWN"],
            "types": ["control-objective"],
            "origins": self.origins(),
            "collected": self.moment(),
        })
    }

    /// The id of a judged resource.
    pub fn item(&self, path: &str) -> String {
        self.ids.lasting("resource", &[path])
    }

    /// Every judged resource.
    pub fn inventory<'r>(&self, rows: impl Iterator<Item = &'r Row<'r>>) -> Vec<Value> {
        let mut items: BTreeMap<&str, Value> = BTreeMap::new();
        for row in rows {
            let path = row.verdict.resource.as_str();
            items.entry(path).or_insert_with(|| self.inventoried(row));
        }
        items.into_values().collect()
    }

    fn inventoried(&self, row: &Row<'_>) -> Value {
        let (resource, service) = (&row.shown.resource, &row.shown.service);
        let described = self.report.services.iter();
        let mut described = described.filter(|one| one.name == *service);
        json!({
            "uuid": self.item(&row.verdict.resource),
            "description": prose(&format!("{} {}", resource.kind, resource.name)),
            "props": props(&[
                ("resource-kind", resource.kind),
                ("resource-name", &resource.name),
                ("resource-id", resource.id.as_deref().unwrap_or_default()),
                ("facts-path", &row.verdict.resource),
            ]),
            "implemented-components": described
                .next()
                .map(|one| json!([{ "component-uuid": self.service(&one.name) }])),
        })
    }
}

fn kinds(row: &Row<'_>) -> Vec<&'static str> {
    match row.verdict.outcome {
        Outcome::Fail | Outcome::Exception if row.run.id.ends_with(EXACT) => {
            vec!["finding", "ssp-statement-issue"]
        }
        Outcome::Fail | Outcome::Exception => vec!["finding"],
        _ => vec!["control-objective"],
    }
}
