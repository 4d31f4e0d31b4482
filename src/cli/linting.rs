//! What lint is asked.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::lint::PolicyKind;

/// What lint is asked.
#[derive(Debug, Clone, Args)]
pub struct LintArgs {
    /// Policy files, and folders with JSON files that may be some.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub paths: Vec<PathBuf>,
    /// What the policies are attached to [default: as their elements say].
    #[arg(long = "as", value_enum, value_name = "KIND")]
    pub kind: Option<AttachedTo>,
    /// Write the findings as SARIF 2.1.0, too.
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// Warnings fail, too.
    #[arg(long)]
    pub strict: bool,
}

/// What policies are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AttachedTo {
    /// A role, user or group.
    Identity,
    /// A role or an account, as a ceiling: a permissions boundary, a service control policy.
    Boundary,
    /// A role, to say who assumes it.
    Trust,
    /// A KMS key.
    Key,
    /// Any other resource.
    Resource,
}

impl From<AttachedTo> for PolicyKind {
    fn from(kind: AttachedTo) -> Self {
        match kind {
            AttachedTo::Identity => Self::Identity,
            AttachedTo::Boundary => Self::Ceiling,
            AttachedTo::Trust => Self::Trust,
            AttachedTo::Key => Self::Key,
            AttachedTo::Resource => Self::Resource,
        }
    }
}
