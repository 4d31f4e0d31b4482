//! The assessment plan, which says what was to be looked at, and the assessment results: what was
//! found. A requirement that nobody could judge has an observation and no finding.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    common::{Paper, props},
    id::control,
};
use crate::{
    compliance::{
        assess::{FrameworkResult, RequirementResult},
        verdict::Outcome,
    },
    evidence::ENVIRONMENT,
    report::{markdown::prose, row::Row},
};

/// The plan's name beside the results.
pub(super) const PLAN: &str = "assessment-plan.json";

impl Paper<'_> {
    /// What was to be looked at.
    pub fn plan(&self) -> Value {
        let title = format!("Assessment plan of {}", self.report.header.environment);
        json!({ "assessment-plan": {
            "uuid": self.ids.of_report("assessment-plan", &[]),
            "metadata": self.metadata(&title, "person", &BTreeSet::new()),
            "import-ssp": {
                "href": format!("#{}", self.file(ENVIRONMENT)),
                "remarks": "What is allowed is the specification of the environment.",
            },
            "reviewed-controls": self.reviewed(),
            "assessment-subjects": [{ "type": "inventory-item", "include-all": {} }],
            "assessment-assets": self.assets(),
            "back-matter": self.back_matter(),
        }})
    }

    /// What was found.
    pub fn results(&self) -> Value {
        let header = &self.report.header;
        let title = format!("Assessment results of {}", header.environment);
        json!({ "assessment-results": {
            "uuid": self.ids.of_report("assessment-results", &[]),
            "metadata": self.metadata(&title, "person", &self.people()),
            "import-ap": { "href": PLAN },
            "results": [{
                "uuid": self.ids.of_report("result", &[]),
                "title": format!("{} at {}", header.environment, header.taken_at),
                "description": prose(&self.report.summary.verdict),
                "start": self.moment(),
                "end": self.moment(),
                "local-definitions": {
                    "components": self.services(),
                    "inventory-items": self.inventory(self.rows()),
                    "assessment-assets": self.assets(),
                },
                "reviewed-controls": self.reviewed(),
                "attestations": self.attestations(),
                "observations": self.all_observations(),
                "risks": self.risks(),
                "findings": self.findings(),
            }],
            "back-matter": self.back_matter(),
        }})
    }

    fn all_observations(&self) -> Vec<Value> {
        let mut observations = self.observations();
        for (framework, one) in self.requirements() {
            if !decided(one.overall) {
                observations.push(self.undecided(&framework.id, one));
            }
        }
        observations
    }

    fn requirements(&self) -> impl Iterator<Item = (&FrameworkResult, &RequirementResult)> {
        let frameworks = self.source.assessment.frameworks.iter();
        frameworks.flat_map(|framework| {
            framework
                .requirements
                .iter()
                .map(move |one| (framework, one))
        })
    }

    /// The services as components of the system.
    pub fn services(&self) -> Vec<Value> {
        let services = self.report.services.iter();
        services
            .map(|service| {
                json!({
                    "uuid": self.service(&service.name),
                    "type": "service",
                    "title": prose(&service.name),
                    "description": prose(&service.purpose),
                    "props": props(&[("owner", &service.owner)]),
                    "status": { "state": "operational" },
                })
            })
            .collect()
    }

    /// One finding for each requirement that could be judged.
    fn findings(&self) -> Vec<Value> {
        let decided = self.requirements().filter(|(_, one)| decided(one.overall));
        decided
            .map(|(framework, one)| self.finding(framework, one))
            .collect()
    }

    fn finding(&self, framework: &FrameworkResult, one: &RequirementResult) -> Value {
        let (state, reason) = status(one.overall);
        let reasons: Vec<String> = one.reasons.iter().map(|reason| prose(reason)).collect();
        let rows: Vec<&Row<'_>> = self.about(one).collect();
        let observed: BTreeSet<String> = rows
            .iter()
            .map(|row| match super::is_good(row) {
                true => self.agreed_id(row),
                false => self.observed(row),
            })
            .collect();
        let observed = observed.iter().map(|id| json!({ "observation-uuid": id }));
        let risky = rows.iter().filter(|row| super::is_open(row));
        let risky = risky.map(|row| json!({ "risk-uuid": self.risk_id(row) }));
        let title = prose(&format!("{} {}: {}", framework.id, one.id, one.title));
        json!({
            "uuid": self.ids.of_report("finding", &[framework.id.as_str(), &one.id]),
            "title": title,
            "description": match reasons.is_empty() {
                true => title.clone(),
                false => reasons.join("\n\n"),
            },
            "props": props(&[
                ("framework", framework.id.as_str()),
                ("requirement", &one.id),
                ("outcome", super::slug(one.overall)),
            ]),
            "origins": self.origins(),
            "target": {
                "type": "objective-id",
                "target-id": control(&framework.id, &one.id),
                "status": { "state": state, "reason": reason, "remarks": one.overall.words() },
                "implementation-status": (one.overall == Outcome::NotApplicable)
                    .then(|| json!({ "state": "not-applicable" })),
            },
            "related-observations": observed.collect::<Vec<_>>(),
            "related-risks": risky.collect::<Vec<_>>(),
        })
    }

    /// The verdicts that speak for a requirement.
    fn about<'s>(&'s self, one: &'s RequirementResult) -> impl Iterator<Item = &'s Row<'s>> {
        one.checks.iter().flat_map(|demanded| {
            let rows = self.checks.get(demanded.run).into_iter().flatten();
            rows.filter(|row| demanded.judges(row.verdict))
        })
    }

    /// What people say.
    fn attestations(&self) -> Vec<Value> {
        let attestations = self.report.attestations.iter();
        attestations
            .map(|one| {
                json!({
                    "responsible-parties": [{ "role-id": "attester", "party-uuids": [self.party(&one.by)] }],
                    "parts": [{
                        "name": "statement",
                        "title": prose(&one.id),
                        "props": props(&[
                            ("standing", one.standing),
                            ("attested-on", &one.attested_on),
                            ("valid-until", &one.valid_until),
                            ("approver", &one.approver),
                            ("requirements", &one.requirements.join(", ")),
                            ("evidence", &one.evidence.join(", ")),
                            ("doubts", &one.doubts.join("; ")),
                        ]),
                        "prose": prose(&one.statement),
                    }],
                })
            })
            .collect()
    }

    /// Everybody who attests, owns or approves.
    pub fn people(&self) -> BTreeSet<String> {
        let attested = self.report.attestations.iter().map(|one| one.by.clone());
        let waivers = self.report.waivers.iter();
        let waived = waivers.flat_map(|one| [one.owner.clone(), one.approver.clone()]);
        attested.chain(waived).collect()
    }
}

/// Whether somebody can call it met or broken.
fn decided(outcome: Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::NotEvaluated | Outcome::NeedsLive | Outcome::Manual
    )
}

fn status(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("satisfied", "pass"),
        Outcome::Attested | Outcome::Inherited | Outcome::NotApplicable => ("satisfied", "other"),
        Outcome::Fail => ("not-satisfied", "fail"),
        Outcome::Exception | Outcome::NotEvaluated | Outcome::NeedsLive | Outcome::Manual => {
            ("not-satisfied", "other")
        }
    }
}
