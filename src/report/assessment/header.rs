//! Of what the report is, from where and when: what stands above every page of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Source, text};
use crate::{
    compliance::{
        assess::Extent,
        population::{Population, populations},
    },
    resource::Read,
    snapshot::Origin,
};

/// Of what, from where, when.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Header {
    /// The environment.
    pub environment: String,
    /// What kind of environment it is.
    pub class: String,
    /// Who answers for it.
    pub owner: String,
    /// Where the facts come from.
    pub origin: String,
    /// Whether an account was observed over the wire.
    pub live: bool,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// Who looked.
    pub caller: String,
    /// When the observation began, UTC; ages are counted to it.
    pub taken_at: String,
    /// SHA-256 of the resolved specification.
    pub digest: String,
    /// Name and version of the program.
    pub tool: String,
    /// Where the catalogue of actions comes from.
    pub catalogue: String,
    /// SHA-256 of the catalogue.
    pub catalogue_digest: String,
    /// The one service that the report is about, where it is about one.
    pub only: Option<String>,
    /// The frameworks whose checks alone were run; none where every check was.
    pub frameworks: Vec<String>,
    /// What was listed, and what could not be.
    pub listings: Vec<Listing>,
    /// Wire calls of the observation, by API.
    pub calls: Vec<Called>,
    /// All wire calls together.
    pub total_calls: u64,
}

/// One kind of resource: how many there are, by who says it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Listing {
    /// The kind.
    pub kind: String,
    /// How many are declared.
    pub declared: u64,
    /// How many were found, or why that is not known.
    pub found: String,
    /// How many checks gave verdicts on.
    pub judged: u64,
    /// What another source counts; empty where none was asked.
    pub counted: String,
    /// What does not fit; empty where all was looked at.
    pub gap: String,
}

/// One API and how often it was called.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Called {
    /// As `kms:DescribeKey`.
    pub call: String,
    /// How often.
    pub times: u64,
}

pub(super) fn view(source: &Source<'_>) -> Header {
    let Source {
        environment,
        snapshot,
        provenance,
        ..
    } = source;
    let (source_name, version) = (&provenance.source, &provenance.version);
    let actions = provenance.actions;
    Header {
        environment: environment.name.to_string(),
        class: text::word(environment.class),
        owner: environment.owner.clone(),
        origin: snapshot.origin.words(),
        live: matches!(snapshot.origin, Origin::Live { .. }),
        account: snapshot.account.to_string(),
        region: snapshot.region.to_string(),
        caller: snapshot.caller.clone(),
        taken_at: snapshot
            .taken_at
            .strftime("%Y-%m-%d %H:%M:%S UTC")
            .to_string(),
        digest: source.digest.to_owned(),
        tool: concat!("Strongroom ", env!("CARGO_PKG_VERSION")).to_owned(),
        catalogue: format!("{source_name} {version}, {actions} actions"),
        catalogue_digest: provenance.sha256.clone(),
        only: source.only.map(ToString::to_string),
        frameworks: frameworks(source),
        listings: listings(source),
        calls: calls(source),
        total_calls: snapshot.coverage.total_calls(),
    }
}

fn frameworks(source: &Source<'_>) -> Vec<String> {
    let assessment = source.assessment;
    match assessment.extent {
        Extent::AllChecks => Vec::new(),
        Extent::NamedChecks => {
            let frameworks = assessment.frameworks.iter();
            frameworks
                .map(|framework| framework.id.to_string())
                .collect()
        }
    }
}

fn listings(source: &Source<'_>) -> Vec<Listing> {
    let populations = populations(
        &source.desired.resources,
        source.snapshot,
        source.assessment,
    );
    populations.iter().map(listing).collect()
}

fn listing(population: &Population) -> Listing {
    let number = |read: &Read<u64>| match read {
        Read::Known(count) => count.to_string(),
        Read::Unread(why) => why.to_string(),
    };
    let inventory = population.inventory.as_ref();
    Listing {
        kind: population.kind.words().to_owned(),
        declared: population.declared,
        found: number(&population.found),
        judged: population.judged,
        counted: inventory
            .map(|other| format!("{} by {}", number(&other.count), other.call))
            .unwrap_or_default(),
        gap: population.gap().unwrap_or_default(),
    }
}

fn calls(source: &Source<'_>) -> Vec<Called> {
    let calls = source.snapshot.coverage.calls.iter();
    calls
        .map(|(call, times)| Called {
            call: call.clone(),
            times: *times,
        })
        .collect()
}
