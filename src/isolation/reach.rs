//! Who can reach a service: packets to its listeners, as the network lets them pass, and
//! invocation where Lambda runs it, for a function listens to nothing.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    Finding, Question, Step, Witness,
    ask::{Asking, World},
    found::Found,
};
use crate::{
    model::{Runtime, Service, ServiceName},
    reachability::{Packet, Reachability, Verdict},
};

/// What runs a function.
const INVOKE: [&str; 3] = [
    "lambda:InvokeFunction",
    "lambda:InvokeFunctionUrl",
    "lambda:InvokeAsync",
];

/// Asks who may invoke the functions of a service.
pub(super) fn invoked(world: &World<'_>, service: &Service, found: &mut Found) {
    if service.runtime != Runtime::Lambda {
        return;
    }
    for target in world.targets().functions(service) {
        for number in world.others(&target) {
            let Some(actor) = world.actors.get(number) else {
                continue;
            };
            let parts = target.parts.iter();
            for (part, action) in parts.flat_map(|part| INVOKE.map(|action| (part, action))) {
                let on = part.example();
                let answer = world.ask(&Asking {
                    actor,
                    action,
                    on: &on,
                    side: &target.side,
                    keys: &target.keys,
                });
                let from = actor.party.service();
                let finding = world.finding(answer, |_| {
                    action == "lambda:InvokeFunction"
                        && from.is_some_and(|from| world.declared.call(from, &service.name))
                });
                found.add(number, &service.name, Question::Reach, finding);
            }
        }
    }
}

/// Asks the network about every pair that anything may pass between.
pub(super) fn packets(world: &World<'_>, found: &mut Found) {
    let network = Reachability::of(world.estate.snapshot(), world.environment);
    let services = || {
        world
            .environment
            .services
            .values()
            .filter(|one| one.is_alive())
    };
    if !network.blanket().is_empty() {
        let why: Vec<String> = network.blanket().iter().map(ToString::to_string).collect();
        for service in services() {
            found.column(&service.name, Question::Reach, why.clone());
        }
    }
    let mut pairs: BTreeSet<(&ServiceName, &ServiceName)> = network.edges().collect();
    pairs.extend(network.interconnected());
    for (from, to) in pairs {
        let finding = of_pair(&network, from, to);
        let named = finding.map(|finding| ((from.clone(), to.clone()), finding));
        found.packets.extend(named);
    }
    found
        .assumptions
        .extend(network.assumptions().iter().map(ToString::to_string));
}

fn of_pair(network: &Reachability<'_>, from: &ServiceName, to: &ServiceName) -> Option<Finding> {
    match network.verdict(from, to) {
        Verdict::Isolated => None,
        Verdict::Unknown(doubts) => Some(Finding::unknown(
            doubts.iter().map(ToString::to_string).collect(),
        )),
        Verdict::Reachable(packet) => Some(Finding::allowed(false, shown(&packet))),
        Verdict::Declared => {
            let packet = network.reach(from, to).witness?;
            Some(Finding::allowed(true, shown(&packet)))
        }
    }
}

/// A packet as the step of a witness.
fn shown(packet: &Packet) -> Witness {
    Witness::of(Step {
        words: packet.to_string(),
        because: packet.passes.iter().map(ToString::to_string).collect(),
        request: json!(packet),
        replay: None,
    })
}
