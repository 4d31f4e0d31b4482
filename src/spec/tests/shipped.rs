//! The environments that ship: they load, without a warning that nobody meant.

use std::path::{Path, PathBuf};

use crate::spec::{Loaded, load};

fn shipped(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("environments")
        .join(name);
    load(&path).unwrap_or_else(|errors| panic!("{name}\n{}", errors.render(false)))
}

#[test]
fn all() {
    for name in ["sandbox.yaml", "digital-bank", "digital-bank-staging"] {
        let l = shipped(name);
        println!(
            "{name} {} {} {}",
            l.environment.services.len(),
            l.digest,
            l.sources.render(&l.warnings, false)
        );
    }
}
