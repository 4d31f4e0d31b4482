//! RSA signatures, by the library that TLS uses already: there is one implementation in the
//! program, and it is not ours.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

/// Whether a signature is the key's over the message: RSASSA-PKCS1-v1_5 with SHA-256, the key as
/// PKCS#1 in DER.
pub fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
    key.verify(message, signature).is_ok()
}
