//! Chains of bundles, as they lie in stores and folders: read, checked one by one, and linked.

use std::path::{Path, PathBuf};

use super::{Failure, bundle, store};
use crate::{
    evidence::{
        Digest, Manifest, VerifyingKey,
        verify::{Finding, Found, Link, Outcome, Verification, chain},
    },
    exit::Exit,
};

/// A bundle whose files and signature were looked at.
pub struct SealedLink {
    /// Where it lies.
    pub folder: PathBuf,
    /// What lies there.
    pub found: Found,
    /// Its manifest.
    pub manifest: Manifest,
    /// The digest of its manifest.
    pub digest: Digest,
    /// What is wrong with it by itself.
    pub findings: Vec<Finding>,
}

/// Reads the bundles below some folders, oldest first, each one once. A key, where there is one,
/// must have signed every one.
///
/// # Errors
/// A folder that cannot be read, or that holds no bundle.
pub fn sealed(folders: &[PathBuf], key: Option<&VerifyingKey>) -> Result<Vec<SealedLink>, Failure> {
    let mut links: Vec<SealedLink> = Vec::new();
    for folder in folders {
        let bundles = store::bundles(folder)?;
        if bundles.is_empty() {
            let why = format_args!("{} holds no bundle", folder.display());
            return Err(Failure::with(Exit::Usage, why));
        }
        for path in bundles {
            let link = link(path, key)?;
            if links.iter().all(|known| known.digest != link.digest) {
                links.push(link);
            }
        }
    }
    links.sort_by(|one, two| order(one).cmp(&order(two)));
    Ok(links)
}

fn order(link: &SealedLink) -> (jiff::Timestamp, &Digest) {
    (link.manifest.taken_at, &link.digest)
}

fn link(folder: PathBuf, key: Option<&VerifyingKey>) -> Result<SealedLink, Failure> {
    let found = bundle::read(&folder)?;
    let verification = Verification::begin(&found, key, false);
    let findings = verification.findings().cloned().collect();
    match (verification.digest, verification.manifest) {
        (Some(digest), Some(manifest)) => Ok(SealedLink {
            folder,
            found,
            manifest,
            digest,
            findings,
        }),
        _ => {
            let why: Vec<String> = findings.iter().map(ToString::to_string).collect();
            let why = format_args!("{}: {}", folder.display(), why.join("; "));
            Err(Failure::with(Exit::Unverified, why))
        }
    }
}

/// Whether bundles are sound by themselves, and one whole chain up to the pinned head and to what
/// the store says is its newest.
///
/// # Errors
/// A `HEAD` that cannot be read.
pub fn linked(links: &[SealedLink], head: Option<&Digest>) -> Result<Outcome, Failure> {
    let mut findings: Vec<Finding> = links.iter().flat_map(unsound).collect();
    let chained: Vec<Link<'_>> = links
        .iter()
        .map(|link| Link {
            digest: link.digest.clone(),
            manifest: &link.manifest,
        })
        .collect();
    let outcome = chain(&chained, head);
    let held = match outcome {
        Outcome::Broken(broken) => {
            findings.extend(broken);
            String::new()
        }
        Outcome::Held(held) => held,
        other => return Ok(other),
    };
    if let Some(newest) = links.last() {
        findings.extend(pointed(newest)?);
    }
    Ok(Outcome::of(findings, held))
}

fn unsound(link: &SealedLink) -> impl Iterator<Item = Finding> {
    link.findings.iter().map(|finding| Finding::Link {
        bundle: link.folder.display().to_string(),
        why: finding.to_string(),
    })
}

/// The store's own word on which bundle is the newest.
fn pointed(newest: &SealedLink) -> Result<Option<Finding>, Failure> {
    let folder = newest.folder.parent().unwrap_or(Path::new(""));
    let head = store::head(folder)?;
    let other = head.filter(|head| head != newest.digest.as_str());
    Ok(other.map(|head| Finding::StoreHead {
        head,
        tip: newest.digest.clone(),
    }))
}
