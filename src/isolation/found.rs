//! What was found so far, by role: cells that are not isolated, and what could not be read of whole
//! rows and columns. It is joined to services when all is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Question, Verdict};
use crate::model::ServiceName;

/// Findings by caller.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By the number of the caller, the service and the question.
    pub cells: BTreeMap<(usize, ServiceName, Question), Finding>,
    /// From role to role, by their numbers: what chains are made of.
    pub edges: BTreeMap<(usize, usize), Finding>,
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
        let key = (from, to.clone(), question);
        match self.cells.get_mut(&key) {
            Some(known) => known.merge(finding),
            None => {
                self.cells.insert(key, finding);
            }
        }
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
        let known = self.cells.get(&(from, to.clone(), question));
        known.is_some_and(|finding| finding.verdict == Verdict::Reachable)
    }
}
