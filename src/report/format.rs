//! From what was judged to the files of the chosen renderings: the one place that knows them all.
//! Nothing is decided here, and nothing is written: names and bytes come out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    assessment::{Report, Source},
    html::{self, HtmlError},
    markdown,
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
}

/// Whether this build makes a rendering.
pub fn is_built(rendering: Rendering) -> bool {
    matches!(rendering, Rendering::Html | Rendering::Markdown)
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

/// The files of one rendering. Most are made from the report as people read it; the formats of other
/// tools are made from the source.
fn one(
    rendering: Rendering,
    _source: &Source<'_>,
    report: &Report,
) -> Result<Rendered, RenderError> {
    let alone = |bytes: Vec<u8>| {
        let files = rendering.files().iter();
        files
            .map(|name| ((*name).to_owned(), bytes.clone()))
            .collect()
    };
    match rendering {
        Rendering::Html => Ok(alone(html::page(report)?.into_bytes())),
        Rendering::Markdown => Ok(alone(markdown::summary(report).into_bytes())),
        _ => Err(RenderError::NotBuilt(rendering)),
    }
}
