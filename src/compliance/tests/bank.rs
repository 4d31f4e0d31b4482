//! The bank as it is declared: nothing fails, everything adds up, every run gives the same bytes.

use std::{collections::BTreeMap, path::Path};

use super::library;
use crate::{
    compliance::{
        assess::{Assessment, ExitClass, assess},
        facts::{Facts, facts},
        records::Records,
        verdict::Outcome,
    },
    desired::compile,
    iam::catalogue::Catalogue,
    model::{AccountId, Address, Environment, KindName, ServiceName},
    resource::{Read, Resources},
    snapshot::{AccountState, Coverage, Origin, SCHEMA, Snapshot, wanted_databases},
    spec,
};

/// The bank, what it compiles to, and an account that is exactly so.
pub(super) struct Bank {
    pub environment: Environment,
    pub desired: Resources,
    owners: BTreeMap<Address, ServiceName>,
    pub snapshot: Snapshot,
}

impl Bank {
    pub(super) fn as_declared() -> Self {
        let environment = spec::load(Path::new("environments/digital-bank"))
            .unwrap()
            .environment;
        let catalogue = Catalogue::vendored().unwrap();
        let compiled = compile(&environment, catalogue).unwrap();
        let (desired, owners) = (compiled.resources, compiled.owners);
        let account: AccountId = environment.account.clone();
        let snapshot = Snapshot {
            schema: SCHEMA.to_owned(),
            origin: Origin::Sandbox,
            environment: environment.name.clone(),
            account,
            region: environment.region.clone(),
            caller: "sandbox".to_owned(),
            taken_at: jiff::Timestamp::UNIX_EPOCH,
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
            foreign: Default::default(),
            account_state: AccountState {
                databases: wanted_databases(&environment).into(),
                ..AccountState::default()
            },
            operated: Default::default(),
            conflicts: Vec::new(),
        };
        Self {
            environment,
            desired,
            owners,
            snapshot,
        }
    }

    /// How many resources of a kind belong to services.
    fn of_services(&self, kind: KindName) -> usize {
        let owned = self.owners.keys();
        owned.filter(|address| address.kind == kind).count()
    }

    pub(super) fn facts(&self) -> Facts {
        facts(
            &self.environment,
            &self.desired,
            &self.snapshot,
            jiff::Timestamp::UNIX_EPOCH,
        )
    }

    pub(super) fn assess(&self) -> Assessment {
        let as_of = jiff::Timestamp::UNIX_EPOCH;
        let records = Records::default();
        assess(library(), &self.environment, &self.facts(), &records, as_of)
    }
}

#[test]
fn as_declared_nothing_fails_and_nothing_is_unread_but_what_only_a_live_account_has() {
    let assessment = Bank::as_declared().assess();
    for run in &assessment.checks {
        for verdict in &run.verdicts {
            let good = [Outcome::Pass, Outcome::NotApplicable, Outcome::NeedsLive];
            assert!(good.contains(&verdict.outcome), "{} {verdict:#?}", run.id);
        }
    }
    assert_eq!(assessment.exit_class, ExitClass::Agreed);
    assert!(
        assessment.frameworks.len() >= 3,
        "{}",
        assessment.frameworks.len()
    );
}

#[test]
fn totals_reconcile_with_populations() {
    let bank = Bank::as_declared();
    let assessment = bank.assess();
    for run in &assessment.checks {
        assert_eq!(run.totals.population(), run.population, "{}", run.id);
        assert!(run.population > 0, "{} judges nothing", run.id);
    }
    let own = assessment.checks.iter().filter(|run| run.own_thresholds);
    let population: usize = own.map(|run| run.population).sum();
    assert_eq!(assessment.totals.population(), population);
    let keys = assessment
        .checks
        .iter()
        .find(|run| run.id == "kms.policy-exact")
        .unwrap();
    // One key and some roles belong to the environment and to no service.
    let of_services = |kind| bank.of_services(kind);
    assert_eq!(keys.population, of_services(KindName::KmsKey));
    let roles = assessment
        .checks
        .iter()
        .find(|run| run.id == "iam.trust-exact")
        .unwrap();
    assert_eq!(roles.population, of_services(KindName::IamRole));
    for framework in &assessment.frameworks {
        assert_eq!(framework.totals.population(), framework.requirements.len());
    }
}

#[test]
fn nothing_that_asks_for_more_than_checks_passes_by_them_alone() {
    for framework in Bank::as_declared().assess().frameworks {
        for requirement in framework.requirements {
            if requirement.overall == Outcome::Pass {
                assert!(requirement.planned.is_empty(), "{}", requirement.id);
                assert!(requirement.attestation.is_none(), "{}", requirement.id);
            }
        }
    }
}

#[test]
fn ten_runs_give_the_same_bytes() {
    let bank = Bank::as_declared();
    let first = serde_json::to_vec(&bank.assess()).unwrap();
    for _ in 0..9 {
        assert!(first == serde_json::to_vec(&bank.assess()).unwrap());
    }
}

#[test]
fn facts_survive_their_json() {
    let facts = Bank::as_declared().facts();
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
}
