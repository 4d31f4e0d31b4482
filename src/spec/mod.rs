//! The specification: from YAML to [`Environment`](crate::model::Environment), with every
//! problem of every file at once, each located. It reads files; it never speaks to AWS.

mod check;
mod code;
mod diagnostic;
mod errors;
mod format;
mod gather;
mod load;
mod malformed;
mod merge;
mod parse;
mod path;
mod place;
mod records;
mod render;
mod resolve;
mod retention;
mod scalar;
mod schema;
mod source;
mod suggest;
mod tree;
mod violation;
mod written;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Machine};
pub use errors::SpecErrors;
pub use load::{Loaded, digest, load, load_knowing};
pub use path::{Step, YamlPath};
pub use records::{RecordPaths, appended, attestations, records, sha256};
pub(crate) use render::plain as harmless;
pub use schema::{environment_schema, schema, service_schema};
pub use source::{FileId, Sources};
pub use tree::Span;

#[cfg(test)]
mod tests;
