//! Waivers laid over verdicts: a failure that somebody allowed is an exception, one whose waiver has
//! ended stays a failure and says so. What no waiver is about is left alone.

use serde::Serialize;

use super::CheckRun;
use crate::{
    compliance::{
        library::Library,
        records::{Records, Standing, day},
        verdict::{Outcome, Totals, Verdict, Waived},
        waiver::Waiver,
    },
    model::Address,
};

/// What became of a waiver.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaiverResult {
    /// As written.
    pub waiver: Waiver,
    /// Where it stands.
    pub standing: Standing,
    /// The failures that it is about: exceptions while it holds.
    pub failures: Vec<WaivedFailure>,
    /// What somebody should look at: that it matches nothing, that its evidence has changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// A failure that a waiver is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WaivedFailure {
    /// The check.
    pub check: String,
    /// The path of the resource in the facts.
    pub resource: String,
}

/// Marks every failure that a waiver is about, and tells what became of each waiver.
pub(super) fn apply(
    library: &Library,
    records: &Records,
    as_of: jiff::Timestamp,
    checks: &mut [CheckRun],
) -> Vec<WaiverResult> {
    let today = day(as_of);
    let mut results: Vec<WaiverResult> = records
        .waivers
        .iter()
        .map(|waiver| WaiverResult {
            waiver: waiver.clone(),
            standing: waiver.standing(today),
            failures: Vec::new(),
            doubts: records.doubts(&waiver.evidence),
        })
        .collect();
    for run in checks {
        mark(run, &mut results);
    }
    for result in &mut results {
        result.failures.sort();
        result.failures.dedup();
        let unmatched = unmatched(library, result);
        result.doubts.extend(unmatched);
    }
    results
}

fn mark(run: &mut CheckRun, results: &mut [WaiverResult]) {
    let failed = |verdict: &&mut Verdict| verdict.outcome == Outcome::Fail;
    for verdict in run.verdicts.iter_mut().filter(failed) {
        let judged = judged(run.resource, &verdict.resource);
        let mut about: Vec<&mut WaiverResult> = results
            .iter_mut()
            .filter(|result| result.waiver.is_about(&run.id, judged.as_ref(), verdict))
            .collect();
        for result in &mut about {
            result.failures.push(WaivedFailure {
                check: run.id.clone(),
                resource: verdict.resource.clone(),
            });
        }
        // One that holds counts before one that has ended.
        let best = about.iter().min_by_key(|result| result.standing);
        if let Some(result) = best {
            // Evidence that changed takes a waiver its ground.
            let holds = result.standing.holds() && result.doubts.is_empty();
            verdict.waiver = Some(Waived {
                id: result.waiver.id.clone(),
                standing: result.standing,
                expires: result.waiver.expires,
            });
            if holds {
                verdict.outcome = Outcome::Exception;
            }
        }
    }
    run.totals = Totals::of(run.verdicts.iter().map(|verdict| verdict.outcome));
}

/// The address of a judged resource; none for what is judged as a whole.
fn judged(resource: crate::compliance::predicate::Variable, path: &str) -> Option<Address> {
    let name = path.rsplit('.').next().unwrap_or_default();
    Some(Address::new(resource.kind()?, name))
}

/// Why a waiver of a check is about no failure. Drift has a verb of its own.
fn unmatched(library: &Library, result: &WaiverResult) -> Option<String> {
    let check = result.waiver.check.as_ref()?;
    if !result.failures.is_empty() {
        return None;
    }
    let why = match library.checks.contains_key(check) {
        true => "matches nothing: no such failure was found; remove it, or correct its scope",
        false => "matches nothing: there is no such check",
    };
    Some(why.to_owned())
}
