//! The dossier of one service: what it is, what it should have against what it has, and every
//! control that touches it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::expected::{Compared, Comparison, Standing};
use crate::{
    model::{KindName, ServiceName},
    report::assessment::{
        CheckView, Clause, Fact, Header, Kind, Report, ResourceView, ServiceView, Setting,
        VerdictView,
    },
};

/// A dossier.
#[derive(Serialize)]
pub struct Dossier<'a> {
    header: &'a Header,
    service: &'a ServiceView,
    /// Its resources by what they are for.
    parts: Vec<Part>,
    /// How many resources there are, and how many are as specified.
    resources: usize,
    same: usize,
    /// Frameworks that a control on it speaks for.
    frameworks: BTreeSet<&'a str>,
    controls: &'a [Control<'a>],
}

/// Resources with the same purpose.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    resources: Vec<Compared>,
}

/// A check on one resource.
#[derive(Serialize)]
pub struct Control<'a> {
    anchor: &'a str,
    id: &'a str,
    title: &'a str,
    severity: &'a str,
    outcome: Kind,
    resource: &'a ResourceView,
    settings: &'a [Setting],
    expected: &'a [String],
    facts: &'a [Fact],
    broken: &'a [Clause],
    note: Option<&'a str>,
    waiver: Option<&'a str>,
    remediation: &'a str,
    requirements: Vec<String>,
}

/// The dossier of a service.
pub fn of<'a>(
    report: &'a Report,
    service: &'a ServiceView,
    name: &ServiceName,
    comparison: &Comparison<'_>,
    controls: &'a [Control<'a>],
) -> Dossier<'a> {
    let compared = comparison.service(name);
    let same = compared.iter().filter(|one| one.standing == Standing::Same);
    Dossier {
        header: &report.header,
        service,
        resources: compared.len(),
        same: same.count(),
        parts: parts(compared),
        frameworks: frameworks(report, &service.name),
        controls,
    }
}

/// By what they are for, in the order in which people ask.
fn parts(compared: Vec<Compared>) -> Vec<Part> {
    let names = ["Identity", "Key", "Logs", "Network", "Stores", "Other"];
    let mut parts: Vec<Part> = names
        .into_iter()
        .map(|name| Part {
            name,
            resources: Vec::new(),
        })
        .collect();
    for one in compared {
        let name = purpose(one.kind);
        if let Some(part) = parts.iter_mut().find(|part| part.name == name) {
            part.resources.push(one);
        }
    }
    parts.retain(|part| !part.resources.is_empty());
    parts
}

fn purpose(kind: KindName) -> &'static str {
    match kind {
        KindName::IamRole
        | KindName::IamPolicy
        | KindName::InstanceProfile
        | KindName::OidcProvider
        | KindName::PodIdentityAssociation => "Identity",
        KindName::KmsKey => "Key",
        KindName::LogGroup => "Logs",
        KindName::SecurityGroup | KindName::SecurityGroupRule => "Network",
        KindName::DynamodbTable
        | KindName::S3Bucket
        | KindName::Secret
        | KindName::SnsTopic
        | KindName::SqsQueue => "Stores",
        _ => "Other",
    }
}

fn frameworks<'a>(report: &'a Report, service: &str) -> BTreeSet<&'a str> {
    let all = report.frameworks.iter();
    all.filter(|framework| framework.services.iter().any(|name| name == service))
        .map(|framework| framework.id.as_str())
        .collect()
}

/// Every verdict by its service, the worst first; looked up once for each dossier.
pub fn controls(report: &Report) -> BTreeMap<&str, Vec<Control<'_>>> {
    let mut controls: BTreeMap<&str, Vec<Control<'_>>> = BTreeMap::new();
    for check in &report.checks {
        for verdict in &check.verdicts {
            let of = controls.entry(&verdict.service).or_default();
            of.push(control(check, verdict));
        }
    }
    let order = |kind: Kind| {
        let meanings = report.legend.iter();
        meanings.take_while(|one| one.kind != kind).count()
    };
    for of in controls.values_mut() {
        of.sort_by_key(|control| order(control.outcome));
    }
    controls
}

fn control<'a>(check: &'a CheckView, verdict: &'a VerdictView) -> Control<'a> {
    let requirements = check.requirements.iter();
    Control {
        anchor: &verdict.anchor,
        id: &check.id,
        title: &check.title,
        severity: &check.severity,
        outcome: verdict.outcome,
        resource: &verdict.resource,
        settings: &check.settings,
        expected: &check.clauses,
        facts: &verdict.facts,
        broken: &verdict.broken,
        note: verdict.note.as_deref(),
        waiver: verdict.waiver.as_deref(),
        remediation: &check.remediation,
        requirements: requirements
            .map(|one| format!("{} {}", one.framework, one.id))
            .collect(),
    }
}
