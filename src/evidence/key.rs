//! Keys for signatures: P-256 (ECDSA with SHA-256) and Ed25519, as PKCS#8 and SPKI in PEM, which
//! other tools read. Randomness is an argument, and the same message gives the same signature.

use std::fmt;

use ed25519_dalek::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey,
    spki::der::pem::LineEnding,
};
use p256::ecdsa::signature::{Signer, Verifier};

use super::Digest;

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5); signatures are ASN.1 DER, as KMS gives them.
    P256,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// A key that signs.
pub enum SigningKey {
    /// On P-256.
    P256(p256::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
}

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyingKey {
    /// On P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::VerifyingKey),
}

/// Why something is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No private key of these algorithms.
    #[error(
        "it is no P-256 or Ed25519 private key in PEM (PKCS#8): make one with `strongroom keygen`"
    )]
    NoSigningKey,
    /// No public key of these algorithms.
    #[error("it is no P-256 or Ed25519 public key in PEM (`BEGIN PUBLIC KEY`)")]
    NoVerifyingKey,
    /// These bytes are no secret; the next ones will be.
    #[error("these random bytes are no key: try again")]
    Seed,
    /// A key that cannot be written.
    #[error("the key cannot be written: {0}")]
    Encoding(String),
}

impl SigningKey {
    /// The key of 32 random bytes.
    ///
    /// # Errors
    /// Bytes outside of P-256's range: one draw in 2³².
    pub fn of_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::P256 => p256::ecdsa::SigningKey::from_slice(seed)
                .map(Self::P256)
                .map_err(|_| KeyError::Seed),
            Algorithm::Ed25519 => Ok(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed))),
        }
    }

    /// Reads a private key, PKCS#8 in PEM.
    ///
    /// # Errors
    /// Text that is no such key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let p256 = p256::ecdsa::SigningKey::from_pkcs8_pem(text).map(Self::P256);
        p256.or_else(|_| ed25519_dalek::SigningKey::from_pkcs8_pem(text).map(Self::Ed25519))
            .map_err(|_| KeyError::NoSigningKey)
    }

    /// The key as PKCS#8 in PEM: a secret.
    ///
    /// # Errors
    /// A key that cannot be encoded.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = match self {
            Self::P256(key) => key.to_pkcs8_pem(LineEnding::LF),
            Self::Ed25519(key) => key.to_pkcs8_pem(LineEnding::LF),
        };
        pem.map(|text| text.to_string())
            .map_err(|error| KeyError::Encoding(error.to_string()))
    }

    /// The key that verifies what this one signs.
    pub fn verifying_key(&self) -> VerifyingKey {
        match self {
            Self::P256(key) => VerifyingKey::P256(*key.verifying_key()),
            Self::Ed25519(key) => VerifyingKey::Ed25519(key.verifying_key()),
        }
    }

    /// Signs a message; the same message gives the same bytes (RFC 6979, RFC 8032).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
        }
    }
}

/// Never shows the secret.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey of {}", self.verifying_key().fingerprint())
    }
}

impl VerifyingKey {
    /// Reads a public key, SPKI in PEM.
    ///
    /// # Errors
    /// Text that is no such key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let p256 = p256::ecdsa::VerifyingKey::from_public_key_pem(text).map(Self::P256);
        p256.or_else(|_| ed25519_dalek::VerifyingKey::from_public_key_pem(text).map(Self::Ed25519))
            .map_err(|_| KeyError::NoVerifyingKey)
    }

    /// Reads a public key, SPKI in DER, as KMS gives it.
    ///
    /// # Errors
    /// Bytes that are no such key.
    pub fn from_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let p256 = p256::ecdsa::VerifyingKey::from_public_key_der(bytes).map(Self::P256);
        p256.or_else(|_| ed25519_dalek::VerifyingKey::from_public_key_der(bytes).map(Self::Ed25519))
            .map_err(|_| KeyError::NoVerifyingKey)
    }

    /// The key as SPKI in PEM.
    ///
    /// # Errors
    /// A key that cannot be encoded.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = match self {
            Self::P256(key) => key.to_public_key_pem(LineEnding::LF),
            Self::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
        };
        pem.map_err(|error| KeyError::Encoding(error.to_string()))
    }

    /// SHA-256 of its SPKI in DER.
    pub fn fingerprint(&self) -> Digest {
        let der = match self {
            Self::P256(key) => key.to_public_key_der(),
            Self::Ed25519(key) => key.to_public_key_der(),
        };
        // Both are of a fixed size: their encoding always exists.
        Digest::of(der.as_ref().map(|der| der.as_bytes()).unwrap_or_default())
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::P256,
            Self::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// Whether the signature is this key's over the message.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "ECDSA P-256 with SHA-256",
            Self::Ed25519 => "Ed25519",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BOTH: [Algorithm; 2] = [Algorithm::P256, Algorithm::Ed25519];

    #[test]
    fn what_a_key_signs_its_public_half_verifies_and_no_other() {
        for algorithm in BOTH {
            let key = SigningKey::of_seed(algorithm, &[7; 32]).unwrap();
            let other = SigningKey::of_seed(algorithm, &[8; 32]).unwrap();
            let signature = key.sign(b"message");
            assert_eq!(signature, key.sign(b"message"), "{algorithm}");
            assert!(key.verifying_key().verifies(b"message", &signature));
            assert!(!key.verifying_key().verifies(b"massage", &signature));
            assert!(!other.verifying_key().verifies(b"message", &signature));
            assert!(!key.verifying_key().verifies(b"message", b""));
        }
    }

    #[test]
    fn keys_survive_their_files_and_do_not_show_themselves() {
        for algorithm in BOTH {
            let key = SigningKey::of_seed(algorithm, &[7; 32]).unwrap();
            let pem = key.to_pem().unwrap();
            assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
            let again = SigningKey::from_pem(&pem).unwrap();
            assert_eq!(again.sign(b"a"), key.sign(b"a"));
            let public = key.verifying_key();
            assert_eq!(
                VerifyingKey::from_pem(&public.to_pem().unwrap()),
                Ok(public.clone())
            );
            assert_eq!(public.algorithm(), algorithm);
            assert!(format!("{key:?}").ends_with(public.fingerprint().as_str()));
        }
        assert!(SigningKey::of_seed(Algorithm::P256, &[0xff; 32]).is_err());
        assert_eq!(VerifyingKey::from_pem("no"), Err(KeyError::NoVerifyingKey));
        assert!(SigningKey::from_pem("no").is_err());
    }
}
