//! CloudTrail's public keys, as `aws cloudtrail list-public-keys` prints them. Whoever validates
//! fetches them: keys that came with the logs prove nothing.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

/// The keys by fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyList {
    keys: BTreeMap<String, PublicKey>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// PKCS#1 in DER.
    pub der: Vec<u8>,
    /// When it began to sign, where the list says so.
    pub from: Option<jiff::Timestamp>,
    /// When it ceased to sign, where the list says so.
    pub to: Option<jiff::Timestamp>,
}

/// Why a text is no list of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListError {
    /// Another shape.
    #[error("it is not what `aws cloudtrail list-public-keys` prints: {0}")]
    Malformed(String),
    /// A key or a time in it.
    #[error("the key {fingerprint} cannot be read: {why}")]
    Key {
        /// The key.
        fingerprint: String,
        /// Why.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    public_key_list: Vec<WrittenKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenKey {
    value: String,
    fingerprint: String,
    validity_start_time: Option<Value>,
    validity_end_time: Option<Value>,
}

impl KeyList {
    /// Reads the list.
    ///
    /// # Errors
    /// Text that is no such list.
    pub fn parse(text: &str) -> Result<Self, KeyListError> {
        let written: Written = serde_json::from_str(text)
            .map_err(|error| KeyListError::Malformed(error.to_string()))?;
        let keys = written.public_key_list.into_iter().map(key);
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
        })
    }

    /// The key of a fingerprint.
    pub fn get(&self, fingerprint: &str) -> Option<&PublicKey> {
        self.keys.get(fingerprint)
    }
}

fn key(written: WrittenKey) -> Result<(String, PublicKey), KeyListError> {
    let fingerprint = written.fingerprint;
    let broken = |why: String| KeyListError::Key {
        fingerprint: fingerprint.clone(),
        why,
    };
    let der = STANDARD.decode(&written.value);
    let key = PublicKey {
        der: der.map_err(|error| broken(error.to_string()))?,
        from: moment(written.validity_start_time).map_err(broken)?,
        to: moment(written.validity_end_time).map_err(broken)?,
    };
    Ok((fingerprint, key))
}

/// A moment: ISO 8601, or seconds since 1970 as version 1 of the AWS CLI prints them.
fn moment(value: Option<Value>) -> Result<Option<jiff::Timestamp>, String> {
    let parsed = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().map_err(|error: jiff::Error| error.to_string()),
        Some(Value::Number(number)) => {
            let seconds = number.as_f64().unwrap_or(f64::NAN);
            let duration = jiff::SignedDuration::try_from_secs_f64(seconds);
            duration
                .and_then(jiff::Timestamp::from_duration)
                .map_err(|error| error.to_string())
        }
        Some(other) => Err(format!("{other} is no time")),
    };
    parsed.map(Some)
}

impl PublicKey {
    /// Whether it was valid at a moment, as far as the list says.
    pub fn is_valid_at(&self, moment: jiff::Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment <= to)
    }
}
