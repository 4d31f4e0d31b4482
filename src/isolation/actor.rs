//! The roles of the account as callers: what each brings to a request, ready for the evaluator.
//! Roles that no service declares are callers too.

use std::collections::{BTreeMap, BTreeSet};

use super::Party;
use crate::{
    authorization::{CallerSide, Estate, ResourceSide, session_of},
    iam::eval::{Context, Layers, Request, RequestError},
    model::{Address, Environment, KindName, Naming, ServiceName},
};

/// A role that acts.
#[derive(Debug)]
pub(super) struct Actor {
    /// Its logical name.
    pub name: String,
    /// The service that it belongs to, or itself.
    pub party: Party,
    /// Its ARN.
    pub arn: String,
    /// The ARN of a session of it.
    pub session: String,
    /// Its policies, its boundary, and the keys of its sessions.
    pub side: CallerSide,
    /// Its trust policy.
    pub trust: ResourceSide,
    /// Its policies as the evaluator takes them, without those of any resource.
    pub layers: Layers,
}

/// Every role of the snapshot, by logical name.
pub(super) fn actors(environment: &Environment, estate: &Estate<'_>) -> Vec<Actor> {
    let owners = owners(environment);
    let roles = estate.snapshot().resources.iam_role.keys();
    let actors = roles.filter_map(|name| actor(name, &owners, estate));
    actors.collect()
}

/// The service of each declared role.
fn owners(environment: &Environment) -> BTreeMap<String, ServiceName> {
    let services = environment.services.values();
    let named = services.flat_map(|service| {
        service.versions.iter().flat_map(|version| {
            let workload = Naming::version(&service.name, version);
            let execution = Naming::execution(&service.name, version);
            [workload, execution].map(|role| (role, service.name.clone()))
        })
    });
    named.collect()
}

fn actor(name: &str, owners: &BTreeMap<String, ServiceName>, estate: &Estate<'_>) -> Option<Actor> {
    let address = Address::new(KindName::IamRole, name);
    let arn = estate.arn(&address)?;
    let side = estate.caller(name)?;
    let policies = |sources: &[crate::authorization::Source]| {
        sources.iter().map(|one| one.policy.clone()).collect()
    };
    Some(Actor {
        party: match owners.get(name) {
            Some(service) => Party::Service(service.clone()),
            None => Party::Role(name.to_owned()),
        },
        layers: Layers {
            identity: policies(&side.identity),
            boundary: policies(&side.boundary),
            ..Layers::default()
        },
        trust: estate.resource(&address),
        session: session_of(&arn)?,
        name: name.to_owned(),
        arn,
        side,
    })
}

impl Actor {
    /// A request of a session of the role, with the keys that AWS sets whatever the caller does.
    ///
    /// # Errors
    /// A request that nobody can make.
    pub fn request(
        &self,
        action: &str,
        on: &str,
        account: &str,
        keys: &Context,
    ) -> Result<Request, RequestError> {
        let mut request = Request::new(&self.session, action, on)?;
        request.resource_account = Some(account.to_owned());
        let mut context = self.side.context.clone();
        for (key, values) in keys.iter() {
            context.add(key, values.iter().cloned());
        }
        Ok(request.with_context(context)?.signed())
    }

    /// What was not read of it.
    pub fn gaps(&self) -> BTreeSet<String> {
        let named = self.side.gaps.iter();
        named
            .map(|gap| format!("iam_role/{}: {gap}", self.name))
            .collect()
    }
}
