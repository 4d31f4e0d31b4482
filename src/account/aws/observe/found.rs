//! What an observation found of one kind, and who owns it.

use std::collections::BTreeMap;

use crate::{
    model::{Address, EnvironmentName, Tags},
    resource::{Kind, Read, Table, Unread},
    snapshot::{Claim, Conflict, Ids, PhysicalId, claim},
};

/// The resources of one kind, with their ids.
#[derive(Debug)]
pub struct Found<K> {
    /// What is ours, by logical name, not linked yet.
    pub table: Table<K>,
    /// Their physical ids.
    pub ids: Ids,
    /// Those whose owner is in doubt.
    pub conflicts: Vec<Conflict>,
    /// How many are ours, or why nobody knows.
    pub listing: Read<u64>,
}

/// A resource that may be ours.
#[derive(Debug)]
pub struct Candidate<K> {
    /// The logical name behind its physical name, if that is one of ours.
    pub named: Option<String>,
    /// Its tags.
    pub tags: Read<Tags>,
    /// How AWS names it.
    pub id: PhysicalId,
    /// What it is.
    pub resource: K,
}

impl<K: Kind> Found<K> {
    /// Nothing, because the listing failed.
    pub fn unread(why: Unread) -> Self {
        Self {
            table: Table::new(),
            ids: Ids::new(),
            conflicts: Vec::new(),
            listing: Read::Unread(why),
        }
    }

    /// Those of the candidates that are ours.
    pub fn gather(
        candidates: impl IntoIterator<Item = Candidate<K>>,
        environment: &EnvironmentName,
    ) -> Self {
        let mut ours: BTreeMap<String, Vec<Candidate<K>>> = BTreeMap::new();
        let mut conflicts = Vec::new();
        for candidate in candidates {
            match owner(&candidate, environment) {
                Claim::Ours(name) => ours.entry(name).or_default().push(candidate),
                Claim::Conflict(conflict) => conflicts.push(conflict),
                Claim::Foreign => {}
            }
        }
        let mut found = Self {
            table: Table::new(),
            ids: Ids::new(),
            conflicts,
            listing: Read::Known(0),
        };
        ours.into_iter()
            .for_each(|(name, claimants)| found.settle(name, claimants));
        found.listing = Read::Known((found.table.len() + found.conflicts.len()) as u64);
        found
    }

    /// Gives the name to its only claimant; several are a conflict.
    fn settle(&mut self, name: String, mut claimants: Vec<Candidate<K>>) {
        let address = Address::new(K::NAME, name);
        match (claimants.pop(), claimants.is_empty()) {
            (Some(only), true) => {
                self.table.insert(address.name.clone(), only.resource);
                self.ids.insert(address, only.id);
            }
            (last, _) => {
                let mut ids: Vec<String> = claimants
                    .into_iter()
                    .chain(last)
                    .map(|claimant| claimant.id.id)
                    .collect();
                ids.sort();
                self.conflicts.push(Conflict {
                    reason: format!("{} resources claim this address", ids.len()),
                    address,
                    ids,
                });
            }
        }
    }
}

fn owner<K: Kind>(candidate: &Candidate<K>, environment: &EnvironmentName) -> Claim {
    claim(
        K::NAME,
        &candidate.id.id,
        candidate.named.as_deref(),
        candidate.tags.known(),
        environment,
    )
}
