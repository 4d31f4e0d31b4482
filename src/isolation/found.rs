//! What was found so far, by role: cells that are not isolated, and what could not be read of whole
//! rows and columns. It is joined to services when all is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Question, Verdict};
use crate::model::ServiceName;

/// Findings by caller.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By the number of the caller, then by service and question.
    pub cells: BTreeMap<usize, BTreeMap<(ServiceName, Question), Finding>>,
    /// From role to role, by their numbers: what chains are made of.
    pub edges: BTreeMap<(usize, usize), Finding>,
    /// What passes between services, by name: packets come from no role.
    pub packets: BTreeMap<(ServiceName, ServiceName), Finding>,
    /// What the network was taken to be.
    pub assumptions: BTreeSet<String>,
    /// What was not read of a target: nobody's cell in the column is known to be isolated.
    pub columns: BTreeMap<(ServiceName, Question), BTreeSet<String>>,
}

impl Found {
    /// Adds what was found of one cell.
    pub fn add(
        &mut self,
        from: usize,
        to: &ServiceName,
        question: Question,
        finding: Option<Finding>,
    ) {
        let Some(finding) = finding else { return };
        let cells = self.cells.entry(from).or_default();
        let key = (to.clone(), question);
        match cells.get_mut(&key) {
            Some(known) => known.merge(finding),
            None => {
                cells.insert(key, finding);
            }
        }
    }

    /// What was found of one caller.
    pub fn of(&self, from: usize) -> Vec<(ServiceName, Question, Finding)> {
        let cells = self.cells.get(&from).into_iter().flatten();
        cells
            .map(|((to, question), finding)| (to.clone(), *question, finding.clone()))
            .collect()
    }

    /// Adds what leads from one role to another.
    pub fn edge(&mut self, from: usize, to: usize, finding: Finding) {
        match self.edges.get_mut(&(from, to)) {
            Some(known) => known.merge(finding),
            None => {
                self.edges.insert((from, to), finding);
            }
        }
    }

    /// Adds what was not read of a target.
    pub fn column(
        &mut self,
        to: &ServiceName,
        question: Question,
        gaps: impl IntoIterator<Item = String>,
    ) {
        let gaps: Vec<String> = gaps.into_iter().collect();
        if !gaps.is_empty() {
            let column = self.columns.entry((to.clone(), question)).or_default();
            column.extend(gaps);
        }
    }

    /// Whether a cell has its witness already.
    pub fn is_reachable(&self, from: usize, to: &ServiceName, question: Question) -> bool {
        let cells = self.cells.get(&from);
        let known = cells.and_then(|cells| cells.get(&(to.clone(), question)));
        known.is_some_and(|finding| finding.verdict == Verdict::Reachable)
    }
}
