//! What is kept though no specification declares it: "first, do no harm".

use super::{Kept, KeptReason, Read};
use crate::iam::PolicyDocument;

/// Adds the live Deny statements that `wanted` does not know, and tells each.
pub fn unknown_denies(
    wanted: &mut Read<PolicyDocument>,
    live: &Read<PolicyDocument>,
    path: &str,
    note: &mut dyn FnMut(Kept),
) {
    let (Read::Known(wanted), Read::Known(live)) = (wanted, live) else {
        return;
    };
    let denies: Vec<_> = live
        .unknown_denies(wanted)
        .map(|(sid, statement)| (sid.clone(), statement.clone()))
        .collect();
    for (sid, statement) in denies {
        note(Kept {
            path: format!("{path}.statements.{sid}"),
            reason: KeptReason::UnknownDeny,
        });
        wanted.statements.insert(sid, statement);
    }
}
