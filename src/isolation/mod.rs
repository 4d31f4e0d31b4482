//! The proof of isolation: for every ordered pair of services, who can act with whose role, decrypt
//! with whose key, read and write whose data, and reach whose ports. Offline, from a snapshot.
//!
//! Every Allow is taken as wide as it could be and every Deny as narrow; what cannot be decided is
//! unknown and never isolated. What is reachable has a witness that the evaluator replays.

mod actor;
mod ask;
mod assume;
mod beyond;
mod chains;
mod change;
mod cite;
mod compute;
mod data;
mod declared;
mod decrypt;
mod escalation;
mod examine;
mod examples;
mod federation;
mod found;
mod index;
mod matrix;
mod nature;
mod question;
mod reach;
mod space;
mod target;
#[cfg(test)]
mod tests;
mod trusted;
mod values;
mod verdict;
mod witness;

pub use beyond::{Beyond, beyond};
pub use change::{Change, changes};
pub use matrix::{Matrix, Totals};
pub use question::{Party, Question};
pub use verdict::{Finding, Verdict};
pub use witness::{Step, Witness};

use crate::{
    authorization::Estate, iam::catalogue::Catalogue, model::Environment, snapshot::Snapshot,
};
use ask::World;
use found::Found;

/// Asks every question about every ordered pair of services, and every role about itself.
pub fn prove(environment: &Environment, snapshot: &Snapshot, catalogue: &Catalogue) -> Matrix {
    let estate = Estate::of(snapshot);
    let world = World::new(environment, &estate, catalogue);
    let mut found = Found::default();
    assume::of(&world, &mut found);
    compute::of(&world, &mut found);
    federation::of(&world, &mut found);
    for service in environment.services.values().filter(|one| one.is_alive()) {
        decrypt::of(&world, service, &mut found);
        data::of(&world, service, &mut found);
        reach::invoked(&world, service, &mut found);
    }
    chains::close(&world, &mut found);
    reach::packets(&world, &mut found);
    let services = environment.services.values();
    let alive = services.filter(|service| service.is_alive());
    let mut matrix = Matrix {
        services: alive.map(|service| service.name.clone()).collect(),
        questions: Question::ALL.into_iter().collect(),
        columns: std::mem::take(&mut found.columns),
        escalations: escalation::of(&world),
        assumptions: trusted::assumptions(&world),
        trusted: trusted::principals(environment),
        ..Matrix::default()
    };
    matrix.assumptions.append(&mut found.assumptions);
    join(&world, found, &mut matrix);
    matrix
}

/// Findings of roles as findings of the services that they belong to.
fn join(world: &World<'_>, found: Found, matrix: &mut Matrix) {
    for (from, cells) in found.cells {
        let Some(actor) = world.actors.get(from) else {
            continue;
        };
        for ((to, question), finding) in cells {
            if actor.party.service() != Some(&to) {
                matrix.add((actor.party.clone(), to, question), finding);
            }
        }
    }
    for ((from, to), finding) in found.packets {
        matrix.add((Party::Service(from), to, Question::Reach), finding);
    }
    for (number, actor) in world.actors.iter().enumerate() {
        let mut gaps = actor.gaps();
        gaps.extend(found.rows.get(&number).into_iter().flatten().cloned());
        if !gaps.is_empty() {
            let row = matrix.rows.entry(actor.party.clone()).or_default();
            row.extend(gaps);
        }
    }
}
