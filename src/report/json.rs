//! JSON for machines: sorted by key and with a final newline, so that the same value gives the
//! same bytes.

use serde::Serialize;
use serde_json::Value;

use super::assessment::Report;

/// A value as JSON.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn bytes(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    // Through a value, so that keys are sorted whatever the struct's order.
    pretty(&serde_json::to_value(value)?)
}

/// The report for machines: all that the page shows, and nothing that only the page needs.
///
/// # Errors
/// None that a report can cause.
pub fn report(report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    let mut shown = report.shown()?;
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("filter");
    }
    pretty(&shown)
}

/// A value as JSON in lines.
///
/// # Errors
/// None that a value can cause.
pub fn pretty(value: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// `UPDATE_SCHEMAS=1 cargo test` writes it anew after a deliberate change.
    #[test]
    fn the_published_schema_is_that_of_the_code() {
        let path = "docs/schema/report.v1.json";
        let mut generated = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap();
        generated.push('\n');
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(path, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == generated,
            "{path} differs: run UPDATE_SCHEMAS=1 cargo test"
        );
    }
}
