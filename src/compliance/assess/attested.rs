//! What people say, laid over what requirements ask of them: an attestation that holds satisfies
//! its part, one that ended or lost its evidence fails it, a missing one leaves it to a person.

use std::collections::BTreeSet;

use serde::Serialize;

use super::FrameworkResult;
use crate::{
    compliance::{
        attestation::Attestation,
        framework::AttestationTerms,
        records::{Records, Standing, day},
        verdict::Outcome,
    },
    model::FrameworkId,
};

/// The oldest attestation where a requirement does not say, in days.
const MAX_AGE_DAYS: u32 = 365;

/// What became of an attestation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttestationResult {
    /// As written.
    pub attestation: Attestation,
    /// Where it stands by its own last day.
    pub standing: Standing,
    /// The requirements of this assessment that it speaks of, as `pci-dss@4.0.1 7.2.4`.
    pub requirements: BTreeSet<String>,
    /// What somebody should look at: that it matches nothing, that its evidence has changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// An attestation as one requirement sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attested {
    /// The attestation.
    pub id: String,
    /// Who says it.
    pub by: String,
    /// What comes of it.
    pub outcome: Outcome,
    /// Where it stands for this requirement.
    pub standing: Standing,
    /// Why it does not satisfy the requirement; nothing if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The records and the moment, as requirements ask for them.
pub(super) struct Desk<'a> {
    /// What people put beside the specification.
    pub records: &'a Records,
    /// The moment that is judged.
    pub as_of: jiff::Timestamp,
}

impl Desk<'_> {
    /// The attestations of a requirement, the best first.
    pub(super) fn attested(
        &self,
        framework: &FrameworkId,
        requirement: &str,
        terms: Option<&AttestationTerms>,
    ) -> Vec<(&Attestation, Attested)> {
        let max_age_days = terms.map_or(MAX_AGE_DAYS, |terms| terms.max_age_days);
        let about = self.records.attestations.iter();
        let about = about.filter(|one| one.speaks_of(framework, requirement));
        let mut found: Vec<_> = about
            .map(|one| (one, self.judge(one, max_age_days)))
            .collect();
        found.sort_by(|(_, a), (_, b)| (a.outcome, &a.id).cmp(&(b.outcome, &b.id)));
        found
    }

    fn judge(&self, attestation: &Attestation, max_age_days: u32) -> Attested {
        let standing = attestation.standing(day(self.as_of), max_age_days);
        let doubts = self.records.doubts(&attestation.evidence);
        let id = &attestation.id;
        let (outcome, why) = match standing {
            _ if !doubts.is_empty() => {
                (Outcome::Fail, Some(format!("{id}: {}", doubts.join("; "))))
            }
            Standing::Expired => (Outcome::Fail, Some(ended(attestation, max_age_days, self))),
            Standing::NotYet => (Outcome::Manual, Some(format!("{id} does not hold yet"))),
            Standing::Valid | Standing::Expiring => (Outcome::Attested, None),
        };
        Attested {
            id: id.clone(),
            by: attestation.by.clone(),
            outcome,
            standing,
            why,
        }
    }

    /// What became of every attestation.
    pub(super) fn results(&self, frameworks: &[FrameworkResult]) -> Vec<AttestationResult> {
        let all = self.records.attestations.iter();
        all.map(|one| self.result(one, frameworks)).collect()
    }

    fn result(&self, one: &Attestation, frameworks: &[FrameworkResult]) -> AttestationResult {
        let requirements: BTreeSet<String> = frameworks
            .iter()
            .flat_map(|framework| framework.requirements.iter().map(move |r| (framework, r)))
            .filter(|(framework, r)| one.speaks_of(&framework.id, &r.id))
            .map(|(framework, r)| format!("{} {}", framework.id, r.id))
            .collect();
        let mut doubts = self.records.doubts(&one.evidence);
        doubts.extend(unmatched(one, frameworks));
        AttestationResult {
            attestation: one.clone(),
            standing: Standing::on(day(self.as_of), one.attested_on, one.valid_until),
            requirements,
            doubts,
        }
    }
}

/// Why an attestation is over: by its own last day, or because the requirement wants a newer one.
fn ended(attestation: &Attestation, max_age_days: u32, desk: &Desk<'_>) -> String {
    let Attestation {
        id,
        attested_on,
        valid_until,
        ..
    } = attestation;
    match day(desk.as_of) > *valid_until {
        true => format!("{id} expired on {valid_until}"),
        false => {
            format!("threshold: {id} is of {attested_on}, and {max_age_days} days are the most")
        }
    }
}

/// Requirements that it names and that the chosen frameworks do not have.
fn unmatched(one: &Attestation, frameworks: &[FrameworkResult]) -> Vec<String> {
    let mut doubts = Vec::new();
    for (id, requirements) in &one.satisfies {
        let Some(framework) = frameworks.iter().find(|framework| framework.id == *id) else {
            doubts.push(format!("speaks of {id}, which is not judged here"));
            continue;
        };
        let unknown = requirements
            .iter()
            .filter(|name| framework.requirements.iter().all(|r| r.id != **name));
        doubts
            .extend(unknown.map(|name| format!("matches nothing: {id} has no requirement {name}")));
    }
    doubts
}
