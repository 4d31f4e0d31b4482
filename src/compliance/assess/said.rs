//! What a requirement comes to beside its checks: a person's word where one is asked for, and
//! nothing where AWS answers for it or it does not apply. A word that ended fails, whatever was asked.

use std::collections::BTreeSet;

use super::{
    attested::{Attested, Desk},
    requirement::Part,
};
use crate::{
    compliance::{
        attestation::Attestation,
        framework::{Coverage, Requirement},
        verdict::Outcome,
    },
    model::FrameworkId,
};

/// What stands beside the checks: a person's word, or that nobody's word is asked for.
pub(super) fn part(
    framework: &FrameworkId,
    scope: &BTreeSet<&str>,
    requirement: &Requirement,
    desk: &Desk<'_>,
) -> (Option<Part>, Vec<Attested>) {
    let terms = requirement.attestation.as_ref();
    let found = desk.attested(framework, &requirement.id, terms);
    let best = found.first().map(|(_, attested)| attested.clone());
    let services = whole(&found);
    let attested: Vec<Attested> = found.into_iter().map(|(_, attested)| attested).collect();
    let needed = requirement.coverage.needs_attestation() || terms.is_some();
    let unsaid = || (Outcome::Manual, Some("asks for an attestation".to_owned()));
    let part = match (requirement.coverage, best) {
        (_, Some(best)) if best.outcome == Outcome::Fail => Some((Outcome::Fail, best.why)),
        (Coverage::Inherited, _) => Some((Outcome::Inherited, None)),
        (Coverage::NotApplicable, _) => Some((Outcome::NotApplicable, None)),
        _ if !needed => None,
        (_, None) => Some(unsaid()),
        (_, Some(best)) if best.outcome == Outcome::Attested => {
            Some(missing(scope, &services).unwrap_or((Outcome::Attested, None)))
        }
        (_, Some(best)) => Some((best.outcome, best.why)),
    };
    (part, attested)
}

/// The services that valid attestations speak of; none if one speaks of all.
fn whole(found: &[(&Attestation, Attested)]) -> Option<BTreeSet<String>> {
    let mut services = BTreeSet::new();
    for (attestation, _) in found.iter().filter(|(_, a)| a.outcome == Outcome::Attested) {
        if attestation.services.is_empty() {
            return None;
        }
        services.extend(attestation.services.iter().map(ToString::to_string));
    }
    Some(services)
}

/// The part that is open because nobody spoke of some services.
fn missing(scope: &BTreeSet<&str>, services: &Option<BTreeSet<String>>) -> Option<Part> {
    let services = services.as_ref()?;
    let unsaid: Vec<&str> = scope
        .iter()
        .filter(|name| !services.contains(**name))
        .copied()
        .collect();
    (!unsaid.is_empty()).then(|| {
        let why = format!("nobody attests it for {}", unsaid.join(", "));
        (Outcome::Manual, Some(why))
    })
}
