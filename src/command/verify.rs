//! `strongroom verify`: whether a bundle is what was sealed, and whether its evidence gives its
//! verdicts again. No network is used, and nothing in the bundle is believed.

use std::path::Path;

use super::{Failure, Output, bundle, reperform::reperform, sign};
use crate::{
    cli::{Format, Global, VerifyArgs},
    evidence::verify::{Link, Outcome, Step, Verification, chain},
    exit::Exit,
    report,
};

/// Verifies and tells.
pub async fn run(
    global: &Global,
    arguments: &VerifyArgs,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let verification = verify(arguments).await?;
    match global.format {
        Format::Json => output.json(&verification)?,
        Format::Human => output.result(&report::verification::human(&verification)),
    }
    Ok(exit(&verification))
}

async fn verify(arguments: &VerifyArgs) -> Result<Verification, Failure> {
    let key = arguments.key.as_deref().map(sign::pinned).transpose()?;
    let mut verification = one(&arguments.dir, key.as_ref(), arguments.require_live).await?;
    let linked = linked(arguments, &verification);
    verification.set(Step::Chain, linked);
    Ok(verification)
}

/// Verifies one bundle: what was sealed, and then what it was made from.
async fn one(
    folder: &Path,
    key: Option<&crate::evidence::VerifyingKey>,
    require_live: bool,
) -> Result<Verification, Failure> {
    let found = bundle::read(folder)?;
    let mut verification = Verification::begin(&found, key, require_live);
    let sound = matches!(verification.steps.get(&Step::Files), Some(Outcome::Held(_)));
    match &verification.manifest {
        Some(manifest) if sound => {
            let manifest = manifest.clone();
            reperform(&found, &manifest, &mut verification).await?;
        }
        _ => {
            let why = "the files are not what was sealed";
            verification.set(Step::Judgement, Outcome::NotAsked(why.to_owned()));
        }
    }
    Ok(verification)
}

fn linked(arguments: &VerifyArgs, verification: &Verification) -> Outcome {
    let Verification {
        digest, manifest, ..
    } = verification;
    let (Some(digest), Some(manifest)) = (digest, manifest) else {
        return Outcome::NotAsked("there is no manifest".to_owned());
    };
    let link = Link {
        digest: digest.clone(),
        manifest,
    };
    match (&manifest.previous, &arguments.head) {
        (None, None) => Outcome::NotAsked("it names no bundle before it".to_owned()),
        (Some(previous), None) => {
            let why = format!("it follows {previous}: name that one with --chain");
            Outcome::NotAsked(why)
        }
        (_, head) => chain(&[link], head.as_ref()),
    }
}

fn exit(verification: &Verification) -> Exit {
    if verification.is_broken() {
        Exit::Unverified
    } else if verification.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Agreed
    }
}
