//! What changed since an earlier bundle: verdicts and requirements that turned, resources that came
//! and went. Only what both looked at is compared.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Kind, Source, check, framework, resource, text};
use crate::{
    compliance::{
        assess::CheckRun,
        verdict::{Outcome, Verdict},
    },
    evidence::Earlier,
};

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SinceView {
    /// In one sentence.
    pub sentence: String,
    /// The digest of the earlier bundle's manifest.
    pub bundle: String,
    /// When its observation began, UTC.
    pub taken_at: String,
    /// Where its snapshot came from.
    pub origin: String,
    /// Whether the specification is another one.
    pub specification_changed: bool,
    /// Verdicts that turned, the bad news first.
    pub turned: Vec<Turned>,
    /// Verdicts on resources that were not there.
    pub appeared: Vec<Turned>,
    /// Resources that are no longer judged, with the checks that judged them.
    pub gone: Vec<Gone>,
    /// Checks that were not in the earlier bundle; their verdicts are not among those that appeared.
    pub new_checks: Vec<String>,
    /// Requirements that turned, the bad news first.
    pub requirements: Vec<TurnedRequirement>,
    /// Verdicts that are what they were.
    pub unchanged: usize,
}

/// A verdict that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Turned {
    /// Its place on the page.
    pub anchor: String,
    /// The check.
    pub check: String,
    /// What is true where it passes.
    pub title: String,
    /// How bad a failure is.
    pub severity: String,
    /// The resource.
    pub resource: String,
    /// The service; empty for none.
    pub service: String,
    /// What it came to; none where it was not there.
    pub before: Option<Kind>,
    /// What it comes to.
    pub after: Kind,
    /// Whether it is worse than before.
    pub worse: bool,
}

/// A resource that is no longer judged.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Gone {
    /// Its path in the facts.
    pub resource: String,
    /// The checks that judged it.
    pub checks: Vec<String>,
}

/// A requirement that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TurnedRequirement {
    /// Its place on the page.
    pub anchor: String,
    /// Framework and requirement.
    pub requirement: String,
    /// What it asks for, in our own words.
    pub title: String,
    /// What it came to.
    pub before: Kind,
    /// What it comes to.
    pub after: Kind,
    /// Whether it is worse than before.
    pub worse: bool,
}

pub(super) fn view(source: &Source<'_>) -> Option<SinceView> {
    let earlier = source.earlier?;
    let compared = compare(source, earlier);
    let requirements = requirements(source, earlier);
    let gone = gone(source, earlier);
    Some(SinceView {
        sentence: sentence(&compared, &gone),
        bundle: earlier.bundle.to_string(),
        taken_at: earlier
            .taken_at
            .strftime("%Y-%m-%d %H:%M:%S UTC")
            .to_string(),
        origin: earlier.origin.words(),
        specification_changed: earlier.specification.as_str() != source.digest,
        turned: sorted(compared.turned),
        appeared: sorted(compared.appeared),
        gone,
        new_checks: compared.new_checks.into_iter().collect(),
        requirements,
        unchanged: compared.unchanged,
    })
}

#[derive(Default)]
struct Compared {
    turned: Vec<Turned>,
    appeared: Vec<Turned>,
    new_checks: BTreeSet<String>,
    unchanged: usize,
}

fn compare(source: &Source<'_>, earlier: &Earlier) -> Compared {
    let mut found = Compared::default();
    for (index, run) in source.assessment.checks.iter().enumerate() {
        if !run.own_thresholds {
            continue;
        }
        let Some(before) = earlier.verdicts.get(&run.id) else {
            found.new_checks.insert(run.id.clone());
            continue;
        };
        for (position, verdict) in run.verdicts.iter().enumerate() {
            if !looked_at(earlier, verdict.service.as_deref()) {
                continue;
            }
            let was = before.get(&verdict.resource).copied();
            if was == Some(verdict.outcome) {
                found.unchanged += 1;
                continue;
            }
            let turned = Turned {
                anchor: check::verdict_anchor(index, run, position),
                ..turned(source, run, verdict, was)
            };
            match was {
                Some(_) => found.turned.push(turned),
                None => found.appeared.push(turned),
            }
        }
    }
    found
}

