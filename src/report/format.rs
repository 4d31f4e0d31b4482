//! From what was judged to the files of the chosen renderings: the one place that knows them all.
//! Nothing is decided here, and nothing is written: names and bytes come out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    assessment::{Report, Source},
    dossier::{self, Beside, Shelf},
    html::{self, HtmlError},
    markdown,
    workbook::{self, WorkbookError},
};
#[cfg(feature = "pdf")]
use super::{
    json,
    pdf::{self, PdfError},
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
    #[cfg(feature = "pdf")]
    #[error("the report cannot be written as JSON: {0}")]
    Value(#[from] serde_json::Error),
}

/// Whether this build makes a rendering.
pub fn is_built(rendering: Rendering) -> bool {
    match rendering {
        Rendering::Html | Rendering::Markdown | Rendering::Xlsx | Rendering::Dossiers => true,
        Rendering::Pdf => cfg!(feature = "pdf"),
        _ => false,
    }
}

/// The renderings that are made where none is named: all that this build makes, but for the one that
/// takes seconds.
pub fn usual() -> BTreeSet<Rendering> {
    let all = Rendering::ALL.into_iter();
    all.filter(|rendering| is_built(*rendering) && *rendering != Rendering::Pdf)
        .collect()
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

/// The files of one rendering. Most are made from the report as people read it; the formats of other
/// tools are made from the source.
fn one(
    rendering: Rendering,
    source: &Source<'_>,
    report: &Report,
    beside: &Beside,
) -> Result<Rendered, RenderError> {
    let alone = |bytes: Vec<u8>| {
        let files = rendering.files().iter();
        files
            .map(|name| ((*name).to_owned(), bytes.clone()))
            .collect()
    };
    match rendering {
        Rendering::Html => Ok(alone(html::page(report, &beside.dossiers)?.into_bytes())),
        Rendering::Markdown => Ok(alone(markdown::summary(report).into_bytes())),
        Rendering::Dossiers => Ok(dossier::files(source, report, beside)?),
        Rendering::Xlsx => Ok(alone(workbook::bytes(report, source.snapshot.taken_at)?)),
        #[cfg(feature = "pdf")]
        Rendering::Pdf => Ok(alone(paper(source, report)?)),
        _ => Err(RenderError::NotBuilt(rendering)),
    }
}

/// The report on paper, with the assessment as the bundle holds it.
#[cfg(feature = "pdf")]
fn paper(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, RenderError> {
    let assessment = json::bytes(source.assessment)?;
    let at = source.snapshot.taken_at;
    Ok(pdf::document(report, &assessment, at)?)
}
