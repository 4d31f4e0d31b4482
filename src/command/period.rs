//! `strongroom report --period`: evidence over a period, from the bundles of a store.

use std::path::{Path, PathBuf};

use super::{Failure, Output, bundle::Folder, chain, sign};
use crate::{
    cli::{Format, Global, ReportArgs},
    compliance::verdict,
    evidence::{
        period::{Period, PeriodReport, Sample, day},
        verify::Outcome,
    },
    exit::Exit,
    report::{json, period as rendering},
};

/// What to report on.
pub struct Asked {
    /// The period.
    pub period: Period,
    /// The store, or the part of it that is for one environment.
    pub store: PathBuf,
    /// The signer's public key.
    pub key: Option<PathBuf>,
    /// The folder for the report; standard output where there is none.
    pub out: Option<PathBuf>,
}

impl Asked {
    /// What the command line asks for.
    ///
    /// # Errors
    /// No period or no store, which the command line refuses earlier.
    fn of(arguments: ReportArgs) -> Result<Self, Failure> {
        match (arguments.period, arguments.to.store) {
            (Some(period), Some(store)) => Ok(Self {
                period,
                store,
                key: arguments.key,
                out: arguments.to.out,
            }),
            _ => Err(Failure::with(
                Exit::Usage,
                "name a SPEC, or --period and --store",
            )),
        }
    }
}

/// Checks that the chain is whole, and tells what it shows.
pub fn run(
    global: &Global,
    asked: ReportArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let asked = Asked::of(asked)?;
    let key = asked.key.as_deref().map(sign::pinned).transpose()?;
    let links = chain::sealed(std::slice::from_ref(&asked.store), key.as_ref())?;
    let linked = chain::linked(&links, None)?;
    if let Outcome::Broken(findings) = &linked {
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        return Err(Failure::with(Exit::Unverified, all.join("\n")));
    }
    if key.is_none() {
        output.tell("warning: no --key was given, so nobody knows who sealed these bundles");
    }
    let report = report(&asked, links, now)?;
    tell(global, asked.out.as_deref(), &report, output)?;
    Ok(exit(&report, key.is_some()))
}

fn report(
    asked: &Asked,
    links: Vec<chain::SealedLink>,
    now: jiff::Timestamp,
) -> Result<PeriodReport, Failure> {
    let samples = links.into_iter().map(|link| {
        let sample = Sample::of(link.manifest, &link.found);
        sample.map_err(|error| Failure::new(format_args!("{}: {error}", link.folder.display())))
    });
    let samples: Vec<Sample> = samples.collect::<Result<_, _>>()?;
    PeriodReport::of(asked.period, &samples, day(now)).ok_or_else(|| {
        let Period { from, to } = asked.period;
        let store = asked.store.display();
        Failure::with(
            Exit::Incomplete,
            format_args!("{store} has no bundle from {from} to {to}"),
        )
    })
}

fn tell(
    global: &Global,
    out: Option<&Path>,
    report: &PeriodReport,
    output: &mut Output,
) -> Result<(), Failure> {
    match (out, global.format) {
        (Some(folder), _) => {
            let mut files = Folder::default();
            files.put("period.json", &json::bytes(report)?)?;
            files.put("period.md", rendering::markdown(report).as_bytes())?;
            files.write(folder)?;
            let at = folder.join("period.md");
            output.result(&format!("Open {}\n", at.display()));
            Ok(())
        }
        (None, Format::Json) => output.json(report),
        (None, Format::Human) => {
            output.result(&rendering::markdown(report));
            Ok(())
        }
    }
}

/// A failure that was mended is history; one that is open, or a day without evidence, is not.
fn exit(report: &PeriodReport, pinned: bool) -> Exit {
    let failed = |control: &crate::evidence::period::History| {
        let last = control.intervals.last();
        last.is_some_and(|last| last.outcome == verdict::Outcome::Fail)
    };
    if report.checks.iter().chain(&report.requirements).any(failed) {
        Exit::ControlFailed
    } else if !report.days_without.is_empty() || !pinned {
        Exit::Incomplete
    } else {
        Exit::Agreed
    }
}
