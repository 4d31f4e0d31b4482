//! What can be wrong with downloaded logs and digests.

use serde::Serialize;

/// One thing that is wrong, or that nothing is known of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TrailFinding {
    /// There is nothing to begin with.
    #[error("there is no digest file here: their names hold _CloudTrail-Digest_")]
    NoDigest,
    /// A file that cannot be understood.
    #[error("{file} cannot be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// A digest whose signature is not at hand.
    #[error("{digest} has no signature here: save the object's metadata as {file}.metadata.json")]
    NoSignature {
        /// The digest.
        digest: String,
        /// Its file.
        file: String,
    },
    /// A signature that is not the key's.
    #[error(
        "{digest} was changed, or moved from where it was delivered: its signature is not that of the key {fingerprint}"
    )]
    Signature {
        /// The digest.
        digest: String,
        /// The key.
        fingerprint: String,
    },
    /// Two places say different signatures.
    #[error("{digest} has one signature in its metadata and another in the digest after it")]
    OtherSignature {
        /// The digest.
        digest: String,
    },
    /// A key that was not supplied.
    #[error("{digest} names the key {fingerprint}, which is not among the supplied ones")]
    UnknownKey {
        /// The digest.
        digest: String,
        /// The key.
        fingerprint: String,
    },
    /// A key outside of its time.
    #[error("{digest} is signed by the key {fingerprint}, which was not valid then")]
    KeyNotValid {
        /// The digest.
        digest: String,
        /// The key.
        fingerprint: String,
    },
    /// An algorithm that CloudTrail does not use.
    #[error("{file} is under {algorithm}, which CloudTrail does not use")]
    Algorithm {
        /// The file.
        file: String,
        /// The algorithm.
        algorithm: String,
    },
    /// A digest that another names is not there, though older ones are.
    #[error("{previous} is missing: {digest} follows it")]
    DigestMissing {
        /// The digest that names it.
        digest: String,
        /// The missing one.
        previous: String,
    },
    /// The digest before is not what the next one says.
    #[error("{previous} is not what {digest} says: its content is another")]
    DigestChanged {
        /// The digest that says so.
        digest: String,
        /// The one before.
        previous: String,
    },
    /// A digest twice, or a second one after the same one.
    #[error("{digest} stands beside the chain: nothing follows it, and it is not the newest")]
    Beside {
        /// The digest.
        digest: String,
    },
    /// Validation was off for a while.
    #[error("{digest} begins a new chain: nothing is known of the time from {from} to {to}")]
    Gap {
        /// The digest.
        digest: String,
        /// The end of the digest before.
        from: String,
        /// The beginning of this one.
        to: String,
    },
    /// A log that a digest names is not there.
    #[error("{object} is missing: a digest names it")]
    LogMissing {
        /// The log.
        object: String,
    },
    /// A log that is another one.
    #[error("{object} was changed: its content is not what its digest says")]
    LogChanged {
        /// The log.
        object: String,
    },
    /// A log that no digest names: of the last hour, or slipped in.
    #[error(
        "{file} is named by no digest: it is younger than the newest one, or it was slipped in"
    )]
    Uncovered {
        /// The file.
        file: String,
    },
}
