//! One dossier for each service and one summary for each framework, as a page that needs nothing
//! else and as Markdown. What they say is in the report too; here it is about one thing alone.

mod expected;
mod framework;
mod service;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use tera::{Context, Tera};

use super::{
    assessment::{Report, Source, show},
    html::{self, HtmlError},
};
pub use expected::{Compared, Comparison, Field, Standing};

/// Files by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Where the pages of dossiers lie, by what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Shelf {
    /// By service.
    pub services: BTreeMap<String, String>,
    /// By framework.
    pub frameworks: BTreeMap<String, String>,
}

/// What else is rendered, and so can be linked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// The page of the report.
    pub page: bool,
    /// The dossiers.
    pub dossiers: Shelf,
}

impl Shelf {
    /// The dossiers of a report.
    pub fn of(report: &Report) -> Self {
        let services = report.services.iter();
        let frameworks = report.frameworks.iter().enumerate();
        Self {
            services: services
                .map(|one| (one.name.clone(), format!("dossiers/{}.html", one.name)))
                .collect(),
            frameworks: frameworks
                .map(|(index, one)| (one.id.clone(), place(index, &one.id)))
                .collect(),
        }
    }
}

/// Ids of frameworks hold characters that names of files do not; the number keeps them apart.
fn place(index: usize, id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let name: String = id.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    format!("dossiers/frameworks/{:02}-{name}.html", index + 1)
}

/// The files of all dossiers.
///
/// # Errors
/// A template that is wrong; tests render every one.
pub fn files(source: &Source<'_>, report: &Report, beside: &Beside) -> Result<Files, HtmlError> {
    let tera = html::templates()?;
    let shelf = Shelf::of(report);
    let comparison = Comparison::of(source.desired, source.snapshot);
    let controls = service::controls(report);
    let mut files = Files::new();
    for service in source.environment.services.values() {
        let name = service.name.as_str();
        let view = report.services.iter().find(|view| view.name == name);
        let place = shelf.services.get(name);
        if let (Some(view), Some(place)) = (view, place) {
            let touching = controls.get(name).map(Vec::as_slice).unwrap_or_default();
            let dossier = service::of(report, view, &service.name, &comparison, touching);
            let page = Page::new(place, &dossier, beside, "dossier")?;
            files.extend(page.files(&tera)?);
        }
    }
    for framework in &report.frameworks {
        if let Some(place) = shelf.frameworks.get(&framework.id) {
            let summary = framework::of(report, framework);
            let page = Page::new(place, &summary, beside, "framework")?;
            files.extend(page.files(&tera)?);
        }
    }
    Ok(files)
}

/// A page that is about to be laid out.
struct Page<'a> {
    place: &'a str,
    template: &'static str,
    shown: Value,
}

impl<'a> Page<'a> {
    fn new(
        place: &'a str,
        about: &impl Serialize,
        beside: &Beside,
        template: &'static str,
    ) -> Result<Self, HtmlError> {
        let mut shown = serde_json::to_value(about)?;
        show(&mut shown);
        let up = "../".repeat(place.matches('/').count());
        let page = match beside.page {
            true => format!("{up}report.html"),
            false => String::new(),
        };
        if let Value::Object(fields) = &mut shown {
            fields.insert("page".to_owned(), page.into());
        }
        Ok(Self {
            place,
            template,
            shown,
        })
    }

    fn files(self, tera: &Tera) -> Result<Files, HtmlError> {
        let page = html::leaf(tera, &format!("{}.html", self.template), &self.shown)?;
        let context = Context::from_serialize(&self.shown)?;
        let text = tera.render(&format!("{}.md", self.template), &context)?;
        let stem = self.place.trim_end_matches(".html");
        let files = [("html", page), ("md", text)];
        Ok(files
            .into_iter()
            .map(|(kind, text)| (format!("{stem}.{kind}"), text.into_bytes()))
            .collect())
    }
}
