//! Whether everything was looked at: how many resources of each kind are declared, were listed, and
//! were judged, held against a count that somebody else made. Nothing is judged here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::assess::Assessment;
use crate::{
    model::KindName,
    resource::{Read, Resources},
    snapshot::{InventoryCount, Snapshot},
};

/// How many resources of a kind there are, by who says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Population {
    /// The kind.
    pub kind: KindName,
    /// In the specification.
    pub declared: u64,
    /// Found in the account, among those of this environment.
    pub found: Read<u64>,
    /// Judged by at least one check; a kind that no check judges has none.
    pub judged: u64,
    /// A count from another source, where the snapshot has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inventory: Option<InventoryCount>,
}

impl Population {
    /// What does not fit, in words; nothing if all was looked at.
    pub fn gap(&self) -> Option<String> {
        let kind = self.kind;
        if let Read::Unread(why) = &self.found {
            return Some(format!("{kind} was not listed: {why}"));
        }
        let InventoryCount {
            call,
            count,
            listed,
        } = self.inventory.as_ref()?;
        match count {
            Read::Known(count) if count == listed => None,
            Read::Known(count) => Some(format!(
                "{call} counts {count} of {kind}, and {listed} were listed"
            )),
            Read::Unread(why) => Some(format!("{kind} could not be counted otherwise: {why}")),
        }
    }
}

/// The populations of every kind that is declared, listed or counted.
pub fn populations(
    desired: &Resources,
    snapshot: &Snapshot,
    assessment: &Assessment,
) -> Vec<Population> {
    let mut declared: BTreeMap<KindName, u64> = BTreeMap::new();
    for address in desired.addresses() {
        *declared.entry(address.kind).or_default() += 1;
    }
    let judged = judged(assessment);
    let coverage = &snapshot.coverage;
    let listings = coverage.listings.iter();
    listings
        .map(|(kind, found)| Population {
            kind: *kind,
            declared: declared.get(kind).copied().unwrap_or_default(),
            found: found.clone(),
            judged: judged.get(kind).map_or(0, |paths| paths.len() as u64),
            inventory: coverage.inventory.get(kind).cloned(),
        })
        .collect()
}

/// The resources of each kind that checks gave verdicts on.
fn judged(assessment: &Assessment) -> BTreeMap<KindName, BTreeSet<&str>> {
    let mut judged: BTreeMap<KindName, BTreeSet<&str>> = BTreeMap::new();
    for run in &assessment.checks {
        if let Some(kind) = run.resource.kind() {
            let paths = run.verdicts.iter().map(|verdict| verdict.resource.as_str());
            judged.entry(kind).or_default().extend(paths);
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(count: Read<u64>, listed: u64) -> Population {
        Population {
            kind: KindName::IamRole,
            declared: 2,
            found: Read::Known(2),
            judged: 2,
            inventory: Some(InventoryCount {
                call: "iam:GetAccountSummary".to_owned(),
                count,
                listed,
            }),
        }
    }

    #[test]
    fn a_count_that_differs_is_a_gap() {
        assert_eq!(roles(Read::Known(7), 7).gap(), None);
        assert_eq!(
            roles(Read::Known(8), 7).gap().as_deref(),
            Some("iam:GetAccountSummary counts 8 of iam_role, and 7 were listed")
        );
    }
}
