//! Rolling verdicts up by requirement. A part that is missing never counts as met.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    CheckRun,
    attested::{Attested, Desk},
    bank::FactBank,
    said,
};
use crate::{
    compliance::{
        check::{Check, Scope},
        framework::{AttestationTerms, Coverage, Framework, Reach, Requirement, Source, Status},
        library::Library,
        parameter::Values,
        verdict::{Outcome, Totals, Verdict},
    },
    model::FrameworkId,
};

/// What a framework comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameworkResult {
    /// Id and version.
    pub id: FrameworkId,
    /// Its name.
    pub name: String,
    /// Whether it is in force.
    pub status: Status,
    /// What has to be known about its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the requirements come from.
    pub source: Source,
    /// The services that it is about.
    pub services: BTreeSet<String>,
    /// How many requirements came to what.
    pub totals: Totals,
    /// The requirements, in the framework's order.
    pub requirements: Vec<RequirementResult>,
}

/// What a requirement comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequirementResult {
    /// Its id in the framework.
    pub id: String,
    /// What it asks for, in our own words.
    pub title: String,
    /// How much of it checks can show.
    pub coverage: Coverage,
    /// How far it reaches.
    pub reach: Reach,
    /// What the checks that exist and those that do not come to; none where no check speaks.
    pub automated: Option<Outcome>,
    /// What the whole comes to: the worst of its parts.
    pub overall: Outcome,
    /// Why it is no better, in words.
    pub reasons: Vec<String>,
    /// The checks that speak for it.
    pub checks: Vec<RequirementCheck>,
    /// The checks that would speak for it and do not exist yet.
    pub planned: Vec<String>,
    /// What a person must attest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestation: Option<AttestationTerms>,
    /// What persons do attest, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attested: Vec<Attested>,
}

/// What a check comes to for a requirement, over the resources in the framework's scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequirementCheck {
    /// The check.
    pub id: String,
    /// Its place in the assessment's `checks`, with the thresholds of this requirement.
    pub run: usize,
    /// The worst verdict.
    pub outcome: Outcome,
    /// How many came to what.
    pub totals: Totals,
    /// Whether it fails by the thresholds of this requirement alone: those of the check itself are
    /// looser, and do not fail.
    pub by_threshold: bool,
    #[serde(skip)]
    services: Option<BTreeSet<String>>,
}

impl RequirementResult {
    /// The outcomes that a single exit code has to speak for.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let checks = self.checks.iter().flat_map(RequirementCheck::outcomes);
        let failed = (self.overall == Outcome::Fail).then_some(Outcome::Fail);
        checks.chain(failed)
    }
}

impl RequirementCheck {
    /// Whether the verdict is about a resource in the framework's scope.
    pub fn judges(&self, verdict: &Verdict) -> bool {
        match (&self.services, &verdict.service) {
            (Some(services), Some(service)) => services.contains(service),
            (Some(_), None) => false,
            (None, _) => true,
        }
    }

    /// The outcomes that a single exit code has to speak for.
    fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        [
            (self.totals.fail, Outcome::Fail),
            (self.totals.not_evaluated, Outcome::NotEvaluated),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, outcome)| outcome)
    }
}

/// A framework with the services that it is about.
pub(super) struct FrameworkScope<'a> {
    framework: &'a Framework,
    /// Their names.
    pub services: BTreeSet<&'a str>,
}

/// The frameworks with their services.
pub(super) fn scopes<'a>(
    frameworks: &[&'a Framework],
    bank: &'a FactBank,
) -> Vec<FrameworkScope<'a>> {
    let scope = |framework: &&'a Framework| FrameworkScope {
        framework,
        services: bank.services_where(&framework.applicability),
    };
    frameworks.iter().map(scope).collect()
}

impl<'a> FrameworkScope<'a> {
    /// The thresholds of a check that requirements demand.
    pub(super) fn demands(&self, id: &str, check: &Check) -> impl Iterator<Item = Values> {
        let requirements = self.framework.text.requirements.iter();
        requirements.filter_map(move |requirement| Some(check.values(requirement.params.get(id)?)))
    }

    /// Whether a requirement names a check.
    pub(super) fn names(&self, id: &str) -> bool {
        let mut requirements = self.framework.text.requirements.iter();
        requirements.any(|requirement| requirement.checks.iter().any(|check| check == id))
    }

    fn owned(&self) -> BTreeSet<String> {
        self.services
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    }
}

