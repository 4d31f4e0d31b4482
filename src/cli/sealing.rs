//! What can be said of bundles: who signs them, where they go, and by what they are verified.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{evidence::Digest, model::Arn};

/// Who signs a bundle; nobody does where neither is given.
#[derive(Debug, Clone, Default, Args)]
pub struct SignArgs {
    /// Sign with this private key (PKCS#8 in PEM, P-256 or Ed25519), as `keygen` makes it.
    #[arg(long, value_name = "FILE", conflicts_with = "sign_kms")]
    pub sign_key: Option<PathBuf>,
    /// Sign with this asymmetric KMS key (ECC_NIST_P256).
    #[arg(long, value_name = "KEY_ARN")]
    pub sign_kms: Option<Arn>,
}

/// Where a report goes: to one of them at least, or to both.
#[derive(Debug, Clone, Default, Args)]
pub struct DestinationArgs {
    /// The folder for the report.
    #[arg(short, long, value_name = "DIR", required_unless_present_any = ["store", "period"])]
    pub out: Option<PathBuf>,
    /// Keep it in this store, as the next one of its environment's chain.
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
}

/// What to verify, and by what.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// The folder of the bundle [default: the newest of the chain].
    #[arg(required_unless_present = "chain")]
    pub dir: Option<PathBuf>,
    /// The signer's public key, which you got from the signer and not from the bundle.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The digest of the newest bundle, noted where the bundles' keeper cannot write.
    #[arg(long, value_name = "SHA256")]
    pub head: Option<Digest>,
    /// Folders or stores with the bundles before it: the whole chain is verified.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub chain: Vec<PathBuf>,
    /// Refuse what no live account shows: sandboxes, predictions, snapshots given as files.
    #[arg(long)]
    pub require_live: bool,
}

/// Signature algorithms of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// Ed25519.
    Ed25519,
}