/// Whether the earlier bundle was about what belongs to this service, or to none.
fn looked_at(earlier: &Earlier, service: Option<&str>) -> bool {
    match (&earlier.service, service) {
        (Some(only), Some(service)) => only.as_str() == service,
        _ => true,
    }
}

fn turned(
    source: &Source<'_>,
    run: &CheckRun,
    verdict: &Verdict,
    before: Option<Outcome>,
) -> Turned {
    let named = resource::at(run.resource, &verdict.resource, source.snapshot);
    Turned {
        anchor: String::new(),
        check: run.id.clone(),
        title: run.title.clone(),
        severity: text::word(run.severity),
        resource: format!("{} {}", named.kind, named.name),
        service: verdict.service.clone().unwrap_or_default(),
        before: before.map(Kind::from),
        after: verdict.outcome.into(),
        worse: before.is_none_or(|before| verdict.outcome > before),
    }
}

fn sorted(mut turned: Vec<Turned>) -> Vec<Turned> {
    let fail = Kind::from(Outcome::Fail);
    turned.sort_by_key(|one| {
        (
            one.after != fail,
            !one.worse,
            super::summary::rank(&one.severity),
        )
    });
    turned
}

/// What the earlier bundle judged and this report, which may be about one service alone, does not.
fn gone(source: &Source<'_>, earlier: &Earlier) -> Vec<Gone> {
    let own = source.assessment.checks.iter();
    let own = own.filter(|run| run.own_thresholds);
    let now: BTreeMap<&str, BTreeSet<&str>> = own
        .map(|run| {
            let paths = run.verdicts.iter().map(|verdict| verdict.resource.as_str());
            (run.id.as_str(), paths.collect())
        })
        .collect();
    let mut gone: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (check, before) in &earlier.verdicts {
        let Some(now) = now.get(check.as_str()) else {
            continue;
        };
        let missing = before.keys().map(String::as_str);
        for path in missing.filter(|path| !now.contains(path) && in_scope(source, path)) {
            gone.entry(path).or_default().push(check.clone());
        }
    }
    let gone = gone.into_iter();
    gone.map(|(path, checks)| Gone {
        resource: path.to_owned(),
        checks,
    })
    .collect()
}

/// Whether this report is about the resource at a path.
fn in_scope(source: &Source<'_>, path: &str) -> bool {
    let Some(only) = source.only else {
        return true;
    };
    let service = path.strip_prefix("services.");
    service.is_none_or(|rest| rest.split('.').next() == Some(only.as_str()))
}

fn requirements(source: &Source<'_>, earlier: &Earlier) -> Vec<TurnedRequirement> {
    let mut turned = Vec::new();
    for framework in &source.assessment.frameworks {
        let Some(before) = earlier.requirements.get(framework.id.as_str()) else {
            continue;
        };
        for requirement in &framework.requirements {
            let was = before.get(&requirement.id).copied();
            let Some(was) = was.filter(|was| *was != requirement.overall) else {
                continue;
            };
            turned.push(TurnedRequirement {
                anchor: framework::anchor(&framework.id, &requirement.id),
                requirement: format!("{} {}", framework.id, requirement.id),
                title: requirement.title.clone(),
                before: was.into(),
                after: requirement.overall.into(),
                worse: requirement.overall > was,
            });
        }
    }
    turned.sort_by_key(|one| !one.worse);
    turned
}

fn sentence(compared: &Compared, gone: &[Gone]) -> String {
    let fail = Kind::from(Outcome::Fail);
    let count = |turned: &[Turned], wanted: &dyn Fn(&Turned) -> bool| {
        turned.iter().filter(|one| wanted(one)).count()
    };
    let failed = count(&compared.turned, &|one| one.after == fail);
    let mended = count(&compared.turned, &|one| one.before == Some(fail));
    let other = compared.turned.len() - failed - mended;
    let new = count(&compared.appeared, &|one| one.after == fail);
    format!(
        "{} turned to fail, {mended} no longer fail, {other} turned otherwise, {} are what they \
         were; {} on new resources, of which {new} fail; {} gone.",
        text::counted(failed, "verdict"),
        compared.unchanged,
        text::counted(compared.appeared.len(), "verdict"),
        text::counted(gone.len(), "resource"),
    )
}
