//! Who could be allowed anything on a resource: Allow statements found by service and by the text
//! before the first wildcard of their resources. Whoever is not found is not allowed.

use std::collections::{BTreeMap, BTreeSet};

use super::actor::Actor;
use crate::iam::{Effect, eval::Statement};

/// Actors by what their Allow statements could cover.
#[derive(Debug, Default)]
pub(super) struct AllowIndex {
    services: BTreeMap<String, Prefixes>,
}

#[derive(Debug, Default)]
struct Prefixes {
    by_text: BTreeMap<String, BTreeSet<usize>>,
    /// The lengths that occur: only these are looked up.
    lengths: BTreeSet<usize>,
}

/// Statements about any service.
const ANY: &str = "*";

impl AllowIndex {
    /// The index of the actors' own policies.
    pub fn of(actors: &[Actor]) -> Self {
        let mut index = Self::default();
        for (number, actor) in actors.iter().enumerate() {
            let policies = actor.side.identity.iter();
            let statements = policies.flat_map(|source| source.policy.statements());
            for statement in statements.filter(|one| one.effect() == Effect::Allow) {
                index.add(number, statement);
            }
        }
        index
    }

    fn add(&mut self, actor: usize, statement: &Statement) {
        let (services, prefixes) = match statement.excludes() {
            true => (BTreeSet::from([ANY.to_owned()]), BTreeSet::from([""])),
            false => (services(statement), prefixes(statement)),
        };
        for service in services {
            let index = self.services.entry(service).or_default();
            for prefix in &prefixes {
                index.add(prefix, actor);
            }
        }
    }

    /// The actors who could be allowed something of the service on the resource, or on anything
    /// whose ARN begins with it.
    pub fn candidates(&self, service: &str, arn: &str) -> BTreeSet<usize> {
        let indexes = [service, ANY]
            .into_iter()
            .filter_map(|name| self.services.get(name));
        indexes.flat_map(|index| index.candidates(arn)).collect()
    }

    /// The actors who could be allowed something of the service on anything.
    pub fn of_service(&self, service: &str) -> BTreeSet<usize> {
        let indexes = [service, ANY]
            .into_iter()
            .filter_map(|name| self.services.get(name));
        let actors = indexes.flat_map(|index| index.by_text.values().flatten());
        actors.copied().collect()
    }
}

impl Prefixes {
    fn add(&mut self, prefix: &str, actor: usize) {
        self.lengths.insert(prefix.len());
        self.by_text
            .entry(prefix.to_owned())
            .or_default()
            .insert(actor);
    }

    fn candidates(&self, arn: &str) -> Vec<usize> {
        let above = self.lengths.iter().filter_map(|length| {
            let prefix = arn.get(..*length)?;
            (prefix.len() < arn.len()).then(|| self.by_text.get(prefix))?
        });
        let below = self.by_text.range(arn.to_owned()..);
        let below = below
            .take_while(|(text, _)| text.starts_with(arn))
            .map(|(_, actors)| actors);
        above.chain(below).flatten().copied().collect()
    }
}

/// The services that the actions of a statement name, in lower case.
fn services(statement: &Statement) -> BTreeSet<String> {
    let actions = statement.atoms().actions.iter();
    let service = |action: &String| match action.split_once(':') {
        Some((service, _)) if !service.contains(['*', '?']) => service.to_ascii_lowercase(),
        _ => ANY.to_owned(),
    };
    actions.map(service).collect()
}

/// The text before the first wildcard or variable of each resource.
fn prefixes(statement: &Statement) -> BTreeSet<&str> {
    let resources = statement.atoms().resources.iter();
    resources
        .map(|text| text.split(['*', '?', '$']).next().unwrap_or_default())
        .collect()
}
