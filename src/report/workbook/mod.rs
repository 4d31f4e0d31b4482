//! The report as a workbook (XLSX): one sheet a view, each with filters, frozen headers and its
//! origin in the first line. Values are written as text and numbers, never as formulas.

mod judged;
mod records;
mod sheet;
mod views;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::assessment::{Header, Report, plain};
use sheet::Style;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More than a sheet holds, or a moment that no workbook can name.
    #[error("the report does not fit into a workbook: {0}")]
    Format(#[from] XlsxError),
}

/// The workbook as of a moment, which becomes its date. The same report gives the same bytes.
///
/// # Errors
/// More lines than the 1,048,576 that a sheet holds.
pub fn bytes(report: &Report, at: jiff::Timestamp) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&report.header, at)?);
    let (origin, style) = (origin(&report.header), Style::default());
    for sheet in views::all(report) {
        sheet.write(workbook.add_worksheet(), &origin, &style)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn properties(header: &Header, at: jiff::Timestamp) -> Result<DocProperties, XlsxError> {
    let date = ExcelDateTime::from_timestamp(at.as_second())?;
    Ok(DocProperties::new()
        .set_title(plain(&format!("Compliance report: {}", header.environment)))
        .set_subject(plain(&header.origin))
        .set_author(plain(&header.tool))
        .set_creation_datetime(&date))
}

/// Of what and from where: the first line of every sheet.
fn origin(header: &Header) -> String {
    let Header {
        environment,
        account,
        region,
        origin,
        taken_at,
        ..
    } = header;
    let caution = match header.live {
        true => "",
        false => ". This is no evidence about an AWS account",
    };
    format!("{environment} · account {account} · {region} · {origin} · {taken_at}{caution}")
}
