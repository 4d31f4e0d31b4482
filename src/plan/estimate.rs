//! What a plan costs in calls and time, at the default request quotas.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Plan, Step};
use crate::resource::{Api, Call};

/// Calls and least time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Calls by API.
    pub calls: BTreeMap<Api, u32>,
    /// The least time in whole seconds under default quotas: APIs have separate buckets, so the
    /// slowest one decides.
    pub least_seconds: u64,
}

impl Estimate {
    /// The estimate of a plan.
    pub fn of(plan: &Plan) -> Self {
        let mut calls: BTreeMap<Api, u32> = BTreeMap::new();
        for call in plan.steps.values().flat_map(Step::calls).map(Call::api) {
            *calls.entry(call).or_default() += 1;
        }
        let least = calls
            .iter()
            .map(|(api, count)| api.least_seconds(*count))
            .fold(0.0, f64::max);
        Self {
            calls,
            least_seconds: least.ceil() as u64,
        }
    }

    /// All calls.
    pub fn total(&self) -> u32 {
        self.calls.values().sum()
    }
}
