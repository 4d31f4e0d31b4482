//! The first screen: what failed, what could not be read, and what that leaves open.

use schemars::JsonSchema;
use serde::Serialize;

use super::{CheckView, Clause, Counts, Source, VerdictView, text};
use crate::{
    compliance::{
        assess::UnreadCall,
        population::{Population, populations},
        records::Standing,
        verdict::{Outcome, Totals},
    },
    resource::{Read, UnreadReason},
    snapshot::Origin,
};

/// What has to be known first.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// The result in one sentence.
    pub verdict: String,
    /// Whether it is a failure, unknown or agreed.
    pub class: &'static str,
    /// How many verdicts came to what, each check with its own thresholds.
    pub counts: Counts,
    /// How many requirements of all frameworks came to what; heads of their table.
    pub requirements: Counts,
    /// How many checks there are.
    pub checks: usize,
    /// What failed.
    pub failures: Vec<FailedCheck>,
    /// What this version cannot judge yet, in one sentence.
    pub planned: String,
    /// What could not be read.
    pub unread: Vec<Gap>,
    /// What only a live account can show.
    pub needs_live: Vec<Gap>,
    /// Requirements that fail by what was attested: it ended, or lost its evidence.
    pub lapsed: Vec<Lapsed>,
    /// Waivers and attestations that somebody should look at.
    pub records: Vec<String>,
    /// Kinds of resources that could not be listed, and resources whose owner is in doubt.
    pub doubts: Vec<String>,
    /// Frameworks that the specification names and this version does not have.
    pub unknown_frameworks: Vec<String>,
}

/// A check that failed somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FailedCheck {
    /// Its place on the page.
    pub anchor: String,
    /// The check.
    pub check: String,
    /// What should be true.
    pub title: String,
    /// How bad it is.
    pub severity: String,
    /// What to do.
    pub remediation: String,
    /// The thresholds, where they are those of requirements.
    pub settings: String,
    /// Where it failed.
    pub places: Vec<Place>,
}

/// A resource on which a check failed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Place {
    /// Its place on the page.
    pub anchor: String,
    /// The resource.
    pub resource: String,
    /// The service; empty for none.
    pub service: String,
    /// What does not hold, and what was found.
    pub broken: Vec<Clause>,
    /// What stands beside.
    pub note: Option<String>,
}

/// A requirement whose attestation no longer holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Lapsed {
    /// Its place on the page.
    pub anchor: String,
    /// Framework and requirement.
    pub requirement: String,
    /// Why.
    pub why: String,
}

/// A call that did not show what it should.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Gap {
    /// The call.
    pub call: String,
    /// Why, in words.
    pub why: &'static str,
    /// What the account said.
    pub message: String,
    /// The permission that is missing, where one is.
    pub permission: Option<String>,
    /// Verdicts without an answer.
    pub verdicts: usize,
    /// Requirements left open.
    pub requirements: Vec<String>,
}

