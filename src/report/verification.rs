//! A verification for people: what the bundle is, what was looked at, what is wrong.

use std::fmt::{self, Write};

use super::{style::HEADING, text::safe};
use crate::evidence::{
    Manifest,
    verify::{Finding, Outcome, Step, Verification},
};

/// The verification as text.
pub fn human(verification: &Verification) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, verification);
    out
}

fn write(out: &mut String, verification: &Verification) -> fmt::Result {
    if let Some(manifest) = &verification.manifest {
        about(out, manifest)?;
    }
    if let Some(digest) = &verification.digest {
        writeln!(out, "  digest   {digest}")?;
    }
    writeln!(out, "\n{HEADING}Checked{HEADING:#}")?;
    for (step, outcome) in &verification.steps {
        told(out, *step, outcome)?;
    }
    writeln!(out, "\n{}", conclusion(verification))
}

fn about(out: &mut String, manifest: &Manifest) -> fmt::Result {
    let Manifest {
        environment,
        account,
        region,
        ..
    } = manifest;
    writeln!(
        out,
        "{HEADING}Bundle of {environment}, account {account}, {region}{HEADING:#}"
    )?;
    writeln!(out, "  origin   {}", safe(manifest.origin.words()))?;
    writeln!(out, "  source   {}", safe(manifest.source.words()))?;
    writeln!(
        out,
        "  taken    {} by {}",
        manifest.taken_at,
        safe(&manifest.caller)
    )?;
    let tool = &manifest.tool;
    let made = format!("{} by {} {}", manifest.sealed_at, tool.name, tool.version);
    writeln!(out, "  sealed   {}", safe(made))?;
    let commit = manifest.specification.commit.as_deref();
    let commit = commit.map_or(String::new(), |commit| format!(", commit {commit}"));
    let digest = &manifest.specification.digest;
    writeln!(out, "  spec     {digest}{}", safe(commit))
}

fn told(out: &mut String, step: Step, outcome: &Outcome) -> fmt::Result {
    let name = name(step);
    match outcome {
        Outcome::Held(what) => writeln!(out, "  ok       {name:12} {}", safe(what)),
        Outcome::NotAsked(why) => writeln!(out, "  -        {name:12} {}", safe(why)),
        Outcome::NotChecked { why, findings } => {
            writeln!(out, "  unknown  {name:12} {}", safe(why))?;
            listed(out, findings)
        }
        Outcome::Broken(findings) => {
            writeln!(out, "  BROKEN   {name}")?;
            listed(out, findings)
        }
    }
}

fn listed(out: &mut String, findings: &[Finding]) -> fmt::Result {
    for finding in findings {
        writeln!(out, "             {}", safe(finding))?;
    }
    Ok(())
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Files => "files",
        Step::Signature => "signature",
        Step::Chain => "chain",
        Step::Origin => "origin",
        Step::Observation => "observation",
        Step::Judgement => "judgement",
    }
}

fn conclusion(verification: &Verification) -> &'static str {
    if verification.is_broken() {
        "This bundle does not verify."
    } else if verification.is_incomplete() {
        "Nothing is wrong in what was looked at, and not everything was."
    } else {
        "This bundle is what was sealed, and its evidence gives its verdicts."
    }
}
