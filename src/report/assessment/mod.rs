//! The assessment as a report shows it: every sentence, count and value, ready for a template.
//! Derived from values; nothing is judged here, and no format is known.

mod check;
mod count;
mod described;
mod filter;
mod framework;
mod header;
mod legend;
mod record;
mod rehearsal;
mod resource;
mod service;
mod since;
mod summary;
mod text;

use schemars::JsonSchema;
use serde::Serialize;

pub use check::{Call, CheckView, Clause, Fact, Setting, VerdictView};
pub use count::{Counts, Kind};
pub use filter::{Filter, Item};
pub use framework::{
    Attestation, AttestedView, FrameworkView, OpenBy, Planned, RequirementCheckView,
    RequirementView,
};
pub use header::Header;
pub use legend::Meaning;
pub use record::{AttestationView, WaiverView};
pub use rehearsal::{RehearsalView, TamperingView};
pub use resource::ResourceView;
pub use service::{CheckMark, Edge, ServiceRow, ServiceView, Statement};
pub use since::{Gone, SinceView, Turned, TurnedRequirement};
pub use summary::{FailedCheck, Gap, Lapsed, Place, Summary};
pub(super) use text::{plain, show, show_lines};

use crate::{
    compliance::{assess::Assessment, library::Library},
    desired::Desired,
    evidence::{Earlier, Files},
    iam::catalogue::Provenance,
    model::{Environment, Places, ServiceName},
    rehearse::Rehearsal,
    snapshot::Snapshot,
};

/// Name and version of the report's format.
pub const SCHEMA: &str = "strongroom/report/v1";

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The environment.
    pub environment: &'a Environment,
    /// What it asks for.
    pub desired: &'a Desired,
    /// What the account showed.
    pub snapshot: &'a Snapshot,
    /// What the checks say of it.
    pub assessment: &'a Assessment,
    /// The checks and frameworks, those that are planned too.
    pub library: &'a Library,
    /// Where the catalogue of actions comes from.
    pub provenance: &'a Provenance,
    /// Digest of the resolved specification.
    pub digest: &'a str,
    /// The one service that the report is about, where it is about one.
    pub only: Option<&'a ServiceName>,
    /// The rehearsal that came before, where there was one.
    pub rehearsal: Option<&'a Rehearsal>,
    /// The bundle that the report compares itself with, where it does.
    pub earlier: Option<&'a Earlier>,
    /// Where each part of the specification was written.
    pub places: &'a Places,
    /// What stands beside the renderings in a bundle: the evidence, by name.
    pub evidence: &'a Files,
}

/// A report, ready to be laid out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// Name and version of this format.
    pub schema: &'static str,
    /// Of what, from where, when.
    pub header: Header,
    /// What changed since an earlier bundle, where the report compares itself with one.
    pub since: Option<SinceView>,
    /// What has to be known first.
    pub summary: Summary,
    /// Requirements by framework.
    pub frameworks: Vec<FrameworkView>,
    /// How many verdicts of each service came to what, then of the environment, then of all.
    pub by_service: Vec<ServiceRow>,
    /// The services.
    pub services: Vec<ServiceView>,
    /// What belongs to no service.
    pub shared: Vec<CheckMark>,
    /// The checks with all their verdicts.
    pub checks: Vec<CheckView>,
    /// What may fail for a while.
    pub waivers: Vec<WaiverView>,
    /// What people say.
    pub attestations: Vec<AttestationView>,
    /// The rehearsal.
    pub rehearsal: Option<RehearsalView>,
    /// What the page's filters go by.
    #[schemars(skip)]
    pub filter: Filter,
    /// What the words mean.
    pub legend: Vec<Meaning>,
}

impl Report {
    /// Lays out what the source holds.
    pub fn of(source: &Source<'_>) -> Self {
        let checks = check::views(source);
        let frameworks = framework::views(source);
        let services = service::views(source);
        let shared = service::shared(source);
        Self {
            schema: SCHEMA,
            header: header::view(source),
            since: since::view(source),
            summary: summary::view(source, &checks),
            by_service: service::rows(source),
            filter: filter::of(&frameworks, &services, &checks),
            frameworks,
            services,
            shared,
            checks,
            waivers: record::waivers(source),
            attestations: record::attestations(source),
            rehearsal: source
                .rehearsal
                .map(|rehearsal| rehearsal::view(rehearsal, source)),
            legend: legend::meanings(),
        }
    }

    /// The report as JSON for templates. Characters that could make text lie, such as control
    /// characters and changes of the writing direction, are shown by their code.
    ///
    /// # Errors
    /// None that this type can cause.
    pub fn shown(&self) -> Result<serde_json::Value, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        text::show(&mut value);
        Ok(value)
    }
}
