//! `strongroom verify`: whether a bundle is what was sealed, and whether its evidence gives its
//! verdicts again. No network is used, and nothing in the bundle is believed.

use std::path::{Path, PathBuf};

use super::{
    Failure, Output, bundle,
    chain::{self, SealedLink},
    reperform::reperform,
    sign,
};
use crate::{
    cli::{Format, Global, VerifyArgs},
    evidence::{
        VerifyingKey,
        verify::{Finding, Outcome, Step, Verification},
    },
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
    let folders: Vec<PathBuf> = arguments
        .dir
        .iter()
        .chain(&arguments.chain)
        .cloned()
        .collect();
    if let ([], Some(dir)) = (arguments.chain.as_slice(), &arguments.dir) {
        let mut verification = one(dir, key.as_ref(), arguments.require_live).await?;
        verification.set(Step::Chain, alone(arguments, &verification));
        return Ok(verification);
    }
    let links = chain::sealed(&folders, key.as_ref())?;
    let newest = links.last().map(|link| &link.folder);
    let chosen = arguments.dir.as_ref().or(newest);
    let chosen = chosen.ok_or_else(|| Failure::with(Exit::Usage, "name a bundle"))?;
    let mut verification = one(chosen, key.as_ref(), arguments.require_live).await?;
    verification.set(Step::Chain, whole(&links, chosen, arguments).await?);
    Ok(verification)
}

/// Verifies one bundle: what was sealed, and then what it was made from.
async fn one(
    folder: &Path,
    key: Option<&VerifyingKey>,
    require_live: bool,
) -> Result<Verification, Failure> {
    let found = bundle::read(folder)?;
    let mut verification = Verification::begin(&found, key, require_live);
    let sound = matches!(verification.steps.get(&Step::Files), Some(Outcome::Held(_)));
    match verification.manifest.clone() {
        Some(manifest) if sound => reperform(&found, &manifest, &mut verification).await?,
        _ => {
            let why = "the files are not what was sealed";
            verification.set(Step::Judgement, Outcome::NotAsked(why.to_owned()));
        }
    }
    Ok(verification)
}

/// What can be said of the chain of one bundle without the others.
fn alone(arguments: &VerifyArgs, verification: &Verification) -> Outcome {
    let Verification {
        digest, manifest, ..
    } = verification;
    let (Some(digest), Some(manifest)) = (digest, manifest) else {
        return Outcome::NotAsked("there is no manifest".to_owned());
    };
    match (&arguments.head, &manifest.previous) {
        (Some(head), _) if head != digest => Outcome::Broken(vec![Finding::Head {
            tip: digest.clone(),
            head: head.clone(),
        }]),
        (_, Some(previous)) => Outcome::NotAsked(format!(
            "it follows {previous}: name the others with --chain"
        )),
        (Some(_), None) => Outcome::Held("one bundle, the pinned head".to_owned()),
        (None, None) => Outcome::NotAsked("it names no bundle before it".to_owned()),
    }
}

/// Verifies every bundle of a chain, and that they are one.
async fn whole(
    links: &[SealedLink],
    chosen: &Path,
    arguments: &VerifyArgs,
) -> Result<Outcome, Failure> {
    let mut findings = Vec::new();
    let mut unknown = Vec::new();
    for link in links.iter().filter(|link| link.folder != chosen) {
        let (broken, doubtful) = again(link, arguments.require_live).await?;
        findings.extend(broken);
        unknown.extend(doubtful);
    }
    Ok(match chain::linked(links, arguments.head.as_ref())? {
        Outcome::Broken(linked) => {
            findings.extend(linked);
            Outcome::Broken(findings)
        }
        _ if !findings.is_empty() => Outcome::Broken(findings),
        _ if !unknown.is_empty() => Outcome::not_checked(unknown.join("; ")),
        outcome => outcome,
    })
}

/// Does the work of an older bundle again; what is wrong, and why something is not known.
async fn again(
    link: &SealedLink,
    require_live: bool,
) -> Result<(Vec<Finding>, Vec<String>), Failure> {
    // The signature was looked at when the chain was read.
    let verification = one(&link.folder, None, require_live).await?;
    let bundle = link.folder.display().to_string();
    let later = [Step::Origin, Step::Observation, Step::Judgement];
    let mut findings = Vec::new();
    let mut unknown = Vec::new();
    for (_, outcome) in verification
        .steps
        .iter()
        .filter(|(step, _)| later.contains(step))
    {
        match outcome {
            Outcome::Broken(broken) => findings.extend(broken.iter().map(|one| Finding::Link {
                bundle: bundle.clone(),
                why: one.to_string(),
            })),
            Outcome::NotChecked { why, .. } => unknown.push(format!("{bundle}: {why}")),
            Outcome::Held(_) | Outcome::NotAsked(_) => {}
        }
    }
    Ok((findings, unknown))
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
