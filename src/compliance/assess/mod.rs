//! The assessment: every check on every resource in its scope, rolled up by requirement.
//! A pure function of library, environment and facts; ten runs give the same bytes.

mod attested;
mod bank;
mod exception;
mod requirement;
mod run;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use attested::{AttestationResult, Attested};
pub use exception::{WaivedFailure, WaiverResult};
pub use requirement::{FrameworkResult, RequirementCheck, RequirementResult};
pub use run::CheckRun;

use super::{
    facts::{Facts, FactsOrigin},
    library::Library,
    records::Records,
    verdict::{Outcome, Totals},
};
use crate::{
    model::{Environment, FrameworkId},
    resource::Unread,
};

/// Name and version of the assessment's format.
pub const SCHEMA: &str = "strongroom/assessment/v1";

/// Which checks are run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Every check that there is.
    #[default]
    AllChecks,
    /// Those that the chosen frameworks name.
    NamedChecks,
}

/// What the checks and frameworks say of one environment at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// Name and version of this format.
    pub schema: &'static str,
    /// The environment.
    pub environment: String,
    /// The account.
    pub account: String,
    /// Where the facts come from; only live ones can be evidence.
    pub origin: FactsOrigin,
    /// The moment that ages are counted to, UTC.
    pub as_of: jiff::Timestamp,
    /// Which checks were run.
    pub extent: Extent,
    /// What the process should end with.
    pub exit_class: ExitClass,
    /// How many verdicts of `checks` came to what, those of requirements' own thresholds aside.
    pub totals: Totals,
    /// The frameworks that the environment is judged by.
    pub frameworks: Vec<FrameworkResult>,
    /// Frameworks that the environment names and the library does not have.
    pub unknown_frameworks: BTreeSet<FrameworkId>,
    /// Each check with its own thresholds, then with those of requirements.
    pub checks: Vec<CheckRun>,
    /// What became of each waiver.
    pub waivers: Vec<WaiverResult>,
    /// What became of each attestation.
    pub attestations: Vec<AttestationResult>,
    /// What was not read, and what that leaves open.
    pub unread: Vec<UnreadCall>,
}

/// What the process should end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExitClass {
    /// Nothing failed but what a waiver allows, and everything that can be evaluated was.
    Agreed,
    /// Something was not evaluated: a fact unread, a framework unknown. A check that does not
    /// exist yet is no such thing.
    NotEvaluated,
    /// A control failed, or what somebody attested no longer holds.
    ControlFailed,
}

impl ExitClass {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Agreed => 0,
            Self::NotEvaluated => 12,
            Self::ControlFailed => 11,
        }
    }
}

/// A call that did not show what it should.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnreadCall {
    /// The call and why.
    pub unread: Unread,
    /// How many verdicts it leaves without an answer.
    pub verdicts: usize,
    /// The requirements that it leaves open, as `pci-dss@4.0.1 10.5.1`.
    pub requirements: BTreeSet<String>,
}

/// Assesses the environment by every check, and by the frameworks that it names. Waivers make
/// exceptions of failures, attestations satisfy what no check can show.
///
/// `as_of` must be the moment that the facts were derived for.
pub fn assess(
    library: &Library,
    environment: &Environment,
    facts: &Facts,
    records: &Records,
    as_of: jiff::Timestamp,
) -> Assessment {
    let extent = Extent::AllChecks;
    assess_within(library, environment, facts, records, as_of, extent)
}

/// Assesses as [`assess`] does, by the checks of an extent.
pub fn assess_within(
    library: &Library,
    environment: &Environment,
    facts: &Facts,
    records: &Records,
    as_of: jiff::Timestamp,
    extent: Extent,
) -> Assessment {
    let selected: Vec<_> = library
        .frameworks
        .iter()
        .filter(|(id, _)| environment.frameworks.contains(*id))
        .map(|(_, framework)| framework)
        .collect();
    let bank = bank::FactBank::new(facts);
    let scopes = requirement::scopes(&selected, &bank);
    let mut checks = run::run(library, &scopes, &bank, extent);
    let waivers = exception::apply(library, records, as_of, &mut checks);
    let desk = attested::Desk { records, as_of };
    let frameworks = requirement::results(library, &scopes, &checks, &desk);
    let unknown_frameworks: BTreeSet<FrameworkId> = environment
        .frameworks
        .iter()
        .filter(|id| !library.frameworks.contains_key(*id))
        .cloned()
        .collect();
    Assessment {
        schema: SCHEMA,
        environment: environment.name.to_string(),
        account: environment.account.to_string(),
        origin: facts.origin,
        as_of,
        extent,
        exit_class: exit_class(&checks, &frameworks, &unknown_frameworks),
        totals: totals(&checks),
        unread: unread(&checks, &frameworks),
        waivers,
        attestations: desk.results(&frameworks),
        frameworks,
        unknown_frameworks,
        checks,
    }
}

fn totals(checks: &[CheckRun]) -> Totals {
    let own = checks.iter().filter(|run| run.own_thresholds);
    Totals::of(own.flat_map(|run| run.verdicts.iter().map(|verdict| verdict.outcome)))
}

fn exit_class(
    checks: &[CheckRun],
    frameworks: &[FrameworkResult],
    unknown: &BTreeSet<FrameworkId>,
) -> ExitClass {
    let own = checks.iter().filter(|run| run.own_thresholds);
    let verdicts = own.flat_map(|run| run.verdicts.iter().map(|verdict| verdict.outcome));
    let requirements = frameworks
        .iter()
        .flat_map(|framework| &framework.requirements);
    let demanded = requirements.flat_map(RequirementResult::outcomes);
    let outcomes: BTreeSet<Outcome> = verdicts.chain(demanded).collect();
    if outcomes.contains(&Outcome::Fail) {
        ExitClass::ControlFailed
    } else if outcomes.contains(&Outcome::NotEvaluated) || !unknown.is_empty() {
        ExitClass::NotEvaluated
    } else {
        ExitClass::Agreed
    }
}

/// What was not read, from what the verdicts met; facts that no check touches do not matter here.
fn unread(checks: &[CheckRun], frameworks: &[FrameworkResult]) -> Vec<UnreadCall> {
    let mut found: BTreeMap<&Unread, (usize, BTreeSet<String>)> = BTreeMap::new();
    for run in checks {
        for why in run.verdicts.iter().flat_map(|verdict| &verdict.unread) {
            let entry = found.entry(why).or_default();
            entry.0 += usize::from(run.own_thresholds);
        }
    }
    for (name, demanded) in requirement::open(frameworks) {
        let Some(run) = checks.get(demanded.run) else {
            continue;
        };
        for why in run
            .verdicts
            .iter()
            .filter(|v| demanded.judges(v))
            .flat_map(|v| &v.unread)
        {
            found.entry(why).or_default().1.insert(name.clone());
        }
    }
    let calls = found
        .into_iter()
        .map(|(why, (verdicts, requirements))| UnreadCall {
            unread: why.clone(),
            verdicts,
            requirements,
        });
    calls.collect()
}
