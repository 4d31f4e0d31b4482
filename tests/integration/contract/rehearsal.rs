//! The rehearsal of the shipped environments: every tampering is found and repaired.

use strongroom::{
    account::sandbox::Sandbox,
    rehearse::{Rehearsal, rehearse},
};

use super::bank::{block_on, compiled, environment, now};

fn rehearsed(name: &str, seed: u64) -> Rehearsal {
    let environment = environment(name);
    let desired = compiled(&environment);
    let account = Sandbox::empty(&environment, desired.verified_resources());
    block_on(rehearse(&account, &environment, &desired, &now, seed))
}

#[test]
fn every_tampering_of_every_shipped_environment_is_found_and_repaired_or_kept() {
    for name in ["sandbox.yaml", "digital-bank", "digital-bank-staging"] {
        let record = rehearsed(name, 7);
        println!(
            "{name}: {} found {} kept {} repaired {}",
            record.findings.len(),
            record.found(),
            record.kept(),
            record.repaired()
        );
        for f in &record.findings {
            println!("{} {:?} {:?} {:?}", f.what, f.verb, f.direction, f.found);
        }
        println!("{:#?}", record.fixed);
        assert!(record.passed(), "{name}: {:#?}", record.failures);
        assert_eq!(record.found(), record.findings.len(), "{name}");
        assert_eq!(record.kept() + record.repaired(), record.found(), "{name}");
    }
}
