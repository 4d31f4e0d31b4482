//! The environments that ship: they load without a warning and show what they promise.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    model::{Peer, Runtime, State},
    spec::{Loaded, load},
};

const SHIPPED: [&str; 3] = ["sandbox.yaml", "digital-bank", "digital-bank-staging"];

fn shipped(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("environments")
        .join(name);
    load(&path).unwrap_or_else(|errors| panic!("{name}\n{}", errors.render(false)))
}

#[test]
fn nothing_that_ships_has_a_problem() {
    for name in SHIPPED {
        let loaded = shipped(name);
        assert_eq!(loaded.sources.render(&loaded.warnings, false), "", "{name}");
    }
}

#[test]
fn the_same_files_have_the_same_digest() {
    let digests: BTreeSet<String> = (0..10).map(|_| shipped("digital-bank").digest).collect();
    assert_eq!(digests.len(), 1);
    assert!(digests.iter().all(|digest| digest.len() == 64));
}

#[test]
fn the_digital_bank_shows_every_runtime_and_state() {
    let bank = shipped("digital-bank").environment;
    assert!(bank.services.len() >= 14);
    let runtimes: BTreeSet<&str> = bank
        .services
        .values()
        .map(|service| match service.runtime {
            Runtime::Lambda => "lambda",
            Runtime::EcsFargate => "ecs",
            Runtime::EksPodIdentity { .. } => "pod identity",
            Runtime::EksIrsa { .. } => "irsa",
            Runtime::Ec2 => "ec2",
        })
        .collect();
    assert_eq!(runtimes.len(), 5);
    let has = |test: fn(&crate::model::Service) -> bool| bank.services.values().any(test);
    assert!(has(|service| matches!(
        service.state,
        State::Suspended { .. }
    )));
    assert!(has(|service| matches!(
        service.state,
        State::Retired { .. }
    )));
    assert!(has(|service| service.versions.len() == 2));
    assert!(has(|service| service
        .egress
        .iter()
        .any(|edge| matches!(edge.to, Peer::Cidr(_)))));
}

#[test]
fn staging_replaces_fields_and_files_and_keeps_the_rest() {
    let production = shipped("digital-bank").environment;
    let staging = shipped("digital-bank-staging").environment;
    assert_eq!(staging.account.as_str(), "444455556666");
    assert_eq!(staging.region, production.region);
    assert_eq!(staging.frameworks, production.frameworks);
    assert!(
        staging
            .principals
            .key_admins
            .iter()
            .all(|arn| arn.account() == "444455556666")
    );
    let differ: Vec<&str> = production
        .services
        .iter()
        .filter(|(name, service)| staging.services.get(name) != Some(service))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        differ,
        ["edge", "fraud", "onboarding", "receipts", "statements"]
    );
    assert!(staging.services.keys().eq(production.services.keys()));
}

#[test]
fn every_file_names_its_schema_for_editors() {
    let environments = Path::new(env!("CARGO_MANIFEST_DIR")).join("environments");
    for name in SHIPPED {
        for file in shipped(name).sources.names() {
            let path = Path::new(file);
            let text = fs::read_to_string(path).unwrap();
            let modeline = text.lines().next().unwrap();
            let schema = modeline
                .strip_prefix("# yaml-language-server: $schema=")
                .unwrap();
            let target = path.parent().unwrap().join(schema);
            assert!(
                target.canonicalize().is_ok(),
                "{file}: {schema} under {environments:?}"
            );
        }
    }
}
