//! A plan applied in memory: the account that will be.

use super::Plan;
use crate::snapshot::{Origin, Snapshot, unlink};

/// The snapshot that executing the plan would lead to. Unread facets stay unread, and new
/// resources have an address without an id; what names a deleted role shows an id as AWS would.
pub fn predict(snapshot: &Snapshot, plan: &Plan) -> Snapshot {
    let mut predicted = snapshot.clone();
    predicted.origin = Origin::Predicted;
    for (address, step) in &plan.steps {
        step.calls()
            .for_each(|call| predicted.resources.apply(address, call));
    }
    for address in plan.steps.keys() {
        if predicted.resources.contains(address) {
            continue;
        }
        if let Some(gone) = predicted.ids.remove(address) {
            unlink(&mut predicted.resources, address, &gone);
        }
    }
    predicted
}
