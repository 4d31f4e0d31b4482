//! What could be read and what could not: ignorance is a value with a reason.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// The JSON key that marks an unread value; no field of a resource has this name.
pub const UNREAD: &str = "$unread";

/// A field as one call showed it. Desired fields are always known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read<T> {
    /// The value.
    Known(T),
    /// The call that would have shown it did not.
    Unread(Unread),
}

/// Why a field could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// The call, as `kms:GetKeyPolicy`.
    pub call: String,
    /// What kind of failure it was.
    pub reason: UnreadReason,
    /// What AWS said, redacted.
    pub message: String,
}

/// What kind of failure left a field unread.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadReason {
    /// AccessDenied: the permission named by the call is missing.
    Denied,
    /// The endpoint does not answer this call.
    Unsupported,
    /// The answer could not be understood.
    Malformed,
    /// Anything else: throttled to the end, a broken connection.
    Failed,
    /// Only a live account has it; a predicted or embedded one does not.
    NeedsLive,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            UnreadReason::Denied => write!(f, "{} was denied: {}", self.call, self.message),
            UnreadReason::Unsupported => write!(f, "{} does not show this here", self.call),
            UnreadReason::Malformed => {
                write!(f, "{} answered nonsense: {}", self.call, self.message)
            }
            UnreadReason::Failed => write!(f, "{} failed: {}", self.call, self.message),
            UnreadReason::NeedsLive => write!(f, "{} needs a live account", self.call),
        }
    }
}

impl<T> Read<T> {
    /// The value, if it was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unread(_) => None,
        }
    }

    /// Why it was not read, if it was not.
    pub fn unread(&self) -> Option<&Unread> {
        match self {
            Self::Known(_) => None,
            Self::Unread(why) => Some(why),
        }
    }

    /// The same reading of something derived from the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Known(value) => Read::Known(f(value)),
            Self::Unread(why) => Read::Unread(why),
        }
    }

    /// A reading of a borrowed value.
    pub fn as_ref(&self) -> Read<&T> {
        match self {
            Self::Known(value) => Read::Known(value),
            Self::Unread(why) => Read::Unread(why.clone()),
        }
    }

    /// Sets the value, unless it is unread: nothing is overwritten that could not be read.
    pub fn set(&mut self, value: T) {
        if let Self::Known(known) = self {
            *known = value;
        }
    }
}

impl<T: Clone> Read<&T> {
    /// A reading of a value of its own.
    pub fn cloned(self) -> Read<T> {
        self.map(T::clone)
    }
}

impl<T: PartialEq> Read<T> {
    /// The wanted value where both sides are known and differ.
    pub fn changed<'a>(&self, to: &'a Self) -> Option<&'a T> {
        match (self, to) {
            (Self::Known(from), Self::Known(to)) if from != to => Some(to),
            _ => None,
        }
    }
}

impl<T> From<T> for Read<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Serialize> Serialize for Read<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::Unread(why) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(UNREAD, why)?;
                map.end()
            }
        }
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(deserializer)?;
        match value.get(UNREAD) {
            Some(why) => Unread::deserialize(why)
                .map(Self::Unread)
                .map_err(D::Error::custom),
            None => serde_json::from_value(value)
                .map(Self::Known)
                .map_err(D::Error::custom),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Read<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Read_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let known = generator.subschema_for::<T>();
        let unread = generator.subschema_for::<Unread>();
        schemars::json_schema!({
            "anyOf": [known, {
                "type": "object",
                "properties": { UNREAD: unread },
                "required": [UNREAD],
                "additionalProperties": false,
            }]
        })
    }
}
