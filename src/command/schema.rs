//! `strongroom schema`: the published JSON Schemas.

use super::{Failure, Output};
use crate::{cli::SchemaName, compliance::facts::Facts, exit::Exit, spec};

/// Prints a schema.
pub fn run(name: SchemaName, output: &mut Output) -> Result<Exit, Failure> {
    let schema = match name {
        SchemaName::Spec => spec::schema(),
        SchemaName::Environment => spec::environment_schema(),
        SchemaName::Service => spec::service_schema(),
        SchemaName::Facts => schemars::schema_for!(Facts).to_value(),
    };
    output.json(&schema)?;
    Ok(Exit::Agreed)
}
