//! Names, ARNs, addresses and targets of access are parsed or refused, and print as they parse.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::{
    iam::access::AccessTarget,
    model::{Address, Arn, Region, ServiceName},
};

fuzz_target!(|text: &str| {
    let _ = (text.parse::<Arn>(), text.parse::<Region>(), text.parse::<ServiceName>());
    if let Ok(address) = text.parse::<Address>() {
        assert_eq!(address.to_string().parse::<Address>(), Ok(address));
    }
    if let Ok(target) = text.parse::<AccessTarget>() {
        let again: AccessTarget = target.to_string().parse().expect("it prints as it parses");
        assert_eq!(again, target);
    }
});