pub(super) fn view(source: &Source<'_>, checks: &[CheckView]) -> Summary {
    let assessment = source.assessment;
    let live = |call: &&UnreadCall| call.unread.reason == UnreadReason::NeedsLive;
    let (needs_live, unread): (Vec<_>, Vec<_>) = assessment.unread.iter().partition(live);
    let failures = failures(checks);
    let all: usize = failures.iter().map(|failed| failed.places.len()).sum();
    Summary {
        verdict: verdict(
            &assessment.totals,
            all.saturating_sub(assessment.totals.fail),
        ),
        class: class(source, all + lapsed(source).len()),
        counts: Counts::of_verdicts(assessment.totals),
        requirements: requirements(source),
        checks: assessment
            .checks
            .iter()
            .filter(|run| run.own_thresholds)
            .count(),
        failures,
        planned: planned(source),
        unread: unread.into_iter().map(gap).collect(),
        needs_live: needs_live.into_iter().map(gap).collect(),
        lapsed: lapsed(source),
        records: records(source),
        doubts: doubts(source),
        unknown_frameworks: assessment
            .unknown_frameworks
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// Checks that requirements name and that this version does not have.
fn planned(source: &Source<'_>) -> String {
    let frameworks = source.assessment.frameworks.iter();
    let requirements: Vec<_> = frameworks
        .flat_map(|framework| &framework.requirements)
        .filter(|requirement| !requirement.planned.is_empty())
        .collect();
    let checks: std::collections::BTreeSet<&String> = requirements
        .iter()
        .flat_map(|requirement| &requirement.planned)
        .collect();
    match checks.len() {
        0 => "Every check that the frameworks name is in this version.".to_owned(),
        missing => format!(
            "{} that the frameworks name are not in this version; {} name at least one of them, and \
             this report calls none of these met.",
            text::counted(missing, "check"),
            text::counted(requirements.len(), "requirement")
        ),
    }
}

/// The result in words; `more` failed by thresholds that requirements set.
fn verdict(totals: &Totals, more: usize) -> String {
    let Totals {
        fail,
        exception,
        not_evaluated,
        needs_live,
        ..
    } = totals;
    let all = text::counted(totals.population(), "verdict");
    let mut parts = match fail {
        0 => vec![format!("None of {all} failed.")],
        _ => vec![format!("{fail} of {all} failed.")],
    };
    if *exception > 0 {
        parts.push(format!(
            "{exception} fail and are excepted by waivers for a while."
        ));
    }
    if more > 0 {
        let more = text::counted(more, "verdict");
        parts.push(format!(
            "{more} failed by thresholds that requirements set."
        ));
    }
    if *not_evaluated > 0 {
        parts.push(format!(
            "{not_evaluated} could not be evaluated: something was not read."
        ));
    }
    if *needs_live > 0 {
        parts.push(format!("{needs_live} need a live account."));
    }
    parts.join(" ")
}

/// What the sentence looks like: only an account that was observed can look good.
fn class(source: &Source<'_>, failed: usize) -> &'static str {
    let totals = &source.assessment.totals;
    let open =
        totals.not_evaluated + doubts(source).len() + source.assessment.unknown_frameworks.len();
    match (failed, open, &source.snapshot.origin) {
        (1.., ..) => "fail",
        (0, 1.., _) => "not-evaluated",
        (0, 0, Origin::Live { .. }) => "pass",
        (0, 0, _) => "needs-live",
    }
}

fn failures(checks: &[CheckView]) -> Vec<FailedCheck> {
    let mut found: Vec<FailedCheck> = checks.iter().filter_map(failed).collect();
    found.sort_by_key(|failed| rank(&failed.severity));
    found
}

fn failed(check: &CheckView) -> Option<FailedCheck> {
    let fail = super::Kind::from(Outcome::Fail);
    let failed = check
        .verdicts
        .iter()
        .filter(|verdict| verdict.outcome == fail);
    let places: Vec<Place> = failed.map(place).collect();
    (!places.is_empty()).then(|| FailedCheck {
        anchor: check.anchor.clone(),
        check: check.id.clone(),
        title: check.title.clone(),
        severity: check.severity.clone(),
        remediation: check.remediation.clone(),
        settings: demanded(check),
        places,
    })
}

fn place(verdict: &VerdictView) -> Place {
    Place {
        anchor: verdict.anchor.clone(),
        resource: format!("{} {}", verdict.resource.kind, verdict.resource.name),
        service: verdict.service.clone(),
        broken: verdict.broken.clone(),
        note: verdict.note.clone(),
    }
}

fn demanded(check: &CheckView) -> String {
    let settings = check.settings.iter().filter(|_| !check.own_thresholds);
    let settings: Vec<String> = settings
        .map(|s| format!("{} = {}", s.name, s.value))
        .collect();
    settings.join(", ")
}

pub(super) fn rank(severity: &str) -> usize {
    let order = ["critical", "high", "medium", "low"];
    order
        .iter()
        .position(|word| *word == severity)
        .unwrap_or(order.len())
}

fn gap(call: &UnreadCall) -> Gap {
    let unread = &call.unread;
    let denied = unread.reason == UnreadReason::Denied;
    Gap {
        call: unread.call.clone(),
        why: match unread.reason {
            UnreadReason::Denied => "access denied",
            UnreadReason::Unsupported => "not answered here",
            UnreadReason::Malformed => "answer not understood",
            UnreadReason::Failed => "failed",
            UnreadReason::NeedsLive => "needs a live account",
        },
        message: unread.message.clone(),
        permission: denied.then(|| unread.call.clone()),
        verdicts: call.verdicts,
        requirements: call.requirements.iter().cloned().collect(),
    }
}

fn requirements(source: &Source<'_>) -> Counts {
    let frameworks = source.assessment.frameworks.iter();
    let requirements = frameworks.flat_map(|framework| &framework.requirements);
    Totals::of(requirements.map(|requirement| requirement.overall)).into()
}

fn lapsed(source: &Source<'_>) -> Vec<Lapsed> {
    let mut lapsed = Vec::new();
    for framework in &source.assessment.frameworks {
        for requirement in &framework.requirements {
            let best = requirement.attested.first();
            let failed = best.filter(|attested| attested.outcome == Outcome::Fail);
            lapsed.extend(failed.map(|attested| Lapsed {
                anchor: super::framework::anchor(&framework.id, &requirement.id),
                requirement: format!("{} {}", framework.id, requirement.id),
                why: attested.why.clone().unwrap_or_default(),
            }));
        }
    }
    lapsed
}

/// What has ended, ends soon, or is doubtful among the records.
fn records(source: &Source<'_>) -> Vec<String> {
    let assessment = source.assessment;
    let waivers = assessment.waivers.iter().map(|result| {
        let waiver = &result.waiver;
        (
            "Waiver",
            &waiver.id,
            result.standing,
            waiver.expires,
            &result.doubts,
        )
    });
    let attestations = assessment.attestations.iter().map(|result| {
        let one = &result.attestation;
        (
            "Attestation",
            &one.id,
            result.standing,
            one.valid_until,
            &result.doubts,
        )
    });
    let mut lines = Vec::new();
    for (what, id, standing, last, doubts) in waivers.chain(attestations) {
        if standing != Standing::Valid {
            let word = standing.words();
            lines.push(format!("{what} {id} is {word}: its last day is {last}."));
        }
        lines.extend(doubts.iter().map(|doubt| format!("{what} {id}: {doubt}.")));
    }
    lines
}

fn doubts(source: &Source<'_>) -> Vec<String> {
    let snapshot = source.snapshot;
    let listings = snapshot.coverage.listings.iter();
    let unlisted = listings.filter_map(|(kind, listing)| match listing {
        Read::Known(_) => None,
        Read::Unread(why) => Some(format!(
            "{} were not listed: {why}. What is there and not declared is not known.",
            kind.plural()
        )),
    });
    let conflicts = snapshot.conflicts.iter().map(|conflict| {
        let ids = conflict.ids.join(", ");
        format!(
            "The owner of {} is in doubt ({ids}): {}.",
            conflict.address, conflict.reason
        )
    });
    let populations = populations(&source.desired.resources, snapshot, source.assessment);
    let uncounted = populations
        .iter()
        .filter(|population| matches!(population.found, Read::Known(_)))
        .filter_map(Population::gap)
        .collect::<Vec<_>>();
    unlisted.chain(conflicts).chain(uncounted).collect()
}
