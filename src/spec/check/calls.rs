//! Calls between services: the callee is declared, lives, and listens where it is called.

use super::Declared;
use crate::{
    model::{Call, Criticality, Runtime, Service, State, Store},
    spec::{code::Code, diagnostic::Draft, path::YamlPath, suggest},
};

/// Every call against its callee.
pub(super) fn calls(declared: &Declared<'_>) -> Vec<Draft> {
    let mut problems = Vec::new();
    for caller in declared.services.values() {
        for (index, call) in caller.calls.iter().enumerate() {
            let place = YamlPath::service(&caller.name).key("calls").index(index);
            problems.extend(one(declared, caller, call, &place));
        }
    }
    problems
}

fn one(declared: &Declared<'_>, caller: &Service, call: &Call, place: &YamlPath) -> Vec<Draft> {
    let service = place.clone().key("service");
    if call.service == caller.name {
        return vec![to_self(caller).path(service)];
    }
    if !declared.known.contains(call.service.as_str()) {
        return vec![undeclared(declared, call).path(service)];
    }
    // A callee that could not be read has problems of its own.
    let Some(callee) = declared.services.get(&call.service) else {
        return Vec::new();
    };
    let life = life(callee).map(|draft| draft.path(service.clone()));
    let weight = inversion(caller, callee).map(|draft| draft.path(service));
    let port = port(callee, call).map(|(field, draft)| draft.path(place.clone().join(&field)));
    life.into_iter().chain(weight).chain(port).collect()
}

fn to_self(caller: &Service) -> Draft {
    Draft::new(Code::CallToSelf, format!("`{}` calls itself", caller.name))
        .help("remove the call; inside one service nothing has to be declared")
}

fn undeclared(declared: &Declared<'_>, call: &Call) -> Draft {
    let name = call.service.as_str();
    let known = declared.known.iter().map(String::as_str);
    let help = match suggest::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declare `{name}`, or remove the call"),
    };
    Draft::new(
        Code::CallToUndeclared,
        format!("no service is called `{name}`"),
    )
    .help(help)
}

fn life(callee: &Service) -> Option<Draft> {
    let name = &callee.name;
    match &callee.state {
        State::Running => None,
        State::Suspended { since, .. } => Some(
            Draft::new(
                Code::CallToSuspended,
                format!("`{name}` is suspended since {since}"),
            )
            .help("expect the call to fail until it runs again"),
        ),
        State::Retired { since, .. } => Some(
            Draft::new(
                Code::CallToRetired,
                format!("`{name}` is retired since {since}"),
            )
            .help("remove the call, or call what replaced it"),
        ),
    }
}

fn inversion(caller: &Service, callee: &Service) -> Option<Draft> {
    let inverted =
        caller.criticality == Criticality::Critical && callee.criticality == Criticality::Low;
    inverted.then(|| {
        let (caller, callee) = (&caller.name, &callee.name);
        Draft::new(
            Code::CriticalityInversion,
            format!("critical `{caller}` depends on `{callee}`, whose criticality is low"),
        )
        .help(format!(
            "raise the criticality of `{callee}`, or let `{caller}` live without it"
        ))
    })
}

fn port(callee: &Service, call: &Call) -> Option<(Vec<crate::spec::Step>, Draft)> {
    use crate::spec::Step;
    let name = &callee.name;
    let at_port = vec![Step::Key("port".to_owned())];
    match (&callee.runtime, &call.listener) {
        (Runtime::Lambda, None) => None,
        (Runtime::Lambda, Some(_)) => Some((
            at_port,
            Draft::new(
                Code::PortForLambda,
                format!("`{name}` is a Lambda function: it is invoked and has no port"),
            )
            .help("remove `port`"),
        )),
        (_, None) => Some((
            Vec::new(),
            Draft::new(
                Code::PortMissing,
                format!("the call to `{name}` names no port"),
            )
            .help(listens(callee)),
        )),
        (_, Some(listener)) if callee.listens.contains(listener) => None,
        (_, Some(listener)) => Some((
            at_port,
            Draft::new(
                Code::PortNotListened,
                format!("`{name}` does not listen on {listener}"),
            )
            .help(listens(callee)),
        )),
    }
}

fn listens(callee: &Service) -> String {
    let name = &callee.name;
    let ports: Vec<String> = callee.listens.iter().map(ToString::to_string).collect();
    match ports.as_slice() {
        [] => format!("`{name}` listens on nothing: add the port to its `listens`"),
        ports => format!("`{name}` listens on {}", ports.join(", ")),
    }
}

/// The same edge twice: the second says nothing.
pub(super) fn duplicates(declared: &Declared<'_>) -> Vec<Draft> {
    declared.services.values().flat_map(repeated).collect()
}

fn repeated(service: &Service) -> Vec<Draft> {
    let place = YamlPath::service(&service.name);
    let calls = service
        .calls
        .iter()
        .map(|call| (call.service.to_string(), call.listener.clone()));
    let ingress = service
        .ingress
        .iter()
        .map(|edge| (&edge.from, &edge.listener));
    let egress = service.egress.iter().map(|edge| (&edge.to, &edge.listener));
    let mut problems = twice(calls.collect(), &place.clone().key("calls"));
    problems.extend(twice(ingress.collect(), &place.clone().key("ingress")));
    problems.extend(twice(egress.collect(), &place.clone().key("egress")));
    let stores = service.stores.iter().map(Store::target);
    problems.extend(twice(stores.collect(), &place.key("stores")));
    problems
}

fn twice<T: PartialEq>(entries: Vec<T>, place: &YamlPath) -> Vec<Draft> {
    let second = |index: &usize| {
        let (before, from) = entries.split_at(*index);
        from.first().is_some_and(|entry| before.contains(entry))
    };
    (0..entries.len())
        .filter(second)
        .map(|index| {
            Draft::new(Code::DuplicateEntry, "the same entry stands further up")
                .help("keep one of the two, with one reason")
                .path(place.clone().index(index))
        })
        .collect()
}
