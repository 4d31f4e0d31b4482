//! A framework with its requirements: what speaks for each, what is missing, what a person attests.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Counts, Kind, Source, check, text};
use crate::{
    compliance::{
        assess::{FrameworkResult, RequirementCheck, RequirementResult},
        framework::{Coverage, Reach, Status},
        verdict::Outcome,
    },
    model::FrameworkId,
};

/// A framework.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FrameworkView {
    /// Its place on the page.
    pub anchor: String,
    /// Id and version.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is in force.
    pub status: &'static str,
    /// What has to be known about its status.
    pub note: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where; an https URL or empty.
    pub url: String,
    /// The services that it is about.
    pub services: Vec<String>,
    /// How many requirements came to what.
    pub counts: Counts,
    /// Why requirements are not evaluated; the numbers add up to those that are not.
    pub open: OpenBy,
    /// Requirements of which a check of this version speaks, and of these those where all agree.
    pub spoken: usize,
    /// Of these, those where every check of this version passes or does not apply.
    pub agreed: usize,
    /// The requirements.
    pub requirements: Vec<RequirementView>,
}

/// Why requirements are not evaluated: each counts once, by the first reason that holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenBy {
    /// A fact was not read.
    pub unread: usize,
    /// A check that it needs is not in this version.
    pub planned: usize,
    /// It reaches beyond the environment, to the whole account.
    pub account: usize,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RequirementView {
    /// Its place on the page.
    pub anchor: String,
    /// Its id in the framework.
    pub id: String,
    /// What it asks for, in our own words.
    pub title: String,
    /// What the whole comes to.
    pub outcome: Kind,
    /// What the checks of this version come to; none where no check speaks.
    pub available: Option<Kind>,
    /// How much of it checks can show, in words.
    pub coverage: &'static str,
    /// Whether it is about the whole account.
    pub account_wide: bool,
    /// The checks that speak for it.
    pub checks: Vec<RequirementCheckView>,
    /// The checks that would.
    pub planned: Vec<Planned>,
    /// Why it is no better.
    pub reasons: Vec<String>,
    /// What a person must attest.
    pub attestation: Option<Attestation>,
    /// Who attests it, and what comes of that.
    pub attested: Vec<AttestedView>,
    /// Severities of its checks, for filters.
    pub severities: Vec<String>,
    /// Services that its checks judge, for filters.
    pub services: Vec<String>,
}

/// A check that speaks for a requirement.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RequirementCheckView {
    /// Its place on the page.
    pub anchor: String,
    /// The check.
    pub id: String,
    /// What is true where it passes.
    pub title: String,
    /// How bad a failure is.
    pub severity: String,
    /// The worst verdict in the framework's scope.
    pub outcome: Kind,
    /// How many came to what, those with a number only.
    pub counts: Vec<super::count::Count>,
    /// How many resources.
    pub total: usize,
    /// The thresholds, where they are the requirement's.
    pub settings: Vec<String>,
}

/// A check that does not exist yet.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// What it will say.
    pub title: String,
    /// What it waits for.
    pub needs: String,
}

/// An attestation as a requirement sees it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AttestedView {
    /// The attestation.
    pub id: String,
    /// Who says it.
    pub by: String,
    /// What comes of it.
    pub outcome: Kind,
}

/// What a person must attest.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Attestation {
    /// In one sentence.
    pub prompt: String,
    /// How old it may be, in days.
    pub max_age_days: u32,
}

pub(super) fn views(source: &Source<'_>) -> Vec<FrameworkView> {
    let frameworks = source.assessment.frameworks.iter();
    frameworks
        .map(|framework| view(source, framework))
        .collect()
}

/// The place of a requirement on the page.
pub(super) fn anchor(framework: &FrameworkId, requirement: &str) -> String {
    text::anchor("req", &[&framework.to_string(), requirement])
}

