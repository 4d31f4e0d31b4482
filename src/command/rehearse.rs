//! `strongroom rehearse`: everything once, in the embedded sandbox.

use std::path::Path;

use super::{Failure, Output};
use crate::{cli::Global, exit::Exit};

/// Plans, applies, tampers, finds, repairs and reports.
pub async fn run(
    _global: &Global,
    _spec: &Path,
    _out: &Path,
    _seed: u64,
    _now: jiff::Timestamp,
    _output: &mut Output,
) -> Result<Exit, Failure> {
    Err(Failure::new("not yet"))
}
