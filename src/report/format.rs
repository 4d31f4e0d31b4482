//! From what was judged to the files of the chosen renderings: the one place that knows them all.
//! Nothing is decided here, and nothing is written: names and bytes come out.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "pdf")]
use super::pdf::{self, PdfError};
use super::{
    assessment::{Report, Source},
    csv as tables,
    dossier::{self, Beside, Shelf},
    html::{self, HtmlError},
    json, junit, markdown, ocsf, oscal, sarif,
    workbook::{self, WorkbookError},
};
use crate::evidence::Rendering;

/// The files of renderings by name.
pub type Rendered = BTreeMap<String, Vec<u8>>;

/// Why a rendering could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// This build has not got it.
    #[error("this build of Strongroom makes no {0}: leave it out, or use a build that does")]
    NotBuilt(Rendering),
    /// The page could not be laid out.
    #[error(transparent)]
    Html(#[from] HtmlError),
    /// The workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// The document could not be set.
    #[cfg(feature = "pdf")]
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// A value that JSON cannot hold.
    #[error("the report is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A table could not be written.
    #[error("the tables could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The suites could not be written.
    #[error("the JUnit suites could not be written: {0}")]
    Junit(#[from] quick_junit::SerializeError),
}

/// Whether this build makes a rendering.
pub fn is_built(rendering: Rendering) -> bool {
    rendering != Rendering::Pdf || cfg!(feature = "pdf")
}

/// The renderings that this build makes.
pub fn built() -> BTreeSet<Rendering> {
    let all = Rendering::ALL.into_iter();
    all.filter(|rendering| is_built(*rendering)).collect()
}

/// The renderings that are made where none is named: all but the one that takes seconds.
pub fn usual() -> BTreeSet<Rendering> {
    let mut usual = built();
    usual.remove(&Rendering::Pdf);
    usual
}

/// Makes the chosen renderings.
///
/// # Errors
/// A rendering that this build does not make, a value that a format cannot hold.
pub fn render(chosen: &BTreeSet<Rendering>, source: &Source<'_>) -> Result<Rendered, RenderError> {
    let report = Report::of(source);
    let beside = Beside {
        page: chosen.contains(&Rendering::Html),
        dossiers: match chosen.contains(&Rendering::Dossiers) {
            true => Shelf::of(&report),
            false => Shelf::default(),
        },
    };
    let mut files = Rendered::new();
    for rendering in chosen {
        files.extend(one(*rendering, source, &report, &beside)?);
    }
    Ok(files)
}

/// The files of one rendering. Those for people are made from the report alone; the formats of other
/// tools also need the values behind its words.
fn one(
    rendering: Rendering,
    source: &Source<'_>,
    report: &Report,
    beside: &Beside,
) -> Result<Rendered, RenderError> {
    let bytes = match rendering {
        Rendering::Html => html::page(report, &beside.dossiers)?.into_bytes(),
        Rendering::Markdown => markdown::summary(report).into_bytes(),
        Rendering::Json => json::report(report)?,
        Rendering::Ocsf => ocsf::lines(source, report)?,
        Rendering::Sarif => sarif::log(source, report)?,
        Rendering::Junit => junit::xml(source, report)?,
        Rendering::Oscal => return Ok(oscal::documents(source, report)?),
        Rendering::Csv => return tabled(source, report),
        Rendering::Dossiers => return Ok(dossier::files(source, report, beside)?),
        Rendering::Xlsx => workbook::bytes(report, source.snapshot.taken_at)?,
        #[cfg(feature = "pdf")]
        Rendering::Pdf => paper(source, report)?,
        #[cfg(not(feature = "pdf"))]
        Rendering::Pdf => return Err(RenderError::NotBuilt(rendering)),
    };
    let names = rendering.files().iter();
    Ok(names
        .map(|name| ((*name).to_owned(), bytes.clone()))
        .collect())
}

fn tabled(source: &Source<'_>, report: &Report) -> Result<Rendered, RenderError> {
    let tables = [
        tables::verdicts(source, report)?,
        tables::requirements(report)?,
    ];
    let names = Rendering::Csv.files().iter();
    Ok(names.map(|name| (*name).to_owned()).zip(tables).collect())
}

/// The report on paper, with the assessment as the bundle holds it.
#[cfg(feature = "pdf")]
fn paper(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, RenderError> {
    let assessment = json::bytes(source.assessment)?;
    let at = source.snapshot.taken_at;
    Ok(pdf::document(report, &assessment, at)?)
}
