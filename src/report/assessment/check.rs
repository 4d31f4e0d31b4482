//! A check with its predicate, its sources and every verdict: what was expected and what was found.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Counts, Kind, ResourceView, Source, record, resource, text};
use crate::{
    compliance::{
        assess::CheckRun,
        check::{CrossReference, Relation},
        verdict::{Outcome, Verdict},
    },
    resource::{UNREAD, Unread},
};

/// A check with one set of thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CheckView {
    /// Its place on the page.
    pub anchor: String,
    /// `group.name`.
    pub id: String,
    /// What is true where it passes.
    pub title: String,
    /// How bad a failure is.
    pub severity: String,
    /// What is judged.
    pub resource: &'static str,
    /// Where it applies (CEL).
    pub applies: Option<String>,
    /// The clauses (CEL).
    pub clauses: Vec<String>,
    /// The thresholds.
    pub settings: Vec<Setting>,
    /// Whether the thresholds are the check's own rather than a requirement's.
    pub own_thresholds: bool,
    /// Calls and fields behind the facts.
    pub calls: Vec<Call>,
    /// Permissions that the calls take.
    pub permissions: Vec<String>,
    /// What to do about a failure.
    pub remediation: String,
    /// What a pass does not say.
    pub limits: Option<String>,
    /// The same matter in public rule sets.
    pub elsewhere: Vec<String>,
    /// Requirements that it speaks for, with these thresholds.
    pub requirements: Vec<Spoken>,
    /// How many came to what.
    pub counts: Counts,
    /// Outcomes that occur, for filters.
    pub outcomes: Vec<&'static str>,
    /// The verdicts.
    pub verdicts: Vec<VerdictView>,
}

/// A requirement that a check speaks for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Spoken {
    /// Its framework.
    pub framework: String,
    /// Its id.
    pub id: String,
    /// Its place on the page.
    pub anchor: String,
}

/// A threshold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Setting {
    /// Its name in the predicate.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A call and the fields of its answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Call {
    /// As `kms:GetKeyPolicy`.
    pub call: String,
    /// As `KeyMetadata.KeyState`.
    pub fields: Vec<String>,
}

/// What the check says of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct VerdictView {
    /// Its place on the page.
    pub anchor: String,
    /// The resource.
    pub resource: ResourceView,
    /// The service; empty for the environment and the account.
    pub service: String,
    /// What it comes to.
    pub outcome: Kind,
    /// Every fact that was read.
    pub facts: Vec<Fact>,
    /// The clauses that do not hold, with what was found instead.
    pub broken: Vec<Clause>,
    /// Why facts are missing.
    pub unread: Vec<String>,
    /// What stands beside.
    pub note: Option<String>,
    /// What the waiver says that is about the failure.
    pub waiver: Option<String>,
}

/// A fact with its value.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Fact {
    /// As the predicate names it.
    pub name: String,
    /// Its value, or why it has none.
    pub value: String,
    /// Whether it was read.
    pub known: bool,
}

/// A clause that does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Clause {
    /// What was expected (CEL).
    pub expected: String,
    /// The facts that it speaks of.
    pub found: Vec<Fact>,
}

pub(super) fn views(source: &Source<'_>) -> Vec<CheckView> {
    let runs = source.assessment.checks.iter().enumerate();
    runs.map(|(index, run)| view(source, index, run)).collect()
}

/// The place of a check on the page.
pub(super) fn anchor(index: usize, run: &CheckRun) -> String {
    text::anchor("check", &[&run.id, &index.to_string()])
}

/// The place of a verdict on the page.
pub(super) fn verdict_anchor(index: usize, run: &CheckRun, position: usize) -> String {
    format!("{}-{position}", anchor(index, run))
}

fn view(source: &Source<'_>, index: usize, run: &CheckRun) -> CheckView {
    let verdicts = run.verdicts.iter().enumerate();
    CheckView {
        anchor: anchor(index, run),
        id: run.id.clone(),
        title: run.title.clone(),
        severity: text::word(run.severity),
        resource: resource::words(run.resource),
        applies: run.applies.clone(),
        clauses: run.pass.clone(),
        settings: settings(run),
        own_thresholds: run.own_thresholds,
        calls: calls(run),
        permissions: run.permissions.iter().cloned().collect(),
        remediation: run.remediation.clone(),
        limits: run.limits.clone(),
        elsewhere: run.xref.iter().flat_map(elsewhere).collect(),
        requirements: requirements(source, index),
        counts: Counts::of_verdicts(run.totals),
        outcomes: outcomes(run.verdicts.iter().map(|verdict| verdict.outcome)),
        verdicts: verdicts
            .map(|(position, verdict)| VerdictView {
                anchor: verdict_anchor(index, run, position),
                ..verdict_view(source, run, verdict)
            })
            .collect(),
    }
}

