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
        Call, IamPolicyCall, IamRoleCall, KmsKeyCall, Linked, LogGroupCall, Read, Ref, Resources,
        SecurityGroupCall, SecurityGroupRuleCall,
    },
    snapshot::{Coverage, Ids, Origin, PhysicalId, SCHEMA, Snapshot},
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
    /// AWS refuses a call that names what does not exist, and the deletion of a group in use.
    fn refuse(&self, address: &Address, call: &Call) -> Result<(), CallError> {
        let missing = named(call)
            .into_iter()
            .find(|needed| needed != address && !self.ids.contains_key(needed));
        if let Some(missing) = missing {
            return Err(refusal(
                call,
                CallErrorKind::NotYetConsistent,
                format!("{missing} does not exist"),
            ));
        }
        let deletes_group = matches!(call, Call::SecurityGroup(SecurityGroupCall::Delete));
        let mut rules = self.resources.security_group_rule.values();
        if deletes_group && rules.any(|rule| rule.addresses().contains(address)) {
            return Err(refusal(
                call,
                CallErrorKind::Failed,
                format!("{address} has dependent rules"),
            ));
        }
        Ok(())
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
        let gone = self.ids.remove(address);
        let Some(unique) = gone.and_then(|id| id.unique_id) else {
            return;
        };
        self.resources.each_ref(&mut |reference| {
            if reference.address() == Some(address) {
                *reference = Ref::literal(unique.as_str());
            }
        });
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
        IamRoleCall::Create(role) => crate::resource::Kind::create_needs(&**role),
        IamRoleCall::PutTrust(document) | IamRoleCall::PutInline(_, document) => {
            document.addresses()
        }
        IamRoleCall::PutBoundary(policy) | IamRoleCall::Attach(policy) => policy.addresses(),
        _ => Default::default(),
    }
}

fn refusal(call: &Call, kind: CallErrorKind, message: String) -> CallError {
    CallError {
        call: call.api().to_string(),
        kind,
        message,
    }
}

fn hex(address: &Address, serial: u64, length: usize) -> String {
    let digest = Sha256::digest(format!("{address}#{serial}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(length).collect()
}
