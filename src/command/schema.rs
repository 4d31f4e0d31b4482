//! `strongroom schema`: the published JSON Schemas.

use schemars::schema_for;

use super::{Failure, Output};
use crate::{
    cli::SchemaName,
    compliance::{
        attestation::AttestationFile, check::CheckFile, facts::Facts, framework::FrameworkText,
        waiver::WaiverFile,
    },
    exit::Exit,
    report::assessment::Report,
    spec,
};

/// Prints a schema.
pub fn run(name: SchemaName, output: &mut Output) -> Result<Exit, Failure> {
    let schema = match name {
        SchemaName::Spec => spec::schema(),
        SchemaName::Environment => spec::environment_schema(),
        SchemaName::Service => spec::service_schema(),
        SchemaName::Facts => schema_for!(Facts).to_value(),
        SchemaName::Checks => schema_for!(CheckFile).to_value(),
        SchemaName::Framework => schema_for!(FrameworkText).to_value(),
        SchemaName::Waivers => schema_for!(WaiverFile).to_value(),
        SchemaName::Attestations => schema_for!(AttestationFile).to_value(),
        SchemaName::Report => schema_for!(Report).to_value(),
    };
    output.json(&schema)?;
    Ok(Exit::Agreed)
}