/// What the frameworks come to.
pub(super) fn results(
    library: &Library,
    scopes: &[FrameworkScope<'_>],
    runs: &[CheckRun],
    desk: &Desk<'_>,
) -> Vec<FrameworkResult> {
    scopes
        .iter()
        .map(|scope| result(library, scope, runs, desk))
        .collect()
}

fn result(
    library: &Library,
    scope: &FrameworkScope<'_>,
    runs: &[CheckRun],
    desk: &Desk<'_>,
) -> FrameworkResult {
    let text = &scope.framework.text;
    let requirements: Vec<RequirementResult> = text
        .requirements
        .iter()
        .map(|requirement| judge(library, scope, requirement, runs, desk))
        .collect();
    FrameworkResult {
        id: text.id.clone(),
        name: text.name.clone(),
        status: text.status,
        note: text.note.clone(),
        source: text.source.clone(),
        services: scope.owned(),
        totals: Totals::of(requirements.iter().map(|r| r.overall)),
        requirements,
    }
}

/// One part of a requirement: what it comes to, and why that is no better.
pub(super) type Part = (Outcome, Option<String>);

fn judge(
    library: &Library,
    scope: &FrameworkScope<'_>,
    requirement: &Requirement,
    runs: &[CheckRun],
    desk: &Desk<'_>,
) -> RequirementResult {
    let checks: Vec<RequirementCheck> = requirement
        .checks
        .iter()
        .filter_map(|id| demanded(library, scope, requirement, id, runs))
        .collect();
    let exists = |id: &&String| library.checks.contains_key(*id);
    let planned: Vec<String> = requirement
        .checks
        .iter()
        .filter(|id| !exists(id))
        .cloned()
        .collect();
    let automated: Vec<Part> = checks
        .iter()
        .map(of_check)
        .chain(planned.iter().map(of_planned))
        .collect();
    let (said, attested) = said::part(&scope.framework.text.id, &scope.services, requirement, desk);
    let parts: Vec<Part> = match scope.services.is_empty() {
        true => vec![(
            Outcome::NotApplicable,
            Some("no service is in scope".to_owned()),
        )],
        false => automated
            .iter()
            .cloned()
            .chain(beyond(requirement))
            .chain(said)
            .collect(),
    };
    RequirementResult {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        coverage: requirement.coverage,
        reach: requirement.reach,
        automated: automated.iter().map(|(outcome, _)| *outcome).max(),
        overall: parts
            .iter()
            .map(|(outcome, _)| *outcome)
            .max()
            .unwrap_or(Outcome::NotEvaluated),
        reasons: parts.into_iter().filter_map(|(_, why)| why).collect(),
        checks,
        planned,
        attestation: requirement.attestation.clone(),
        attested,
    }
}

/// What the check comes to with the thresholds of the requirement.
fn demanded(
    library: &Library,
    scope: &FrameworkScope<'_>,
    requirement: &Requirement,
    id: &str,
    runs: &[CheckRun],
) -> Option<RequirementCheck> {
    let check = library.checks.get(id)?;
    let set = requirement.params.get(id).cloned().unwrap_or_default();
    let values = check.values(&set);
    let run = runs
        .iter()
        .position(|run| run.id == id && run.params == values)?;
    let mut demanded = RequirementCheck {
        id: id.to_owned(),
        run,
        outcome: Outcome::NotEvaluated,
        totals: Totals::default(),
        by_threshold: false,
        services: (check.text.scope == Scope::Service).then(|| scope.owned()),
    };
    let verdicts = &runs.get(run)?.verdicts;
    let outcomes: Vec<Outcome> = verdicts
        .iter()
        .filter(|verdict| demanded.judges(verdict))
        .map(|verdict| verdict.outcome)
        .collect();
    demanded.totals = Totals::of(outcomes.iter().copied());
    demanded.outcome = outcomes.into_iter().max().unwrap_or(Outcome::NotEvaluated);
    demanded.by_threshold = demanded.outcome == Outcome::Fail && !fails_by_its_own(runs, &demanded);
    Some(demanded)
}

/// Whether the check fails with its own thresholds too, for the same resources.
fn fails_by_its_own(runs: &[CheckRun], demanded: &RequirementCheck) -> bool {
    let own = runs
        .iter()
        .filter(|run| run.id == demanded.id && run.own_thresholds);
    let mut verdicts = own.flat_map(|run| &run.verdicts);
    verdicts.any(|verdict| verdict.outcome == Outcome::Fail && demanded.judges(verdict))
}

fn of_check(check: &RequirementCheck) -> Part {
    let why = match check.outcome {
        Outcome::Pass | Outcome::NotApplicable => None,
        Outcome::Fail if check.by_threshold => Some(format!(
            "threshold: {} passes with its own and fails with what is asked for here",
            check.id
        )),
        _ if check.totals.population() == 0 => Some(format!("{}: nothing to judge", check.id)),
        outcome => Some(format!("{}: {outcome}", check.id)),
    };
    (check.outcome, why)
}

fn of_planned(id: &String) -> Part {
    (
        Outcome::NotEvaluated,
        Some(format!("{id}: not yet available")),
    )
}

/// The rest of the account, which no verdict about one environment settles.
fn beyond(requirement: &Requirement) -> Option<Part> {
    let beyond = requirement.reach == Reach::Account && requirement.coverage.is_checked();
    let why = "reaches beyond this environment, to the whole account";
    beyond.then(|| (Outcome::NotEvaluated, Some(why.to_owned())))
}

/// The checks of requirements that were not answered, each with the requirement's full name.
pub(super) fn open(
    frameworks: &[FrameworkResult],
) -> impl Iterator<Item = (String, &RequirementCheck)> {
    frameworks.iter().flat_map(|framework| {
        framework.requirements.iter().flat_map(move |requirement| {
            let name = format!("{} {}", framework.id, requirement.id);
            let open = [Outcome::NotEvaluated, Outcome::NeedsLive];
            let checks = requirement.checks.iter();
            checks
                .filter(move |check| open.contains(&check.outcome))
                .map(move |check| (name.clone(), check))
        })
    })
}
