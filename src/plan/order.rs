//! The order of calls: nodes of (address, phase) and what each waits for.
//!
//! Resources refer to each other in cycles (role and key, group and group), their create calls
//! do not; later calls wait for the creation of all that they name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Action, Plan, Step};
use crate::{model::Address, resource::Call};

/// One unit of work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Node {
    /// The resource.
    pub address: Address,
    /// Which of its calls.
    pub phase: Phase,
}

/// The phases of a resource's life in one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The create call.
    Create,
    /// Later calls, which may name anything that exists by then.
    Settle,
    /// The deletion, backwards.
    Delete,
}

/// The calls of a node, and the nodes that must be done before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Work<'a> {
    /// The plan's calls, in order.
    pub calls: Vec<&'a Call>,
    /// What it waits for.
    pub after: BTreeSet<Node>,
}

/// Create calls that wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these resources need each other to be created: {}", members(.0))]
pub struct CycleError(pub Vec<Node>);

fn members(nodes: &[Node]) -> String {
    let names: Vec<String> = nodes.iter().map(|node| node.address.to_string()).collect();
    names.join(", ")
}

/// The work of a plan.
///
/// # Errors
/// A cycle, with its members.
pub fn order(plan: &Plan) -> Result<BTreeMap<Node, Work<'_>>, CycleError> {
    let mut work: BTreeMap<Node, Work<'_>> = plan
        .steps
        .iter()
        .flat_map(|(address, step)| nodes(address, step))
        .collect();
    let known: BTreeSet<Node> = work.keys().cloned().collect();
    let blockers = deletion_blockers(plan);
    for (node, item) in &mut work {
        let mut after = match node.phase {
            Phase::Create => before_create(plan, &node.address),
            Phase::Settle => before_settle(plan, &node.address),
            Phase::Delete => blockers.get(&node.address).cloned().unwrap_or_default(),
        };
        after.retain(|other| other != node && known.contains(other));
        item.after = after;
    }
    acyclic(&work).map(|()| work)
}

fn nodes<'a>(address: &'a Address, step: &'a Step) -> impl Iterator<Item = (Node, Work<'a>)> {
    let phases = [
        (Phase::Create, &step.create),
        (Phase::Settle, &step.settle),
        (Phase::Delete, &step.delete),
    ];
    phases
        .into_iter()
        .filter(|(_, calls)| !calls.is_empty())
        .map(|(phase, calls)| {
            let node = Node {
                address: address.clone(),
                phase,
            };
            (
                node,
                Work {
                    calls: calls.iter().collect(),
                    after: BTreeSet::new(),
                },
            )
        })
}

fn at(address: &Address, phase: Phase) -> Node {
    Node {
        address: address.clone(),
        phase,
    }
}

/// What a create call needs must exist, and must be repaired where it exists already.
fn before_create(plan: &Plan, address: &Address) -> BTreeSet<Node> {
    let needed = plan.after.create_needs(address).into_iter().map(|needed| {
        match plan.steps.get(&needed).map(|step| step.action) {
            Some(Action::Update) => at(&needed, Phase::Settle),
            _ => at(&needed, Phase::Create),
        }
    });
    let waited = plan.after.create_waits(address).into_iter();
    let settled = waited.map(|waited| at(&waited, Phase::Settle));
    needed.chain(settled).collect()
}

fn before_settle(plan: &Plan, address: &Address) -> BTreeSet<Node> {
    let named = plan.after.references(address);
    let created = named
        .iter()
        .chain([address])
        .map(|needed| at(needed, Phase::Create));
    let waited = plan.after.settle_waits(address).into_iter();
    created
        .chain(waited.map(|waited| at(&waited, Phase::Settle)))
        .collect()
}

/// What each deletion waits for: a resource goes after all that needed it, and after the policies
/// that named it are rewritten, for a policy that names a deleted role shows an id that nobody
/// can resolve.
fn deletion_blockers(plan: &Plan) -> BTreeMap<Address, BTreeSet<Node>> {
    let mut blockers: BTreeMap<Address, BTreeSet<Node>> = BTreeMap::new();
    for other in plan.before.addresses() {
        let (needed, blocker) = if plan.after.contains(&other) {
            (plan.before.references(&other), at(&other, Phase::Settle))
        } else {
            (plan.before.create_needs(&other), at(&other, Phase::Delete))
        };
        for address in needed {
            blockers.entry(address).or_default().insert(blocker.clone());
        }
    }
    blockers
}

/// Takes away what waits for nothing until nothing is left, or only what waits for a cycle.
fn acyclic(work: &BTreeMap<Node, Work<'_>>) -> Result<(), CycleError> {
    let mut waiting: BTreeMap<&Node, usize> = work
        .iter()
        .map(|(node, item)| (node, item.after.len()))
        .collect();
    let mut dependents: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
    for (node, item) in work {
        for needed in &item.after {
            dependents.entry(needed).or_default().push(node);
        }
    }
    let mut free: Vec<&Node> = ready(&waiting);
    while let Some(node) = free.pop() {
        waiting.remove(node);
        for dependent in dependents.remove(node).unwrap_or_default() {
            if let Some(count) = waiting.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    free.push(dependent);
                }
            }
        }
    }
    if waiting.is_empty() {
        Ok(())
    } else {
        Err(CycleError(cycle(waiting.into_keys().collect(), work)))
    }
}

/// Of what cannot begin, that which something else in the circle waits for: the rest only waits.
fn cycle(mut stuck: BTreeSet<&Node>, work: &BTreeMap<Node, Work<'_>>) -> Vec<Node> {
    loop {
        let needed: BTreeSet<&Node> = stuck
            .iter()
            .filter_map(|node| work.get(*node))
            .flat_map(|item| &item.after)
            .collect();
        let before = stuck.len();
        stuck.retain(|node| needed.contains(node));
        if stuck.len() == before {
            return stuck.into_iter().cloned().collect();
        }
    }
}

fn ready<'a>(waiting: &BTreeMap<&'a Node, usize>) -> Vec<&'a Node> {
    waiting
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(node, _)| *node)
        .collect()
}
