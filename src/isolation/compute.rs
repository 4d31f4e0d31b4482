//! Who can act with a role without asking for it: by handing it to compute that they make, by
//! changing the code that runs with it, by editing who may ask.

use std::collections::BTreeSet;

use super::{
    Finding, Step, Witness,
    actor::Actor,
    ask::{Answer, Asking, World},
    assume::edge,
    escalation::{self, CREATIONS, Creation, Need, PASS},
    found::Found,
    target::Part,
};
use crate::{
    authorization::ResourceSide,
    iam::eval::{Context, Request},
    model::{Runtime, Service},
};

/// What changes the code of a function, which then runs with the function's role.
const FUNCTION: [&str; 2] = [
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
];
/// What runs commands on an instance.
const INSTANCE: [&str; 3] = [
    "ssm:SendCommand",
    "ssm:StartSession",
    "ec2-instance-connect:SendSSHPublicKey",
];
/// What runs commands in a task.
const TASK: [&str; 1] = ["ecs:ExecuteCommand"];
/// What edits who may ask for a role.
const TRUST: &str = "iam:UpdateAssumeRolePolicy";

/// Asks about every role of the account.
pub(super) fn of(world: &World<'_>, found: &mut Found) {
    for (number, role) in world.actors.iter().enumerate() {
        for caller in world.index.candidates("iam", &role.arn) {
            let Some(actor) = world.actors.get(caller) else {
                continue;
            };
            let trust = own_request(world, actor, TRUST, &role.arn);
            edge(world, found, (caller, number), trust);
            for creation in CREATIONS {
                let made = passed(world, actor, role, creation);
                edge(world, found, (caller, number), made);
            }
        }
        changed(world, number, found);
    }
}

/// A request that the caller's own policies decide alone.
fn own_request(world: &World<'_>, actor: &Actor, action: &str, on: &str) -> Option<Finding> {
    let answer = world.ask(&Asking {
        actor,
        action,
        on,
        side: &ResourceSide::default(),
        keys: &Context::default(),
    });
    let service = actor.party.service();
    world.finding(answer, |_| {
        service.is_some_and(|from| world.declared.access(from, action, on))
    })
}

/// Handing the role over, making what takes it, and the service taking it: each has to be allowed.
fn passed(world: &World<'_>, actor: &Actor, role: &Actor, creation: &Creation) -> Option<Finding> {
    let mut keys = Context::default();
    keys.set("iam:PassedToService", creation.receiver);
    let pass = world.ask(&Asking {
        actor,
        action: PASS,
        on: &role.arn,
        side: &ResourceSide::default(),
        keys: &keys,
    });
    if matches!(pass, Answer::Never) {
        return None;
    }
    let make = creation.actions.iter().map(|action| {
        let need = Need {
            action,
            receiver: None,
        };
        escalation::may(world, actor, &need, &|_| true)
    });
    let make = best(make)?;
    let take = taken_by(world, role, creation.receiver);
    joined(world, [pass, make, take])
}

/// The first that is allowed, or all that is not decided.
fn best(answers: impl Iterator<Item = Answer>) -> Option<Answer> {
    let mut reasons = BTreeSet::new();
    for answer in answers {
        match answer {
            Answer::Never => {}
            Answer::Perhaps(why) => reasons.extend(why),
            allowed @ Answer::Allowed(_) => return Some(allowed),
        }
    }
    (!reasons.is_empty()).then_some(Answer::Perhaps(reasons))
}

/// Whether the trust of a role lets a service take it, for some resource of its.
fn taken_by(world: &World<'_>, role: &Actor, service: &str) -> Answer {
    if !role.trust.gaps.is_empty() {
        return Answer::Perhaps(role.trust.gaps.clone());
    }
    let request = Request::new(service, "sts:AssumeRole", &role.arn);
    match request {
        Ok(base) => world.ask_for(&base.signed(), &role.trust),
        Err(error) => Answer::Perhaps(BTreeSet::from([error.to_string()])),
    }
}

/// All of them: a witness of every step, or why one is not decided.
fn joined<const N: usize>(world: &World<'_>, answers: [Answer; N]) -> Option<Finding> {
    let mut steps: Vec<Step> = Vec::new();
    let mut reasons = BTreeSet::new();
    for answer in answers {
        match answer {
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
    Some(match reasons.is_empty() {
        true => Finding::allowed(false, Witness { steps }),
        false => Finding::unknown(reasons),
    })
}

/// What runs with the role already, and who can make it run something else.
fn changed(world: &World<'_>, number: usize, found: &mut Found) {
    let services = &world.environment.services;
    let role = world.actors.get(number);
    let service = role.and_then(|role| services.get(role.party.service()?));
    let (Some(role), Some(service)) = (role, service) else {
        return;
    };
    for (part, actions) in running(world, role, service) {
        for action in actions {
            let prefix = action.split(':').next().unwrap_or_default();
            for caller in world.index.candidates(prefix, &part.arn) {
                let Some(actor) = world.actors.get(caller) else {
                    continue;
                };
                let finding = own_request(world, actor, action, &part.example());
                edge(world, found, (caller, number), finding);
            }
        }
    }
}

/// The functions, instances or tasks of a service. Which instance or task is whose, no snapshot
/// shows: whoever may command any of them is taken to command these.
fn running(
    world: &World<'_>,
    role: &Actor,
    service: &Service,
) -> Vec<(Part, &'static [&'static str])> {
    let targets = world.targets();
    let below = |prefix: &str, what: &str| Part {
        kind: "",
        arn: targets.arn(prefix, what),
        open: true,
    };
    match &service.runtime {
        Runtime::Lambda => {
            let functions = targets.functions(service).into_iter();
            // The function of a version has the name of the version's role.
            let own = functions.filter(|one| one.arn.ends_with(&format!("-{}", role.name)));
            let own = own.filter_map(|target| target.parts.into_iter().next());
            own.map(|part| (part, FUNCTION.as_slice())).collect()
        }
        Runtime::Ec2 => vec![(below("ec2", "instance/"), INSTANCE.as_slice())],
        Runtime::EcsFargate => vec![(below("ecs", "task/"), TASK.as_slice())],
        Runtime::EksPodIdentity { .. } | Runtime::EksIrsa { .. } => Vec::new(),
    }
}
