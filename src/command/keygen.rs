//! `strongroom keygen`: a key for signing bundles.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Failure, Output};
use crate::{
    cli::KeyAlgorithm,
    evidence::{Algorithm, KeyError, SigningKey},
    exit::Exit,
};

/// Writes NAME, which only its owner may read, and NAME.pub. Neither may be there already.
pub fn run(out: &Path, algorithm: KeyAlgorithm, output: &mut Output) -> Result<Exit, Failure> {
    let key = generate(algorithm.into())?;
    let public = key.verifying_key();
    let public_path = public_path(out);
    create(out, key.to_pem().map_err(Failure::new)?.as_bytes(), 0o600)?;
    let pem = public.to_pem().map_err(Failure::new)?;
    if let Err(failure) = create(&public_path, pem.as_bytes(), 0o644) {
        // A private key alone is of no use, and would stand in the way of the next attempt.
        let _ = fs::remove_file(out);
        return Err(failure);
    }
    output.result(&crate::report::text::safe_lines(format_args!(
        "Wrote {} (secret: keep it) and {} (give it to whoever verifies).\n\
         {}, fingerprint {}\n",
        out.display(),
        public_path.display(),
        public.algorithm(),
        public.fingerprint()
    )));
    Ok(Exit::Agreed)
}

impl From<KeyAlgorithm> for Algorithm {
    fn from(chosen: KeyAlgorithm) -> Self {
        match chosen {
            KeyAlgorithm::P256 => Self::P256,
            KeyAlgorithm::Ed25519 => Self::Ed25519,
        }
    }
}

fn generate(algorithm: Algorithm) -> Result<SigningKey, Failure> {
    loop {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| {
            Failure::new(format_args!("the system gives no randomness: {error}"))
        })?;
        match SigningKey::of_seed(algorithm, &seed) {
            Err(KeyError::Seed) => {}
            made => return made.map_err(Failure::new),
        }
    }
}

fn public_path(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    restrict(&mut options, mode);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let why = format_args!(
                "{} is there already: a key is never replaced",
                path.display()
            );
            Failure::new(why)
        }
        _ => Failure::writing(path, &error),
    })
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions, mode: u32) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode);
}

#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions, _: u32) {}
