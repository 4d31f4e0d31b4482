//! What the environment declares, as ports.

use super::{Ports, TCP, UDP};
use crate::model::{Environment, Listener, Protocol, ServiceName};

/// The ports by which the environment lets one service call another: none where either is not
/// running, and none for an invocation, which is no packet.
pub fn declared(environment: &Environment, from: &ServiceName, to: &ServiceName) -> Ports {
    let running = |name| {
        let service = environment.services.get(name);
        service.filter(|service| service.is_running())
    };
    let (Some(caller), Some(_)) = (running(from), running(to)) else {
        return Ports::NONE;
    };
    let calls = caller.calls.iter().filter(|call| call.service == *to);
    let listeners = calls.filter_map(|call| call.listener.as_ref());
    listeners.fold(Ports::NONE, |all, listener| all.union(&of(listener)))
}

/// The one port of a listener.
pub(super) fn of(listener: &Listener) -> Ports {
    let (protocol, port) = (number(listener.protocol), listener.port.get());
    Ports::span(protocol, port, port)
}

fn number(protocol: Protocol) -> u8 {
    match protocol {
        Protocol::Tcp => TCP,
        Protocol::Udp => UDP,
    }
}
