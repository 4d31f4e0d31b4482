//! `strongroom prove`: who can act as whom, decrypt, read, write and reach, with witnesses.

use std::path::Path;

use super::{Failure, Output, bundle::Folder, plan, session::Session};
use crate::{
    cli::{Format, Global, ProveArgs},
    exit::Exit,
    iam::catalogue::Catalogue,
    isolation::{Matrix, Verdict, changes, prove},
    plan::predict,
    report::{isolation as rendering, json},
    snapshot::Snapshot,
};

/// Observes, proves and shows.
pub async fn run(
    global: &Global,
    asked: &ProveArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(global, &asked.spec, now, output)?;
    let mut snapshot = session.observe(global).await?;
    let older = asked.against.as_deref();
    let older = older.map(|path| session.replay(path)).transpose()?;
    if asked.predicted {
        let plan = plan::of(&session, &snapshot, global)?;
        snapshot = predict(&snapshot, &plan);
    }
    let catalogue = Catalogue::vendored()?;
    let matrix = prove(&session.environment, &snapshot, catalogue);
    let before = older.map(|older| prove(&session.environment, &older, catalogue));
    show(global, &matrix, before.as_ref(), &snapshot, output)?;
    if let Some(folder) = &asked.out {
        write(folder, &matrix, &snapshot)?;
        output.tell(&format!("Open {}", folder.join("matrix.html").display()));
    }
    Ok(exit(&matrix))
}

fn show(
    global: &Global,
    matrix: &Matrix,
    before: Option<&Matrix>,
    snapshot: &Snapshot,
    output: &mut Output,
) -> Result<(), Failure> {
    let changed = before.map(|before| changes(before, matrix));
    match global.format {
        Format::Human => {
            output.result(&rendering::human(matrix, snapshot));
            if let Some(changed) = changed {
                output.result(&rendering::change(&changed));
            }
        }
        Format::Json => {
            let mut value = rendering::machine(matrix, snapshot);
            if let Some(changed) = changed {
                value["against"] = rendering::change_machine(&changed);
            }
            output.json(&value)?;
        }
    }
    Ok(())
}

fn write(folder: &Path, matrix: &Matrix, snapshot: &Snapshot) -> Result<(), Failure> {
    let mut files = Folder::default();
    let page = rendering::page(matrix, snapshot).map_err(Failure::new)?;
    let picture = rendering::picture(matrix).map_err(Failure::new)?;
    let machine = json::bytes(&rendering::machine(matrix, snapshot))?;
    files.put("matrix.html", page.as_bytes())?;
    files.put("matrix.svg", picture.as_bytes())?;
    files.put("matrix.json", &machine)?;
    files.write(folder)
}

/// What nobody declared is broken isolation; what was not decided is no proof.
fn exit(matrix: &Matrix) -> Exit {
    match matrix.worst_of_all() {
        Verdict::Reachable => Exit::IsolationBroken,
        Verdict::Unknown => Exit::Incomplete,
        Verdict::Declared | Verdict::Isolated => Exit::Agreed,
    }
}
