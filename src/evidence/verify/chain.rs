//! Chains of bundles: each names the one before it, so that none can be taken out unnoticed. The
//! newest can: pin its digest where the store's keeper cannot write.

use std::collections::BTreeMap;

use super::{Finding, Outcome};
use crate::evidence::{Digest, Manifest};

/// A bundle in a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Link<'a> {
    /// The digest of its manifest.
    pub digest: Digest,
    /// Its manifest.
    pub manifest: &'a Manifest,
}

/// Whether bundles are one whole chain, from one without a predecessor to the pinned head.
pub fn chain(links: &[Link<'_>], head: Option<&Digest>) -> Outcome {
    let all: BTreeMap<&Digest, &Manifest> = links.iter().map(|l| (&l.digest, l.manifest)).collect();
    let mut findings: Vec<Finding> = all
        .iter()
        .flat_map(|(digest, manifest)| follows(digest, manifest, &all))
        .collect();
    findings.extend(forks(&all));
    let tips = tips(&all);
    findings.extend(head.and_then(|head| cut(&tips, head)));
    let length = all.len();
    let held = match head {
        Some(_) => format!("{length} bundles, unbroken, up to the pinned head"),
        None => format!("{length} bundles, unbroken; pin the head to know that none is cut off"),
    };
    Outcome::of(findings, held)
}

/// The bundles that no other follows.
fn tips<'a>(all: &BTreeMap<&'a Digest, &'a Manifest>) -> Vec<&'a Digest> {
    let followed = |digest: &Digest| {
        let mut manifests = all.values();
        manifests.any(|manifest| manifest.previous.as_ref() == Some(digest))
    };
    let tips = all.keys().copied();
    tips.filter(|digest| !followed(digest)).collect()
}

fn cut(tips: &[&Digest], head: &Digest) -> Option<Finding> {
    match tips {
        [tip] if *tip != head => Some(Finding::Head {
            tip: (*tip).clone(),
            head: head.clone(),
        }),
        // Where there are two ends, that is the finding.
        _ => None,
    }
}

/// What is wrong between a bundle and the one before it.
fn follows(
    digest: &Digest,
    manifest: &Manifest,
    all: &BTreeMap<&Digest, &Manifest>,
) -> Option<Finding> {
    let previous = manifest.previous.as_ref()?;
    let bundle = digest.clone();
    let Some(before) = all.get(previous) else {
        return Some(Finding::Gap {
            bundle,
            previous: previous.clone(),
        });
    };
    let (about, chain) = (subject(manifest), subject(before));
    if about != chain {
        return Some(Finding::Foreign {
            bundle,
            about,
            chain,
        });
    }
    (manifest.taken_at < before.taken_at).then_some(Finding::Older {
        bundle,
        taken_at: manifest.taken_at,
    })
}

fn subject(manifest: &Manifest) -> String {
    let Manifest {
        environment,
        account,
        region,
        ..
    } = manifest;
    format!("{environment} in {account} {region}")
}

/// Two bundles after the same one, or two that begin.
fn forks(all: &BTreeMap<&Digest, &Manifest>) -> Vec<Finding> {
    let mut after: BTreeMap<Option<&Digest>, &Digest> = BTreeMap::new();
    let pairs = all.iter().filter_map(|(digest, manifest)| {
        let one = after.insert(manifest.previous.as_ref(), digest)?;
        Some(Finding::Fork {
            one: one.clone(),
            two: (*digest).clone(),
        })
    });
    pairs.collect()
}
