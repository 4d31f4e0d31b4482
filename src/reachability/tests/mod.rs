//! What reaches what: the shipped bank, its tampered versions, and networks of chance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bank;
mod chance;
mod outside;
mod unknown;

use std::path::Path;

use super::*;
use crate::{
    desired::compile,
    iam::catalogue::Catalogue,
    model::KindName,
    resource::{Read, Resources},
    snapshot::{Coverage, Origin, SCHEMA},
    spec,
};

fn bank() -> Environment {
    spec::load(Path::new("environments/digital-bank"))
        .expect("the bank is valid")
        .environment
}

/// The account as the environment wants it.
fn as_declared(environment: &Environment) -> Snapshot {
    let desired = compile(environment, Catalogue::vendored().unwrap()).unwrap();
    holding(environment, desired.resources)
}

fn holding(environment: &Environment, resources: Resources) -> Snapshot {
    Snapshot {
        foreign: Resources::default(),
        account_state: Default::default(),
        operated: Default::default(),
        schema: SCHEMA.to_owned(),
        origin: Origin::Sandbox,
        environment: environment.name.clone(),
        account: environment.account.clone(),
        region: environment.region.clone(),
        caller: "sandbox".to_owned(),
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        coverage: Coverage {
            listings: KindName::ALL
                .iter()
                .map(|kind| (*kind, Read::Known(0)))
                .collect(),
            ..Coverage::default()
        },
        ids: Default::default(),
        resources,
        conflicts: Vec::new(),
    }
}

fn name(text: &str) -> ServiceName {
    text.parse().unwrap()
}

fn tcp(port: u16) -> Ports {
    Ports::span(TCP, port, port)
}

/// What is open of each pair that has anything open.
fn cells(snapshot: &Snapshot, environment: &Environment) -> BTreeMap<(String, String), Ports> {
    let reachability = Reachability::of(snapshot, environment);
    let services = || environment.services.keys();
    services()
        .flat_map(|from| services().map(move |to| (from, to)))
        .map(|(from, to)| {
            (
                (from.to_string(), to.to_string()),
                reachability.reach(from, to).open,
            )
        })
        .filter(|(_, open)| !open.is_empty())
        .collect()
}

/// The pairs whose open ports differ, with what each gained and lost.
fn changed(
    before: &BTreeMap<(String, String), Ports>,
    after: &BTreeMap<(String, String), Ports>,
) -> Vec<(String, String, Ports, Ports)> {
    let pairs: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    pairs
        .into_iter()
        .filter_map(|pair| {
            let of = |cells: &BTreeMap<_, Ports>| cells.get(pair).cloned().unwrap_or_default();
            let (old, new) = (of(before), of(after));
            let (gained, lost) = (new.difference(&old), old.difference(&new));
            let same = gained.is_empty() && lost.is_empty();
            (!same).then(|| (pair.0.clone(), pair.1.clone(), gained, lost))
        })
        .collect()
}
