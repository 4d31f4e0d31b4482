//! What a plan or a drift tells besides its steps: what is kept, unread, in doubt, or going.

use std::{collections::BTreeMap, fmt};

use super::text::{safe, section};
use crate::{
    model::{Address, KindName},
    plan::{Gap, Notice, Plan},
    resource::KeptReason,
    snapshot::Conflict,
};

/// Every notice of a plan, by heading.
pub fn notices(out: &mut String, plan: &Plan) -> fmt::Result {
    section(out, "Kept, though not declared", plan.kept.iter().map(kept))?;
    section(out, "Not read, left alone", gaps(&plan.unread).into_iter())?;
    let missing = plan.missing.iter().map(|address| {
        format!(
            "{}: tag it with strongroom:environment, or name it in network.vpc",
            safe(address)
        )
    });
    section(out, "Not found, nothing can be applied", missing)?;
    let conflicts = plan.conflicts.iter().map(conflict);
    section(out, "Ownership in doubt, nothing can be applied", conflicts)?;
    section(out, "Waiting for deletion", plan.retained.iter().map(safe))
}

/// One contradiction about who owns a resource.
pub fn conflict(conflict: &Conflict) -> String {
    safe(format_args!(
        "{}: {} ({})",
        conflict.address,
        conflict.reason,
        conflict.ids.join(", ")
    ))
}

fn kept(notice: &Notice) -> String {
    let why = match notice.reason {
        KeptReason::AwsManaged => "AWS itself made it",
        KeptReason::UnknownDeny => "it denies: an incident may be in progress",
    };
    safe(format_args!("{} {}: {why}", notice.address, notice.path))
}

/// Gaps; the same one on many resources of a kind is one line.
fn gaps(gaps: &[Gap]) -> Vec<String> {
    let mut same: BTreeMap<(KindName, &str, String), Vec<&Address>> = BTreeMap::new();
    for gap in gaps {
        let key = (gap.address.kind, gap.path.as_str(), gap.why.to_string());
        same.entry(key).or_default().push(&gap.address);
    }
    same.into_iter()
        .map(|((kind, path, why), addresses)| {
            let path = if path.is_empty() { "all of it" } else { path };
            match addresses.as_slice() {
                [address] => safe(format_args!("{address} {path}: {why}")),
                many => safe(format_args!("{} of {kind} {path}: {why}", many.len())),
            }
        })
        .collect()
}
