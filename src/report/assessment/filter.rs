//! What the page's filters go by: each thing that can be shown or hidden, with what it is about.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CheckView, FrameworkView, ServiceView};

/// What the page's script is given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filter {
    /// Everything that can be shown or hidden.
    pub items: Vec<Item>,
}

/// Something that can be shown or hidden.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Its place on the page.
    pub id: String,
    /// `requirement`, `service`, `check` or `verdict`.
    pub kind: &'static str,
    /// The check that it stands in, where it does.
    pub within: Option<String>,
    /// Outcomes.
    pub o: Vec<String>,
    /// Frameworks.
    pub f: Vec<String>,
    /// Services.
    pub s: Vec<String>,
    /// Severities.
    pub v: Vec<String>,
}

pub(super) fn of(
    frameworks: &[FrameworkView],
    services: &[ServiceView],
    checks: &[CheckView],
) -> Filter {
    let requirements = frameworks.iter().flat_map(requirements);
    let services = services
        .iter()
        .map(|service| of_service(service, frameworks));
    let checks = checks.iter().flat_map(|check| of_check(check, frameworks));
    Filter {
        items: requirements.chain(services).chain(checks).collect(),
    }
}

fn requirements(framework: &FrameworkView) -> impl Iterator<Item = Item> {
    framework.requirements.iter().map(|requirement| Item {
        id: requirement.anchor.clone(),
        kind: "requirement",
        within: None,
        o: vec![requirement.outcome.slug.to_owned()],
        f: vec![framework.id.clone()],
        s: requirement.services.clone(),
        v: requirement.severities.clone(),
    })
}

fn of_service(service: &ServiceView, frameworks: &[FrameworkView]) -> Item {
    let about = frameworks
        .iter()
        .filter(|f| f.services.contains(&service.name));
    let severities = service.checks.iter().map(|mark| mark.severity.clone());
    Item {
        id: service.anchor.clone(),
        kind: "service",
        within: None,
        o: service
            .outcomes
            .iter()
            .map(|outcome| (*outcome).to_owned())
            .collect(),
        f: about.map(|framework| framework.id.clone()).collect(),
        s: vec![service.name.clone()],
        v: unique(severities),
    }
}

fn of_check(check: &CheckView, frameworks: &[FrameworkView]) -> Vec<Item> {
    let speaks_for = unique(check.requirements.iter().map(|r| r.framework.clone()));
    let item = |id: &str, outcomes, frameworks, services| Item {
        id: id.to_owned(),
        kind: "check",
        within: None,
        o: outcomes,
        f: frameworks,
        s: services,
        v: vec![check.severity.clone()],
    };
    let all = check.outcomes.iter();
    let all = all.map(|outcome| (*outcome).to_owned()).collect();
    let services = unique(check.verdicts.iter().map(|verdict| verdict.service.clone()));
    let verdicts = check.verdicts.iter().map(|verdict| Item {
        kind: "verdict",
        within: Some(check.anchor.clone()),
        ..item(
            &verdict.anchor,
            vec![verdict.outcome.slug.to_owned()],
            about(&verdict.service, &speaks_for, frameworks),
            vec![verdict.service.clone()],
        )
    });
    std::iter::once(item(&check.anchor, all, speaks_for.clone(), services))
        .chain(verdicts)
        .collect()
}

/// The frameworks that have the service in scope; what belongs to no service is in all scopes.
fn about(service: &str, named: &[String], frameworks: &[FrameworkView]) -> Vec<String> {
    let chosen = frameworks.iter().filter(|framework| {
        named.contains(&framework.id)
            && (service.is_empty() || framework.services.iter().any(|name| name == service))
    });
    chosen.map(|framework| framework.id.clone()).collect()
}

fn unique(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts.collect::<BTreeSet<String>>().into_iter().collect()
}
