//! Calls of a plan that the pipeline cannot make, and who can.

use std::collections::{BTreeMap, BTreeSet};

use super::Plan;
use crate::{
    model::Address,
    resource::{Hands, reserved},
};

/// The operations of a plan that are for other hands than the pipeline's, by resource and by whose.
/// The live policies decide: what is new is not guarded yet.
pub fn other_hands(plan: &Plan) -> BTreeMap<(Address, Hands), BTreeSet<&'static str>> {
    let mut found: BTreeMap<(Address, Hands), BTreeSet<&'static str>> = BTreeMap::new();
    for (address, step) in &plan.steps {
        for call in step.calls() {
            if let Some(hands) = reserved(&plan.before, address, call) {
                let operations = found.entry((address.clone(), hands)).or_default();
                operations.insert(call.api().operation);
            }
        }
    }
    found
}
