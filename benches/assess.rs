//! How long facts and an assessment take, by number of services. `cargo bench --bench assess`.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, path::Path};

use strongroom::{
    compliance::{
        assess::assess,
        facts::{Facts, facts},
        library::{Library, shipped},
        records::Records,
    },
    desired::compile,
    iam::catalogue::Catalogue,
    model::Environment,
    resource::{Read, Resources},
    snapshot::{Coverage, Origin, SCHEMA, Snapshot},
    spec,
};

const SERVICES: [usize; 3] = [10, 100, 1000];
const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

fn main() {
    divan::main();
}

/// The bank's services over and over, each alone: a call would need its callee.
fn environment(services: usize) -> Environment {
    let mut environment = spec::load(Path::new("environments/digital-bank"))
        .unwrap()
        .environment;
    let templates: Vec<_> = environment.services.values().cloned().collect();
    environment.frameworks = shipped().keys().cloned().collect();
    environment.services = (0..services)
        .map(|number| {
            let mut service = templates[number % templates.len()].clone();
            service.name = format!("s{number}").parse().unwrap();
            service.calls.clear();
            // A store that every copy could reach would name a thousand roles in one key policy.
            service.stores.clear();
            (service.name.clone(), service)
        })
        .collect();
    environment
}

fn account(environment: &Environment) -> (Resources, Snapshot) {
    let desired = compile(environment, Catalogue::vendored().unwrap())
        .unwrap()
        .resources;
    let snapshot = Snapshot {
        foreign: Default::default(),
        account_state: Default::default(),
        operated: Default::default(),
        schema: SCHEMA.to_owned(),
        origin: Origin::Sandbox,
        environment: environment.name.clone(),
        account: environment.account.clone(),
        region: environment.region.clone(),
        caller: "sandbox".to_owned(),
        taken_at: NOW,
        coverage: Coverage {
            listings: Resources::KINDS
                .iter()
                .map(|kind| (*kind, Read::Known(0)))
                .collect(),
            calls: BTreeMap::new(),
            inventory: BTreeMap::new(),
        },
        ids: BTreeMap::new(),
        resources: desired.clone(),
        conflicts: Vec::new(),
    };
    (desired, snapshot)
}

fn derived(environment: &Environment) -> Facts {
    let (desired, snapshot) = account(environment);
    facts(environment, &desired, &snapshot, NOW)
}

#[divan::bench]
fn load_library() -> Library {
    Library::vendored().unwrap()
}

#[divan::bench(args = SERVICES, sample_count = 10)]
fn derive_facts(bencher: divan::Bencher<'_, '_>, services: usize) {
    let environment = environment(services);
    let (desired, snapshot) = account(&environment);
    bencher.bench_local(|| facts(&environment, &desired, &snapshot, NOW));
}

#[divan::bench(args = SERVICES, sample_count = 10)]
fn assess_all_checks_and_frameworks(bencher: divan::Bencher<'_, '_>, services: usize) {
    let environment = environment(services);
    let facts = derived(&environment);
    let library = Library::vendored().unwrap();
    let records = Records::default();
    bencher.bench_local(|| assess(&library, &environment, &facts, &records, NOW));
}
