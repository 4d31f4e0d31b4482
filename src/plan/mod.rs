//! The difference between what is wanted and what is there, as a value.
//! A plan holds no writer and makes no call; drift is a plan that nobody applies.

mod compare;
mod digest;
mod estimate;
mod guard;
mod hands;
mod order;
mod predict;
mod quota;
mod saved;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use compare::compare;
pub use estimate::Estimate;
pub use guard::{Agreed, Consent, Harm, HarmKind, Refusal, guard, harms};
pub use hands::other_hands;
pub use order::{CycleError, Node, Phase, Work, order};
pub use predict::predict;
pub use quota::Excess;
pub use saved::{Moved, SavedPlan, SavedPlanError, Stale};

use crate::{
    model::{Address, KindName, ServiceName},
    resource::{Call, Direction, FieldChange, KeptReason, Resources, Unread},
    snapshot::Conflict,
};

/// The schema of the serialised plan.
pub const SCHEMA: &str = "strongroom/plan/v1";

/// What would be done, resource by resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What is there now, of all that is touched.
    pub before: Resources,
    /// What will be there, of all that is touched.
    pub after: Resources,
    /// One step for each resource that changes.
    pub steps: BTreeMap<Address, Step>,
    /// What the specification does not declare and what is kept all the same.
    pub kept: Vec<Notice>,
    /// What could not be read; nothing is done about it.
    pub unread: Vec<Gap>,
    /// Resources whose owner is in doubt.
    pub conflicts: Vec<Conflict>,
    /// What somebody else manages and is not as it should be; nothing is done about it.
    pub verified: Verified,
    /// Keys that wait for their deletion.
    pub retained: BTreeSet<Address>,
    /// What must be there before anything else, is not provisioned here, and was not found.
    pub missing: BTreeSet<Address>,
    /// Quotas of the account that it would exceed; nothing is done then.
    pub exceeded: Vec<Excess>,
    /// What other services own and a plan for one service touches all the same.
    pub foreign: BTreeSet<Address>,
}

/// What somebody else manages and is not as the specification wants it: steps without calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Verified {
    /// What should be different.
    pub findings: BTreeMap<Address, Step>,
    /// The same from the other side: what happened to what should be.
    #[serde(skip)]
    pub drift: BTreeMap<Address, Step>,
}

impl Verified {
    fn between(
        before: &Resources,
        after: &Resources,
        owners: &BTreeMap<Address, ServiceName>,
    ) -> Self {
        Self {
            findings: without_calls(step::between(before, after, owners)),
            drift: without_calls(step::between(after, before, owners)),
        }
    }

    fn retain(&mut self, keep: impl Fn(&Address) -> bool) {
        self.findings.retain(|address, _| keep(address));
        self.drift.retain(|address, _| keep(address));
    }
}

fn without_calls(mut steps: BTreeMap<Address, Step>) -> BTreeMap<Address, Step> {
    for step in steps.values_mut() {
        step.create.clear();
        step.settle.clear();
        step.delete.clear();
    }
    steps
}

/// What happens to one resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Create, update, replace or delete.
    pub action: Action,
    /// The service that it belongs to; none for the environment's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// The worst direction of its changes.
    pub direction: Direction,
    /// Every field that changes.
    pub changes: Vec<FieldChange>,
    /// The create call.
    #[serde(skip)]
    pub create: Vec<Call>,
    /// The calls that need other resources to exist.
    #[serde(skip)]
    pub settle: Vec<Call>,
    /// The calls that delete it.
    #[serde(skip)]
    pub delete: Vec<Call>,
}

impl Step {
    /// All calls, in order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.delete.iter().chain(&self.create).chain(&self.settle)
    }
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// `+`
    Create,
    /// `~`
    Update,
    /// `-/+`: an immutable field differs. Never done silently: it is shown, and refused.
    Replace,
    /// `-`
    Delete,
}

impl Action {
    /// The sign that people know from other tools.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "-/+",
            Self::Delete => "-",
        }
    }
}

/// Something undeclared that is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Notice {
    /// The resource.
    pub address: Address,
    /// The path of the part that is kept.
    pub path: String,
    /// Why.
    pub reason: KeptReason,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// The resource.
    pub address: Address,
    /// The unread field; empty where the whole resource is unknown.
    pub path: String,
    /// Why.
    pub why: Unread,
}

impl Plan {
    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How many steps there are of an action.
    pub fn count(&self, action: Action) -> usize {
        self.steps
            .values()
            .filter(|step| step.action == action)
            .count()
    }

    /// The plan from the other side: what happened to what was wanted. A step creates what nobody
    /// declared and deletes what is missing; its directions are those of what happened.
    pub fn drift(&self) -> BTreeMap<Address, Step> {
        let mut steps = self.own_drift();
        steps.extend(self.verified.drift.clone());
        steps
    }

    /// The drift of what is provisioned here; what somebody else manages is left out.
    pub fn own_drift(&self) -> BTreeMap<Address, Step> {
        let owners = self
            .steps
            .iter()
            .filter_map(|(address, step)| Some((address.clone(), step.service.clone()?)));
        let mut steps = step::between(&self.after, &self.before, &owners.collect());
        steps.retain(|address, _| self.steps.contains_key(address));
        steps
    }

    /// Only the steps of one service and of what it waits for. What belongs to others, a group
    /// that gets a rule for one, is listed.
    pub fn only(mut self, service: &ServiceName, owners: &BTreeMap<Address, ServiceName>) -> Self {
        let chosen = self.chosen(service);
        self.steps.retain(|address, _| chosen.contains(address));
        self.kept
            .retain(|notice| owners.get(&notice.address) == Some(service));
        self.verified
            .retain(|address| owners.get(address) == Some(service));
        self.unread
            .retain(|gap| owners.get(&gap.address) == Some(service));
        let exceeded = std::mem::take(&mut self.exceeded).into_iter();
        self.exceeded = exceeded
            .filter_map(|excess| quota::within(excess, &self.steps, &self.after))
            .collect();
        self.foreign = self.touched(&chosen);
        self.foreign
            .retain(|address| owners.get(address).is_some_and(|owner| owner != service));
        self
    }

    /// The chosen resources, and the groups that their rules belong to.
    fn touched(&self, chosen: &BTreeSet<Address>) -> BTreeSet<Address> {
        let rules = chosen.iter().filter_map(|address| {
            let tables = [
                &self.after.security_group_rule,
                &self.before.security_group_rule,
            ];
            let rule = tables
                .into_iter()
                .find_map(|table| table.get(&address.name));
            rule.filter(|_| address.kind == KindName::SecurityGroupRule)
        });
        let groups = rules.filter_map(|rule| rule.group.address().cloned());
        chosen.iter().cloned().chain(groups).collect()
    }

    /// The service's steps with everything that they wait for.
    fn chosen(&self, service: &ServiceName) -> BTreeSet<Address> {
        let mut chosen: BTreeSet<Address> = self
            .steps
            .iter()
            .filter(|(_, step)| step.service.as_ref() == Some(service))
            .map(|(address, _)| address.clone())
            .collect();
        let mut frontier: Vec<Address> = chosen.iter().cloned().collect();
        while let Some(address) = frontier.pop() {
            for needed in self.after.references(&address) {
                if self.steps.contains_key(&needed) && chosen.insert(needed.clone()) {
                    frontier.push(needed);
                }
            }
        }
        chosen
    }
}
