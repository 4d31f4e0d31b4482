//! The report as PDF/A-3b with the assessment attached inside: set by Typst, which is part of this
//! program and reads no file and no network. Everything foreign reaches the template as JSON.

mod evidence;
mod letters;
mod page;
mod typeset;

use super::assessment::Report;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The template is wrong, or the report holds what PDF/A forbids.
    #[error("the report cannot be set as PDF: {0}")]
    Typeset(String),
    /// The report is no JSON.
    #[error("the report cannot be shown: {0}")]
    Value(#[from] serde_json::Error),
}

/// Sets the report as of a moment, which becomes the date of the document. `assessment` is the file
/// `assessment.json` and is attached byte for byte. The same arguments give the same bytes.
///
/// # Errors
/// A template that is wrong, which tests would find.
pub fn document(
    report: &Report,
    assessment: &[u8],
    at: jiff::Timestamp,
) -> Result<Vec<u8>, PdfError> {
    let page = page::bytes(report, assessment)?;
    let about = typeset::About {
        identity: identity(report),
        maker: report.header.tool.clone(),
        at,
    };
    typeset::pdf(page, assessment.to_vec(), &about).map_err(PdfError::Typeset)
}

/// What tells this document from every other one, and is the same whenever it is made again.
fn identity(report: &Report) -> String {
    let header = &report.header;
    let only = header.only.as_deref().unwrap_or_default();
    [
        "strongroom/report",
        &header.account,
        &header.environment,
        only,
        &header.digest,
        &header.taken_at,
    ]
    .join("/")
}
