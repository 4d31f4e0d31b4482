//! A framework: requirements, the checks that speak for them, and what a person must attest.
//! Requirements go by id and a title in our own words; no text of a standard is kept here.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    parameter::Values,
    predicate::{Predicate, Refusal, Variable, Vocabulary},
};
use crate::model::FrameworkId;

/// Name and version of the format of framework files.
pub const SCHEMA: &str = "strongroom/frameworks/v1";

/// A framework as written; one file each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameworkText {
    /// `strongroom/frameworks/v1`.
    pub schema: String,
    /// Id and version, as `pci-dss@4.0.1`.
    pub id: FrameworkId,
    /// Its name for people.
    pub name: String,
    /// Whether it is in force.
    pub status: Status,
    /// The frameworks that took its place, where it is retired.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub superseded_by: BTreeSet<FrameworkId>,
    /// What has to be known about its status, where it is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the requirements come from.
    pub source: Source,
    /// Which services it is about (CEL over `service`).
    pub applicability: String,
    /// The requirements.
    pub requirements: Vec<Requirement>,
}

/// Whether a framework is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Not yet in force.
    Draft,
    /// In force.
    Active,
    /// No longer in force.
    Retired,
}

/// Where the requirements come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Who publishes it.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// Under which terms its text may be used.
    pub licence: String,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its id in the framework, always in quotes: `1.10` is not `1.1`.
    pub id: String,
    /// What it asks for, in our own words.
    #[schemars(length(max = 80))]
    pub title: String,
    /// How much of it checks can show.
    pub coverage: Coverage,
    /// Whether it is about the whole account, beyond this environment.
    #[serde(default, skip_serializing_if = "is_environment")]
    pub reach: Reach,
    /// The checks that speak for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Parameters that it demands, by check.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Values>,
    /// What a person must attest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<AttestationTerms>,
}

/// How much of a requirement checks can show.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// All of it, for the resources of the specification.
    Full,
    /// That it works; a document or a process is asked for as well.
    Partial,
    /// Nothing but corroboration.
    Supporting,
    /// Nothing.
    None,
    /// Nothing: AWS answers for it.
    Inherited,
    /// Nothing: a statement of scope says why it does not apply.
    NotApplicable,
}

/// How far a requirement reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The environment.
    #[default]
    Environment,
    /// Every resource of the account.
    Account,
}

/// What a person must attest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationTerms {
    /// What is to be attested, in one sentence.
    pub prompt: String,
    /// How old the attestation may be, in days.
    pub max_age_days: u32,
}

fn is_environment(reach: &Reach) -> bool {
    *reach == Reach::Environment
}

/// A framework that was understood.
#[derive(Debug)]
pub struct Framework {
    /// As written.
    pub text: FrameworkText,
    /// Which services it is about.
    pub applicability: Predicate,
}

impl Framework {
    /// Understands the applicability.
    ///
    /// # Errors
    /// The refusal of the predicate.
    pub(super) fn understand(text: FrameworkText) -> Result<Self, Refusal> {
        let vocabulary = Vocabulary {
            variables: BTreeSet::from([Variable::Service]),
            parameters: BTreeMap::new(),
        };
        let applicability = Predicate::parse(&text.applicability, &vocabulary)?;
        Ok(Self {
            text,
            applicability,
        })
    }
}

impl Coverage {
    /// Whether checks speak for the requirement at all.
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Full | Self::Partial | Self::Supporting)
    }

    /// Whether a person must attest, whatever the checks say.
    pub fn needs_attestation(self) -> bool {
        self != Self::Full
    }
}
