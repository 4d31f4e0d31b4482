//! A snapshot of the bank, judged and laid out, in a sentence:
//! `Judged::bank().with(|json| …).page()`.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;
use strongroom::{
    compliance::{
        assess::{Assessment, assess},
        facts::facts,
        library::Library,
        records::Records,
    },
    desired::Desired,
    evidence::{About, Digest, Earlier, Files, Manifest, Source as Sealed, Stated, Tool},
    iam::catalogue::Catalogue,
    model::{Environment, Places},
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
    pub earlier: Option<Earlier>,
    pub places: Places,
    pub evidence: Files,
}

impl Judged {
    /// The digital bank as applying it leaves it.
    pub fn bank() -> Self {
        Self {
            environment: digital_bank().clone(),
            desired: desired().clone(),
            snapshot: APPLIED.clone(),
            records: Records::default(),
            earlier: None,
            places: Places::default(),
            evidence: Files::new(),
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
        self.sourced(Report::of)
    }

    /// What every rendering is made from.
    pub fn sourced<T>(&self, make: impl FnOnce(&Source<'_>) -> T) -> T {
        make(&Source {
            environment: &self.environment,
            desired: &self.desired,
            snapshot: &self.snapshot,
            assessment: &self.assessment(),
            library: &LIBRARY,
            provenance: Catalogue::vendored().unwrap().provenance(),
            digest: "0123456789abcdef",
            only: None,
            rehearsal: None,
            earlier: self.earlier.as_ref(),
            places: &self.places,
            evidence: &self.evidence,
        })
    }

    pub fn page(&self) -> String {
        html::page(&self.report(), &Shelf::default()).unwrap()
    }

    pub fn short(&self) -> String {
        markdown::summary(&self.report())
    }
}

/// The manifest of a bundle with nothing in it but what was judged.
pub fn manifest(judged: &Judged) -> Manifest {
    let about = About {
        snapshot: &judged.snapshot,
        environment: &judged.environment,
        desired: &judged.desired.resources,
        digest: &Digest::of(b"the specification"),
        only: None,
        renderings: &BTreeSet::new(),
        assessment: &judged.assessment(),
        library: &LIBRARY,
        policies: &[],
        actions: Catalogue::vendored().unwrap().provenance(),
    };
    let stated = Stated {
        source: Sealed::Sandbox,
        sealed_at: judged.snapshot.taken_at,
        tool: Tool {
            name: "strongroom".to_owned(),
            version: "0.1.0".to_owned(),
            binary: None,
        },
        commit: None,
        previous: None,
    };
    Manifest::of(&about, stated, &Files::new())
}

/// The reading that a denied call leaves.
pub fn denied(call: &str, message: &str) -> Value {
    serde_json::json!({ "$unread": { "call": call, "reason": "denied", "message": message } })
}
