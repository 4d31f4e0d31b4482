//! `strongroom report`: judge the account and write the report.

use std::path::Path;

use super::{Failure, Output};
use crate::{cli::Global, exit::Exit, model::FrameworkId};

/// Observes, assesses and writes.
pub async fn run(
    _global: &Global,
    _spec: &Path,
    _out: &Path,
    _frameworks: &[FrameworkId],
    _now: jiff::Timestamp,
    _output: &mut Output,
) -> Result<Exit, Failure> {
    Err(Failure::new("not yet"))
}
