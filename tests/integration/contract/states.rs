//! States to try laws on: the shipped resources, and what generated tamperings make of them.

use std::sync::LazyLock;

use strongroom::{
    model::{Environment, ServiceName},
    rehearse::{Tampering, tamperings},
    resource::Resources,
};

use super::bank::{Bank, compiled, desired, digital_bank};

/// Tamperings of the bank under a few seeds: a different resource each time.
pub static TAMPERINGS: LazyLock<Vec<Tampering>> = LazyLock::new(|| {
    (0..3)
        .flat_map(|seed| tamperings(&desired().managed_resources(), seed).tamperings)
        .collect()
});

/// One of the tamperings, whatever the number.
pub fn any(number: usize) -> &'static Tampering {
    &TAMPERINGS[number % TAMPERINGS.len()]
}

/// The bank after some of the tamperings, in memory.
pub fn tampered(numbers: &[usize]) -> Resources {
    let mut resources = desired().resources.clone();
    for number in numbers {
        for (address, call) in &any(*number).calls {
            resources.apply(address, call);
        }
    }
    resources
}

/// The bank with only some of its services, and only the calls between those.
pub fn with_services(chosen: &[bool]) -> Bank {
    let mut environment: Environment = digital_bank().clone();
    let kept: Vec<ServiceName> = environment
        .services
        .keys()
        .zip(chosen)
        .filter(|(_, chosen)| **chosen)
        .map(|(name, _)| name.clone())
        .collect();
    environment.services.retain(|name, _| kept.contains(name));
    for service in environment.services.values_mut() {
        service.calls.retain(|call| kept.contains(&call.service));
    }
    let desired = compiled(&environment);
    Bank::of(environment, desired)
}
