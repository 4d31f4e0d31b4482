//! The proof as one page and one picture that need nothing else: no server, no other file, no
//! network, no script. Everything foreign goes through the template's escaping.

use serde::Serialize;
use tera::{Context, Tera};

use super::{map::map, table::headline};
use crate::{
    isolation::{Finding, Matrix, Verdict},
    report::html::{HtmlError, policy},
    snapshot::{Origin, Snapshot},
};

const STYLE: &str = include_str!("../../../templates/report/style.css");
const TEMPLATES: [(&str, &str); 2] = [
    (
        "page.html",
        include_str!("../../../templates/isolation/page.html"),
    ),
    (
        "matrix.svg.html",
        include_str!("../../../templates/isolation/matrix.svg.html"),
    ),
];

/// More findings than this are left to the JSON.
const SHOWN: usize = 300;

/// The picture.
///
/// # Errors
/// A template that is wrong.
pub fn picture(matrix: &Matrix) -> Result<String, HtmlError> {
    let mut context = Context::new();
    context.insert("map", &map(matrix));
    Ok(templates()?.render("matrix.svg.html", &context)?)
}

/// The page, with the picture in it.
///
/// # Errors
/// A template that is wrong.
pub fn page(matrix: &Matrix, snapshot: &Snapshot) -> Result<String, HtmlError> {
    let picture = picture(matrix)?;
    let mut context = Context::from_serialize(&shown(matrix, snapshot))?;
    context.insert("policy", &policy(&[STYLE], &[]));
    // A file of this build, and text that was escaped when it was made.
    context.insert_value("style", tera::Value::safe_string(STYLE));
    context.insert_value("picture", tera::Value::safe_string(&picture));
    Ok(templates()?.render("page.html", &context)?)
}

fn templates() -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.add_raw_templates(TEMPLATES)?;
    Ok(tera)
}

/// What the page's template takes.
#[derive(Debug, Serialize)]
struct Shown<'m> {
    environment: String,
    origin: String,
    live: bool,
    taken_at: String,
    headline: &'static str,
    verdict_class: &'static str,
    questions: Vec<Row>,
    stripes: String,
    parts: Vec<Part>,
    more: usize,
    trusted: &'m std::collections::BTreeSet<String>,
    assumptions: &'m std::collections::BTreeSet<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    words: &'static str,
    reachable: usize,
    unknown: usize,
    declared: usize,
    isolated: usize,
}

#[derive(Debug, Serialize)]
struct Part {
    heading: &'static str,
    open: bool,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    words: String,
    steps: Vec<ShownStep>,
    reasons: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ShownStep {
    words: String,
    because: String,
    replay: Option<String>,
}

fn shown<'m>(matrix: &'m Matrix, snapshot: &Snapshot) -> Shown<'m> {
    let questions = matrix.questions.iter().map(|question| {
        let totals = matrix.totals(*question);
        Row {
            words: question.words(),
            reachable: totals.reachable,
            unknown: totals.unknown,
            declared: totals.declared,
            isolated: totals.isolated,
        }
    });
    let stripes: Vec<&str> = matrix.questions.iter().map(|one| one.id()).collect();
    Shown {
        environment: snapshot.environment.to_string(),
        origin: snapshot.origin.words(),
        live: matches!(snapshot.origin, Origin::Live { .. }),
        taken_at: snapshot.taken_at.to_string(),
        headline: headline(matrix),
        verdict_class: match matrix.worst_of_all() {
            Verdict::Reachable => "fail",
            Verdict::Unknown => "not-evaluated",
            Verdict::Declared | Verdict::Isolated => "pass",
        },
        questions: questions.collect(),
        stripes: stripes.join(", "),
        more: matrix.findings.len().saturating_sub(SHOWN),
        parts: parts(matrix),
        trusted: &matrix.trusted,
        assumptions: &matrix.assumptions,
    }
}

fn parts(matrix: &Matrix) -> Vec<Part> {
    let of = |verdict: Verdict, heading, open| Part {
        heading,
        open,
        items: matrix
            .findings
            .iter()
            .filter(|(_, finding)| finding.verdict == verdict)
            .take(SHOWN)
            .map(|((from, to, question), finding)| {
                item(format!("{from} may {} {to}", question.words()), finding)
            })
            .collect(),
    };
    let escalations = matrix.escalations.iter();
    let escalations =
        escalations.map(|((_, role, path), finding)| item(format!("{role}: {path}"), finding));
    let parts = [
        of(Verdict::Reachable, "Reachable, and not declared", true),
        Part {
            heading: "Rights that can be raised",
            open: true,
            items: escalations.collect(),
        },
        unread(matrix),
        of(Verdict::Unknown, "Not decided", true),
        of(Verdict::Declared, "Declared", false),
    ];
    parts
        .into_iter()
        .filter(|part| !part.items.is_empty())
        .collect()
}

fn unread(matrix: &Matrix) -> Part {
    let rows = matrix
        .rows
        .iter()
        .map(|(from, why)| (format!("all that {from} may do"), why));
    let columns = matrix.columns.iter();
    let columns =
        columns.map(|((to, question), why)| (format!("who may {} {to}", question.words()), why));
    let items = rows.chain(columns).map(|(words, why)| Item {
        words,
        steps: Vec::new(),
        reasons: why.iter().cloned().collect(),
    });
    Part {
        heading: "Not read",
        open: true,
        items: items.collect(),
    }
}

fn item(words: String, finding: &Finding) -> Item {
    let steps = finding.witness.iter().flat_map(|witness| &witness.steps);
    Item {
        words,
        steps: steps
            .map(|step| ShownStep {
                words: step.words.clone(),
                because: step.because.join("; "),
                replay: step.replay.as_ref().map(ToString::to_string),
            })
            .collect(),
        reasons: finding.reasons.iter().cloned().collect(),
    }
}
