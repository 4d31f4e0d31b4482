//! Evidence: a folder whose manifest names every file, a signature over the manifest, and the
//! proof that a bundle is what it was. Pure: bytes in, findings out; `command` reads and writes.

mod difference;
mod digest;
mod earlier;
mod envelope;
mod file;
mod key;
mod manifest;
pub mod period;
mod rendering;
mod seal;
mod statement;
pub mod trail;
pub mod verify;

pub use difference::{Difference, differences};
pub use digest::{Digest, hex, unhex};
pub use earlier::Earlier;
pub use envelope::{Envelope, EnvelopeError, pae};
pub use file::{
    ASSESSMENT, ENVELOPE, ENVIRONMENT, FACTS, FileName, Files, MANIFEST, PLACES, POLICIES, RECORDS,
    SINCE, SNAPSHOT, TAPE,
};
pub use key::{Algorithm, KeyError, SigningKey, VerifyingKey};
pub use manifest::{
    Entry, Manifest, ManifestError, Policies, Population, SCHEMA, Selection, Source, Specification,
    Tool,
};
pub use rendering::Rendering;
pub use seal::{About, Stated};
pub use statement::{PAYLOAD_TYPE, Statement};
