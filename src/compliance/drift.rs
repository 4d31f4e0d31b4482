//! Waivers laid over drift: what differs and may, for a while; what no longer may; and waivers that
//! are about no difference. The plan stays as it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{
    records::{Records, Standing, day},
    waiver::Waiver,
};
use crate::{
    model::Address,
    plan::{Action, Plan, Step},
    resource::KeptReason,
};

/// What waivers make of a drift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WaivedPlan {
    /// The differences that a waiver is about, whether it holds or not.
    pub waived: Vec<WaivedDifference>,
    /// How many differences are left that no waiver allows.
    pub open: usize,
    /// Waivers that are about no difference.
    pub unmatched: Vec<String>,
}

/// A difference and the waiver that is about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WaivedDifference {
    /// The resource.
    pub address: Address,
    /// The field; empty where the whole resource is extra or missing.
    pub path: String,
    /// The waiver.
    pub waiver: String,
    /// Where it stands; only one that holds allows the difference.
    pub standing: Standing,
    /// Its last day.
    pub expires: Date,
    /// Whether the difference is allowed: the waiver holds and its evidence is what it was.
    pub allowed: bool,
}

/// Lays the waivers over a plan, as of a moment.
pub fn waived(plan: &Plan, records: &Records, as_of: jiff::Timestamp) -> WaivedPlan {
    let today = day(as_of);
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = WaivedPlan::default();
    for (address, path) in differences(plan) {
        let about = records.waivers.iter();
        let about = about.filter(|waiver| waiver.is_about_drift(&address, &path));
        let mut marks: Vec<WaivedDifference> = Vec::new();
        for waiver in about {
            *met.entry(&waiver.id).or_default() += 1;
            marks.push(mark(waiver, records, today, (&address, &path)));
        }
        marks.sort_by(|a, b| (!a.allowed, &a.waiver).cmp(&(!b.allowed, &b.waiver)));
        let best = marks.into_iter().next();
        found.open += usize::from(!best.as_ref().is_some_and(|mark| mark.allowed));
        found.waived.extend(best);
    }
    let drifts = records.waivers.iter().filter(|w| w.drift.is_some());
    let unmatched = drifts.filter(|waiver| !met.contains_key(waiver.id.as_str()));
    found.unmatched = unmatched.map(|waiver| waiver.id.clone()).collect();
    found
}

fn mark(
    waiver: &Waiver,
    records: &Records,
    today: Date,
    (address, path): (&Address, &str),
) -> WaivedDifference {
    let standing = waiver.standing(today);
    WaivedDifference {
        address: address.clone(),
        path: path.to_owned(),
        waiver: waiver.id.clone(),
        standing,
        expires: waiver.expires,
        allowed: standing.holds() && records.doubts(&waiver.evidence).is_empty(),
    }
}

/// Every difference: a resource that is extra or missing, a field that changed, a kept Deny. Doubts
/// about who owns a resource are not among them: nobody can allow these.
fn differences(plan: &Plan) -> Vec<(Address, String)> {
    let mut all = Vec::new();
    let mut drift = plan.drift();
    for address in plan.steps.keys() {
        match drift.remove(address) {
            Some(step) if changed(&step) => {
                let paths = step.changes.iter().map(|change| change.path.to_string());
                all.extend(paths.map(|path| (address.clone(), path)));
            }
            _ => all.push((address.clone(), String::new())),
        }
    }
    let denies = plan
        .kept
        .iter()
        .filter(|notice| notice.reason == KeptReason::UnknownDeny);
    all.extend(denies.map(|notice| (notice.address.clone(), notice.path.clone())));
    all
}

/// Whether the fields of a resource tell its difference, rather than that it came or went.
fn changed(step: &Step) -> bool {
    matches!(step.action, Action::Update | Action::Replace) && !step.changes.is_empty()
}

impl WaivedPlan {
    /// What a waiver says of a difference, where one is about it.
    pub fn about(&self, address: &Address, path: &str) -> Option<&WaivedDifference> {
        let mut all = self.waived.iter();
        all.find(|one| one.address == *address && one.path == path)
    }

    /// How many differences are allowed.
    pub fn allowed(&self) -> usize {
        self.waived.iter().filter(|one| one.allowed).count()
    }
}
