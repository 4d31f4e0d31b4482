//! The embedded sandbox: an account that is a value, with an optional file behind it.
//! It needs no credentials, no network and nothing installed. It applies calls as `predict` does,
//! and refuses what AWS would refuse: missing references, groups in use.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Account, CallError, CallErrorKind, ObserveError, Scope, file};
use crate::{
    model::{AccountId, Address, Environment, Home, Region},
    resource::{Call, Read, Resources},
    snapshot::{
        AccountState, Coverage, Ids, Operated, Origin, PhysicalId, Quotas, SCHEMA, Snapshot,
        unlink, wanted_databases,
    },
};

/// The schema of the sandbox's file.
const FILE_SCHEMA: &str = "strongroom/sandbox/v1";
/// Who acts in a sandbox.
const CALLER: &str = "sandbox";

/// An account in memory.
#[derive(Debug)]
pub struct Sandbox {
    state: Mutex<State>,
    file: Option<PathBuf>,
}

/// What the account holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    schema: String,
    account: AccountId,
    region: Region,
    resources: Resources,
    ids: Ids,
    /// Calls so far: recreated resources get new ids.
    calls: u64,
}

impl Sandbox {
    /// An account that holds what the environment only verifies and nothing else.
    pub fn empty(environment: &Environment, verified: Resources) -> Self {
        let mut state = State {
            schema: FILE_SCHEMA.to_owned(),
            account: environment.account.clone(),
            region: environment.region.clone(),
            resources: verified,
            ids: Ids::new(),
            calls: 0,
        };
        state.ids = state.identified();
        Self {
            state: Mutex::new(state),
            file: None,
        }
    }

    /// The account that a file holds, or an empty one where there is no file yet.
    ///
    /// # Errors
    /// A file that cannot be read or that is no sandbox.
    pub fn open(
        path: &Path,
        environment: &Environment,
        verified: Resources,
    ) -> Result<Self, ObserveError> {
        let mut sandbox = Self::empty(environment, verified);
        sandbox.file = Some(path.to_owned());
        let broken = |why: String| {
            let path = path.display();
            ObserveError::Store(format!(
                "the sandbox {path} cannot be read: {why}; delete it to begin anew"
            ))
        };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let state: State =
                    serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
                if state.schema != FILE_SCHEMA {
                    return Err(broken(format!("its schema is {}", state.schema)));
                }
                if (&state.account, &state.region) != (&environment.account, &environment.region) {
                    let State {
                        account, region, ..
                    } = state;
                    return Err(broken(format!("it is account {account} in {region}")));
                }
                sandbox.state = Mutex::new(state);
                Ok(sandbox)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(sandbox),
            Err(error) => Err(broken(error.to_string())),
        }
    }

    /// Writes the account to its file, if it has one.
    ///
    /// # Errors
    /// The file cannot be written; what was there before is intact.
    pub fn save(&self) -> Result<(), ObserveError> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let text = serde_json::to_vec_pretty(&*self.state());
        let text = text.map_err(|error| ObserveError::Store(error.to_string()))?;
        file::replace(path, &text).map_err(|error| ObserveError::Store(error.to_string()))
    }

    /// Changes what is there behind Strongroom's back, as a person at a console would.
    pub fn tamper(&self, change: impl FnOnce(&mut Resources)) {
        change(&mut self.state().resources);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves a state that is whole: calls are applied in one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account for Sandbox {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        let state = self.state().clone();
        let mut coverage = Coverage::default();
        for kind in Resources::KINDS {
            let count = state
                .resources
                .addresses()
                .iter()
                .filter(|a| a.kind == *kind)
                .count();
            coverage.listings.insert(*kind, Read::Known(count as u64));
        }
        Ok(Snapshot {
            schema: SCHEMA.to_owned(),
            origin: Origin::Sandbox,
            environment: scope.environment.name.clone(),
            account: scope.environment.account.clone(),
            region: scope.environment.region.clone(),
            caller: CALLER.to_owned(),
            taken_at: scope.now,
            coverage,
            ids: state.ids,
            resources: state.resources,
            foreign: Resources::default(),
            account_state: AccountState {
                databases: wanted_databases(&scope.environment).into(),
                quotas: Quotas::boundless(),
                ..AccountState::unknown("the sandbox has no users and no past")
            },
            operated: Operated::default(),
            conflicts: Vec::new(),
        })
    }

    async fn send(
        &self,
        address: &Address,
        call: &Call,
        _: &Ids,
    ) -> Result<Option<PhysicalId>, CallError> {
        let mut state = self.state();
        state.refuse(address, call)?;
        state.calls += 1;
        let created = state.created(address, call);
        if let Some(id) = &created {
            state.ids.insert(address.clone(), id.clone());
        }
        state.resources.apply(address, call);
        if !state.resources.contains(address) {
            state.forget(address);
        }
        Ok(created)
    }
}

impl State {
    /// The ids of what is there from the beginning.
    fn identified(&self) -> Ids {
        let addresses = self.resources.addresses().into_iter();
        addresses
            .filter_map(|address| {
                let token = token(&address, 0);
                let id = self.resources.physical_id(&address, &self.home(), &token)?;
                Some((address, id))
            })
            .collect()
    }

    /// AWS refuses to create what is there, to change what is not, to name what does not exist,
    /// and to delete what is in use.
    fn refuse(&self, address: &Address, call: &Call) -> Result<(), CallError> {
        let there = self.resources.contains(address);
        let creates = self.created(address, call).is_some();
        let missing = call
            .named()
            .into_iter()
            .find(|needed| needed != address && !self.ids.contains_key(needed));
        let (kind, message) = if let Some(missing) = missing {
            let message = format!("{missing} does not exist");
            (CallErrorKind::NotYetConsistent, message)
        } else if creates && there && unique(address) {
            (CallErrorKind::Failed, format!("{address} already exists"))
        } else if !creates && !there {
            (CallErrorKind::Gone, format!("{address} does not exist"))
        } else if let Some(user) = self.user(address, call) {
            let message = format!("{address} is used by {user}");
            (CallErrorKind::Failed, message)
        } else {
            return Ok(());
        };
        Err(CallError {
            call: call.api().to_string(),
            kind,
            message,
        })
    }

    /// Who keeps a resource from being deleted, where AWS asks.
    fn user(&self, address: &Address, call: &Call) -> Option<Address> {
        if !Resources::profile(address.kind).held {
            return None;
        }
        let mut after = self.resources.clone_of(address);
        after.apply(address, call);
        let mut others = self.resources.addresses().into_iter();
        let gone = !after.contains(address);
        others.find(|other| {
            gone && other != address && self.resources.create_needs(other).contains(address)
        })
    }

    fn created(&self, address: &Address, call: &Call) -> Option<PhysicalId> {
        call.creates(&self.home(), &token(address, self.calls))
    }

    fn home(&self) -> Home {
        Home {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }

    /// A deleted role stays in the policies that named it as an id that nobody can resolve.
    fn forget(&mut self, address: &Address) {
        if let Some(gone) = self.ids.remove(address) {
            unlink(&mut self.resources, address, &gone);
        }
    }
}

fn unique(address: &Address) -> bool {
    Resources::profile(address.kind).unique
}

/// What AWS makes up in an id: another one after every call.
fn token(address: &Address, serial: u64) -> String {
    let digest = Sha256::digest(format!("{address}#{serial}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(32).collect()
}
