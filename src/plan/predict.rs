//! A plan applied in memory: the account that will be.

use super::{Plan, Step};
use crate::snapshot::{Origin, Snapshot};

/// The snapshot that executing the plan would lead to. Unread facets stay unread, and new
/// resources have an address without an id.
pub fn predict(snapshot: &Snapshot, plan: &Plan) -> Snapshot {
    let mut predicted = snapshot.clone();
    predicted.origin = Origin::Predicted;
    for (address, step) in &plan.steps {
        step.calls()
            .for_each(|call| predicted.resources.apply(address, call));
    }
    predicted
        .ids
        .retain(|address, _| !is_deleted(plan.steps.get(address), address, &predicted.resources));
    predicted
}

fn is_deleted(
    step: Option<&Step>,
    address: &crate::model::Address,
    resources: &crate::resource::Resources,
) -> bool {
    step.is_some() && !resources.contains(address)
}
