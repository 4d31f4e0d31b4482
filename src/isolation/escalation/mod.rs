//! The rights of a role that raise its rights: the published escalation paths, each asked of the
//! evaluator with the role's boundary in force.

mod paths;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Finding, Party, Step, Witness,
    actor::Actor,
    ask::{Answer, Asking, World},
    decrypt, values,
};
use crate::{
    authorization::ResourceSide,
    iam::{
        Effect,
        catalogue::Action,
        eval::{Context, Glob},
    },
};
use paths::Path;
pub(super) use paths::{CREATIONS, Creation, Need};

/// Findings by party, role and path.
pub(super) type Escalations = BTreeMap<(Party, String, String), Finding>;

/// The action that takes a role.
const ASSUME: &str = "sts:AssumeRole";
/// The action that hands a role to a service.
pub(super) const PASS: &str = "iam:PassRole";

/// Asks every role for every path.
pub(super) fn of(world: &World<'_>) -> Escalations {
    let mut found = Escalations::new();
    let paths: Vec<Path> = paths::all().collect();
    for path in &paths {
        for number in candidates(world, path) {
            let Some(actor) = world.actors.get(number) else {
                continue;
            };
            if let Some(finding) = asked(world, actor, path) {
                let key = (actor.party.clone(), actor.name.clone(), path.title());
                found.insert(key, finding);
            }
        }
    }
    for (number, actor) in world.actors.iter().enumerate() {
        elsewhere(world, actor, &mut found);
        own_key(world, number, &mut found);
    }
    found
}

/// The roles that have some Allow of every service that a path needs.
fn candidates(world: &World<'_>, path: &Path) -> BTreeSet<usize> {
    let mut needs = path.needs.iter().map(|need| {
        let service = need.action.split(':').next().unwrap_or_default();
        world.index.of_service(service)
    });
    let first = needs.next().unwrap_or_default();
    needs.fold(first, |all, some| &all & &some)
}

fn asked(world: &World<'_>, actor: &Actor, path: &Path) -> Option<Finding> {
    let mut steps = Vec::new();
    let mut reasons = BTreeSet::new();
    for need in &path.needs {
        match may(world, actor, need, &|on| {
            need.action != PASS || on != actor.arn
        }) {
            Answer::Never => return None,
            Answer::Perhaps(why) => reasons.extend(why),
            Answer::Allowed(taken) => match world.replayed(*taken, true) {
                Ok(step) => steps.push(step),
                Err(why) => {
                    reasons.insert(why);
                }
            },
        }
    }
    Some(finding(steps, reasons))
}

/// What came of all the needs of a path.
fn finding(steps: Vec<Step>, reasons: BTreeSet<String>) -> Finding {
    match reasons.is_empty() {
        true => Finding::allowed(false, Witness { steps }),
        false => Finding::unknown(reasons),
    }
}

/// Whether a role may do something on anything, by its own policies.
pub(super) fn may(
    world: &World<'_>,
    actor: &Actor,
    need: &Need,
    fits: &dyn Fn(&str) -> bool,
) -> Answer {
    let Ok(action) = world.catalogue.action(need.action) else {
        return Answer::Never;
    };
    if !selects(actor, need.action) {
        return Answer::Never;
    }
    let mut keys = Context::default();
    if let Some(receiver) = need.receiver {
        keys.set("iam:PassedToService", receiver);
    }
    // A call that needs several types of resource is made on all of them.
    let required: Vec<&str> = action
        .resource_types()
        .filter(|kind| action.requires(kind))
        .collect();
    let any: Vec<&str> = action.resource_types().collect();
    let kinds = match required.is_empty() {
        true => any.iter().map(|kind| vec![*kind]).collect(),
        false => vec![required],
    };
    let mut reasons = BTreeSet::new();
    if kinds.is_empty() {
        return on_one_of(world, actor, &action, vec!["*".to_owned()], &keys);
    }
    for group in kinds {
        match on_each(world, actor, &action, &group, &keys, fits) {
            Answer::Never => {}
            Answer::Perhaps(why) => reasons.extend(why),
            allowed @ Answer::Allowed(_) => return allowed,
        }
    }
    match reasons.is_empty() {
        true => Answer::Never,
        false => Answer::Perhaps(reasons),
    }
}

/// On one resource of every type; the last that is allowed stands for all.
fn on_each(
    world: &World<'_>,
    actor: &Actor,
    action: &Action<'_>,
    kinds: &[&str],
    keys: &Context,
    fits: &dyn Fn(&str) -> bool,
) -> Answer {
    let mut last = Answer::Never;
    for kind in kinds {
        let mut examples = examples(world, actor, action, kind);
        examples.retain(|on| fits(on));
        match on_one_of(world, actor, action, examples, keys) {
            Answer::Never => return Answer::Never,
            other => last = worse(last, other),
        }
    }
    last
}

