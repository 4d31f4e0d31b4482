//! What the specification declares between two services: calls, and access compiled to actions on
//! ARNs. Taken from the specification alone, never from the policies that it is held against.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    iam::{
        access::{self, AccessStatement, Place},
        catalogue::Catalogue,
        eval::Glob,
    },
    model::{Environment, Service, ServiceName},
};

/// Everything that is declared.
#[derive(Debug, Default)]
pub(super) struct Declared {
    access: BTreeMap<ServiceName, Vec<Compiled>>,
    calls: BTreeSet<(ServiceName, ServiceName)>,
    /// The services through which the first may use the key of the second.
    through: BTreeMap<(ServiceName, ServiceName), BTreeSet<String>>,
}

/// Actions, and the patterns of the resources that they are declared on.
type Compiled = (BTreeSet<String>, Vec<Glob>);

impl Declared {
    /// What an environment declares.
    pub fn of(environment: &Environment, catalogue: &Catalogue) -> Self {
        let mut declared = Self::default();
        let owners = Owners::of(environment);
        for service in environment.services.values().filter(|s| s.is_alive()) {
            let from = &service.name;
            let compiled = compiled(service, environment, catalogue);
            declared.access.insert(from.clone(), compiled);
            let calls = service.calls.iter();
            let calls = calls.map(|call| (from.clone(), call.service.clone()));
            declared.calls.extend(calls);
            for (owner, endpoint) in owners.used_by(service) {
                let pair = (from.clone(), owner);
                declared.through.entry(pair).or_default().insert(endpoint);
            }
        }
        declared
    }

    /// Whether a service declares an action on a resource.
    pub fn access(&self, from: &ServiceName, action: &str, on: &str) -> bool {
        let mut statements = self.access.get(from).into_iter().flatten();
        statements.any(|(actions, resources)| {
            actions.contains(action) && resources.iter().any(|glob| glob.is_match(on))
        })
    }

    /// Whether a service declares a call.
    pub fn call(&self, from: &ServiceName, to: &ServiceName) -> bool {
        self.calls.contains(&(from.clone(), to.clone()))
    }

    /// Whether declared access leads through the service at that endpoint to the other's key.
    pub fn through(&self, from: &ServiceName, to: &ServiceName, endpoint: &str) -> bool {
        let through = self.through.get(&(from.clone(), to.clone()));
        through.is_some_and(|endpoints| endpoints.contains(endpoint))
    }
}

fn compiled(service: &Service, environment: &Environment, catalogue: &Catalogue) -> Vec<Compiled> {
    let place = Place {
        region: &environment.region,
        account: &environment.account,
    };
    let statements = service.access.iter().filter_map(|declared| {
        let target = declared.to.parse().ok()?;
        access::compile(&declared.grant, &target, &place, catalogue).ok()
    });
    let globs = |AccessStatement { actions, resources }| {
        let globs = resources.iter().map(|text: &String| Glob::new(text));
        (actions, globs.collect())
    };
    statements.flatten().map(globs).collect()
}

/// Who owns which store, by the last part of its name: not every pair is asked.
struct Owners<'e> {
    environment: &'e Environment,
    by_name: BTreeMap<&'e str, Vec<&'e Service>>,
}

impl<'e> Owners<'e> {
    fn of(environment: &'e Environment) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Service>> = BTreeMap::new();
        for service in environment.services.values() {
            for store in &service.stores {
                by_name
                    .entry(store.name.as_str())
                    .or_default()
                    .push(service);
            }
        }
        Self {
            environment,
            by_name,
        }
    }

    /// The owners of the stores that a service declares access to, each with the endpoint of the
    /// store's service.
    fn used_by(&self, service: &Service) -> Vec<(ServiceName, String)> {
        let region = &self.environment.region;
        let mut found = Vec::new();
        for target in service.access.iter().map(|access| access.to.as_str()) {
            for owner in self.owners(target).filter(|one| one.name != service.name) {
                let stores = owner.stores.iter().filter(|store| store.holds(target));
                found.extend(stores.map(|store| {
                    let kind = store.target();
                    let prefix = kind.split([':', '-']).next().unwrap_or_default();
                    let endpoint = format!("{prefix}.{region}.{}", region.dns_suffix());
                    (owner.name.clone(), endpoint)
                }));
            }
        }
        found
    }

    /// Every beginning of every part of a target is looked up: a store's name may hold slashes.
    fn owners(&self, target: &str) -> std::vec::IntoIter<&'e Service> {
        let begins = target.match_indices([':', '/']).map(|(at, _)| at + 1);
        let mut found: BTreeMap<&ServiceName, &Service> = BTreeMap::new();
        for begin in begins {
            let rest = target.get(begin..).unwrap_or_default();
            let ends = rest.match_indices('/').map(|(at, _)| at);
            for end in ends.chain([rest.len()]) {
                let name = rest.get(..end).unwrap_or_default();
                let owners = self.by_name.get(name).into_iter().flatten();
                found.extend(owners.map(|service| (&service.name, *service)));
            }
        }
        found.into_values().collect::<Vec<_>>().into_iter()
    }
}
