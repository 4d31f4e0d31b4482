//! Whether the parts of an environment fit together: one small function a question.
//! Problems name paths of the merged document; nothing here reads a file.

mod access;
mod calls;
mod docs;
mod managed;
mod names;
mod network;
mod principals;
mod retention;
mod stores;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::Draft;
use crate::model::{Environment, FrameworkId, Service, ServiceName};

pub(super) use access::access_problems;

/// The services that could be resolved, among all that are declared.
pub(super) struct Declared<'s> {
    /// Those that could be resolved.
    pub services: &'s BTreeMap<ServiceName, Service>,
    /// The names of all, so that a broken file does not make its callers wrong.
    pub known: &'s BTreeSet<String>,
}

/// What can be asked of the services alone.
pub(super) fn services(declared: &Declared<'_>) -> Vec<Draft> {
    let checks: [fn(&Declared<'_>) -> Vec<Draft>; 8] = [
        calls::calls,
        calls::duplicates,
        docs::links,
        managed::managed,
        network::listeners,
        network::open,
        stores::stores,
        workloads::workloads,
    ];
    checks.iter().flat_map(|check| check(declared)).collect()
}

/// What needs the environment too; `own` are the frameworks that the bank brings itself.
pub(super) fn environment(environment: &Environment, own: &BTreeSet<FrameworkId>) -> Vec<Draft> {
    let checks: &[fn(&Environment) -> Vec<Draft>] = &[
        names::too_long,
        names::collisions,
        names::reserved,
        network::size,
        network::subnets,
        network::lambda_interfaces,
        network::inside,
        principals::roles,
        principals::duties,
        retention::conflicts,
    ];
    let answers = checks.iter().flat_map(|check| check(environment));
    answers
        .chain(principals::frameworks(environment, own))
        .chain(access_problems(environment))
        .collect()
}
