//! What a role may do beyond what the specification declares for it: its own policies cut by its
//! boundary, held against the policies that the specification compiles to.

use std::collections::{BTreeMap, BTreeSet};

use super::{actor::Actor, ask::World, values};
use crate::{
    authorization::{Estate, Source},
    iam::{
        Effect,
        catalogue::Catalogue,
        eval::{ConditionLine, Glob, Statement},
    },
    model::Environment,
    resource::Resources,
    snapshot::Snapshot,
};

/// As many actions of one pattern are tried: the first that is allowed is enough.
const TRIED: usize = 200;

/// What each role may do that nobody declared, as `policy, statement: action on resource`; roles
/// that are as declared are left out. Of a role that could not be read whole, why.
pub type Beyond = BTreeMap<String, Result<BTreeSet<String>, BTreeSet<String>>>;

/// Holds the roles of a snapshot against those that the specification asks for.
pub fn beyond(
    environment: &Environment,
    desired: &Resources,
    snapshot: &Snapshot,
    catalogue: &Catalogue,
) -> Beyond {
    let live = &snapshot.resources.iam_role;
    let differing = desired.iam_role.iter().filter(|(name, wanted)| {
        let same = |one: &crate::resource::IamRole| {
            one.inline == wanted.inline && one.managed == wanted.managed
        };
        live.get(*name).is_some_and(|one| !same(one))
    });
    let names: BTreeSet<&String> = differing.map(|(name, _)| name).collect();
    if names.is_empty() {
        return Beyond::new();
    }
    let mut declared = snapshot.clone();
    declared.resources.iam_role = desired.iam_role.clone();
    let (estate, wanted) = (Estate::of(snapshot), Estate::of(&declared));
    let world = World::new(environment, &estate, catalogue);
    let found = names.into_iter().filter_map(|name| {
        let actor = world.actors.get(world.by_name(name)?)?;
        let wanted = wanted.caller(name)?;
        Some((name.clone(), of(&world, actor, &wanted.identity)))
    });
    found.collect()
}

fn of(
    world: &World<'_>,
    actor: &Actor,
    wanted: &[Source],
) -> Result<BTreeSet<String>, BTreeSet<String>> {
    let allowed: Vec<&Statement> = allows(wanted).map(|(_, one)| one).collect();
    let found = allows(&actor.side.identity);
    let found = found.flat_map(|(source, one)| excess(world, actor, source, one, &allowed));
    let found: BTreeSet<String> = found.collect();
    match actor.side.gaps.is_empty() || !found.is_empty() {
        true => Ok(found),
        false => Err(actor.gaps()),
    }
}

fn allows(sources: &[Source]) -> impl Iterator<Item = (&Source, &Statement)> {
    let all = sources.iter().flat_map(|source| {
        let statements = source.policy.statements().iter();
        statements.map(move |statement| (source, statement))
    });
    all.filter(|(_, one)| one.effect() == Effect::Allow)
}

/// What one statement adds and the boundary lets through.
fn excess(
    world: &World<'_>,
    actor: &Actor,
    source: &Source,
    statement: &Statement,
    wanted: &[&Statement],
) -> Vec<String> {
    let atoms = statement.atoms();
    let any = [String::from("*")];
    let (actions, resources) = match statement.excludes() {
        true => (any.as_slice(), any.as_slice()),
        false => (atoms.actions.as_slice(), atoms.resources.as_slice()),
    };
    let sid = statement.sid().unwrap_or("without Sid");
    let mut found = Vec::new();
    for action in actions {
        for on in resources {
            let covered = !statement.excludes()
                && wanted
                    .iter()
                    .any(|one| covers(one, action, on, &atoms.conditions));
            if !covered && let Some(example) = effective(world, actor, statement, action, on) {
                found.push(format!(
                    "{}, statement {sid}: {example} on {on}",
                    source.name
                ));
            }
        }
    }
    found
}

/// Whether a declared statement allows all that an action and a resource of another do.
fn covers(wanted: &Statement, action: &str, on: &str, lines: &[ConditionLine]) -> bool {
    let atoms = wanted.atoms();
    let action = action.to_ascii_lowercase();
    let globs = |pattern: &String| Glob::new(&pattern.to_ascii_lowercase()).is_match(&action);
    !wanted.excludes()
        && atoms.actions.iter().any(globs)
        && atoms
            .resources
            .iter()
            .any(|pattern| Glob::new(pattern).is_match(on))
        && atoms.conditions.iter().all(|line| lines.contains(line))
}

/// The first action of a pattern that the role may really do there.
fn effective(
    world: &World<'_>,
    actor: &Actor,
    statement: &Statement,
    action: &str,
    on: &str,
) -> Option<String> {
    let named = world.catalogue.expand(action).unwrap_or_default();
    let named = match named.is_empty() {
        true => BTreeSet::from([action.to_owned()]),
        false => named,
    };
    let on = match on {
        "*" => "*".to_owned(),
        pattern => values::instance(pattern),
    };
    let mut tried = named
        .into_iter()
        .filter(|name| statement.may_select(name))
        .take(TRIED);
    tried.find(|name| world.allowed_by_its_own(actor, name, &on))
}
