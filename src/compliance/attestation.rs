//! An attestation: what a person says about requirements that no check can show, with the files
//! behind it. Missing, ended or without its files, it satisfies nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::records::{EvidenceFile, Standing};
use crate::model::{FrameworkId, ServiceName};

/// Name and version of the format of attestation files.
pub const SCHEMA: &str = "strongroom/attestations/v1";

/// The file of attestations beside a specification.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Strongroom attestations")]
pub struct AttestationFile {
    /// The format of the file: `strongroom/attestations/v1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The attestations.
    pub attestations: Vec<Attestation>,
}

/// One attestation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// Its id, never used again for anything else.
    #[schemars(length(max = 60), extend("pattern" = "\\S", "format" = "RecordId"))]
    pub id: String,
    /// The requirements that it speaks of, by framework: `pci-dss@4.0.1: ["7.2.4"]`.
    #[schemars(extend("minProperties" = 1))]
    pub satisfies: BTreeMap<FrameworkId, BTreeSet<String>>,
    /// What is said, in a sentence or two.
    #[schemars(length(max = 2000), extend("pattern" = "\\S", "format" = "Text"))]
    pub statement: String,
    /// Who says it.
    #[schemars(length(max = 256), extend("pattern" = "\\S", "format" = "Text"))]
    pub by: String,
    /// Who agreed: another person, where the bank asks for two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256), extend("pattern" = "\\S", "format" = "Text"))]
    pub approver: Option<String>,
    /// The day on which it was said, as 2026-01-31.
    #[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format" = "Date"))]
    pub attested_on: Date,
    /// The last day on which it holds; a requirement may ask for a newer one earlier.
    #[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format" = "Date"))]
    pub valid_until: Date,
    /// The services that it speaks of; all of them where it names none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub services: BTreeSet<ServiceName>,
    /// The files behind it; at least one.
    #[schemars(length(min = 1))]
    pub evidence: Vec<EvidenceFile>,
}

impl Attestation {
    /// Whether it speaks of a requirement.
    pub fn speaks_of(&self, framework: &FrameworkId, requirement: &str) -> bool {
        let named = self.satisfies.get(framework);
        named.is_some_and(|requirements| requirements.contains(requirement))
    }

    /// Where it stands on a day, for a requirement that takes none older than so many days.
    pub fn standing(&self, day: Date, max_age_days: u32) -> Standing {
        let age = i64::from(max_age_days).days();
        let last = self.attested_on.saturating_add(age).min(self.valid_until);
        Standing::on(day, self.attested_on, last)
    }
}
