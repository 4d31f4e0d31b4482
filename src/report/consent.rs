//! What a plan needs consent for, why it is refused, and what to say or do instead.

use std::fmt;

use super::{
    notices::{conflict, excess},
    text::{safe, section, value},
};
use crate::plan::{Harm, HarmKind, Moved, Plan, Refusal, Stale, harms};

/// The consents that applying a plan needs, as they are said on the command line.
pub fn needed(out: &mut String, plan: &Plan) -> fmt::Result {
    let lines = harms(plan).into_iter().map(|harm| consent(&harm));
    section(out, "Applying needs consent", lines)
}

fn consent(harm: &Harm) -> String {
    let Harm { address, what, .. } = harm;
    match harm.kind {
        HarmKind::Widens => safe(format_args!("--allow-widen={address}  {what}")),
        HarmKind::Destroys => safe(format_args!("--allow-destroy={address}  {what}")),
        HarmKind::Locks => safe(format_args!("--confirm=ENVIRONMENT  {address}  {what}")),
    }
}

/// Why a plan is not applied, each reason named.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Conflicts(conflicts) => listed(
            "nothing is changed while ownership is in doubt; correct the name or the tag of",
            conflicts.iter().map(conflict),
        ),
        Refusal::Missing(addresses) => listed(
            "nothing was done: somebody else makes this, and it must be there first; correct its \
             name in the specification, or have it made",
            addresses.iter().map(safe),
        ),
        Refusal::Quotas(exceeded) => listed(
            "nothing was done: the account may not have so much; have these quotas raised in \
             Service Quotas, or declare less",
            exceeded.iter().map(excess),
        ),
        Refusal::Replacements(harms) => listed(
            "AWS cannot change these fields in place, and nothing is replaced silently; declare \
             the resource under a new name, move to it, then retire the old one",
            harms
                .iter()
                .map(|harm| safe(format_args!("{}: {}", harm.address, harm.what))),
        ),
        Refusal::Harms(harms) => listed(
            "nothing was done: these changes need your consent, one by one, or all of a kind with \
             the bare flag",
            harms.iter().map(consent),
        ),
    }
}

fn listed(heading: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("\n  {line}")).collect();
    format!("{heading}:{}", lines.concat())
}

/// The first thing that moved since a plan was saved.
pub fn stale(stale: &Stale) -> String {
    let address = safe(&stale.address);
    let what = match &stale.moved {
        Moved::Appeared => format!("{address} is there now, and was not then"),
        Moved::Vanished => format!("{address} is gone"),
        Moved::Changed(change) => format!(
            "{address} {} was {}, and is {} now",
            safe(&change.path),
            value(change.before.as_ref()),
            value(change.after.as_ref())
        ),
    };
    format!("the account has moved since the plan was saved: {what}; nothing was done, plan again")
}
