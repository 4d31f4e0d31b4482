//! `strongroom snapshot`: look at an account and write what it shows.

use std::path::{Path, PathBuf};

use super::{Failure, Output, session::Session};
use crate::{account::file, cli::Global, exit::Exit, resource::Read, snapshot::Snapshot};

/// Observes and writes canonical JSON.
pub async fn run(
    global: &Global,
    spec: &Path,
    out: Option<PathBuf>,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(global, spec, now, output)?;
    let snapshot = session.observe(global).await?;
    match out {
        None => output.json(&snapshot)?,
        Some(path) => {
            write(&path, &snapshot)?;
            output.tell(&format!(
                "Wrote {}: {} resources of {} ({}).",
                path.display(),
                snapshot.resources.addresses().len(),
                snapshot.environment,
                snapshot.origin.words()
            ));
        }
    }
    let blind = snapshot
        .coverage
        .listings
        .values()
        .any(|listing| matches!(listing, Read::Unread(_)));
    Ok(if blind {
        Exit::Incomplete
    } else {
        Exit::Agreed
    })
}

/// Writes a snapshot: sorted, so that the same account gives the same bytes.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, snapshot: &Snapshot) -> Result<(), Failure> {
    let value = serde_json::to_value(snapshot)?;
    let bytes = serde_json::to_vec_pretty(&value)?;
    file::replace(path, &bytes).map_err(|error| Failure::writing(path, &error))
}
