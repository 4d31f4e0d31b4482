//! Who can read or write what a service keeps: its stores, its secrets, its log.
//! Every action of the catalogue on each type of resource is asked for.

use super::{
    Question,
    ask::{Asking, World, examples},
    found::Found,
    target::Target,
};
use crate::model::Service;

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
    for part in &target.parts {
        let examples = examples(actor, target, part);
        for (question, action) in world.actions(target.service, part.kind).iter() {
            for on in &examples {
                if found.is_reachable(number, &target.owner, *question) {
                    continue;
                }
                let answer = world.ask(&Asking {
                    actor,
                    action,
                    on,
                    side: &target.side,
                    keys: &target.keys,
                });
                let from = actor.party.service();
                let finding = world.finding(answer, |_| {
                    from.is_some_and(|from| world.declared.access(from, action, on))
                });
                found.add(number, &target.owner, *question, finding);
            }
        }
    }
}