fn view(source: &Source<'_>, framework: &FrameworkResult) -> FrameworkView {
    let requirements: Vec<RequirementView> = framework
        .requirements
        .iter()
        .map(|requirement| requirement_view(source, framework, requirement))
        .collect();
    let url = &framework.source.url;
    let available = || requirements.iter().filter_map(|r| r.available);
    let good = [Outcome::Pass, Outcome::NotApplicable].map(Kind::from);
    FrameworkView {
        anchor: text::anchor("framework", &[&framework.id.to_string()]),
        id: framework.id.to_string(),
        name: framework.name.clone(),
        status: match framework.status {
            Status::Draft => "draft, not yet in force",
            Status::Active => "in force",
            Status::Retired => "retired, no longer in force",
        },
        note: framework.note.clone().unwrap_or_default(),
        publisher: framework.source.publisher.clone(),
        url: https(url),
        services: framework.services.iter().cloned().collect(),
        counts: framework.totals.into(),
        open: open(&framework.requirements),
        spoken: available().count(),
        agreed: available().filter(|kind| good.contains(kind)).count(),
        requirements,
    }
}

/// An address that a reader may follow; any other is left out.
pub(super) fn https(url: &str) -> String {
    match url.starts_with("https://") {
        true => url.to_owned(),
        false => String::new(),
    }
}

fn open(requirements: &[RequirementResult]) -> OpenBy {
    let mut by = OpenBy::default();
    for requirement in requirements
        .iter()
        .filter(|r| r.overall == Outcome::NotEvaluated)
    {
        let unread = |check: &RequirementCheck| check.outcome == Outcome::NotEvaluated;
        if requirement.checks.iter().any(unread) {
            by.unread += 1;
        } else if !requirement.planned.is_empty() {
            by.planned += 1;
        } else {
            by.account += 1;
        }
    }
    by
}

fn requirement_view(
    source: &Source<'_>,
    framework: &FrameworkResult,
    requirement: &RequirementResult,
) -> RequirementView {
    let checks: Vec<RequirementCheckView> = requirement
        .checks
        .iter()
        .filter_map(|check| check_view(source, check))
        .collect();
    let severities: std::collections::BTreeSet<String> =
        checks.iter().map(|check| check.severity.clone()).collect();
    RequirementView {
        anchor: anchor(&framework.id, &requirement.id),
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        outcome: requirement.overall.into(),
        available: requirement
            .checks
            .iter()
            .map(|c| c.outcome)
            .max()
            .map(Kind::from),
        coverage: coverage(requirement.coverage),
        account_wide: requirement.reach == Reach::Account,
        planned: requirement
            .planned
            .iter()
            .map(|id| planned(source, id))
            .collect(),
        reasons: requirement.reasons.clone(),
        attested: requirement
            .attested
            .iter()
            .map(|attested| AttestedView {
                id: attested.id.clone(),
                by: attested.by.clone(),
                outcome: attested.outcome.into(),
            })
            .collect(),
        attestation: requirement.attestation.as_ref().map(|terms| Attestation {
            prompt: terms.prompt.clone(),
            max_age_days: terms.max_age_days,
        }),
        severities: severities.into_iter().collect(),
        services: match checks.is_empty() {
            true => Vec::new(),
            false => framework.services.iter().cloned().collect(),
        },
        checks,
    }
}

fn check_view(source: &Source<'_>, demanded: &RequirementCheck) -> Option<RequirementCheckView> {
    let run = source.assessment.checks.get(demanded.run)?;
    let counts = Counts::from(demanded.totals);
    let settings = run.params.iter().filter(|_| !run.own_thresholds);
    Some(RequirementCheckView {
        anchor: check::anchor(demanded.run, run),
        id: run.id.clone(),
        title: run.title.clone(),
        severity: text::word(run.severity),
        outcome: demanded.outcome.into(),
        total: counts.total,
        counts: counts
            .each
            .into_iter()
            .filter(|count| count.count > 0)
            .collect(),
        settings: settings
            .map(|(name, value)| format!("{name} = {}", text::compact(value)))
            .collect(),
    })
}

fn planned(source: &Source<'_>, id: &str) -> Planned {
    let known = source.library.planned.get(id);
    Planned {
        id: id.to_owned(),
        title: known.map(|check| check.title.clone()).unwrap_or_default(),
        needs: known.map(|check| check.needs.clone()).unwrap_or_default(),
    }
}

/// How much of a requirement checks can show.
fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Full => "checks can show all of it, for the declared resources",
        Coverage::Partial => {
            "checks can show the technical part; a document or process is asked for as well"
        }
        Coverage::Supporting => "checks can only corroborate it",
        Coverage::None => "no check can show it",
        Coverage::Inherited => "AWS answers for it; no check can show it",
        Coverage::NotApplicable => "it should not apply; a statement of scope says why",
    }
}
