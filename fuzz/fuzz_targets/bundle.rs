//! Manifests, envelopes and trail keys from hostile hands are read or refused; what is read is
//! written again to the byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strongroom::evidence::{
    Envelope, Manifest, VerifyingKey,
    trail::{DigestFile, KeyList},
    verify::{Found, Verification},
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::parse(bytes) {
        assert_eq!(manifest.to_bytes().expect("canonical"), bytes);
    }
    if let Ok(envelope) = Envelope::parse(bytes) {
        assert_eq!(envelope.to_bytes().expect("canonical"), bytes);
    }
    let found = Found {
        manifest: Some(bytes.to_vec()),
        envelope: Some(bytes.to_vec()),
        ..Found::default()
    };
    let _ = Verification::begin(&found, None, true);
    let _ = VerifyingKey::from_der(bytes);
    let _ = serde_json::from_slice::<DigestFile>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = KeyList::parse(text);
        let _ = VerifyingKey::from_pem(text);
    }
});
