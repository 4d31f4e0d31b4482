//! First, do no harm: what widens access or destroys something needs a consent of its own.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Action, Excess, Plan, Step};
use crate::{
    model::{Address, KindName, LockMode},
    resource::{Direction, FieldChange, Resources},
    snapshot::Conflict,
};

/// How many fields of a harm are named; the rest is counted.
const NAMED: usize = 2;

/// One harmful change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Harm {
    /// What kind of harm.
    pub kind: HarmKind,
    /// The resource.
    pub address: Address,
    /// What happens to it, for people.
    pub what: String,
}

/// The kinds of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HarmKind {
    /// Something that exists would be allowed more: `--allow-widen`.
    Widens,
    /// Something would be lost: `--allow-destroy`.
    Destroys,
    /// Something would be so that nobody can undo it: the environment's name, `--confirm`.
    Locks,
}

/// Which harms the caller agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// Agreed widenings.
    pub widen: Agreed,
    /// Agreed losses.
    pub destroy: Agreed,
    /// Whether the environment was named to what nobody can undo.
    pub lock: bool,
}

/// What was agreed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Agreed {
    /// Nothing.
    #[default]
    Nothing,
    /// Changes of these resources.
    These(BTreeSet<Address>),
    /// Everything in the plan.
    Everything,
}

impl Agreed {
    fn covers(&self, address: &Address) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(addresses) => addresses.contains(address),
            Self::Everything => true,
        }
    }
}

impl Consent {
    /// Consent to everything, for an account that is made to be broken.
    pub fn everything() -> Self {
        Self {
            widen: Agreed::Everything,
            destroy: Agreed::Everything,
            lock: true,
        }
    }

    fn covers(&self, harm: &Harm) -> bool {
        match harm.kind {
            HarmKind::Widens => self.widen.covers(&harm.address),
            HarmKind::Destroys => self.destroy.covers(&harm.address),
            HarmKind::Locks => self.lock,
        }
    }
}

/// Why a plan is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Harms without consent.
    Harms(Vec<Harm>),
    /// Resources whose owner is in doubt.
    Conflicts(Vec<Conflict>),
    /// What must be there first.
    Missing(BTreeSet<Address>),
    /// Quotas that would be exceeded.
    Quotas(Vec<Excess>),
    /// Immutable fields that differ.
    Replacements(Vec<Harm>),
}

/// Lets a plan pass, or says why not.
///
/// # Errors
/// The first class of reasons that there is, complete.
pub fn guard(plan: &Plan, consent: &Consent) -> Result<(), Refusal> {
    if !plan.conflicts.is_empty() {
        return Err(Refusal::Conflicts(plan.conflicts.clone()));
    }
    if !plan.missing.is_empty() {
        return Err(Refusal::Missing(plan.missing.clone()));
    }
    if !plan.exceeded.is_empty() {
        return Err(Refusal::Quotas(plan.exceeded.clone()));
    }
    let replacements = replacements(plan);
    if !replacements.is_empty() {
        return Err(Refusal::Replacements(replacements));
    }
    let mut harms = harms(plan);
    harms.retain(|harm| !consent.covers(harm));
    if harms.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Harms(harms))
    }
}

/// Every harm of a plan, sorted.
pub fn harms(plan: &Plan) -> Vec<Harm> {
    let mut harms: Vec<Harm> = plan
        .steps
        .iter()
        .flat_map(|(address, step)| {
            widening(plan, address, step)
                .into_iter()
                .chain(losses(address, step))
                .chain(lock(plan, address))
        })
        .collect();
    harms.sort();
    harms
}

/// A new resource is declared access; it widens only where it opens something that exists.
fn widening(plan: &Plan, address: &Address, step: &Step) -> Option<Harm> {
    let what = match step.action {
        Action::Create if address.kind == KindName::SecurityGroupRule && opens(plan, address) => {
            "a rule on a group that exists".to_owned()
        }
        Action::Update => {
            let fields = fields(step, |change| change.direction == Direction::AccessWidened);
            (!fields.is_empty()).then_some(fields)?
        }
        _ => return None,
    };
    Some(Harm {
        kind: HarmKind::Widens,
        address: address.clone(),
        what,
    })
}

fn opens(plan: &Plan, rule: &Address) -> bool {
    let rule = plan.after.security_group_rule.get(&rule.name);
    let group = rule.and_then(|rule| rule.group.address());
    group.is_some_and(|group| {
        plan.steps
            .get(group)
            .is_none_or(|step| step.action != Action::Create)
    })
}

fn losses(address: &Address, step: &Step) -> Option<Harm> {
    let what = match (step.action, address.kind) {
        (Action::Delete, kind) => Resources::profile(kind).loss?.to_owned(),
        (Action::Update, _) => {
            let fields = fields(step, loses);
            (!fields.is_empty()).then_some(fields)?
        }
        _ => return None,
    };
    Some(Harm {
        kind: HarmKind::Destroys,
        address: address.clone(),
        what,
    })
}

/// Objects under a COMPLIANCE lock cannot be deleted by anybody, root and AWS included.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>
fn lock(plan: &Plan, address: &Address) -> Option<Harm> {
    let days = |resources: &Resources| {
        let buckets = Some(&resources.s3_bucket).filter(|_| address.kind == KindName::S3Bucket);
        let retention = buckets?.get(&address.name)?.retention.known()?;
        (retention.mode == Some(LockMode::Compliance)).then_some(retention.days)
    };
    let (before, after) = (days(&plan.before), days(&plan.after)?);
    (before < Some(after)).then(|| Harm {
        kind: HarmKind::Locks,
        address: address.clone(),
        what: format!("COMPLIANCE lock: what is written stays for {after} days, whoever asks"),
    })
}

/// Shorter retention deletes events; a revoked grant cuts off whoever holds it.
fn loses(change: &FieldChange) -> bool {
    match change.path.field() {
        "retention_days" | "retention" | "lifecycle" => {
            change.direction == Direction::LoggingWeakened
        }
        "grants" => change.after.is_none(),
        _ => false,
    }
}

/// The paths of the harmful changes. A policy has many; the steps of the plan hold them all.
fn fields(step: &Step, harmful: impl Fn(&FieldChange) -> bool) -> String {
    let paths: BTreeSet<String> = step
        .changes
        .iter()
        .filter(|change| harmful(change))
        .map(|change| change.path.to_string())
        .collect();
    let named: Vec<&str> = paths.iter().take(NAMED).map(String::as_str).collect();
    let named = named.join(", ");
    match paths.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn replacements(plan: &Plan) -> Vec<Harm> {
    plan.steps
        .iter()
        .filter(|(_, step)| step.action == Action::Replace)
        .map(|(address, step)| Harm {
            kind: HarmKind::Destroys,
            address: address.clone(),
            what: fields(step, |change| change.direction != Direction::AccessNarrowed),
        })
        .collect()
}
