//! The DSSE envelope: one payload and one signature over its type and bytes. What an envelope says
//! of itself is never believed: whoever verifies brings the key.
//! <https://github.com/secure-systems-lab/dsse/blob/master/protocol.md>

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{Digest, PAYLOAD_TYPE, VerifyingKey};

/// An envelope with its one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    payload: String,
    payload_type: String,
    signatures: [Signature; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: Digest,
    sig: String,
}

/// Why an envelope says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not JSON of this shape, or in other bytes than it is written in.
    #[error("it is no envelope with one signature, as it was written: {0}")]
    Malformed(String),
    /// Another key than the pinned one.
    #[error("it is signed by the key {signed}, and not by the pinned key {pinned}")]
    OtherKey {
        /// What the envelope says.
        signed: Digest,
        /// The key of whoever verifies.
        pinned: Digest,
    },
    /// The pinned key did not sign this.
    #[error("the signature is not one of the pinned key {0} over this statement")]
    Signature(Digest),
}

/// What is signed: the pre-authentication encoding of type and payload.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// An envelope around an in-toto statement; the signature is over its [`pae`].
    pub fn new(statement: &[u8], key: &VerifyingKey, signature: &[u8]) -> Self {
        Self {
            payload: STANDARD.encode(statement),
            payload_type: PAYLOAD_TYPE.to_owned(),
            signatures: [Signature {
                keyid: key.fingerprint(),
                sig: STANDARD.encode(signature),
            }],
        }
    }

    /// The bytes of `manifest.dsse.json`, canonical.
    ///
    /// # Errors
    /// A value that canonical JSON cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        serde_json_canonicalizer::to_vec(self).map_err(malformed)
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// Bytes that this program would not have written.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let envelope: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        match envelope.to_bytes()? == bytes && envelope.payload_type == PAYLOAD_TYPE {
            true => Ok(envelope),
            false => Err(malformed("its bytes are not canonical")),
        }
    }

    /// The key that it says it was signed by; nothing shows that it was.
    pub fn claimed_key(&self) -> &Digest {
        let [signature] = &self.signatures;
        &signature.keyid
    }

    /// The payload, if the pinned key signed it.
    ///
    /// # Errors
    /// Another key, another payload, another signature.
    pub fn open(&self, pinned: &VerifyingKey) -> Result<Vec<u8>, EnvelopeError> {
        let [signature] = &self.signatures;
        let fingerprint = pinned.fingerprint();
        if signature.keyid != fingerprint {
            return Err(EnvelopeError::OtherKey {
                signed: signature.keyid.clone(),
                pinned: fingerprint,
            });
        }
        let payload = STANDARD.decode(&self.payload).map_err(malformed)?;
        let bytes = STANDARD.decode(&signature.sig).map_err(malformed)?;
        match pinned.verifies(&pae(&self.payload_type, &payload), &bytes) {
            true => Ok(payload),
            false => Err(EnvelopeError::Signature(fingerprint)),
        }
    }
}

fn malformed(why: impl std::fmt::Display) -> EnvelopeError {
    EnvelopeError::Malformed(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_specification() {
        let encoded = pae("http://example.com/HelloWorld", b"hello world");
        let expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(encoded, expected);
    }
}
