//! Who signs: nobody, a key in a file, or a key in KMS.

use std::{fs, path::Path};

use super::Failure;
#[cfg(feature = "aws")]
use crate::account::aws::KmsSigner;
use crate::{
    cli::{Global, SignArgs},
    evidence::{Envelope, Manifest, PAYLOAD_TYPE, SigningKey, Statement, VerifyingKey, pae},
    exit::Exit,
    model::Arn,
};

/// Who signs.
pub enum Signer {
    /// Nobody.
    Nobody,
    /// A key of this machine.
    Key(Box<SigningKey>),
    /// A key in KMS.
    #[cfg(feature = "aws")]
    Kms(Box<KmsSigner>, VerifyingKey),
}

impl Signer {
    /// Opens the key that the command line names, before anything else is done.
    ///
    /// # Errors
    /// A file that is no key, a KMS key that cannot sign.
    pub async fn open(arguments: &SignArgs, global: &Global) -> Result<Self, Failure> {
        match (&arguments.sign_key, &arguments.sign_kms) {
            (Some(path), _) => Ok(Self::Key(Box::new(signing_key(path)?))),
            (None, Some(arn)) => kms(arn, global).await,
            (None, None) => Ok(Self::Nobody),
        }
    }

    /// The bytes of the envelope around a manifest's statement; none where nobody signs.
    ///
    /// # Errors
    /// KMS refuses.
    pub async fn envelope(&self, manifest: &Manifest) -> Result<Option<Vec<u8>>, Failure> {
        let statement = Statement::about(manifest).and_then(|statement| statement.to_bytes());
        let statement = statement.map_err(Failure::new)?;
        let message = pae(PAYLOAD_TYPE, &statement);
        let (key, signature) = match self {
            Self::Nobody => return Ok(None),
            Self::Key(key) => (key.verifying_key(), key.sign(&message)),
            #[cfg(feature = "aws")]
            Self::Kms(signer, key) => {
                let signature = signer.sign(&message).await.map_err(Failure::new)?;
                (key.clone(), signature)
            }
        };
        // What would not verify is not written.
        if !key.verifies(&message, &signature) {
            return Err(Failure::new("the key gave a signature that is not its own"));
        }
        let envelope = Envelope::new(&statement, &key, &signature);
        envelope.to_bytes().map(Some).map_err(Failure::new)
    }
}

fn signing_key(path: &Path) -> Result<SigningKey, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    SigningKey::from_pem(&text).map_err(|error| refused(path, &error))
}

/// Reads the key that somebody pins.
///
/// # Errors
/// A file that is no public key.
pub fn pinned(path: &Path) -> Result<VerifyingKey, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
    VerifyingKey::from_pem(&text).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &impl std::fmt::Display) -> Failure {
    Failure::with(Exit::Usage, format_args!("{}: {error}", path.display()))
}

#[cfg(feature = "aws")]
async fn kms(arn: &Arn, global: &Global) -> Result<Signer, Failure> {
    let signer = KmsSigner::open(arn, global.endpoint_url.clone(), global.profile.clone()).await;
    let signer = signer.map_err(Failure::new)?;
    let key = VerifyingKey::from_der(signer.public_key()).map_err(|_| {
        let why = "sign with an asymmetric key of the spec ECC_NIST_P256";
        Failure::with(Exit::Usage, format_args!("{arn} is no such key: {why}"))
    })?;
    Ok(Signer::Kms(Box::new(signer), key))
}

#[cfg(not(feature = "aws"))]
async fn kms(_: &Arn, _: &Global) -> Result<Signer, Failure> {
    Err(Failure::new(
        "this build has no AWS in it: sign with --sign-key",
    ))
}
