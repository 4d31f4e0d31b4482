//! Every verdict with what stands around it: what the formats of other tools go through, one row
//! after the other. Nothing is judged or worded here.

use super::assessment::{CheckView, Report, Source, VerdictView};
use crate::{
    compliance::{assess::CheckRun, verdict::Verdict},
    evidence::Digest,
};

/// A verdict: as it was found, and as people read it.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The check with its thresholds.
    pub run: &'a CheckRun,
    /// The same in words.
    pub check: &'a CheckView,
    /// What it says of one resource.
    pub verdict: &'a Verdict,
    /// The same in words.
    pub shown: &'a VerdictView,
}

/// Every verdict, in the order of the assessment.
pub fn rows<'a>(source: &Source<'a>, report: &'a Report) -> impl Iterator<Item = Row<'a>> {
    by_check(source, report).flatten()
}

/// The verdicts of each check, in the order of the assessment.
pub fn by_check<'a>(
    source: &Source<'a>,
    report: &'a Report,
) -> impl Iterator<Item = impl Iterator<Item = Row<'a>>> {
    let checks = source.assessment.checks.iter().zip(&report.checks);
    checks.map(|(run, check)| {
        let verdicts = run.verdicts.iter().zip(&check.verdicts);
        verdicts.map(move |(verdict, shown)| Row {
            run,
            check,
            verdict,
            shown,
        })
    })
}

impl Row<'_> {
    /// What tells the verdict from all others and stays the same from report to report: the check
    /// with its thresholds, and the resource in its account.
    pub fn identity(&self, source: &Source<'_>) -> Digest {
        let snapshot = source.snapshot;
        let settings = serde_json::to_string(&self.run.params).unwrap_or_default();
        let parts = [
            snapshot.account.as_str(),
            snapshot.region.as_str(),
            snapshot.environment.as_str(),
            &self.run.id,
            &settings,
            &self.verdict.resource,
        ];
        Digest::of(parts.join("\n").as_bytes())
    }

    /// The resource as AWS calls it, or else by its path.
    pub fn uid(&self) -> &str {
        let id = self.shown.resource.id.as_deref();
        id.unwrap_or(&self.verdict.resource)
    }

    /// The thresholds, as `params.days = 365`.
    pub fn settings(&self) -> Vec<String> {
        let settings = self.check.settings.iter();
        settings
            .map(|setting| format!("{} = {}", setting.name, setting.value))
            .collect()
    }

    /// The requirements that it speaks for, as `pci-dss@4.0.1 10.5.1`.
    pub fn requirements(&self) -> Vec<String> {
        let requirements = self.check.requirements.iter();
        requirements
            .map(|spoken| format!("{} {}", spoken.framework, spoken.id))
            .collect()
    }

    /// What does not hold and what was found, a line each; then why something is not known.
    pub fn details(&self) -> Vec<String> {
        let broken = self.shown.broken.iter().flat_map(|clause| {
            let found = clause.found.iter();
            let found = found.map(|fact| format!("found {} = {}", fact.name, fact.value));
            std::iter::once(format!("expected {}", clause.expected)).chain(found)
        });
        let unread = self
            .shown
            .unread
            .iter()
            .map(|why| format!("not read: {why}"));
        let beside = [&self.shown.note, &self.shown.waiver];
        broken
            .chain(unread)
            .chain(beside.into_iter().flatten().cloned())
            .collect()
    }

    /// The verdict in one line: `fail: the title (key alias/login)`, with thresholds that are not the
    /// check's own.
    pub fn sentence(&self) -> String {
        let resource = &self.shown.resource;
        let (kind, name) = (resource.kind, &resource.name);
        let with = match self.run.own_thresholds {
            true => String::new(),
            false => format!(", with {}", self.settings().join(", ")),
        };
        let (outcome, title) = (self.shown.outcome.words, &self.check.title);
        format!("{outcome}: {title} ({kind} {name}{with})")
    }
}
