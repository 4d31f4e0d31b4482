//! Ways through other services: who may call whom, and whom that one may call. A packet needs no
//! such way, a request that a service passes on does; so they are told, and are no breach by
//! themselves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use crate::model::{Environment, ServiceName};

/// A way from one service to another that no direct one joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relay {
    /// The services in between, in order.
    pub through: Vec<ServiceName>,
    /// The first hop that nobody declared; none where every hop is a declared call.
    pub undeclared: Option<(ServiceName, ServiceName)>,
}

/// Who reaches whom at once.
#[derive(Debug, Default)]
pub(super) struct Graph {
    declared: BTreeMap<ServiceName, BTreeSet<ServiceName>>,
    all: BTreeMap<ServiceName, BTreeSet<ServiceName>>,
}

impl Graph {
    /// The declared calls, invocations of functions too, and other ways that are open.
    pub(super) fn of(
        environment: &Environment,
        open: impl IntoIterator<Item = (ServiceName, ServiceName)>,
    ) -> Self {
        let running = |name: &ServiceName| {
            let service = environment.services.get(name);
            service.is_some_and(|service| service.is_running())
        };
        let callers = environment.services.values();
        let declared: BTreeMap<ServiceName, BTreeSet<ServiceName>> = callers
            .filter(|service| service.is_running())
            .map(|service| {
                let callees = service.calls.iter().map(|call| call.service.clone());
                (service.name.clone(), callees.filter(running).collect())
            })
            .collect();
        let mut all = declared.clone();
        for (from, to) in open {
            all.entry(from).or_default().insert(to);
        }
        Self { declared, all }
    }

    /// The shortest ways from a service through others; declared ones win.
    pub(super) fn relays(&self, from: &ServiceName) -> BTreeMap<ServiceName, Relay> {
        let mut found = ways(&self.all, from);
        found.extend(ways(&self.declared, from));
        let direct = self.all.get(from);
        found.retain(|to, _| direct.is_none_or(|direct| !direct.contains(to)));
        found
            .into_iter()
            .map(|(to, through)| {
                let undeclared = self.undeclared(from, &through, &to);
                let relay = Relay {
                    through,
                    undeclared,
                };
                (to, relay)
            })
            .collect()
    }

    fn undeclared(
        &self,
        from: &ServiceName,
        through: &[ServiceName],
        to: &ServiceName,
    ) -> Option<(ServiceName, ServiceName)> {
        let starts = [from].into_iter().chain(through);
        let mut hops = starts.zip(through.iter().chain([to]));
        let declared = |from, to| {
            let calls: Option<&BTreeSet<ServiceName>> = self.declared.get(from);
            calls.is_some_and(|calls| calls.contains(to))
        };
        let hop = hops.find(|(from, to)| !declared(from, to));
        hop.map(|(from, to)| (from.clone(), to.clone()))
    }
}

/// The services in between on the shortest way to each other service.
fn ways(
    edges: &BTreeMap<ServiceName, BTreeSet<ServiceName>>,
    from: &ServiceName,
) -> BTreeMap<ServiceName, Vec<ServiceName>> {
    let mut before: BTreeMap<&ServiceName, &ServiceName> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(service) = queue.pop_front() {
        for next in edges.get(service).into_iter().flatten() {
            if next != from && !before.contains_key(next) {
                before.insert(next, service);
                queue.push_back(next);
            }
        }
    }
    let through = |to: &ServiceName| {
        let back = std::iter::successors(before.get(to), |service| before.get(**service));
        let mut services: Vec<ServiceName> = back
            .take_while(|service| **service != from)
            .map(|service| (*service).clone())
            .collect();
        services.reverse();
        services
    };
    before
        .keys()
        .map(|to| ((*to).clone(), through(to)))
        .collect()
}