/// What is not decided of one type is not decided of all.
fn worse(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Answer::Perhaps(mut why), Answer::Perhaps(more)) => {
            why.extend(more);
            Answer::Perhaps(why)
        }
        (perhaps @ Answer::Perhaps(_), _) => perhaps,
        (_, other) => other,
    }
}

fn on_one_of(
    world: &World<'_>,
    actor: &Actor,
    action: &Action<'_>,
    examples: Vec<String>,
    keys: &Context,
) -> Answer {
    let name = action.to_string();
    let mut reasons = BTreeSet::new();
    for on in examples {
        let answer = world.ask(&Asking {
            actor,
            action: &name,
            on: &on,
            side: &ResourceSide::default(),
            keys,
        });
        match answer {
            Answer::Never => {}
            Answer::Perhaps(why) => reasons.extend(why),
            allowed @ Answer::Allowed(_) => return allowed,
        }
    }
    match reasons.is_empty() {
        true => Answer::Never,
        false => Answer::Perhaps(reasons),
    }
}

/// Whether any Allow of the role's own names the action.
fn selects(actor: &Actor, action: &str) -> bool {
    let policies = actor.side.identity.iter();
    let mut statements = policies.flat_map(|source| source.policy.statements());
    statements.any(|one| one.effect() == Effect::Allow && one.may_select(action))
}

/// ARNs of one type: one that nobody has, the roles that there are, and an instance of each
/// pattern that the role is allowed the action on.
fn examples(world: &World<'_>, actor: &Actor, action: &Action<'_>, kind: &str) -> Vec<String> {
    let service = world.catalogue.service(action.service()).ok();
    let found = service.and_then(|service| service.resource_type(kind));
    let Some((_, shape)) = found else {
        return Vec::new();
    };
    let of_kind = Glob::new(&filled(world, &shape.arn, "*"));
    let mut examples = BTreeSet::from([filled(world, &shape.arn, values::ANY)]);
    let policies = actor.side.identity.iter();
    let statements = policies.flat_map(|source| source.policy.statements());
    let allows = statements
        .filter(|one| one.effect() == Effect::Allow && one.may_select(&action.to_string()));
    let instances = allows.flat_map(|one| &one.atoms().resources);
    let instances = instances.map(|pattern| values::instance(pattern));
    examples.extend(instances.filter(|arn| of_kind.is_match(arn)));
    if action.name() == "PassRole" {
        examples.extend(
            world
                .actors
                .iter()
                .map(|role| role.arn.clone())
                .take(SEVERAL),
        );
    }
    examples.into_iter().collect()
}

/// As many roles are tried by name; patterns stand for the others.
const SEVERAL: usize = 8;

/// A shape of ARN with our partition, Region and account, and `other` in every other place.
fn filled(world: &World<'_>, shape: &str, other: &str) -> String {
    let environment = world.environment;
    let mut text = String::new();
    let mut rest = shape;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(match name {
            "Partition" => environment.region.partition(),
            "Region" => environment.region.as_str(),
            "Account" => environment.account.as_str(),
            _ => other,
        });
        rest = behind;
    }
    text + rest
}

/// Roles that the snapshot does not show: whether they trust the caller, nobody here knows.
fn elsewhere(world: &World<'_>, actor: &Actor, found: &mut Escalations) {
    if !selects(actor, ASSUME) {
        return;
    }
    let Ok(action) = world.catalogue.action(ASSUME) else {
        return;
    };
    let mut unseen = examples(world, actor, &action, "role");
    unseen.retain(|arn| world.actor(arn).is_none());
    for arn in unseen {
        if world.allowed_by_its_own(actor, ASSUME, &arn) {
            let reason = format!("whether {arn} trusts it is not in the snapshot");
            let path = "sts:AssumeRole of a role that is not in the snapshot".to_owned();
            let key = (actor.party.clone(), actor.name.clone(), path);
            let unknown = Finding::unknown(BTreeSet::from([reason]));
            match found.get_mut(&key) {
                Some(known) => known.merge(unknown),
                None => {
                    found.insert(key, unknown);
                }
            }
        }
    }
}

/// Whoever may edit the policy of the own key, or grant its use, gives itself what it lacks.
fn own_key(world: &World<'_>, number: usize, found: &mut Escalations) {
    let Some(actor) = world.actors.get(number) else {
        return;
    };
    let services = &world.environment.services;
    let Some(service) = actor.party.service().and_then(|name| services.get(name)) else {
        return;
    };
    let Some(key) = world.targets().key(service) else {
        return;
    };
    for (action, finding) in decrypt::control(world, &key, number) {
        let path = format!("{action} on its own key");
        found.insert((actor.party.clone(), actor.name.clone(), path), finding);
    }
}
