//! The proof as people read it on a terminal: a matrix of one letter a cell, then what is reachable
//! with what allows it, what is unknown and why, and what is taken for granted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
};

use super::callers;
use crate::{
    isolation::{Finding, Matrix, Party, Question, Totals, Verdict, Witness},
    model::ServiceName,
    report::{
        style::{FAINT, HEADING},
        text::{counted, safe, section, tally},
    },
    snapshot::Snapshot,
};

/// More services than this have no room side by side.
const WIDEST: usize = 48;
/// More findings of a kind than this are counted, not told.
const TOLD: usize = 60;

/// The proof as people read it.
pub fn human(matrix: &Matrix, snapshot: &Snapshot) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, matrix, snapshot);
    text
}

fn write_human(out: &mut String, matrix: &Matrix, snapshot: &Snapshot) -> fmt::Result {
    let count = matrix.services.len();
    let pairs = count * count.saturating_sub(1);
    writeln!(
        out,
        "{HEADING}{}{HEADING:#}: {count} services, {pairs} ordered pairs  {FAINT}({}){FAINT:#}",
        headline(matrix),
        snapshot.origin.words()
    )?;
    section(
        out,
        "Questions",
        matrix.questions.iter().map(|q| totals(matrix, *q)),
    )?;
    grid(out, matrix)?;
    findings(
        out,
        matrix,
        Verdict::Reachable,
        "Reachable, and not declared",
    )?;
    escalations(out, matrix)?;
    unread(out, matrix)?;
    findings(out, matrix, Verdict::Unknown, "Not decided")?;
    findings(out, matrix, Verdict::Declared, "Declared")?;
    section(out, "Trusted", matrix.trusted.iter().map(safe))?;
    section(
        out,
        "Taken for granted",
        matrix.assumptions.iter().map(safe),
    )
}

fn headline(matrix: &Matrix) -> &'static str {
    match matrix.worst_of_all() {
        Verdict::Reachable => "isolation is broken",
        Verdict::Unknown => "isolation is not proven",
        Verdict::Declared | Verdict::Isolated => "isolated, but for what is declared",
    }
}

fn totals(matrix: &Matrix, question: Question) -> String {
    let Totals {
        isolated,
        declared,
        unknown,
        reachable,
    } = matrix.totals(question);
    let counts = tally([
        (reachable, "reachable"),
        (unknown, "unknown"),
        (declared, "declared"),
        (isolated, "isolated"),
    ]);
    format!("{:<8} {counts}", question.id())
}

/// One row a caller, one column a service, by number; each cell the worst of all questions.
fn grid(out: &mut String, matrix: &Matrix) -> fmt::Result {
    let callers = callers(matrix);
    if matrix.services.len() > WIDEST {
        return Ok(());
    }
    let width = callers
        .iter()
        .map(|c| c.to_string().len())
        .max()
        .unwrap_or(0);
    writeln!(
        out,
        "\n{HEADING}From (row) to (column){HEADING:#}  {FAINT}· isolated  d declared  ? unknown  \
         ! reachable{FAINT:#}"
    )?;
    let numbers = (1..=matrix.services.len()).map(|n| format!("{n:>3}"));
    writeln!(out, "    {:width$}    {}", "", numbers.collect::<String>())?;
    for (index, from) in callers.iter().enumerate() {
        let number = match from.service() {
            Some(_) => format!("{:>3}", index + 1),
            None => "   ".to_owned(),
        };
        let cells = matrix.services.iter().map(|to| cell(matrix, from, to));
        let name = safe(from);
        writeln!(
            out,
            "    {name:<width$} {number}{}",
            cells.collect::<String>()
        )?;
    }
    Ok(())
}

fn cell(matrix: &Matrix, from: &Party, to: &ServiceName) -> &'static str {
    if from.service() == Some(to) {
        return "   ";
    }
    match matrix.worst(from, to) {
        Verdict::Isolated => "  ·",
        Verdict::Declared => "  d",
        Verdict::Unknown => "  ?",
        Verdict::Reachable => "  !",
    }
}

fn findings(out: &mut String, matrix: &Matrix, verdict: Verdict, heading: &str) -> fmt::Result {
    let found: Vec<_> = matrix
        .findings
        .iter()
        .filter(|(_, finding)| finding.verdict == verdict)
        .collect();
    let lines = found
        .iter()
        .take(TOLD)
        .flat_map(|((from, to, question), finding)| {
            let pair = safe(format_args!("{from} may {} {to}", question.words()));
            match verdict {
                Verdict::Declared => vec![pair],
                _ => told(&pair, finding),
            }
        });
    let rest = found.len().saturating_sub(TOLD);
    let rest = (rest > 0).then(|| format!("and {rest} more: --format json tells all"));
    section(out, heading, lines.chain(rest))
}

fn told(what: &str, finding: &Finding) -> Vec<String> {
    let mut lines = vec![what.to_owned()];
    lines.extend(finding.witness.iter().flat_map(steps));
    lines.extend(
        finding
            .reasons
            .iter()
            .map(|why| safe(format_args!("    {why}"))),
    );
    lines
}

fn steps(witness: &Witness) -> Vec<String> {
    let steps = witness.steps.iter();
    steps
        .flat_map(|step| {
            let by = step.because.join("; ");
            let done = safe(format_args!("    {}", step.words));
            let by = (!by.is_empty()).then(|| safe(format_args!("        allowed by {by}")));
            std::iter::once(done).chain(by)
        })
        .collect()
}

fn escalations(out: &mut String, matrix: &Matrix) -> fmt::Result {
    let lines = matrix
        .escalations
        .iter()
        .flat_map(|((_, role, path), finding)| {
            let what = match finding.verdict {
                Verdict::Unknown => format!("role {role} might raise its rights: {path}"),
                _ => format!("role {role} can raise its rights: {path}"),
            };
            told(&safe(what), finding)
        });
    section(out, "Rights that can be raised", lines)
}

/// What was not read, told once for everything that it leaves open.
fn unread(out: &mut String, matrix: &Matrix) -> fmt::Result {
    let rows = matrix.rows.iter().flat_map(|(from, why)| {
        why.iter()
            .map(move |why| (why.clone(), format!("all that {from} may do")))
    });
    let columns = matrix.columns.iter().flat_map(|((to, question), why)| {
        let open = format!("who may {} {to}", question.words());
        why.iter().map(move |why| (why.clone(), open.clone()))
    });
    let mut open: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (why, what) in rows.chain(columns) {
        open.entry(why).or_default().insert(what);
    }
    let lines = open.into_iter().flat_map(|(why, what)| {
        let count = counted(what.len() as u64, "open question");
        let listed: Vec<String> = what.into_iter().take(4).collect();
        let listed = format!("    {count}: {}", listed.join("; "));
        [safe(why), safe(listed)]
    });
    section(out, "Not read", lines)
}
