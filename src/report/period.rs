//! Evidence over a period as Markdown: what was looked at and when, what failed, what changed,
//! and the days on which nobody looked.

use std::fmt::{self, Write};

use crate::{
    compliance::verdict::Outcome,
    evidence::period::{History, Looked, PeriodReport},
};

/// The report as Markdown.
pub fn markdown(report: &PeriodReport) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, report);
    out
}

fn write(out: &mut String, report: &PeriodReport) -> fmt::Result {
    head(out, report)?;
    failures(out, report)?;
    histories(out, "Checks", &report.checks)?;
    histories(out, "Requirements", &report.requirements)?;
    changes(out, report)?;
    days(out, report)?;
    bundles(out, &report.bundles)
}

fn head(out: &mut String, report: &PeriodReport) -> fmt::Result {
    let PeriodReport {
        environment,
        account,
        region,
        period,
        ..
    } = report;
    writeln!(
        out,
        "# {environment} from {} to {}\n",
        period.from, period.to
    )?;
    writeln!(
        out,
        "Account {account}, {region}. Times and days are UTC.\n"
    )?;
    if !report.is_live() {
        let other = report.bundles.iter().filter(|bundle| !bundle.live).count();
        writeln!(
            out,
            "> **{other} of {} looks are not at a live account: this is no evidence of operation.**\n",
            report.bundles.len()
        )?;
    }
    writeln!(
        out,
        "{} looks on {} of {} days through {}. Between two looks nothing is known.\n",
        report.bundles.len(),
        report.days() - report.days_without.len(),
        report.days(),
        report.through
    )
}

fn failures(out: &mut String, report: &PeriodReport) -> fmt::Result {
    writeln!(out, "## Failures\n")?;
    let all = report.checks.iter();
    let all: Vec<_> = all
        .flat_map(|one| one.failures.iter().map(move |failure| (one, failure)))
        .collect();
    if all.is_empty() {
        return writeln!(out, "No look found a failed check.\n");
    }
    writeln!(out, "| check | opened | closed |\n|---|---|---|")?;
    for (history, failure) in all {
        let closed = failure
            .closed
            .map_or("open".to_owned(), |at| at.to_string());
        writeln!(
            out,
            "| {} | {} | {closed} |",
            cell(&history.id),
            failure.opened
        )?;
    }
    writeln!(out)
}

fn histories(out: &mut String, title: &str, histories: &[History]) -> fmt::Result {
    writeln!(out, "## {title}\n")?;
    writeln!(
        out,
        "| control | says | from | to | came to | looks |\n|---|---|---|---|---|---|"
    )?;
    for history in histories {
        for interval in &history.intervals {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                cell(&history.id),
                cell(&history.title),
                interval.from,
                interval.to,
                marked(interval.outcome),
                interval.looks
            )?;
        }
    }
    writeln!(out)
}

fn marked(outcome: Outcome) -> String {
    match outcome {
        Outcome::Pass => "held".to_owned(),
        Outcome::Fail => "**failed**".to_owned(),
        other => other.words().to_owned(),
    }
}

fn changes(out: &mut String, report: &PeriodReport) -> fmt::Result {
    writeln!(out, "## Changes\n")?;
    if report.changes.is_empty() {
        return writeln!(out, "No look found a change.\n");
    }
    for change in &report.changes {
        let specification = match change.specification {
            true => "another specification, ",
            false => "",
        };
        writeln!(
            out,
            "- {}: {specification}{} places",
            change.seen_at, change.places
        )?;
        for place in &change.named {
            writeln!(out, "  - `{}`", place.replace('`', "'"))?;
        }
    }
    writeln!(out)
}

fn days(out: &mut String, report: &PeriodReport) -> fmt::Result {
    writeln!(out, "## Days without evidence\n")?;
    if report.days_without.is_empty() {
        return writeln!(out, "None.\n");
    }
    let days: Vec<String> = report
        .days_without
        .iter()
        .map(ToString::to_string)
        .collect();
    let working = report.working_days_without();
    writeln!(
        out,
        "{}, {working} of them from Monday to Friday:\n",
        days.len()
    )?;
    writeln!(out, "{}\n", days.join(", "))
}

fn bundles(out: &mut String, bundles: &[Looked]) -> fmt::Result {
    writeln!(out, "## Bundles\n")?;
    writeln!(
        out,
        "| taken | origin | commit | digest |\n|---|---|---|---|"
    )?;
    for bundle in bundles {
        let commit = bundle.commit.as_deref().unwrap_or("-");
        let (origin, commit) = (cell(&bundle.origin), cell(commit));
        writeln!(
            out,
            "| {} | {origin} | {commit} | {} |",
            bundle.taken_at, bundle.digest
        )?;
    }
    Ok(())
}

/// Text that ends no cell and begins no markup.
fn cell(text: &str) -> String {
    let text = super::text::safe(text);
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('`', "'")
}
