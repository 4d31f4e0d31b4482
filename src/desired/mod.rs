//! Environment to resources: everything that the specification allows, and nothing else.
//! Pure: names and documents only; physical ids are for `apply`.

mod alarms;
mod audit;
mod audit_key;
mod baseline;
mod boundary;
mod bucket_policy;
mod endpoint_policy;
mod endpoints;
mod error;
mod flow_log;
mod group;
mod identity;
mod key;
mod limits;
mod log_group;
mod network;
mod network_acl;
mod policy;
mod role;
mod store;
mod store_policy;
mod text;
mod trail;
mod trust;

use std::collections::{BTreeMap, BTreeSet};

pub use error::{CompileError, Problem};
pub use limits::expected_arn;

use crate::{
    iam::{access, catalogue::Catalogue},
    model::{Address, Environment, Naming, Service, ServiceName, State, TagKey, Tags},
    resource::{Kind, Linked, Resources},
    snapshot::Ids,
};

/// The compiled environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// Every resource that the specification asks for.
    pub resources: Resources,
    /// The service that each resource belongs to; what is absent belongs to the environment.
    pub owners: BTreeMap<Address, ServiceName>,
    /// What somebody else manages: it is compared, and never changed.
    pub verified: BTreeSet<Address>,
}

/// Compiles an environment; all problems are collected before it fails.
///
/// # Errors
/// Access that cannot be compiled, and everything that AWS would refuse for its size.
pub fn compile(environment: &Environment, catalogue: &Catalogue) -> Result<Desired, CompileError> {
    let mut compiler = Compiler::new(environment, catalogue);
    compiler.network();
    compiler.boundary();
    compiler.endpoints();
    compiler.flow_log();
    compiler.identity();
    environment
        .services
        .values()
        .filter(|service| !matches!(service.state, State::Retired { .. }))
        .for_each(|service| compiler.service(service));
    compiler.audit();
    compiler.audit_key();
    compiler.baseline();
    compiler.finish()
}

/// What every part of the compilation reads, and what it adds to.
struct Compiler<'a> {
    environment: &'a Environment,
    catalogue: &'a Catalogue,
    naming: Naming,
    resources: Resources,
    owners: BTreeMap<Address, ServiceName>,
    verified: BTreeSet<Address>,
    problems: Vec<Problem>,
}

impl<'a> Compiler<'a> {
    fn new(environment: &'a Environment, catalogue: &'a Catalogue) -> Self {
        Self {
            environment,
            catalogue,
            naming: Naming::of(&environment.name),
            resources: Resources::default(),
            owners: BTreeMap::new(),
            verified: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    fn service(&mut self, service: &'a Service) {
        self.key(service);
        self.log_group(service);
        self.roles(service);
        self.service_identity(service);
        self.groups(service);
        self.rules(service);
        self.stores(service);
    }

    fn add<K: Kind>(&mut self, name: String, resource: K, owner: Option<&ServiceName>) {
        if let Some(owner) = owner {
            self.owners
                .insert(Address::new(K::NAME, name.as_str()), owner.clone());
        }
        K::table_mut(&mut self.resources).insert(name, resource);
    }

    /// Adds what somebody else manages and the specification verifies.
    fn verify<K: Kind>(&mut self, name: String, resource: K, owner: Option<&ServiceName>) {
        self.verified.insert(Address::new(K::NAME, name.as_str()));
        self.add(name, resource, owner);
    }

    fn problem(&mut self, service: &ServiceName, field: &'static str, message: String) {
        self.problems.push(Problem {
            service: Some(service.clone()),
            field,
            message,
        });
    }

    /// The ownership tags of a resource of the service, or of the environment itself.
    fn tags(&self, service: Option<&Service>) -> Tags {
        let owner = service.map_or(&self.environment.owner, |service| &service.owner);
        let mut tags = Tags::from([
            (
                TagKey::ENVIRONMENT.to_owned(),
                self.environment.name.to_string(),
            ),
            (TagKey::OWNER.to_owned(), text::tag_value(owner)),
        ]);
        if let Some(service) = service {
            tags.insert(TagKey::SERVICE.to_owned(), service.name.to_string());
        }
        tags
    }

    fn place(&self) -> access::Place<'a> {
        access::Place {
            region: &self.environment.region,
            account: &self.environment.account,
        }
    }

    /// An ARN in this environment's partition, Region and account.
    fn arn(&self, service: &str, resource: &str) -> String {
        let Environment {
            region, account, ..
        } = self.environment;
        format!(
            "arn:{}:{service}:{region}:{account}:{resource}",
            region.partition()
        )
    }

    fn finish(mut self) -> Result<Desired, CompileError> {
        self.problems
            .extend(limits::problems(self.environment, &self.resources));
        self.problems.extend(dangling(&mut self.resources));
        if self.problems.is_empty() {
            Ok(Desired {
                resources: self.resources,
                owners: self.owners,
                verified: self.verified,
            })
        } else {
            self.problems.sort();
            Err(CompileError(self.problems))
        }
    }
}

/// A reference to an address that nothing provides is an error of the compiler, told all the same.
/// It changes nothing; references are visited in place, because a copy of them all is large.
fn dangling(resources: &mut Resources) -> Vec<Problem> {
    let known = resources.addresses();
    let mut missing = Vec::new();
    resources.each_ref(&mut |reference| {
        if let Some(address) = reference.address().filter(|a| !known.contains(*a)) {
            missing.push(Problem {
                service: None,
                field: "reference",
                message: format!("{address} is referred to, but nothing provides it"),
            });
        }
    });
    missing
}

impl Desired {
    /// What is made and kept here, without what is only verified.
    pub fn managed_resources(&self) -> Resources {
        let mut managed = Resources::default();
        let addresses = self.resources.addresses().into_iter();
        for address in addresses.filter(|address| !self.verified.contains(address)) {
            managed.extend(self.resources.clone_of(&address));
        }
        managed
    }

    /// What somebody else must have made, as it should be.
    pub fn verified_resources(&self) -> Resources {
        let mut verified = Resources::default();
        for address in &self.verified {
            verified.extend(self.resources.clone_of(address));
        }
        verified
    }

    /// The ids that are known before anything exists: roles and policies are named by their path.
    pub fn expected_ids(&self, environment: &Environment) -> Ids {
        limits::expected_ids(environment, &self.resources)
    }
}

#[cfg(test)]
mod tests;
