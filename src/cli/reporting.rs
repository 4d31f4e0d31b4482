//! What can be said of reports: about what, by which frameworks, in which renderings, since when.

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{DestinationArgs, SignArgs};
use crate::evidence::{Rendering, period::Period};

/// What a report is about, and what becomes of it.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// The specification: a file or a folder.
    #[arg(required_unless_present = "period")]
    pub spec: Option<PathBuf>,
    /// Where it goes.
    #[command(flatten)]
    pub to: DestinationArgs,
    /// Only these frameworks and the checks that they name, as pci-dss@4.0.1; several times for
    /// several.
    #[arg(long, value_name = "ID")]
    pub framework: Vec<String>,
    /// What it looks like.
    #[command(flatten)]
    pub render: RenderArgs,
    /// Say first what changed since this earlier bundle.
    #[arg(long, value_name = "DIR")]
    pub since: Option<PathBuf>,
    /// Who signs it.
    #[command(flatten)]
    pub sign: SignArgs,
    /// Report on a period instead, from the bundles of the store: as 2026-07-01..2026-12-31.
    #[arg(long, value_name = "A..B", requires = "store", conflicts_with_all = ["spec", "framework", "render", "since"])]
    pub period: Option<Period>,
    /// The public key that must have signed the bundles of the period.
    #[arg(long, value_name = "FILE", requires = "period")]
    pub key: Option<PathBuf>,
}

/// What a report looks like.
#[derive(Debug, Clone, Default, Args)]
pub struct RenderArgs {
    /// The renderings, as html,md,csv [default: all of them but pdf].
    #[arg(long, value_name = "FORMAT,…", value_delimiter = ',', value_parser = rendering())]
    pub render: Vec<Rendering>,
}

fn rendering() -> impl TypedValueParser<Value = Rendering> {
    PossibleValuesParser::new(Rendering::ALL.map(Rendering::as_str))
        .try_map(|name| name.parse::<Rendering>())
}
