//! The report as one HTML file that needs nothing else: no server, no other file, no network.
//! Everything foreign goes through the template's escaping, or through the filter for JSON.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tera::{Context, Kwargs, State, Tera};

use super::{assessment::Report, dossier::Shelf, markdown};

const STYLE: &str = include_str!("../../templates/report/style.css");
const SCRIPT: &str = include_str!("../../templates/report/script.js");
const PAGE: &str = "page.html";

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/report/", $name)))),+]
    };
}

/// Why a page could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum HtmlError {
    /// A template is wrong.
    #[error("a template of the report is wrong: {0}")]
    Template(#[from] tera::Error),
    /// The report is no JSON.
    #[error("the report cannot be shown: {0}")]
    Value(#[from] serde_json::Error),
}

/// Lays out the report, with links to the dossiers that lie beside it.
///
/// # Errors
/// A template that is wrong; tests render every one.
pub fn page(report: &Report, dossiers: &Shelf) -> Result<String, HtmlError> {
    let shown = report.shown()?;
    let pages = page_style(&shown);
    let mut context = Context::from_serialize(&shown)?;
    // As text, since maps of templates have no order.
    context.insert("data", &serde_json::to_string(&shown["filter"])?);
    context.insert("dossiers", dossiers);
    context.insert("policy", &policy(&[STYLE, &pages], &[SCRIPT]));
    // These three are ours: two files of this build, and escaped text.
    context.insert_value("style", tera::Value::safe_string(STYLE));
    context.insert_value("page_style", tera::Value::safe_string(&pages));
    context.insert_value("script", tera::Value::safe_string(SCRIPT));
    Ok(templates()?.render(PAGE, &context)?)
}

/// Lays out a page that is a file of its own and has no script, from data that is shown already.
///
/// # Errors
/// A template that is wrong; tests render every one.
pub(super) fn leaf(tera: &Tera, template: &str, shown: &Value) -> Result<String, HtmlError> {
    let pages = page_style(shown);
    let mut context = Context::from_serialize(shown)?;
    context.insert("policy", &policy(&[STYLE, &pages], &[]));
    context.insert_value("style", tera::Value::safe_string(STYLE));
    context.insert_value("page_style", tera::Value::safe_string(&pages));
    Ok(tera.render(template, &context)?)
}

/// All templates; those that do not end in `.html` escape what they print themselves.
///
/// # Errors
/// A template that is wrong.
pub(super) fn templates() -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.register_filter("island", Island);
    tera.register_filter("prose", markdown::prose_filter);
    tera.register_filter("code", markdown::code_filter);
    tera.add_raw_templates(templates![
        "page.html",
        "parts.html",
        "since.html",
        "summary.html",
        "frameworks.html",
        "services.html",
        "records.html",
        "marks.html",
        "checks.html",
        "rehearsal.html",
        "method.html",
        "compared.html",
        "dossier.html",
        "dossier.md",
        "framework.html",
        "framework.md",
    ])?;
    Ok(tera)
}

/// Nothing may be loaded, sent or framed; only the styles and the script of this file run.
pub(super) fn policy(styles: &[&str], scripts: &[&str]) -> String {
    let hashes = |texts: &[&str]| -> String {
        texts
            .iter()
            .map(|text| format!(" 'sha256-{}'", hash(text)))
            .collect()
    };
    let scripts = match scripts {
        [] => " 'none'".to_owned(),
        some => hashes(some),
    };
    format!(
        "default-src 'none'; style-src{}; script-src{scripts}; base-uri 'none'; form-action 'none'",
        hashes(styles)
    )
}

fn hash(text: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(text))
}

/// The margins of printed pages: of what and from where each page is.
fn page_style(shown: &Value) -> String {
    let field = |name: &str| {
        let value = shown.pointer(&format!("/header/{name}"));
        quoted(value.and_then(Value::as_str).unwrap_or_default())
    };
    format!(
        "@page {{ @top-left {{ content: \"Strongroom report: \" {} }} @top-right {{ content: {} }} \
         @bottom-left {{ content: {} }} }}",
        field("environment"),
        field("origin"),
        field("taken_at")
    )
}

/// A CSS string in which every character that is no letter or digit is written by its code.
/// <https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point>
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c.is_ascii_alphanumeric() {
            true => c.to_string(),
            false => format!("\\{:x} ", u32::from(c)),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// The one way for data into a script element: JSON in which no character can end the element,
/// begin a comment or end a line.
/// <https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements>
struct Island;

impl tera::Filter<&str, String> for Island {
    fn call(&self, json: &str, _: Kwargs, _: &State<'_>) -> String {
        island(json)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

fn island(json: &str) -> String {
    json.chars()
        .map(|c| match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(c)),
            other => other.to_string(),
        })
        .collect()
}
