//! The matrix: one verdict for every ordered pair of services and every question. Only what is not
//! isolated is held, so a thousand services take no more room than their findings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Party, Question, Verdict};
use crate::model::ServiceName;

/// What is known of every pair.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    /// The services that were looked at.
    pub services: BTreeSet<ServiceName>,
    /// The questions that were asked.
    pub questions: BTreeSet<Question>,
    /// Cells that are not simply isolated, each for a caller, a service and a question.
    pub findings: BTreeMap<(Party, ServiceName, Question), Finding>,
    /// What was not read of a caller: none of its cells is known to be isolated.
    pub rows: BTreeMap<Party, BTreeSet<String>>,
    /// What was not read of a target.
    pub columns: BTreeMap<(ServiceName, Question), BTreeSet<String>>,
    /// Ways in which a role could raise its own rights, by role and path.
    pub escalations: BTreeMap<(Party, String, String), Finding>,
    /// What every verdict takes for granted.
    pub assumptions: BTreeSet<String>,
    /// Who could break it and is trusted not to, with the reason.
    pub trusted: BTreeSet<String>,
}

/// How many cells have which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Isolated.
    pub isolated: usize,
    /// Declared.
    pub declared: usize,
    /// Unknown.
    pub unknown: usize,
    /// Reachable.
    pub reachable: usize,
}

impl Matrix {
    /// Adds what was found of a cell.
    pub(super) fn add(&mut self, cell: (Party, ServiceName, Question), finding: Finding) {
        match self.findings.get_mut(&cell) {
            Some(known) => known.merge(finding),
            None => {
                self.findings.insert(cell, finding);
            }
        }
    }

    /// The verdict of a cell.
    pub fn verdict(&self, from: &Party, to: &ServiceName, question: Question) -> Verdict {
        let finding = self.finding(from, to, question);
        let found = finding.map_or(Verdict::Isolated, |finding| finding.verdict);
        match self.is_unread(from, to, question) {
            true => found.max(Verdict::Unknown),
            false => found,
        }
    }

    /// The worst verdict of a pair.
    pub fn worst(&self, from: &Party, to: &ServiceName) -> Verdict {
        let questions = self.questions.iter();
        let verdicts = questions.map(|question| self.verdict(from, to, *question));
        verdicts.max().unwrap_or(Verdict::Isolated)
    }

    /// What was found of a cell.
    pub fn finding(&self, from: &Party, to: &ServiceName, question: Question) -> Option<&Finding> {
        // The key is made of owned parts.
        self.findings.get(&(from.clone(), to.clone(), question))
    }

    /// Whether something was not read that could open the cell.
    pub fn is_unread(&self, from: &Party, to: &ServiceName, question: Question) -> bool {
        let row = question != Question::Reach && self.rows.contains_key(from);
        row || self.columns.contains_key(&(to.clone(), question))
    }

    /// How many ordered pairs of services have which verdict.
    pub fn totals(&self, question: Question) -> Totals {
        let count = self.services.len();
        let others = count.saturating_sub(1);
        let (rows, columns) = self.unread(question);
        let both = rows.len() * columns.len() - rows.intersection(&columns).count();
        let mut totals = Totals {
            unknown: (rows.len() + columns.len()) * others - both,
            ..Totals::default()
        };
        for ((from, to, asked), finding) in &self.findings {
            if *asked == question && from.service().is_some() {
                totals.count(finding.verdict, self.is_unread(from, to, question));
            }
        }
        let told = totals.declared + totals.unknown + totals.reachable;
        totals.isolated = (count * others).saturating_sub(told);
        totals
    }

    /// The services whose whole row, and whose whole column, is not known to be isolated.
    fn unread(&self, question: Question) -> (BTreeSet<&ServiceName>, BTreeSet<&ServiceName>) {
        let rows = self.rows.keys().filter_map(Party::service);
        let rows = rows.filter(|name| question != Question::Reach && self.services.contains(*name));
        let columns = self.columns.keys();
        let columns =
            columns.filter(|(name, asked)| *asked == question && self.services.contains(name));
        (rows.collect(), columns.map(|(name, _)| name).collect())
    }

    /// The worst of everything: what a run ends with.
    pub fn worst_of_all(&self) -> Verdict {
        let cells = self.findings.values().chain(self.escalations.values());
        let found = cells.map(|finding| finding.verdict).max();
        let found = found.unwrap_or(Verdict::Isolated);
        match self.rows.is_empty() && self.columns.is_empty() {
            true => found,
            false => found.max(Verdict::Unknown),
        }
    }
}

impl Totals {
    fn count(&mut self, verdict: Verdict, unread: bool) {
        match (verdict, unread) {
            (Verdict::Reachable, true) => {
                self.reachable += 1;
                self.unknown = self.unknown.saturating_sub(1);
            }
            (_, true) | (Verdict::Isolated, false) => {}
            (Verdict::Reachable, false) => self.reachable += 1,
            (Verdict::Unknown, false) => self.unknown += 1,
            (Verdict::Declared, false) => self.declared += 1,
        }
    }
}
