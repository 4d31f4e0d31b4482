//! Who can act with a role: by asking for it. Trust policies have to allow it themselves; a trust
//! in the account leaves it to the caller's own policies.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::{
    Finding, Question,
    ask::{Asking, World},
    found::Found,
};
use crate::iam::eval::Context;

/// The action that a trust policy allows.
const ASSUME: &str = "sts:AssumeRole";

/// Asks about every role of the account, declared or not: chains lead through any of them.
pub(super) fn of(world: &World<'_>, found: &mut Found) {
    for (number, role) in world.actors.iter().enumerate() {
        let gaps = role.trust.gaps.iter();
        let gaps = gaps.map(|gap| format!("iam_role/{}: {gap}", role.name));
        if let Some(service) = role.party.service() {
            found.column(service, Question::Assume, gaps);
        }
        for caller in world.candidates("sts", &role.arn, &role.trust) {
            let finding = asked(world, caller, number);
            edge(world, found, (caller, number), finding);
        }
    }
}

/// Keeps what leads from one role to another, and the cell where it crosses services.
pub(super) fn edge(
    world: &World<'_>,
    found: &mut Found,
    (from, to): (usize, usize),
    finding: Option<Finding>,
) {
    let (Some(caller), Some(role), Some(finding)) =
        (world.actors.get(from), world.actors.get(to), finding)
    else {
        return;
    };
    if from == to {
        return;
    }
    if let Some(service) = role.party.service()
        && caller.party != role.party
    {
        found.add(from, service, Question::Assume, Some(finding.clone()));
    }
    found.edge(from, to, finding);
}

fn asked(world: &World<'_>, from: usize, to: usize) -> Option<Finding> {
    let (caller, role) = (world.actors.get(from)?, world.actors.get(to)?);
    let answer = world.ask(&Asking {
        actor: caller,
        action: ASSUME,
        on: &role.arn,
        side: &role.trust,
        keys: &Context::default(),
    });
    let service = caller.party.service();
    world.finding(answer, |_| {
        service.is_some_and(|from| world.declared.access(from, ASSUME, &role.arn))
    })
}
