//! From what was judged to the files of the chosen renderings: the one place that knows them all.
//! Nothing is decided here, and nothing is written: names and bytes come out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    assessment::{Report, Source},
    csv as tables,
    html::{self, HtmlError},
    json, junit, markdown, ocsf, oscal, sarif,
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
    !matches!(rendering, Rendering::Pdf | Rendering::Xlsx)
}

/// The renderings that this build makes.
pub fn built() -> BTreeSet<Rendering> {
    let all = Rendering::ALL.into_iter();
    all.filter(|rendering| is_built(*rendering)).collect()
}

/// Makes the chosen renderings.
///
/// # Errors
/// A rendering that this build does not make, a value that a format cannot hold.
pub fn render(chosen: &BTreeSet<Rendering>, source: &Source<'_>) -> Result<Rendered, RenderError> {
    let report = Report::of(source);
    let mut files = Rendered::new();
    for rendering in chosen {
        files.extend(one(*rendering, source, &report)?);
    }
    Ok(files)
}

/// The files of one rendering. Those for people are made from the report alone; the formats of other
/// tools also need the values behind its words.
fn one(
    rendering: Rendering,
    source: &Source<'_>,
    report: &Report,
) -> Result<Rendered, RenderError> {
    let bytes = match rendering {
        Rendering::Html => html::page(report)?.into_bytes(),
        Rendering::Markdown => markdown::summary(report).into_bytes(),
        Rendering::Json => json::report(report)?,
        Rendering::Ocsf => ocsf::lines(source, report)?,
        Rendering::Sarif => sarif::log(source, report)?,
        Rendering::Junit => junit::xml(source, report)?,
        Rendering::Oscal => return Ok(oscal::documents(source, report)?),
        Rendering::Csv => return tabled(source, report),
        Rendering::Xlsx | Rendering::Pdf => return Err(RenderError::NotBuilt(rendering)),
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
