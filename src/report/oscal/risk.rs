//! What failed as a risk: open, or a deviation that a waiver approves until its last day. The plan
//! of action and milestones lists them, an item for each check, and what is no longer attested.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::common::{Paper, props};
use crate::{
    compliance::{verdict::Outcome, waiver::Waiver},
    evidence::ENVIRONMENT,
    report::{assessment::Lapsed, markdown::prose, row::Row},
};

impl Paper<'_> {
    /// The id of the risk of a failure, the same as long as it lasts.
    pub fn risk_id(&self, row: &Row<'_>) -> String {
        let identity = row.identity(self.source);
        self.ids.lasting("risk", &[identity.as_str()])
    }

    fn open(&self) -> impl Iterator<Item = &Row<'_>> {
        self.rows().filter(|row| super::is_open(row))
    }

    /// One risk for each failure.
    pub fn risks(&self) -> Vec<Value> {
        self.open().map(|row| self.risk(row)).collect()
    }

    fn risk(&self, row: &Row<'_>) -> Value {
        let waiver = self.waiver(row);
        let details: Vec<String> = row.details().iter().map(|line| prose(line)).collect();
        let deadline = waiver.map(|waiver| format!("{}T23:59:59Z", waiver.expires));
        json!({
            "uuid": self.risk_id(row),
            "title": prose(&row.check.title),
            "description": format!("{}.", prose(&row.sentence())),
            "statement": match details.is_empty() {
                true => prose(&row.check.title),
                false => details.join("\n\n"),
            },
            "props": props(&[
                ("severity", &row.check.severity),
                ("check", &row.check.id),
                ("waiver", waiver.map_or("", |waiver| &waiver.id)),
                ("ticket", waiver.map_or("", |waiver| &waiver.ticket)),
            ]),
            "status": if waiver.is_some() { "deviation-approved" } else { "open" },
            "origins": self.origins(),
            "mitigating-factors": waiver.map(|waiver| json!([{
                "uuid": self.ids.lasting("mitigation", &[&self.risk_id(row), &waiver.id]),
                "description": prose(&waiver.compensating_control),
            }])),
            "deadline": deadline,
            "remediations": [{
                "uuid": self.ids.lasting("remediation", &[&self.risk_id(row)]),
                "lifecycle": "recommendation",
                "title": prose(&row.check.title),
                "description": prose(&row.check.remediation),
            }],
            "risk-log": waiver.map(|waiver| self.log(row, waiver)),
            "related-observations": [{ "observation-uuid": self.observed(row) }],
        })
    }

    /// The waiver that holds.
    fn waiver(&self, row: &Row<'_>) -> Option<&Waiver> {
        let waived = row.verdict.waiver.as_ref();
        let waived = waived.filter(|_| row.verdict.outcome == Outcome::Exception)?;
        let mut waivers = self.source.assessment.waivers.iter();
        waivers
            .find(|result| result.waiver.id == waived.id)
            .map(|result| &result.waiver)
    }

    /// Who allowed it, when and why.
    fn log(&self, row: &Row<'_>, waiver: &Waiver) -> Value {
        json!({ "entries": [{
            "uuid": self.ids.lasting("log", &[&self.risk_id(row), &waiver.id]),
            "title": prose(&format!("Waiver {}", waiver.id)),
            "description": prose(&waiver.reason),
            "start": format!("{}T00:00:00Z", waiver.approved_on),
            "logged-by": [
                { "party-uuid": self.party(&waiver.approver), "role-id": "approver" },
                { "party-uuid": self.party(&waiver.owner), "role-id": "owner" },
            ],
            "status-change": "deviation-approved",
        }]})
    }

    /// The plan of action and milestones; none where nothing is open.
    pub fn open_items(&self) -> Option<Value> {
        let items = self.items();
        if items.is_empty() {
            return None;
        }
        let title = format!("Open items of {}", self.report.header.environment);
        let observations: Vec<Value> = self.open().map(|row| self.observation(row)).collect();
        Some(json!({ "plan-of-action-and-milestones": {
            "uuid": self.ids.of_report("open-items", &[]),
            "metadata": self.metadata(&title, "person", &self.people()),
            "import-ssp": { "href": format!("#{}", self.file(ENVIRONMENT)) },
            "local-definitions": {
                "components": self.services(),
                "inventory-items": self.inventory(self.open()),
                "assessment-assets": self.assets(),
            },
            "observations": observations,
            "risks": self.risks(),
            "poam-items": items,
            "back-matter": self.back_matter(),
        }}))
    }

    fn items(&self) -> Vec<Value> {
        let mut failed: BTreeMap<(&str, String), Vec<&Row<'_>>> = BTreeMap::new();
        for row in self.open() {
            let check = (row.run.id.as_str(), row.settings().join(", "));
            failed.entry(check).or_default().push(row);
        }
        let failed = failed.into_values().filter_map(|rows| self.failed(&rows));
        let lapsed = self.report.summary.lapsed.iter();
        failed.chain(lapsed.map(|one| self.lapsed(one))).collect()
    }

    fn failed(&self, rows: &[&Row<'_>]) -> Option<Value> {
        let check = rows.first()?.check;
        let observed = rows
            .iter()
            .map(|row| json!({ "observation-uuid": self.observed(row) }));
        let risks = rows
            .iter()
            .map(|row| json!({ "risk-uuid": self.risk_id(row) }));
        let settings = rows.first()?.settings().join(", ");
        Some(json!({
            "uuid": self.ids.lasting("item", &[&check.id, &settings]),
            "title": prose(&check.title),
            "description": prose(&check.remediation),
            "props": props(&[
                ("check", &check.id),
                ("severity", &check.severity),
                ("thresholds", &settings),
            ]),
            "related-observations": observed.collect::<Vec<_>>(),
            "related-risks": risks.collect::<Vec<_>>(),
        }))
    }

    fn lapsed(&self, one: &Lapsed) -> Value {
        json!({
            "uuid": self.ids.lasting("item", &["lapsed", &one.requirement]),
            "title": prose(&format!("{} is no longer attested", one.requirement)),
            "description": prose(&format!("{} Attest it anew, with its evidence.", one.why)),
            "props": props(&[("requirement", &one.requirement)]),
        })
    }
}
