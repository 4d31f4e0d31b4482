//! What the schema of waivers and attestations cannot say: two people, one target, an end in time.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::{
    compliance::{
        attestation::{Attestation, AttestationFile},
        waiver::{Waiver, WaiverFile},
    },
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// What is wrong with the waivers.
pub(super) fn waivers(file: &WaiverFile) -> Vec<Draft> {
    let place = |index| YamlPath::root().key("waivers").index(index);
    let checks: [fn(&Waiver, &YamlPath) -> Option<Draft>; 4] = [target, scope, people, term];
    let mut problems: Vec<Draft> = file
        .waivers
        .iter()
        .enumerate()
        .flat_map(|(index, waiver)| checks.map(|check| check(waiver, &place(index))))
        .flatten()
        .collect();
    let ids = file.waivers.iter().map(|waiver| waiver.id.as_str());
    problems.extend(repeated(ids, place));
    problems
}

/// What is wrong with the attestations.
pub(super) fn attestations(file: &AttestationFile) -> Vec<Draft> {
    let place = |index| YamlPath::root().key("attestations").index(index);
    let checks: [fn(&Attestation, &YamlPath) -> Option<Draft>; 2] = [speakers, validity];
    let mut problems: Vec<Draft> = file
        .attestations
        .iter()
        .enumerate()
        .flat_map(|(index, one)| checks.map(|check| check(one, &place(index))))
        .flatten()
        .collect();
    let ids = file.attestations.iter().map(|one| one.id.as_str());
    problems.extend(repeated(ids, place));
    problems
}

fn repeated<'i>(
    ids: impl Iterator<Item = &'i str>,
    place: impl Fn(usize) -> YamlPath,
) -> Vec<Draft> {
    let mut seen = BTreeSet::new();
    ids.enumerate()
        .filter(|(_, id)| !seen.insert(*id))
        .map(|(index, id)| {
            Draft::new(
                Code::RecordTwice,
                format!("another entry has the id `{id}`"),
            )
            .help("give it an id of its own; ids are never used again")
            .path(place(index).key("id"))
        })
        .collect()
}

fn target(waiver: &Waiver, place: &YamlPath) -> Option<Draft> {
    let (message, field) = match (&waiver.check, &waiver.drift) {
        (Some(_), Some(_)) => ("names both a check and a drift", "drift"),
        (None, None) => ("names neither a check nor a drift", "id"),
        _ => return None,
    };
    let message = format!("the waiver `{}` {message}", waiver.id);
    let draft = Draft::new(Code::OneTarget, message)
        .help("write `check:` with `scope:`, or `drift:` with an address; two waivers for both");
    Some(draft.path(place.clone().key(field)))
}

fn scope(waiver: &Waiver, place: &YamlPath) -> Option<Draft> {
    waiver.check.as_ref()?;
    let named = waiver
        .scope
        .as_ref()
        .is_some_and(|scope| scope.service.is_some() || scope.resource.is_some());
    (!named).then(|| {
        Draft::new(
            Code::MissingField,
            format!(
                "the waiver `{}` does not say where the check may fail",
                waiver.id
            ),
        )
        .help("add `scope: {service: …}` or `scope: {resource: …}`; no waiver is for everything")
        .path(place.clone().key("check"))
    })
}

fn people(waiver: &Waiver, place: &YamlPath) -> Option<Draft> {
    let place = place.clone().key("approver");
    same_person("owner", &waiver.owner, &waiver.approver, place)
}

fn speakers(attestation: &Attestation, place: &YamlPath) -> Option<Draft> {
    let approver = attestation.approver.as_ref()?;
    let place = place.clone().key("approver");
    same_person("author", &attestation.by, approver, place)
}

fn same_person(who: &str, one: &str, other: &str, place: YamlPath) -> Option<Draft> {
    let plain = |name: &str| name.trim().to_lowercase();
    (plain(one) == plain(other)).then(|| {
        Draft::new(
            Code::SamePerson,
            format!("`{other}` is the {who} and the approver"),
        )
        .help("let another person approve")
        .path(place)
    })
}

fn term(waiver: &Waiver, place: &YamlPath) -> Option<Draft> {
    let (first, last) = (waiver.approved_on, waiver.expires);
    let latest = Waiver::latest(first);
    let place = place.clone().key("expires");
    match last {
        _ if last < first => Some(backwards(first, last, place)),
        _ if last > latest => Some(
            Draft::new(
                Code::WaiverTooLong,
                format!("the waiver ends on {last}, more than a year after {first}"),
            )
            .help(format!(
                "let it end on {latest} at the latest, and renew it then"
            ))
            .path(place),
        ),
        _ => None,
    }
}

fn validity(attestation: &Attestation, place: &YamlPath) -> Option<Draft> {
    let (first, last) = (attestation.attested_on, attestation.valid_until);
    (last < first).then(|| backwards(first, last, place.clone().key("valid_until")))
}

fn backwards(first: Date, last: Date, place: YamlPath) -> Draft {
    Draft::new(
        Code::InvalidValue,
        format!("the last day, {last}, is before the first, {first}"),
    )
    .help("exchange or correct the days")
    .path(place)
}
