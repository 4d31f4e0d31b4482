//! What can be wrong with a bundle, each in its own words.

use serde::Serialize;

use crate::evidence::{Difference, Digest, ENVELOPE, MANIFEST};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Finding {
    /// The folder has no manifest.
    #[error("there is no {MANIFEST}: this is no bundle, or one that was never finished")]
    NoManifest,
    /// The manifest cannot be read.
    #[error("{MANIFEST}: {why}")]
    Manifest {
        /// Why.
        why: String,
    },
    /// A file is not there.
    #[error("{file} is missing: the manifest names it")]
    Missing {
        /// The file.
        file: String,
    },
    /// A file is there that the manifest does not name.
    #[error("{file} is not of this bundle: the manifest does not name it")]
    Extra {
        /// The file.
        file: String,
    },
    /// Something that is no file: a link, a device.
    #[error("{file} is no regular file: a bundle holds nothing else")]
    Odd {
        /// Its name.
        file: String,
    },
    /// A file holds something else.
    #[error(
        "{file} was changed: it has {size} bytes and SHA-256 {sha256}, the manifest says {expected_size} and {expected}"
    )]
    Changed {
        /// The file.
        file: String,
        /// Its size.
        size: u64,
        /// Its digest.
        sha256: Digest,
        /// The size in the manifest.
        expected_size: u64,
        /// The digest in the manifest.
        expected: Digest,
    },
    /// There is no signature.
    #[error("there is no {ENVELOPE}: the bundle is not signed")]
    Unsigned,
    /// The signature is not the pinned key's.
    #[error("{ENVELOPE}: {why}")]
    Signature {
        /// Why.
        why: String,
    },
    /// The signature is for another manifest.
    #[error("{ENVELOPE} signs another manifest: {signed}, and this one is {actual}")]
    OtherManifest {
        /// What was signed.
        signed: String,
        /// The digest of the manifest that is there.
        actual: Digest,
    },
    /// The statement says something else than the manifest.
    #[error("{ENVELOPE} states what {MANIFEST} does not say")]
    OtherStatement,
    /// The bundle is not live.
    #[error("a live account is required, and this is {origin}")]
    NotLive {
        /// What it is.
        origin: String,
    },
    /// The bundle is said to be live, and nothing shows it.
    #[error("a live account is required, and nothing shows that it was asked: {source_words}")]
    NoTape {
        /// What it was made from.
        source_words: String,
    },
    /// The newest bundle is not the pinned head.
    #[error("the chain was cut short: it ends with {tip}, and the pinned head is {head}")]
    Head {
        /// The digest of the newest bundle.
        tip: Digest,
        /// The pinned digest.
        head: Digest,
    },
    /// A bundle of the chain names one before it that is not there.
    #[error("the chain has a gap: {bundle} follows {previous}, which is not here")]
    Gap {
        /// The bundle.
        bundle: Digest,
        /// What it names.
        previous: Digest,
    },
    /// Two bundles follow the same one, or two begin.
    #[error("the chain has two ends, {one} and {two}: one of them was added beside it")]
    Fork {
        /// One of them.
        one: Digest,
        /// The other.
        two: Digest,
    },
    /// A bundle is about something else than the one before it.
    #[error("{bundle} is about {about}, and the chain is about {chain}")]
    Foreign {
        /// The bundle.
        bundle: Digest,
        /// What it is about.
        about: String,
        /// What the others are about.
        chain: String,
    },
    /// A bundle is older than the one before it.
    #[error("{bundle} was taken at {taken_at}, before the bundle that it follows")]
    Older {
        /// The bundle.
        bundle: Digest,
        /// When it was taken.
        taken_at: jiff::Timestamp,
    },
    /// The store's own pointer and the chain disagree.
    #[error("HEAD names {head}, and the chain ends with {tip}: a bundle was added or taken away")]
    StoreHead {
        /// What the file says.
        head: String,
        /// The digest of the newest bundle.
        tip: Digest,
    },
    /// A bundle of the chain does not verify by itself.
    #[error("{bundle}: {why}")]
    Link {
        /// Its folder.
        bundle: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file that the same inputs do not give.
    #[error("{file} is not what the evidence gives{}: the bundle says {}, and it is {}", place(.difference), .difference.sealed, .difference.again)]
    Differs {
        /// The file.
        file: String,
        /// Where, and how.
        difference: Difference,
    },
    /// A file that the evidence does not give at all.
    #[error("{file} follows from nothing in the bundle")]
    Unfounded {
        /// The file.
        file: String,
    },
    /// A file that the evidence gives and the bundle lacks.
    #[error("{file} follows from the evidence, and the bundle does not have it")]
    Withheld {
        /// The file.
        file: String,
    },
    /// The observer asks what the tape does not have.
    #[error("asked, not recorded: {api}")]
    NotRecorded {
        /// The API and what was asked.
        api: String,
    },
    /// The tape has what the observer does not ask.
    #[error("recorded, not asked: {api}")]
    NotAsked {
        /// The API and what was recorded.
        api: String,
    },
    /// The evidence cannot be read at all.
    #[error("{file} cannot be used: {why}")]
    Unusable {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
}

fn place(difference: &Difference) -> String {
    match difference.place.as_str() {
        "" => String::new(),
        place => format!(" at {place}"),
    }
}
