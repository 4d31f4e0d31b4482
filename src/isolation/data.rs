//! Who can read or write what a service keeps: its stores, its secrets, its log.
//! Every action of the catalogue on each type of resource is asked for.

use super::{
    Question,
    actor::Actor,
    ask::{Asking, World},
    examples::examples,
    found::Found,
    target::Target,
};
use crate::{iam::Effect, model::Service};

/// Asks about everything that a service keeps.
pub(super) fn of(world: &World<'_>, service: &Service, found: &mut Found) {
    for target in world.targets().data(service) {
        for question in [Question::Read, Question::Write] {
            let gaps = target.side.gaps.iter();
            let gaps = gaps.map(|gap| format!("{}: {gap}", target.name));
            found.column(&service.name, question, gaps);
        }
        for number in world.others(&target) {
            ask(world, &target, number, found);
        }
    }
}

/// Asks for one caller; once a question has its witness, it is not asked again.
pub(super) fn ask(world: &World<'_>, target: &Target, number: usize, found: &mut Found) {
    let Some(actor) = world.actors.get(number) else {
        return;
    };
    let from = actor.party.service();
    for part in &target.parts {
        let examples = examples(actor, target, part);
        let actions = world.actions(target.service, part.kind);
        let allowed = actions
            .iter()
            .filter(|(_, action)| selected(actor, target, action));
        for (question, action) in allowed {
            for on in &examples {
                let declared = from.is_some_and(|from| world.declared.access(from, action, on));
                if found.is_settled(number, &target.owner, *question, declared) {
                    continue;
                }
                let answer = world.ask(&Asking {
                    actor,
                    action,
                    on,
                    side: &target.side,
                    keys: &target.keys,
                });
                let finding = world.finding(answer, |_| declared);
                found.add(number, &target.owner, *question, finding);
            }
        }
    }
}

/// Whether any Allow of the caller or of the target selects an action at all: most do not.
fn selected(actor: &Actor, target: &Target, action: &str) -> bool {
    let sources = actor.side.identity.iter().chain(&target.side.policy);
    let mut statements = sources.flat_map(|source| source.policy.statements());
    statements.any(|one| one.effect() == Effect::Allow && one.may_select(action))
}
