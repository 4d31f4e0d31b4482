//! `strongroom validate`: every problem of a specification at once.

use std::path::Path;

use serde_json::json;

use super::{Failure, Output, policies, session};
use crate::{
    cli::{Format, Global},
    compliance::records::Records,
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
        return machine(global, spec, output);
    }
    let own = policies::Own::open(global)?;
    let loaded = session::load(spec, &own.frameworks(), output)?;
    own.library()?;
    let records = session::records(spec, output)?;
    let desired = desired::compile(&loaded.environment, Catalogue::vendored()?)?;
    output.result(&format!(
        "{} is valid: {} services, {} resources{}.\n",
        loaded.environment.name,
        loaded.environment.services.len(),
        desired.resources.addresses().len(),
        beside(&records)
    ));
    Ok(Exit::Agreed)
}

/// What stands beside the specification, where anything does.
fn beside(records: &Records) -> String {
    match (records.waivers.len(), records.attestations.len()) {
        (0, 0) => String::new(),
        (waivers, attestations) => format!(", {waivers} waivers, {attestations} attestations"),
    }
}

fn machine(global: &Global, spec: &Path, output: &mut Output) -> Result<Exit, Failure> {
    let own = policies::Own::open(global)?;
    let (mut valid, mut diagnostics) = match spec::load_knowing(spec, &own.frameworks()) {
        Ok(loaded) => (true, loaded.sources.machine(&loaded.warnings)),
        Err(errors) => (false, errors.machine()),
    };
    if let Err(errors) = spec::records(spec) {
        valid = false;
        diagnostics.extend(errors.machine());
    }
    output.json(&json!({ "schema": SCHEMA, "valid": valid, "diagnostics": diagnostics }))?;
    Ok(if valid {
        Exit::Agreed
    } else {
        Exit::InvalidSpec
    })
}
