//! Making a manifest: everything in it follows from the files and from what is stated here.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Digest, Entry, Files, Manifest, Policies, Population, Rendering, SCHEMA, Selection, Source,
    Specification, Tool,
};
use crate::{
    compliance::{
        assess::Assessment,
        library::{Library, PolicyFile},
        verdict::Outcome,
    },
    iam::catalogue::Provenance,
    model::{Environment, ServiceName},
    resource::Resources,
    snapshot::Snapshot,
};

/// What a bundle is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// What the account showed.
    pub snapshot: &'a Snapshot,
    /// The environment with the frameworks that it is judged by.
    pub environment: &'a Environment,
    /// What it asks for.
    pub desired: &'a Resources,
    /// Digest of the resolved specification.
    pub digest: &'a Digest,
    /// The one service, where there is one.
    pub only: Option<&'a ServiceName>,
    /// The renderings that were chosen.
    pub renderings: &'a BTreeSet<Rendering>,
    /// What came of it.
    pub assessment: &'a Assessment,
    /// Checks and frameworks.
    pub library: &'a Library,
    /// Their files.
    pub policies: &'a [PolicyFile<'a>],
    /// The catalogue of actions.
    pub actions: &'a Provenance,
}

/// What nothing in a bundle shows: it is so because the signer says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What the snapshot was made from.
    pub source: Source,
    /// When the bundle was sealed.
    pub sealed_at: jiff::Timestamp,
    /// What made it.
    pub tool: Tool,
    /// The commit of the specification.
    pub commit: Option<String>,
    /// The digest of the bundle before.
    pub previous: Option<Digest>,
}

impl Stated {
    /// What a manifest states.
    pub fn by(manifest: &Manifest) -> Self {
        Self {
            source: manifest.source.clone(),
            sealed_at: manifest.sealed_at,
            tool: manifest.tool.clone(),
            commit: manifest.specification.commit.clone(),
            previous: manifest.previous.clone(),
        }
    }
}

impl Manifest {
    /// The manifest of some files.
    pub fn of(about: &About<'_>, stated: Stated, files: &Files) -> Self {
        let snapshot = about.snapshot;
        Self {
            schema: SCHEMA.to_owned(),
            environment: snapshot.environment.clone(),
            account: snapshot.account.clone(),
            region: snapshot.region.clone(),
            origin: snapshot.origin.clone(),
            source: stated.source,
            caller: snapshot.caller.clone(),
            taken_at: snapshot.taken_at,
            sealed_at: stated.sealed_at,
            tool: stated.tool,
            specification: Specification {
                digest: about.digest.clone(),
                commit: stated.commit,
            },
            policies: policies(about),
            selection: Selection {
                frameworks: about.environment.frameworks.clone(),
                service: about.only.cloned(),
                extent: about.assessment.extent,
                renderings: about.renderings.clone(),
            },
            population: population(about),
            previous: stated.previous,
            files: Entry::all(files),
        }
    }
}

fn policies(about: &About<'_>) -> Policies {
    let Provenance {
        source, version, ..
    } = about.actions;
    Policies {
        library: library(about.policies),
        checks: about.library.checks.len() as u64,
        frameworks: about.library.frameworks.keys().cloned().collect(),
        actions: format!("{source} {version}"),
        actions_digest: about.actions.sha256.clone(),
    }
}

/// One digest over the files of a library: that of the list of theirs.
fn library(files: &[PolicyFile<'_>]) -> Digest {
    let listed: BTreeMap<&str, Digest> = files
        .iter()
        .map(|file| (file.path, Digest::of(file.text.as_bytes())))
        .collect();
    let lines: Vec<String> = listed
        .iter()
        .map(|(path, digest)| format!("{digest}  {path}\n"))
        .collect();
    Digest::of(lines.concat().as_bytes())
}

fn population(about: &About<'_>) -> Population {
    let coverage = &about.snapshot.coverage;
    let own = about
        .assessment
        .checks
        .iter()
        .filter(|run| run.own_thresholds);
    let mut verdicts: BTreeMap<Outcome, u64> = BTreeMap::new();
    for verdict in own.flat_map(|run| &run.verdicts) {
        *verdicts.entry(verdict.outcome).or_default() += 1;
    }
    Population {
        listed: coverage.listings.clone(),
        calls: coverage.total_calls(),
        services: about.environment.services.len() as u64,
        declared: about.desired.addresses().len() as u64,
        verdicts,
    }
}