/// The outcomes that occur, each once, as filters name them.
pub(super) fn outcomes(all: impl Iterator<Item = Outcome>) -> Vec<&'static str> {
    let set: std::collections::BTreeSet<Outcome> = all.collect();
    set.into_iter()
        .map(|outcome| Kind::from(outcome).slug)
        .collect()
}

fn settings(run: &CheckRun) -> Vec<Setting> {
    let params = run.params.iter();
    params
        .map(|(name, value)| Setting {
            name: format!("params.{name}"),
            value: text::compact(value),
        })
        .collect()
}

fn calls(run: &CheckRun) -> Vec<Call> {
    let calls = run.evidence.iter();
    calls
        .map(|call| Call {
            call: call.call.clone(),
            fields: call.fields.clone(),
        })
        .collect()
}

fn elsewhere(xref: &CrossReference) -> Vec<String> {
    let relation = match xref.relation {
        Relation::Equal => "equal to",
        Relation::Stricter => "stricter than",
        Relation::Related => "related to",
    };
    let sets = [
        ("Prowler", &xref.prowler),
        ("AWS Config", &xref.aws_config),
        ("Security Hub", &xref.security_hub),
    ];
    let named = sets.iter().filter(|(_, ids)| !ids.is_empty());
    named
        .map(|(set, ids)| format!("{relation} {set} {}", ids.join(", ")))
        .collect()
}

fn requirements(source: &Source<'_>, run: usize) -> Vec<Spoken> {
    let mut spoken = Vec::new();
    for framework in &source.assessment.frameworks {
        for requirement in &framework.requirements {
            if requirement.checks.iter().any(|check| check.run == run) {
                spoken.push(Spoken {
                    framework: framework.id.to_string(),
                    id: requirement.id.clone(),
                    anchor: super::framework::anchor(&framework.id, &requirement.id),
                });
            }
        }
    }
    spoken
}

fn verdict_view(source: &Source<'_>, run: &CheckRun, verdict: &Verdict) -> VerdictView {
    let facts: Vec<Fact> = verdict
        .evidence
        .iter()
        .map(|(path, value)| fact(run, verdict, path, value))
        .collect();
    VerdictView {
        anchor: String::new(),
        resource: resource::at(run.resource, &verdict.resource, source.snapshot),
        service: verdict.service.clone().unwrap_or_default(),
        outcome: verdict.outcome.into(),
        broken: broken(run, verdict, &facts),
        facts,
        unread: verdict.unread.iter().map(Unread::to_string).collect(),
        note: verdict.note.clone(),
        waiver: verdict
            .waiver
            .as_ref()
            .map(|waived| record::beside(waived, verdict.outcome == Outcome::Exception)),
    }
}

/// A fact under the name that the predicate gives it.
fn fact(run: &CheckRun, verdict: &Verdict, path: &str, value: &Value) -> Fact {
    let (base, field) = path.rsplit_once('.').unwrap_or(("", path));
    let variable = if base == verdict.resource {
        run.resource.as_str()
    } else if base.starts_with("services.") {
        "service"
    } else {
        "environment"
    };
    let unread = value.get(UNREAD).cloned();
    let why = unread.and_then(|why| serde_json::from_value::<Unread>(why).ok());
    Fact {
        name: format!("{variable}.{field}"),
        value: why
            .as_ref()
            .map_or_else(|| text::compact(value), Unread::to_string),
        known: why.is_none(),
    }
}

fn broken(run: &CheckRun, verdict: &Verdict, facts: &[Fact]) -> Vec<Clause> {
    let clauses = verdict
        .failed
        .iter()
        .filter_map(|index| run.pass.get(*index));
    clauses
        .map(|clause| Clause {
            expected: clause.clone(),
            found: facts
                .iter()
                .filter(|fact| names(clause, &fact.name))
                .cloned()
                .collect(),
        })
        .collect()
}

/// Whether a clause speaks of a fact: its name, and no longer one that begins with it.
fn names(clause: &str, fact: &str) -> bool {
    clause.match_indices(fact).any(|(start, _)| {
        let rest = clause.get(start + fact.len()..).unwrap_or_default();
        !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}
