//! Which cells a change opens or closes: two matrices held against each other.

use serde::Serialize;

use super::{Matrix, Party, Question, Verdict};
use crate::model::ServiceName;

/// A cell whose verdict is another than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Who.
    pub from: Party,
    /// To whom.
    pub to: ServiceName,
    /// What.
    pub question: Question,
    /// The verdict before.
    pub before: Verdict,
    /// The verdict now.
    pub now: Verdict,
}

impl Change {
    /// Whether more is possible than before, or less is known.
    pub fn opens(&self) -> bool {
        self.now > self.before
    }
}

/// The cells that differ, in order.
pub fn changes(before: &Matrix, now: &Matrix) -> Vec<Change> {
    let mut found = Vec::new();
    let callers = callers(before, now);
    for from in &callers {
        for to in before.services.union(&now.services) {
            if from.service() == Some(to) {
                continue;
            }
            for question in Question::ALL {
                let change = Change {
                    before: before.verdict(from, to, question),
                    now: now.verdict(from, to, question),
                    from: from.clone(),
                    to: to.clone(),
                    question,
                };
                if change.before != change.now {
                    found.push(change);
                }
            }
        }
    }
    found
}

fn callers(before: &Matrix, now: &Matrix) -> std::collections::BTreeSet<Party> {
    let both = [before, now];
    let services = both.iter().flat_map(|matrix| &matrix.services);
    let services = services.cloned().map(Party::Service);
    let found = both.iter().flat_map(|matrix| matrix.findings.keys());
    let rows = both.iter().flat_map(|matrix| matrix.rows.keys());
    let others = found.map(|(from, _, _)| from).chain(rows).cloned();
    services.chain(others).collect()
}
