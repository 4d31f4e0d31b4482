//! A service as an officer asks about it: what it is, who owns it, what it may reach, what it has,
//! and every check that touches it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Counts, Kind, ResourceView, Source, check, described, resource, text};
use crate::{
    compliance::{
        assess::CheckRun,
        verdict::{Outcome, Totals, Verdict},
    },
    model::Service,
};

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServiceView {
    /// Its place on the page.
    pub anchor: String,
    /// Its name.
    pub name: String,
    /// Its one purpose.
    pub purpose: String,
    /// Who answers for it.
    pub owner: String,
    /// What is said of it, by heading.
    pub statements: Vec<Statement>,
    /// Where its API is documented; an https URL or empty.
    pub api: String,
    /// What it has in the account.
    pub resources: Vec<ResourceView>,
    /// Whom it reaches and who reaches it.
    pub edges: Vec<Edge>,
    /// How many verdicts came to what.
    pub counts: Counts,
    /// Outcomes that occur, for filters.
    pub outcomes: Vec<&'static str>,
    /// Every check that touches it.
    pub checks: Vec<CheckMark>,
}

/// Something that is said of a service.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Statement {
    /// What about.
    pub about: &'static str,
    /// What.
    pub text: String,
}

/// A declared way of access.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Edge {
    /// `calls`, `called by`, `access`, `from outside`, `to outside`.
    pub kind: &'static str,
    /// Whom or what.
    pub with: String,
    /// What, as `tcp 8443` or `read`.
    pub what: String,
    /// Why, as declared.
    pub why: String,
}

/// One check on one resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CheckMark {
    /// Its place on the page.
    pub anchor: String,
    /// The check.
    pub id: String,
    /// What is true where it passes.
    pub title: String,
    /// How bad a failure is.
    pub severity: String,
    /// The resource.
    pub resource: String,
    /// What it comes to.
    pub outcome: Kind,
    /// Thresholds that a requirement sets, where they are not the check's own.
    pub settings: String,
}

/// A line of the table of services.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServiceRow {
    /// The service, or who else.
    pub name: String,
    /// Its place on the page.
    pub anchor: String,
    /// How many verdicts came to what.
    pub counts: Counts,
    /// Whether it is the sum of the others.
    pub sum: bool,
}

/// Where what belongs to no service stands on the page.
const SHARED: &str = "service--shared";

pub(super) fn views(source: &Source<'_>) -> Vec<ServiceView> {
    let chosen = |service: &&Service| source.only.is_none_or(|only| *only == service.name);
    let services = source.environment.services.values().filter(chosen);
    services.map(|service| view(source, service)).collect()
}

/// How many came to what: each service, what belongs to none, and all.
pub(super) fn rows(source: &Source<'_>) -> Vec<ServiceRow> {
    let chosen = |service: &&Service| source.only.is_none_or(|only| *only == service.name);
    let services = source.environment.services.values().filter(chosen);
    let mut rows: Vec<ServiceRow> = services
        .map(|service| ServiceRow {
            name: service.name.to_string(),
            anchor: anchor(service),
            counts: Counts::of_verdicts(totals(source, Some(service.name.as_str()))),
            sum: false,
        })
        .collect();
    rows.push(ServiceRow {
        name: "environment and account".to_owned(),
        anchor: SHARED.to_owned(),
        counts: Counts::of_verdicts(totals(source, None)),
        sum: false,
    });
    rows.push(ServiceRow {
        name: "all".to_owned(),
        anchor: String::new(),
        counts: Counts::of_verdicts(source.assessment.totals),
        sum: true,
    });
    rows
}

/// Every check on what belongs to no service.
pub(super) fn shared(source: &Source<'_>) -> Vec<CheckMark> {
    marks(source, None)
}

fn anchor(service: &Service) -> String {
    text::anchor("service", &[service.name.as_str()])
}

fn view(source: &Source<'_>, service: &Service) -> ServiceView {
    let name = service.name.as_str();
    let checks = marks(source, Some(name));
    ServiceView {
        anchor: anchor(service),
        name: name.to_owned(),
        purpose: service.purpose.clone(),
        owner: service.owner.clone(),
        statements: described::statements(service),
        api: super::framework::https(service.docs.api.as_deref().unwrap_or_default()),
        resources: described::resources(source, service),
        edges: described::edges(source, service),
        counts: Counts::of_verdicts(totals(source, Some(name))),
        outcomes: check::outcomes(verdicts(source, Some(name)).map(|(.., v)| v.outcome)),
        checks,
    }
}

/// The verdicts of checks on what belongs to a service, or to none.
fn verdicts<'a>(
    source: &Source<'a>,
    service: Option<&'a str>,
) -> impl Iterator<Item = (usize, &'a CheckRun, usize, &'a Verdict)> + use<'a> {
    let runs = source.assessment.checks.iter().enumerate();
    runs.flat_map(move |(index, run)| {
        let verdicts = run.verdicts.iter().enumerate();
        verdicts
            .filter(move |(_, verdict)| verdict.service.as_deref() == service)
            .map(move |(position, verdict)| (index, run, position, verdict))
    })
}

/// Those by the checks' own thresholds, so that all services together are the whole.
fn totals(source: &Source<'_>, service: Option<&str>) -> Totals {
    let own = source
        .assessment
        .checks
        .iter()
        .filter(|run| run.own_thresholds);
    let verdicts = own.flat_map(|run| &run.verdicts);
    let of = verdicts.filter(|verdict| verdict.service.as_deref() == service);
    Totals::of(of.map(|verdict| verdict.outcome))
}

/// The worst first; what passes and what does not apply last.
fn marks(source: &Source<'_>, service: Option<&str>) -> Vec<CheckMark> {
    let all = source.assessment.checks.iter().enumerate();
    let mut marks: Vec<(usize, CheckMark)> = all
        .flat_map(|(index, run)| {
            let verdicts = run.verdicts.iter().enumerate();
            verdicts
                .filter(|(_, verdict)| verdict.service.as_deref() == service)
                .map(move |(position, verdict)| mark(source, (index, run), (position, verdict)))
        })
        .collect();
    marks.sort_by(|(a, x), (b, y)| (a, &x.id, &x.resource).cmp(&(b, &y.id, &y.resource)));
    marks.into_iter().map(|(_, mark)| mark).collect()
}

fn mark(
    source: &Source<'_>,
    (index, run): (usize, &CheckRun),
    (position, verdict): (usize, &Verdict),
) -> (usize, CheckMark) {
    let seen = resource::at(run.resource, &verdict.resource, source.snapshot);
    let settings = run.params.iter().filter(|_| !run.own_thresholds);
    let settings: Vec<String> = settings
        .map(|(name, value)| format!("{name} = {}", text::compact(value)))
        .collect();
    let mark = CheckMark {
        anchor: check::verdict_anchor(index, run, position),
        id: run.id.clone(),
        title: run.title.clone(),
        severity: text::word(run.severity),
        resource: format!("{} {}", seen.kind, seen.name),
        outcome: verdict.outcome.into(),
        settings: settings.join(", "),
    };
    (rank(verdict.outcome), mark)
}

fn rank(outcome: Outcome) -> usize {
    super::count::ORDER
        .iter()
        .position(|other| *other == outcome)
        .unwrap_or_default()
}
