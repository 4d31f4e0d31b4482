//! Executes a plan: in order, concurrently where independent, as far as it gets.
//! A failure stops only what depends on it; running again converges.

mod retry;

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream::FuturesUnordered};
use tokio::sync::watch;

use crate::{
    account::{Account, CallError, CallErrorKind},
    model::Address,
    plan::{CycleError, Node, Plan, Work, order},
    resource::Call,
    snapshot::{Ids, PhysicalId},
};

/// Nodes that are worked on at the same time; the account paces each API by itself.
const CONCURRENT: usize = 16;

/// What became of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Work that was done.
    pub done: BTreeSet<Node>,
    /// Work that failed, with why.
    pub failed: BTreeMap<Node, CallError>,
    /// Work that AWS has not finished yet, with what it says: run again, later.
    pub pending: BTreeMap<Node, CallError>,
    /// Work that was not begun, with the work that it waited for.
    pub skipped: BTreeMap<Node, Node>,
    /// Work that was not begun because somebody interrupted.
    pub interrupted: BTreeSet<Node>,
    /// Calls sent, retries included.
    pub calls: u64,
    /// Physical ids after it all.
    pub ids: Ids,
}

impl Outcome {
    /// Whether everything was done.
    pub fn complete(&self) -> bool {
        let Self {
            failed,
            pending,
            skipped,
            interrupted,
            ..
        } = self;
        failed.is_empty() && pending.is_empty() && skipped.is_empty() && interrupted.is_empty()
    }
}

/// What a caller is told while a plan is executed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event<'a> {
    /// A node begins.
    Started(&'a Node),
    /// A node is done.
    Done(&'a Node),
    /// A node failed.
    Failed(&'a Node, &'a CallError),
    /// AWS has not finished what a node asks for.
    Pending(&'a Node, &'a CallError),
}

/// Executes a plan. When `stop` turns true nothing new begins, and what is under way is finished.
///
/// # Errors
/// A cycle among the create calls; nothing was sent then.
pub async fn execute<A: Account>(
    account: &A,
    plan: &Plan,
    ids: Ids,
    stop: watch::Receiver<bool>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, CycleError> {
    let mut run = Run::new(order(plan)?, ids);
    let mut under_way = FuturesUnordered::new();
    loop {
        while under_way.len() < CONCURRENT && !*stop.borrow() {
            let Some((node, work)) = run.next() else {
                break;
            };
            tell(Event::Started(&node));
            let ids = run.ids_for(plan, &node);
            under_way.push(send_all(account, node, work, ids));
        }
        let Some(finished) = under_way.next().await else {
            break;
        };
        run.finish(finished, tell);
    }
    Ok(run.end())
}

/// Sends one call outside of any plan, as patiently as those of a plan.
///
/// # Errors
/// What the account answers in the end.
pub async fn send<A: Account>(
    account: &A,
    address: &Address,
    call: &Call,
    ids: &Ids,
) -> Result<Option<PhysicalId>, CallError> {
    retry::send(account, address, call, ids, &mut 0).await
}

/// A node that ran: its new id, or why it failed, and how many calls it took.
struct Finished {
    node: Node,
    result: Result<Option<PhysicalId>, CallError>,
    calls: u64,
}

async fn send_all<A: Account>(account: &A, node: Node, work: Work<'_>, mut ids: Ids) -> Finished {
    let mut calls = 0;
    let mut created = None;
    for call in work.calls {
        let sent = retry::send(account, &node.address, call, &ids, &mut calls).await;
        match sent {
            Ok(Some(id)) => {
                ids.insert(node.address.clone(), id.clone());
                created = Some(id);
            }
            Ok(None) => {}
            Err(error) => {
                return Finished {
                    node,
                    result: Err(error),
                    calls,
                };
            }
        }
    }
    Finished {
        node,
        result: Ok(created),
        calls,
    }
}

/// The state of an execution: what waits for what.
struct Run<'a> {
    waiting: BTreeMap<Node, Work<'a>>,
    ready: BTreeSet<Node>,
    dependents: BTreeMap<Node, Vec<Node>>,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    fn new(work: BTreeMap<Node, Work<'a>>, ids: Ids) -> Self {
        let mut dependents: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (node, item) in &work {
            for needed in &item.after {
                dependents
                    .entry(needed.clone())
                    .or_default()
                    .push(node.clone());
            }
        }
        let free = work.iter().filter(|(_, item)| item.after.is_empty());
        Self {
            ready: free.map(|(node, _)| node.clone()).collect(),
            waiting: work,
            dependents,
            outcome: Outcome {
                ids,
                ..Outcome::default()
            },
        }
    }

    fn next(&mut self) -> Option<(Node, Work<'a>)> {
        let node = self.ready.pop_first()?;
        let work = self.waiting.remove(&node)?;
        Some((node, work))
    }

    /// The ids that the node's calls can name: its own and those of its references.
    fn ids_for(&self, plan: &Plan, node: &Node) -> Ids {
        let mut named = plan.after.references(&node.address);
        named.extend(plan.before.references(&node.address));
        named.insert(node.address.clone());
        let known =
            |address: Address| Some((address.clone(), self.outcome.ids.get(&address)?.clone()));
        named.into_iter().filter_map(known).collect()
    }

    fn finish(&mut self, finished: Finished, tell: &mut dyn FnMut(Event<'_>)) {
        let Finished {
            node,
            result,
            calls,
        } = finished;
        self.outcome.calls += calls;
        match result {
            Ok(created) => {
                tell(Event::Done(&node));
                if let Some(id) = created {
                    self.outcome.ids.insert(node.address.clone(), id);
                }
                self.release(&node);
                self.outcome.done.insert(node);
            }
            Err(error) if error.kind == CallErrorKind::Pending => {
                tell(Event::Pending(&node, &error));
                self.skip(&node);
                self.outcome.pending.insert(node, error);
            }
            Err(error) => {
                tell(Event::Failed(&node, &error));
                self.skip(&node);
                self.outcome.failed.insert(node, error);
            }
        }
    }

    fn release(&mut self, done: &Node) {
        for dependent in self.dependents.remove(done).unwrap_or_default() {
            if let Some(work) = self.waiting.get_mut(&dependent) {
                work.after.remove(done);
                if work.after.is_empty() {
                    self.ready.insert(dependent);
                }
            }
        }
    }

    /// What waited for a failure is not begun, nor what waited for that.
    fn skip(&mut self, failed: &Node) {
        let mut lost = vec![failed.clone()];
        while let Some(node) = lost.pop() {
            for dependent in self.dependents.remove(&node).unwrap_or_default() {
                if self.waiting.remove(&dependent).is_some() {
                    self.ready.remove(&dependent);
                    self.outcome
                        .skipped
                        .insert(dependent.clone(), failed.clone());
                    lost.push(dependent);
                }
            }
        }
    }

    fn end(mut self) -> Outcome {
        self.outcome.interrupted = self.waiting.into_keys().collect();
        self.outcome
    }
}
