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
    model::{AccountId, Address, Environment, KindName, Naming, Region},
    resource::{
        Call, IamPolicyCall, IamRoleCall, Kind, KmsKeyCall, Linked, LogGroupCall, Read, Resources,
        SecurityGroupCall, SecurityGroupRuleCall, Table,
    },
    snapshot::{Coverage, Ids, Origin, PhysicalId, SCHEMA, Snapshot, unlink},
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
    /// An empty account that holds the environment's VPC and nothing else.
    pub fn empty(environment: &Environment) -> Self {
        let mut state = State {
            schema: FILE_SCHEMA.to_owned(),
            account: environment.account.clone(),
            region: environment.region.clone(),
            resources: Resources::default(),
            ids: Ids::new(),
            calls: 0,
        };
        let naming = Naming::of(&environment.name);
        let vpc = Address::new(KindName::Vpc, naming.vpc());
        let id = environment
            .network
            .vpc
            .as_ref()
            .map_or_else(|| format!("vpc-{}", hex(&vpc, 0, 17)), ToString::to_string);
        state.ids.insert(
            vpc,
            PhysicalId {
                id,
                arn: None,
                unique_id: None,
            },
        );
        Self {
            state: Mutex::new(state),
            file: None,
        }
    }

    /// The account that a file holds, or an empty one where there is no file yet.
    ///
    /// # Errors
    /// A file that cannot be read or that is no sandbox.
    pub fn open(path: &Path, environment: &Environment) -> Result<Self, ObserveError> {
        let mut sandbox = Self::empty(environment);
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
            environment: scope.environment.clone(),
            account: scope.account.clone(),
            region: scope.region.clone(),
            caller: CALLER.to_owned(),
            taken_at: scope.now,
            coverage,
            ids: state.ids,
            resources: state.resources,
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
    /// AWS refuses to create what is there, to change what is not, to name what does not exist,
    /// and to delete what is in use.
    fn refuse(&self, address: &Address, call: &Call) -> Result<(), CallError> {
        let there = self.resources.contains(address);
        let creates = self.created(address, call).is_some();
        let missing = named(call)
            .into_iter()
            .find(|needed| needed != address && !self.ids.contains_key(needed));
        let (kind, message) = if let Some(missing) = missing {
            let message = format!("{missing} does not exist");
            (CallErrorKind::NotYetConsistent, message)
        } else if creates && there && unique(call) {
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

    /// Who keeps a group or a policy from being deleted.
    fn user(&self, address: &Address, call: &Call) -> Option<Address> {
        match call {
            Call::SecurityGroup(SecurityGroupCall::Delete) => {
                user(&self.resources.security_group_rule, address)
            }
            Call::IamPolicy(IamPolicyCall::Delete) => user(&self.resources.iam_role, address),
            _ => None,
        }
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let State {
            account, region, ..
        } = self;
        let partition = region.partition();
        let place = if service == "iam" {
            ""
        } else {
            region.as_str()
        };
        format!("arn:{partition}:{service}:{place}:{account}:{resource}")
    }

    fn created(&self, address: &Address, call: &Call) -> Option<PhysicalId> {
        let serial = self.calls;
        let arn = |service: &str, id: &str| Some(self.arn(service, id));
        let (id, arn, unique_id) = match call {
            Call::IamPolicy(IamPolicyCall::Create(policy)) => {
                let id = format!("policy{}{}", policy.path, policy.name);
                (policy.name.clone(), arn("iam", &id), None)
            }
            Call::IamRole(IamRoleCall::Create(role)) => {
                let id = format!("role{}{}", role.path, role.name);
                let unique = format!("AROA{}", hex(address, serial, 17).to_uppercase());
                (role.name.clone(), arn("iam", &id), Some(unique))
            }
            Call::KmsKey(KmsKeyCall::Create(_)) => {
                let id = hex(address, serial, 32);
                (id.clone(), arn("kms", &format!("key/{id}")), None)
            }
            Call::LogGroup(LogGroupCall::Create(group)) => (
                group.name.clone(),
                arn("logs", &format!("log-group:{}", group.name)),
                None,
            ),
            Call::SecurityGroup(SecurityGroupCall::Create(_)) => {
                (format!("sg-{}", hex(address, serial, 17)), None, None)
            }
            Call::SecurityGroupRule(SecurityGroupRuleCall::Authorize(_)) => {
                (format!("sgr-{}", hex(address, serial, 17)), None, None)
            }
            _ => return None,
        };
        Some(PhysicalId { id, arn, unique_id })
    }

    /// A deleted role stays in the policies that named it as an id that nobody can resolve.
    fn forget(&mut self, address: &Address) {
        if let Some(gone) = self.ids.remove(address) {
            unlink(&mut self.resources, address, &gone);
        }
    }
}

/// What a call names.
fn named(call: &Call) -> Vec<Address> {
    let addresses = match call {
        Call::IamPolicy(IamPolicyCall::Create(policy)) => policy.addresses(),
        Call::IamPolicy(IamPolicyCall::PutVersion(document)) => document.addresses(),
        Call::IamRole(call) => named_by_role(call),
        Call::KmsKey(KmsKeyCall::Create(key)) => key.addresses(),
        Call::KmsKey(KmsKeyCall::PutPolicy(document)) => document.addresses(),
        Call::LogGroup(LogGroupCall::Create(group)) => group.addresses(),
        Call::LogGroup(LogGroupCall::AssociateKey(key)) => key.addresses(),
        Call::SecurityGroup(SecurityGroupCall::Create(group)) => group.addresses(),
        Call::SecurityGroupRule(SecurityGroupRuleCall::Authorize(rule)) => rule.addresses(),
        _ => return Vec::new(),
    };
    addresses.into_iter().collect()
}

fn named_by_role(call: &IamRoleCall) -> std::collections::BTreeSet<Address> {
    match call {
        // CreateRole carries trust and boundary only.
        IamRoleCall::Create(role) => role.create_needs(),
        IamRoleCall::PutTrust(document) | IamRoleCall::PutInline(_, document) => {
            document.addresses()
        }
        IamRoleCall::PutBoundary(policy) | IamRoleCall::Attach(policy) => policy.addresses(),
        _ => Default::default(),
    }
}

/// Keys have no name of their own: another one can always be made.
fn unique(call: &Call) -> bool {
    !matches!(call, Call::KmsKey(_))
}

fn user<K: Kind>(users: &Table<K>, address: &Address) -> Option<Address> {
    let user = users
        .iter()
        .find(|(_, user)| user.addresses().contains(address));
    user.map(|(name, _)| Address::new(K::NAME, name.as_str()))
}

fn hex(address: &Address, serial: u64, length: usize) -> String {
    let digest = Sha256::digest(format!("{address}#{serial}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(length).collect()
}
