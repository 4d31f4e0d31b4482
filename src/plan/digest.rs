//! Digests over canonical JSON (RFC 8785).

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 of the canonical JSON of a value, hex.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn canonical(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let bytes = serde_json_canonicalizer::to_vec(value)?;
    Ok(Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect())
}
