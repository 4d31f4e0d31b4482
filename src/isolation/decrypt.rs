//! Who can decrypt with the key of a service: directly, through a service that asks KMS on the
//! caller's behalf, by a grant, by granting it to themselves, by editing who may.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>

use super::{
    Finding, Question,
    ask::{Asking, World},
    found::Found,
    target::Target,
};
use crate::{
    iam::eval::{Context, Request},
    model::{Service, ServiceName},
};

/// What ends in plain text: decryption, and whatever gives itself or others the right to it.
const ACTIONS: [&str; 4] = [
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
];

/// Asks about the key of a service.
pub(super) fn of(world: &World<'_>, service: &Service, found: &mut Found) {
    let Some(key) = world.targets().key(service) else {
        return;
    };
    let gaps = key
        .side
        .gaps
        .iter()
        .map(|gap| format!("{}: {gap}", key.name));
    found.column(&service.name, Question::Decrypt, gaps);
    for number in world.others(&key) {
        ask(world, &key, number, found);
    }
}

/// Asks for one caller.
pub(super) fn ask(world: &World<'_>, key: &Target, number: usize, found: &mut Found) {
    let Some(actor) = world.actors.get(number) else {
        return;
    };
    let from = actor.party.service();
    for action in ACTIONS {
        let mut keys = key.keys.clone();
        settle(action, &mut keys);
        let answer = world.ask(&Asking {
            actor,
            action,
            on: &key.arn,
            side: &key.side,
            keys: &keys,
        });
        let finding = world.finding(answer, |taken| {
            from.is_some_and(|from| is_declared(world, from, key, &taken.request))
        });
        found.add(number, &key.owner, Question::Decrypt, finding);
    }
}

/// What gives a caller the right to a key that it lacks: by editing who may, by granting it.
pub(super) fn control(
    world: &World<'_>,
    key: &Target,
    number: usize,
) -> Vec<(&'static str, Finding)> {
    let Some(actor) = world.actors.get(number) else {
        return Vec::new();
    };
    let asked = ["kms:CreateGrant", "kms:PutKeyPolicy"].into_iter();
    asked
        .filter_map(|action| {
            let mut keys = key.keys.clone();
            settle(action, &mut keys);
            let answer = world.ask(&Asking {
                actor,
                action,
                on: &key.arn,
                side: &key.side,
                keys: &keys,
            });
            Some((action, world.finding(answer, |_| false)?))
        })
        .collect()
}

/// Declared access to a store leads to its key, through the store's service and no other.
fn is_declared(world: &World<'_>, from: &ServiceName, key: &Target, asked: &Request) -> bool {
    let via = asked
        .context
        .get("kms:ViaService")
        .and_then(<[String]>::first);
    let only_uses = matches!(asked.action.as_str(), "kms:Decrypt" | "kms:ReEncryptFrom");
    let through = via.is_some_and(|via| only_uses && world.declared.through(from, &key.owner, via));
    through || world.declared.access(from, &asked.action, &key.arn)
}

/// A grant that a service makes for a resource of its own is no grant to the caller.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
fn settle(action: &str, keys: &mut Context) {
    if action == "kms:CreateGrant" {
        keys.set("kms:GrantIsForAWSResource", "false");
    }
}
