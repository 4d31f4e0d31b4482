//! `strongroom validate`: every problem of a specification at once.

use std::path::Path;

use serde_json::json;

use super::{Failure, Output, session};
use crate::{
    cli::{Format, Global},
    desired,
    exit::Exit,
    iam::catalogue::Catalogue,
    spec,
};

/// The schema of the machine output.
const SCHEMA: &str = "strongroom/validation/v1";

/// Reads, checks and compiles a specification.
pub fn run(global: &Global, spec: &Path, output: &mut Output) -> Result<Exit, Failure> {
    if global.format == Format::Json {
        return machine(spec, output);
    }
    let loaded = session::load(spec, output)?;
    let desired = desired::compile(&loaded.environment, Catalogue::vendored()?)?;
    output.result(&format!(
        "{} is valid: {} services, {} resources.\n",
        loaded.environment.name,
        loaded.environment.services.len(),
        desired.resources.addresses().len()
    ));
    Ok(Exit::Agreed)
}

fn machine(spec: &Path, output: &mut Output) -> Result<Exit, Failure> {
    let (valid, diagnostics) = match spec::load(spec) {
        Ok(loaded) => (true, loaded.sources.machine(&loaded.warnings)),
        Err(errors) => (false, errors.machine()),
    };
    output.json(&json!({ "schema": SCHEMA, "valid": valid, "diagnostics": diagnostics }))?;
    Ok(if valid {
        Exit::Agreed
    } else {
        Exit::InvalidSpec
    })
}
