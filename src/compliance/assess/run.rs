//! Running checks: one root context, one scope for each resource with all its checks in it.

use std::collections::{BTreeMap, BTreeSet};

use cel::Context;
use serde::Serialize;

use super::{
    Extent,
    bank::{FactBank, Instance},
    requirement::FrameworkScope,
};
use crate::compliance::{
    check::{Check, CrossReference, EvidenceCall, Scope, Severity},
    judge::{Bound, judge},
    library::Library,
    parameter::Values,
    predicate::{Variable, to_cel},
    verdict::{Totals, Verdict},
};

/// One check with one set of thresholds, on every resource in its scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckRun {
    /// The check.
    pub id: String,
    /// What is true where it passes.
    pub title: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// What one judgement is about.
    pub scope: Scope,
    /// What is judged.
    pub resource: Variable,
    /// Where it applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies: Option<String>,
    /// The clauses, which a verdict's `failed` counts from 0.
    pub pass: Vec<String>,
    /// The thresholds.
    pub params: Values,
    /// Whether they are the check's own rather than a requirement's.
    pub own_thresholds: bool,
    /// The calls behind the facts.
    pub evidence: Vec<EvidenceCall>,
    /// The permissions that these calls take.
    pub permissions: BTreeSet<String>,
    /// What to do about a failure.
    pub remediation: String,
    /// What a pass does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
    /// The same matter in public rule sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xref: Option<CrossReference>,
    /// How many resources are in its scope.
    pub population: usize,
    /// How many came to what.
    pub totals: Totals,
    /// One verdict for each resource, by path.
    pub verdicts: Vec<Verdict>,
}

/// What is to be run: a check, its thresholds, and for whom.
struct Plan<'a> {
    check: &'a Check,
    values: Values,
    params: cel::Value,
    /// None for everybody.
    services: Option<BTreeSet<String>>,
    population: usize,
    verdicts: Vec<Verdict>,
}

/// Runs every check with its own thresholds, and with those of requirements where they differ.
pub(super) fn run(
    library: &Library,
    scopes: &[FrameworkScope<'_>],
    bank: &FactBank,
    extent: Extent,
) -> Vec<CheckRun> {
    let mut plans = plans(library, scopes, extent);
    let mut root = Context::default();
    let environment = bank.environment();
    if let Some(environment) = &environment {
        bind(&mut root, environment);
    }
    let around: Vec<&Instance<'_>> = environment.iter().collect();
    for instance in bank
        .account()
        .iter()
        .chain(&environment)
        .chain(&bank.of_environment())
    {
        judge_all(&mut plans, instance, &around, &root);
    }
    for name in bank.services() {
        let Some(service) = bank.service(name) else {
            continue;
        };
        let mut context = root.new_inner_scope();
        bind(&mut context, &service);
        let around: Vec<&Instance<'_>> = environment.iter().chain([&service]).collect();
        for instance in std::iter::once(&service).chain(&bank.of_service(name)) {
            judge_all(&mut plans, instance, &around, &context);
        }
    }
    plans.into_iter().map(Plan::finish).collect()
}

fn bind(context: &mut Context<'_, '_>, instance: &Instance<'_>) {
    context.add_variable_from_value(instance.variable.as_str(), to_cel(instance.facts));
}

/// Each check once with its own thresholds, then once for each other set that a requirement
/// demands, for the services of the frameworks that demand it.
fn plans<'a>(library: &'a Library, scopes: &[FrameworkScope<'_>], extent: Extent) -> Vec<Plan<'a>> {
    let mut plans = Vec::new();
    let named = |id: &str| scopes.iter().any(|scope| scope.names(id));
    let chosen = library.checks.iter();
    for (id, check) in chosen.filter(|(id, _)| extent == Extent::AllChecks || named(id)) {
        let own = check.values(&Values::new());
        let mut demanded: BTreeMap<String, (Values, BTreeSet<String>)> = BTreeMap::new();
        for scope in scopes {
            for values in scope.demands(id, check).filter(|values| *values != own) {
                let (_, services) = demanded
                    .entry(key(&values))
                    .or_insert_with(|| (values, BTreeSet::new()));
                services.extend(scope.services.iter().map(|name| (*name).to_owned()));
            }
        }
        plans.push(Plan::new(check, own, None));
        let demanded = demanded.into_values();
        plans.extend(demanded.map(|(values, services)| Plan::new(check, values, Some(services))));
    }
    plans
}

fn key(values: &Values) -> String {
    serde_json::to_string(values).unwrap_or_default()
}

fn judge_all(
    plans: &mut [Plan<'_>],
    instance: &Instance<'_>,
    around: &[&Instance<'_>],
    context: &Context<'_, '_>,
) {
    let mut scope = context.new_inner_scope();
    bind(&mut scope, instance);
    let around = around
        .iter()
        .filter(|other| other.variable != instance.variable);
    let bound: Vec<Bound<'_>> = around
        .copied()
        .chain([instance])
        .map(|instance| Bound {
            variable: instance.variable,
            path: &instance.path,
            facts: instance.facts,
        })
        .collect();
    for plan in plans.iter_mut().filter(|plan| plan.judges(instance)) {
        plan.judge(instance, &bound, &scope);
    }
}

impl<'a> Plan<'a> {
    fn new(check: &'a Check, values: Values, services: Option<BTreeSet<String>>) -> Self {
        let params = to_cel(&values.clone().into_iter().collect());
        Self {
            check,
            values,
            params,
            services,
            population: 0,
            verdicts: Vec::new(),
        }
    }

    fn judges(&self, instance: &Instance<'_>) -> bool {
        let text = &self.check.text;
        let mine = match (text.scope, instance.service, &self.services) {
            (Scope::Service, Some(service), Some(services)) => services.contains(service),
            (Scope::Service, service, None) => service.is_some(),
            (Scope::Service, None, Some(_)) => false,
            (Scope::Environment | Scope::Account, ..) => true,
        };
        mine && text.resource == instance.variable
    }

    fn judge(&mut self, instance: &Instance<'_>, bound: &[Bound<'_>], scope: &Context<'_, '_>) {
        self.population += 1;
        let judgement = if self.values.is_empty() {
            judge(self.check, bound, scope)
        } else {
            let mut scope = scope.new_inner_scope();
            scope.add_variable_from_value("params", self.params.clone());
            judge(self.check, bound, &scope)
        };
        self.verdicts.push(Verdict {
            resource: instance.path.clone(),
            service: instance.service.map(str::to_owned),
            outcome: judgement.outcome(),
            failed: judgement.failed,
            evidence: judgement.evidence,
            unread: judgement.unread,
            waiver: None,
            note: judgement.note,
        });
    }

    fn finish(mut self) -> CheckRun {
        self.verdicts.sort_by(|a, b| a.resource.cmp(&b.resource));
        let text = &self.check.text;
        CheckRun {
            id: text.id.clone(),
            title: text.title.clone(),
            severity: text.severity,
            scope: text.scope,
            resource: text.resource,
            applies: text.applies.clone(),
            pass: text.pass.clone(),
            params: self.values,
            own_thresholds: self.services.is_none(),
            evidence: text.evidence.clone(),
            permissions: text.permissions.clone(),
            remediation: text.remediation.clone(),
            limits: text.limits.clone(),
            xref: text.xref.clone(),
            population: self.population,
            totals: Totals::of(self.verdicts.iter().map(|verdict| verdict.outcome)),
            verdicts: self.verdicts,
        }
    }
}
