//! Waivers and attestations as a report shows them: who, why, until when, and what is doubtful.

use schemars::JsonSchema;
use serde::Serialize;

use super::Source;
use crate::compliance::{
    assess::{AttestationResult, WaivedFailure, WaiverResult},
    verdict::Waived,
    waiver::Waiver,
};

/// A waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverView {
    /// Its id.
    pub id: String,
    /// What may fail, and where.
    pub about: String,
    /// Where it stands.
    pub standing: &'static str,
    /// Whether somebody has to look at it.
    pub alarming: bool,
    /// Why it cannot be mended now.
    pub reason: String,
    /// What keeps the risk down meanwhile.
    pub compensating_control: String,
    /// Who answers for mending it.
    pub owner: String,
    /// Who allowed it.
    pub approver: String,
    /// When.
    pub approved_on: String,
    /// Its last day.
    pub expires: String,
    /// Where the work on it is followed.
    pub ticket: String,
    /// The resources whose failures it is about.
    pub failures: Vec<String>,
    /// What somebody should look at.
    pub doubts: Vec<String>,
}

/// An attestation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttestationView {
    /// Its id.
    pub id: String,
    /// What is said.
    pub statement: String,
    /// Who says it.
    pub by: String,
    /// Who agreed; empty for nobody.
    pub approver: String,
    /// When it was said.
    pub attested_on: String,
    /// The last day on which it holds.
    pub valid_until: String,
    /// Where it stands.
    pub standing: &'static str,
    /// Whether somebody has to look at it.
    pub alarming: bool,
    /// The requirements of this report that it speaks of.
    pub requirements: Vec<String>,
    /// The files behind it, each with its hash.
    pub evidence: Vec<String>,
    /// What somebody should look at.
    pub doubts: Vec<String>,
}

pub(super) fn waivers(source: &Source<'_>) -> Vec<WaiverView> {
    let waivers = source.assessment.waivers.iter();
    waivers.map(waiver).collect()
}

pub(super) fn attestations(source: &Source<'_>) -> Vec<AttestationView> {
    let attestations = source.assessment.attestations.iter();
    attestations.map(attestation).collect()
}

fn waiver(result: &WaiverResult) -> WaiverView {
    let Waiver {
        id,
        reason,
        compensating_control,
        owner,
        approver,
        approved_on,
        expires,
        ticket,
        ..
    } = &result.waiver;
    let failure = |failure: &WaivedFailure| format!("{} {}", failure.check, failure.resource);
    WaiverView {
        id: id.clone(),
        about: about(&result.waiver),
        standing: result.standing.words(),
        alarming: !result.standing.holds() || !result.doubts.is_empty(),
        reason: reason.clone(),
        compensating_control: compensating_control.clone(),
        owner: owner.clone(),
        approver: approver.clone(),
        approved_on: approved_on.to_string(),
        expires: expires.to_string(),
        ticket: ticket.clone(),
        failures: result.failures.iter().map(failure).collect(),
        doubts: result.doubts.clone(),
    }
}

/// What a waiver is for, in words.
fn about(waiver: &Waiver) -> String {
    if let Some(drift) = &waiver.drift {
        let path = drift.path.iter().map(|path| format!(" {path}"));
        return format!("drift of {}{}", drift.address, path.collect::<String>());
    }
    let check = waiver.check.clone().unwrap_or_default();
    let scope = waiver.scope.as_ref();
    let resource = scope.and_then(|scope| scope.resource.clone());
    let service = scope.and_then(|scope| scope.service.as_ref());
    let at = resource.map(|name| format!(" at {name}"));
    let of = service.map(|name| format!(" of service {name}"));
    format!(
        "{check}{}{}",
        at.unwrap_or_default(),
        of.unwrap_or_default()
    )
}

fn attestation(result: &AttestationResult) -> AttestationView {
    let one = &result.attestation;
    AttestationView {
        id: one.id.clone(),
        statement: one.statement.clone(),
        by: one.by.clone(),
        approver: one.approver.clone().unwrap_or_default(),
        attested_on: one.attested_on.to_string(),
        valid_until: one.valid_until.to_string(),
        standing: result.standing.words(),
        alarming: !result.standing.holds() || !result.doubts.is_empty(),
        requirements: result.requirements.iter().cloned().collect(),
        evidence: one
            .evidence
            .iter()
            .map(|file| format!("{} (SHA-256 {})", file.file, file.sha256))
            .collect(),
        doubts: result.doubts.clone(),
    }
}

/// What stands beside a failure that a waiver is about.
pub(super) fn beside(waived: &Waived, excepted: bool) -> String {
    let Waived {
        id,
        standing,
        expires,
    } = waived;
    match excepted {
        true => format!("Exception by waiver {id}, until {expires}."),
        false if standing.holds() => format!("Waiver {id} has lost its evidence."),
        false => format!(
            "Waiver {id} is {}: its last day is {expires}.",
            standing.words()
        ),
    }
}
