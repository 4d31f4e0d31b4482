//! What a plan costs: by the prices that ship, or by a bank's own.

use std::path::Path;

use super::Failure;
use crate::{
    cost::{Estimate, Prices},
    desired::Desired,
    plan::{Plan, predict},
    report::cost::Cost,
    resource::Resources,
    snapshot::Snapshot,
};

/// The prices of a file, or those that ship.
///
/// # Errors
/// A file that cannot be read or holds no prices.
pub fn prices(file: Option<&Path>) -> Result<Prices, Failure> {
    let Some(path) = file else {
        return Prices::vendored().map_err(Failure::new);
    };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    let refuse = |why| Failure::new(format_args!("{}: {why}", path.display()));
    Prices::read(&text).map_err(refuse)
}

/// The monthly cost of what a plan leads to. What somebody else manages, somebody else pays.
pub fn of(plan: &Plan, snapshot: &Snapshot, desired: &Desired, prices: &Prices) -> Cost {
    let after = predict(snapshot, plan).resources;
    let (before, after) = (
        own(snapshot.resources.clone(), desired),
        own(after, desired),
    );
    Estimate::between(&before, &after, &snapshot.region, prices)
}

fn own(mut resources: Resources, desired: &Desired) -> Resources {
    for address in &desired.verified {
        resources.remove(address);
    }
    resources
}
