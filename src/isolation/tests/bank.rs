//! The bank as its specification asks for it, as a snapshot that tests may change.

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use crate::{
    desired::{self, Desired},
    iam::catalogue::Catalogue,
    isolation::{Matrix, Party, Question, Verdict, prove},
    model::{Environment, KindName},
    plan,
    resource::{Read, Resources},
    snapshot::{AccountState, Coverage, Operated, Origin, SCHEMA, Snapshot},
    spec,
};

/// The bank with what it compiles to.
pub fn bank() -> &'static (Environment, Desired) {
    static BANK: LazyLock<(Environment, Desired)> = LazyLock::new(|| {
        let loaded = spec::load(Path::new("environments/digital-bank")).expect("it is valid");
        let environment = loaded.environment;
        let desired = desired::compile(&environment, catalogue()).expect("it compiles");
        (environment, desired)
    });
    &BANK
}

pub fn catalogue() -> &'static Catalogue {
    Catalogue::vendored().unwrap()
}

/// The account when everything is as it should be.
pub fn snapshot() -> Snapshot {
    let (environment, desired) = bank();
    let listings = KindName::ALL.iter().map(|kind| (*kind, Read::Known(0)));
    let empty = Snapshot {
        schema: SCHEMA.to_owned(),
        origin: Origin::Sandbox,
        environment: environment.name.clone(),
        account: environment.account.clone(),
        region: environment.region.clone(),
        caller: "arn:aws:iam::111122223333:role/pipeline/strongroom-plan".to_owned(),
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        coverage: Coverage {
            listings: listings.collect(),
            ..Coverage::default()
        },
        ids: Default::default(),
        resources: Resources::default(),
        foreign: Resources::default(),
        account_state: AccountState::default(),
        operated: Operated::default(),
        conflicts: Vec::new(),
    };
    let plan = plan::compare(desired, &empty);
    let mut predicted = plan::predict(&empty, &plan);
    // What others make is there too.
    let verified = desired.verified.iter();
    for address in verified.filter(|a| a.kind == KindName::DynamodbTable) {
        let table = desired.resources.dynamodb_table[&address.name].clone();
        predicted
            .resources
            .dynamodb_table
            .insert(address.name.clone(), table);
    }
    predicted
}

/// The matrix of the bank after a change by hand.
pub fn changed(change: impl FnOnce(&mut Resources)) -> Matrix {
    let mut snapshot = snapshot();
    change(&mut snapshot.resources);
    prove(&bank().0, &snapshot, catalogue())
}

/// Every cell with its verdict, where it is not isolated.
pub fn cells(matrix: &Matrix, verdict: Verdict) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for from in &matrix.services {
        for to in matrix.services.iter().filter(|to| *to != from) {
            for question in &matrix.questions {
                if matrix.verdict(&Party::Service(from.clone()), to, *question) == verdict {
                    found.insert(cell(from.as_str(), *question, to.as_str()));
                }
            }
        }
    }
    found
}

fn cell(from: &str, question: Question, to: &str) -> String {
    format!("{from} {question} {to}")
}

/// The cells that a change makes reachable; each with a witness that the evaluator replays.
pub fn opened(change: impl FnOnce(&mut Resources)) -> BTreeSet<String> {
    let matrix = changed(change);
    for ((_, _, question), finding) in &matrix.findings {
        if finding.verdict == Verdict::Reachable && *question != Question::Reach {
            let witness = finding.witness.as_ref().expect("a witness");
            assert!(witness.replays(), "{witness:?}");
            assert!(
                witness.steps.iter().any(|step| step.replay.is_some()),
                "{witness:?}"
            );
        }
    }
    cells(&matrix, Verdict::Reachable)
}
