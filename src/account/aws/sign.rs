//! Signing with an asymmetric key in KMS. The private key never leaves it.

use aws_sdk_kms::{
    Client,
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use sha2::{Digest, Sha256};

use super::{Aws, ConnectError, Options, Pacing, error::Refusal};
use crate::model::{Arn, Invalid};

/// The longest message that KMS hashes itself.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>
const RAW: usize = 4096;

/// A key in KMS that signs by ECDSA on P-256 with SHA-256.
#[derive(Debug)]
pub struct KmsSigner {
    kms: Client,
    key: String,
    public: Vec<u8>,
}

/// Why KMS does not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The ARN names no Region.
    #[error(transparent)]
    Region(#[from] Invalid),
    /// There is no way to the account.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// KMS refuses.
    #[error("{call} for {key} failed: {message}")]
    Refused {
        /// The call, as `kms:Sign`.
        call: &'static str,
        /// The key.
        key: String,
        /// What KMS said.
        message: String,
    },
}

impl KmsSigner {
    /// Connects to the Region of the key and asks for its public half.
    ///
    /// # Errors
    /// No way there, or no such key.
    pub async fn open(
        key: &Arn,
        endpoint_url: Option<String>,
        profile: Option<String>,
    ) -> Result<Self, SignError> {
        let options = Options {
            endpoint_url,
            profile,
            archive_profile: None,
            region: key.region().parse()?,
            pacing: Pacing::default(),
        };
        let kms = Aws::connect(&options).await?.clients.kms;
        let key = key.to_string();
        let asked = kms.get_public_key().key_id(&key).send().await;
        let answer = asked.map_err(|error| refused("kms:GetPublicKey", &key, error.into()))?;
        let public = answer.public_key().map(|blob| blob.as_ref().to_vec());
        Ok(Self {
            public: public.unwrap_or_default(),
            kms,
            key,
        })
    }

    /// The public key, SPKI in DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// Signs a message; the signature is in ASN.1 DER. What is too long for KMS is hashed here.
    ///
    /// # Errors
    /// KMS refuses.
    pub async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let (kind, bytes) = match message.len() <= RAW {
            true => (MessageType::Raw, message.to_vec()),
            false => (MessageType::Digest, Sha256::digest(message).to_vec()),
        };
        let request = self.kms.sign().key_id(&self.key).message_type(kind);
        let request = request.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let signed = request.message(Blob::new(bytes)).send().await;
        let signed = signed.map_err(|error| refused("kms:Sign", &self.key, error.into()))?;
        let signature = signed.signature().map(|blob| blob.as_ref().to_vec());
        Ok(signature.unwrap_or_default())
    }
}

fn refused(call: &'static str, key: &str, refusal: Refusal) -> SignError {
    SignError::Refused {
        call,
        key: key.to_owned(),
        message: refusal.unread(call).message,
    }
}
