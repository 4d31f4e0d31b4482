//! A snapshot of the bank, judged and laid out, in a sentence:
//! `Judged::bank().with(|json| …).page()`.

use std::sync::LazyLock;

use serde_json::Value;
use strongroom::{
    compliance::{
        assess::{Assessment, assess},
        facts::facts,
        library::Library,
        records::Records,
    },
    desired::Desired,
    iam::catalogue::Catalogue,
    model::Environment,
    report::{
        assessment::{Report, Source},
        dossier::Shelf,
        html, markdown,
    },
    snapshot::Snapshot,
};

use crate::contract::bank::{Bank, compiled, desired, digital_bank};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::vendored().unwrap());
static APPLIED: LazyLock<Snapshot> = LazyLock::new(|| Bank::sandbox().applied().observed());

/// A snapshot that is to be judged.
pub struct Judged {
    pub environment: Environment,
    desired: Desired,
    pub snapshot: Snapshot,
    pub records: Records,
}

impl Judged {
    /// The digital bank as applying it leaves it.
    pub fn bank() -> Self {
        Self {
            environment: digital_bank().clone(),
            desired: desired().clone(),
            snapshot: APPLIED.clone(),
            records: Records::default(),
        }
    }

    /// The same with another snapshot, edited as JSON.
    pub fn with(mut self, change: impl FnOnce(&mut Value)) -> Self {
        let mut json = serde_json::to_value(&self.snapshot).unwrap();
        change(&mut json);
        self.snapshot = serde_json::from_value(json).unwrap();
        self
    }

    /// The same with another specification.
    pub fn specified(mut self, change: impl FnOnce(&mut Environment)) -> Self {
        change(&mut self.environment);
        self.desired = compiled(&self.environment);
        self
    }

    pub fn assessment(&self) -> Assessment {
        let as_of = self.snapshot.taken_at;
        let facts = facts(
            &self.environment,
            &self.desired.resources,
            &self.snapshot,
            as_of,
        );
        assess(&LIBRARY, &self.environment, &facts, &self.records, as_of)
    }

    pub fn report(&self) -> Report {
        Report::of(&Source {
            environment: &self.environment,
            desired: &self.desired,
            snapshot: &self.snapshot,
            assessment: &self.assessment(),
            library: &LIBRARY,
            provenance: Catalogue::vendored().unwrap().provenance(),
            digest: "0123456789abcdef",
            only: None,
            rehearsal: None,
        })
    }

    pub fn page(&self) -> String {
        html::page(&self.report(), &Shelf::default()).unwrap()
    }

    pub fn short(&self) -> String {
        markdown::summary(&self.report())
    }
}

/// The reading that a denied call leaves.
pub fn denied(call: &str, message: &str) -> Value {
    serde_json::json!({ "$unread": { "call": call, "reason": "denied", "message": message } })
}
