//! The proof of isolation: for every ordered pair of services, who can act with whose role, decrypt
//! with whose key, read and write whose data, and reach whose ports. Offline, from a snapshot.
//!
//! Every Allow is taken as wide as it could be and every Deny as narrow; what cannot be decided is
//! unknown and never isolated. What is reachable has a witness that the evaluator replays.

mod actor;
mod ask;
mod assume;
mod data;
mod declared;
mod decrypt;
mod examine;
mod found;
mod index;
mod matrix;
mod nature;
mod question;
mod space;
mod target;
#[cfg(test)]
mod tests;
mod trusted;
mod values;
mod verdict;
mod witness;

use std::collections::BTreeMap;

pub use matrix::{Matrix, Totals};
pub use question::{Party, Question};
pub use verdict::{Finding, Verdict};
pub use witness::{Step, Witness};

use crate::{
    authorization::Estate, iam::catalogue::Catalogue, model::Environment, snapshot::Snapshot,
};
use ask::World;
use found::Found;

/// Asks every question about every ordered pair of services.
pub fn prove(environment: &Environment, snapshot: &Snapshot, catalogue: &Catalogue) -> Matrix {
    let estate = Estate::of(snapshot);
    let world = World::new(environment, &estate, catalogue);
    let mut found = Found::default();
    assume::of(&world, &mut found);
    for service in environment.services.values().filter(|one| one.is_alive()) {
        decrypt::of(&world, service, &mut found);
        data::of(&world, service, &mut found);
    }
    joined(&world, found)
}

/// Findings of roles as findings of the services that they belong to.
fn joined(world: &World<'_>, found: Found) -> Matrix {
    let services = world.environment.services.values();
    let mut matrix = Matrix {
        services: services
            .filter(|service| service.is_alive())
            .map(|service| service.name.clone())
            .collect(),
        questions: Question::ALL
            .into_iter()
            .filter(|q| *q != Question::Reach)
            .collect(),
        columns: found.columns,
        assumptions: trusted::assumptions(world),
        trusted: trusted::principals(world.environment),
        ..Matrix::default()
    };
    let mut cells: BTreeMap<_, Finding> = BTreeMap::new();
    for ((from, to, question), finding) in found.cells {
        let Some(actor) = world.actors.get(from) else {
            continue;
        };
        if actor.party.service() == Some(&to) {
            continue;
        }
        let key = (actor.party.clone(), to, question);
        match cells.get_mut(&key) {
            Some(known) => known.merge(finding),
            None => {
                cells.insert(key, finding);
            }
        }
    }
    matrix.findings = cells;
    for actor in &world.actors {
        let gaps = actor.gaps();
        if !gaps.is_empty() {
            matrix
                .rows
                .entry(actor.party.clone())
                .or_default()
                .extend(gaps);
        }
    }
    matrix
}
