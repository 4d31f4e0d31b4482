//! The proof of isolation, for people and for machines: the matrix, its findings with their
//! witnesses, what was not read, and what everything rests on.

mod machine;
mod table;

pub use machine::machine;
pub use table::human;

use crate::isolation::{Matrix, Party};

/// Every caller in the order of rows: services, then roles that no service declares.
fn callers(matrix: &Matrix) -> Vec<Party> {
    let services = matrix.services.iter().cloned().map(Party::Service);
    let found = matrix.findings.keys().map(|(from, _, _)| from);
    let others = found
        .chain(matrix.rows.keys())
        .filter(|from| from.service().is_none());
    let others: std::collections::BTreeSet<Party> = others.cloned().collect();
    services.chain(others).collect()
}
