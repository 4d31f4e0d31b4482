//! A plan as a file: what was read and what is wanted, sealed by a digest.
//! Steps are computed again from both, so the file cannot say one thing and do another.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Plan, SCHEMA, Step, Verified, digest, quota::Demand, step};
use crate::{
    model::{AccountId, Address, EnvironmentName, Region, ServiceName},
    resource::{FieldChange, Kind, Resources, Visitor, field::differences},
    snapshot::Snapshot,
};

/// A saved plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    /// Name and version of this format.
    pub schema: String,
    /// What the digest covers.
    pub body: Body,
    /// SHA-256 of the canonical JSON of the body, hex.
    pub digest: String,
}

/// What the digest covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Version of the tool that planned.
    pub tool: String,
    /// The environment.
    pub environment: EnvironmentName,
    /// Its account.
    pub account: AccountId,
    /// Its Region.
    pub region: Region,
    /// Digest of the resolved specification.
    pub specification: String,
    /// What was there, of all that is touched.
    pub before: Resources,
    /// What is wanted, of all that is touched.
    pub after: Resources,
    /// The services of the touched resources.
    pub owners: BTreeMap<Address, ServiceName>,
}

/// Why a saved plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedPlanError {
    /// Not a plan, or one of another version.
    #[error("this is no saved plan of this version ({SCHEMA}): {0}")]
    Malformed(String),
    /// Somebody changed the file.
    #[error(
        "the plan was changed after it was saved, so nothing was done: its digest is {actual}, not \
         {expected}; plan again"
    )]
    Digest {
        /// The digest in the file.
        expected: String,
        /// The digest of what the file holds.
        actual: String,
    },
}

/// The first thing that moved between planning and applying.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale {
    /// The resource.
    pub address: Address,
    /// What happened to it.
    pub moved: Moved,
}

/// What happened to a resource between planning and applying.
#[derive(Debug, Clone, PartialEq)]
pub enum Moved {
    /// It was not there when the plan was made.
    Appeared,
    /// It is not there any more.
    Vanished,
    /// The first field that differs: as it was read then, and as it is now.
    Changed(FieldChange),
}

impl SavedPlan {
    /// Seals a plan.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub fn seal(
        plan: &Plan,
        snapshot: &Snapshot,
        specification: String,
    ) -> Result<Self, SavedPlanError> {
        let owners = plan
            .steps
            .iter()
            .filter_map(|(address, step)| Some((address.clone(), step.service.clone()?)));
        let body = Body {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            environment: snapshot.environment.clone(),
            account: snapshot.account.clone(),
            region: snapshot.region.clone(),
            specification,
            before: plan.before.clone(),
            after: plan.after.clone(),
            owners: owners.collect(),
        };
        Ok(Self {
            schema: SCHEMA.to_owned(),
            digest: digest_of(&body)?,
            body,
        })
    }

    /// Reads a saved plan and checks its seal.
    ///
    /// # Errors
    /// A file that is no plan, or that was changed.
    pub fn open(text: &str) -> Result<Self, SavedPlanError> {
        let saved: Self = serde_json::from_str(text)
            .map_err(|error| SavedPlanError::Malformed(error.to_string()))?;
        if saved.schema != SCHEMA {
            return Err(SavedPlanError::Malformed(format!(
                "its schema is {}",
                saved.schema
            )));
        }
        let actual = digest_of(&saved.body)?;
        if actual == saved.digest {
            Ok(saved)
        } else {
            Err(SavedPlanError::Digest {
                expected: saved.digest,
                actual,
            })
        }
    }

    /// The plan, with its steps computed again, if nothing that it touches has moved.
    ///
    /// # Errors
    /// The first difference between what was read then and what is there now.
    pub fn against(&self, live: &Snapshot) -> Result<Plan, Box<Stale>> {
        let Body {
            before,
            after,
            owners,
            ..
        } = &self.body;
        let mut check = Freshness {
            before,
            after,
            live: &live.resources,
            stale: None,
        };
        Resources::each_kind(&mut check);
        match check.stale {
            Some(stale) => Err(Box::new(stale)),
            None => Ok(self.replanned(live, step::between(before, after, owners))),
        }
    }

    fn replanned(&self, live: &Snapshot, steps: BTreeMap<Address, Step>) -> Plan {
        let Body { before, after, .. } = &self.body;
        let demand = Demand {
            steps: &steps,
            before,
            after,
            snapshot: live,
        };
        Plan {
            exceeded: demand.exceeded(),
            steps,
            before: before.clone(),
            after: after.clone(),
            kept: Vec::new(),
            unread: Vec::new(),
            conflicts: live.conflicts.clone(),
            verified: Verified::default(),
            retained: BTreeSet::new(),
            missing: BTreeSet::new(),
            foreign: BTreeSet::new(),
        }
    }
}

fn digest_of(body: &Body) -> Result<String, SavedPlanError> {
    digest::canonical(body).map_err(|error| SavedPlanError::Malformed(error.to_string()))
}

struct Freshness<'a> {
    before: &'a Resources,
    after: &'a Resources,
    live: &'a Resources,
    stale: Option<Stale>,
}

impl Visitor for Freshness<'_> {
    fn visit<K: Kind>(&mut self) {
        let (before, after) = (K::table(self.before), K::table(self.after));
        let live = K::table(self.live);
        for name in before.keys().chain(after.keys()) {
            let moved = moved(before.get(name), live.get(name));
            if let (None, Some(moved)) = (&self.stale, moved) {
                self.stale = Some(Stale {
                    address: Address::new(K::NAME, name.as_str()),
                    moved,
                });
            }
        }
    }
}

fn moved<K: Kind>(before: Option<&K>, live: Option<&K>) -> Option<Moved> {
    match (before, live) {
        (None, None) => None,
        (None, Some(_)) => Some(Moved::Appeared),
        (Some(_), None) => Some(Moved::Vanished),
        (Some(before), Some(live)) => {
            let first = differences(&step::json(before), &step::json(live))
                .into_iter()
                .next();
            first.map(Moved::Changed)
        }
    }
}
