//! What a plan or a drift tells besides its steps: what is kept, unread, in doubt, or going.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::text::{safe, section, value};
use crate::{
    model::{Address, KindName},
    plan::{Action, Excess, Gap, Notice, Plan, Step, other_hands},
    resource::{FieldChange, Hands, KeptReason, Resources},
    snapshot::Conflict,
};

/// Every notice of a plan, by heading.
pub fn notices(out: &mut String, plan: &Plan) -> fmt::Result {
    let verified = plan.verified.findings.iter().flat_map(finding);
    section(out, "Managed elsewhere, and not as specified", verified)?;
    section(out, "Kept, though not declared", plan.kept.iter().map(kept))?;
    section(out, "Not read, left alone", gaps(&plan.unread).into_iter())?;
    let missing = plan.missing.iter().map(|address| {
        format!(
            "{}: the specification names it, and somebody else makes it",
            safe(address)
        )
    });
    section(out, "Not found, nothing can be applied", missing)?;
    let exceeded = plan.exceeded.iter().map(excess);
    section(
        out,
        "More than the account may have, nothing can be applied",
        exceeded,
    )?;
    let heading = "Needs other hands than the pipeline's";
    section(out, heading, other_hands(plan).iter().map(hands))?;
    let conflicts = plan.conflicts.iter().map(conflict);
    section(out, "Ownership in doubt, nothing can be applied", conflicts)?;
    let (settings, waiting): (Vec<_>, Vec<_>) = plan.retained.iter().partition(|a| is_setting(a));
    let heading = "Retained, cannot be deleted now";
    section(out, heading, waiting.into_iter().map(safe))?;
    let heading = "Settings of the account, left as they are";
    section(out, heading, settings.into_iter().map(safe))
}

/// What every account has and nobody deletes.
pub fn is_setting(address: &Address) -> bool {
    let profile = Resources::profile(address.kind);
    profile.single && profile.loss.is_none()
}

/// One quota that would be exceeded, with the code by which it is raised.
pub fn excess(excess: &Excess) -> String {
    let Excess {
        there,
        needed,
        limit,
        ..
    } = excess;
    let profile = excess.quota.profile();
    let whose = match &excess.address {
        Some(address) => format!("{address}: "),
        None => String::new(),
    };
    let source = match excess.read {
        true => "the account's quota",
        false => "the default quota",
    };
    safe(format_args!(
        "{whose}{needed} {}, {} more than the {limit} of {source} {} {} ({there} there now)",
        profile.what,
        needed.saturating_sub(*limit),
        profile.service,
        profile.code,
    ))
}

/// Calls that the pipeline cannot make.
fn hands(((address, hands), operations): (&(Address, Hands), &BTreeSet<&'static str>)) -> String {
    let operations: Vec<&str> = operations.iter().copied().collect();
    let operations = operations.join(", ");
    match hands {
        Hands::BreakGlass(exempt) => {
            let exempt: Vec<&str> = exempt.iter().map(String::as_str).collect();
            let exempt = exempt.join(", ");
            safe(format_args!(
                "{address}: {operations} needs break-glass, its policy exempts {exempt} alone"
            ))
        }
        Hands::KeyAdmins => safe(format_args!(
            "{address}: {operations} needs a key administrator, the pipeline retires no key"
        )),
    }
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

/// What somebody else would have to change, a line for each field.
fn finding((address, step): (&Address, &Step)) -> Vec<String> {
    if step.action == Action::Create {
        return vec![safe(format_args!("{address}: not found"))];
    }
    let line = |change: &FieldChange| {
        let (is, wanted) = (value(change.before.as_ref()), value(change.after.as_ref()));
        let text = format_args!("{address} {}: specified {wanted}, found {is}", change.path);
        safe(text)
    };
    step.changes.iter().map(line).collect()
}

fn kept(notice: &Notice) -> String {
    let why = reason(notice.reason);
    safe(format_args!("{} {}: {why}", notice.address, notice.path))
}

/// Why something undeclared is kept.
pub fn reason(kept: KeptReason) -> &'static str {
    match kept {
        KeptReason::AwsManaged => "AWS itself made it",
        KeptReason::UnknownDeny => "it denies: an incident may be in progress",
    }
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
