//! JSON for machines: sorted by key and with a final newline, so that the same value gives the
//! same bytes.

use serde::Serialize;

/// A value as JSON.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn bytes(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    // Through a value, so that keys are sorted whatever the struct's order.
    let value = serde_json::to_value(value)?;
    let mut bytes = serde_json::to_vec_pretty(&value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
