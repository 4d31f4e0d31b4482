//! What every OSCAL document of a report shares: metadata, properties, the resources that hold the
//! evidence, and the tool. Text that is empty is left out, for OSCAL has no empty strings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::id::{Ids, control};
use crate::{
    compliance::assess::FrameworkResult,
    evidence::Digest,
    report::{
        assessment::{Report, Source, show_lines},
        markdown::prose,
        row::Row,
    },
};

/// The version of OSCAL that the documents follow.
const OSCAL: &str = "1.2.3";
/// Fields whose text has lines.
const MARKDOWN: [&str; 3] = ["description", "remarks", "statement"];
/// The namespace of our own properties.
const NAMESPACE: &str = "urn:strongroom:oscal:v1";

/// What documents are made from.
pub(super) struct Paper<'a> {
    pub source: &'a Source<'a>,
    pub report: &'a Report,
    pub ids: Ids,
    /// The files that stand behind it, each with its hash.
    pub evidence: BTreeMap<&'a str, Digest>,
    /// The verdicts of each check, in the order of the assessment.
    pub checks: Vec<Vec<Row<'a>>>,
}

impl<'a> Paper<'a> {
    /// Every verdict.
    pub fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.checks.iter().flatten()
    }

    /// The moment of the observation.
    pub fn moment(&self) -> String {
        self.source.snapshot.taken_at.to_string()
    }

    /// The metadata of a document about something, with the parties that it names; `kind` is what
    /// they are, `person` or `organization`.
    pub fn metadata(&self, title: &str, kind: &str, parties: &BTreeSet<String>) -> Value {
        let header = &self.report.header;
        let parties: Vec<Value> = parties
            .iter()
            .map(|name| json!({ "uuid": self.party(name), "type": kind, "name": name }))
            .collect();
        let roles = [
            ("owner", "Answers for it"),
            ("approver", "Allowed a deviation"),
            ("attester", "Attests it"),
        ];
        json!({
            "title": title,
            "last-modified": self.moment(),
            "version": header.digest,
            "oscal-version": OSCAL,
            "props": props(&[
                ("origin", &header.origin),
                ("environment", &header.environment),
                ("account", &header.account),
                ("region", &header.region),
                ("caller", &header.caller),
                ("specification-sha256", &header.digest),
                ("tool", &header.tool),
                ("only-service", header.only.as_deref().unwrap_or_default()),
                ("only-checks-of", &header.frameworks.join(", ")),
            ]),
            "links": self.links(),
            "roles": roles.map(|(id, title)| json!({ "id": id, "title": title })),
            "parties": parties,
            "remarks": (!header.live).then(|| format!(
                "{}. This is no evidence about an AWS account.", header.origin
            )),
        })
    }

    /// The evidence that stands behind a document.
    fn links(&self) -> Vec<Value> {
        let files = self.evidence.keys();
        files
            .map(|name| {
                let href = format!("#{}", self.file(name));
                json!({ "href": href, "rel": "reference", "text": name })
            })
            .collect()
    }

    /// The id of a person or a team.
    pub fn party(&self, name: &str) -> String {
        self.ids.lasting("party", &[name])
    }

    /// The id of a service.
    pub fn service(&self, name: &str) -> String {
        self.ids.lasting("service", &[name])
    }

    /// The id of the tool.
    pub fn tool(&self) -> String {
        self.ids.lasting("tool", &[])
    }

    /// Who found it: the tool.
    pub fn origins(&self) -> Value {
        json!([{ "actors": [{ "type": "tool", "actor-uuid": self.tool() }] }])
    }

    /// The tool as what assesses.
    pub fn assets(&self) -> Value {
        let tool = &self.report.header.tool;
        json!({
            "components": [{
                "uuid": self.tool(),
                "type": "software",
                "title": tool,
                "description": "Observes the account through read-only calls and judges it by checks whose predicates the assessment holds.",
                "status": { "state": "operational" },
            }],
            "assessment-platforms": [{
                "uuid": self.ids.lasting("platform", &[]),
                "title": tool,
                "uses-components": [{ "component-uuid": self.tool() }],
            }],
        })
    }

    /// The id of a file of the bundle as a resource.
    pub fn file(&self, name: &str) -> String {
        self.ids.of_report("file", &[name])
    }

    /// The evidence: each file of the bundle with its hash.
    pub fn back_matter(&self) -> Value {
        let files = self.evidence.iter();
        let files: Vec<Value> = files
            .map(|(name, digest)| {
                json!({
                    "uuid": self.file(name),
                    "title": name,
                    "rlinks": [{
                        "href": format!("../{name}"),
                        "media-type": media_type(name),
                        "hashes": [{ "algorithm": "SHA-256", "value": digest.as_str() }],
                    }],
                })
            })
            .collect();
        json!({ "resources": files })
    }

    /// The requirements that were looked at, by framework.
    pub fn reviewed(&self) -> Value {
        let frameworks = self.source.assessment.frameworks.iter();
        let selections: Vec<Value> = frameworks.map(selection).collect();
        json!({ "control-selections": match selections.is_empty() {
            true => vec![json!({ "description": "No framework is named: checks alone.", "include-all": {} })],
            false => selections,
        }})
    }
}

fn selection(framework: &FrameworkResult) -> Value {
    let requirements = framework.requirements.iter();
    let controls: Vec<Value> = requirements
        .map(|one| json!({ "control-id": control(&framework.id, &one.id) }))
        .collect();
    json!({ "description": prose(&framework.name), "include-controls": controls })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("json") => "application/json",
        Some("gz") => "application/gzip",
        _ => "text/plain",
    }
}

/// Our own properties by name; those without a value are left out.
pub(super) fn props(pairs: &[(&str, &str)]) -> Vec<Value> {
    let said = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
    said.map(|(name, value)| json!({ "name": name, "ns": NAMESPACE, "value": value }))
        .collect()
}

/// A document as bytes: without what is empty, and without characters that lie.
///
/// # Errors
/// None that a value can cause.
pub(super) fn bytes(mut document: Value) -> Result<Vec<u8>, serde_json::Error> {
    tidy(&mut document);
    show_lines(&mut document, &MARKDOWN);
    crate::report::json::pretty(&document)
}

/// Takes away what says nothing: OSCAL has no empty lists, and no strings with spaces around them.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(tidy);
            fields.retain(|_, value| match value {
                Value::Null => false,
                Value::Array(items) => !items.is_empty(),
                Value::String(text) => !text.is_empty(),
                _ => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::String(text) => {
            let trimmed = text.trim();
            if trimmed.len() < text.len() {
                *text = trimmed.to_owned();
            }
        }
        _ => {}
    }
}
