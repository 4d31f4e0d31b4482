//! Amazon Resource Names.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Invalid;

/// An ARN of six colon-separated parts and no wildcard.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn(String);

const RULE: &str = "arn:partition:service:region:account:resource, without wildcards";

impl Arn {
    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One of the six parts, counted from zero; the resource keeps its colons.
    fn part(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// The service namespace, such as `iam`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The Region, empty where the service has none (IAM).
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account id, empty where the service has none (S3).
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// Everything after the account.
    pub fn resource(&self) -> &str {
        self.part(5)
    }
}

impl FromStr for Arn {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let whole = matches!(parts.as_slice(),
            ["arn", partition, service, _, account, resource]
                if partition.starts_with("aws")
                    && !service.is_empty()
                    && (account.is_empty() || account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()))
                    && !resource.is_empty());
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"*?\"'<>$\\".contains(&b));
        if whole && plain && text.len() <= 2048 {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("an ARN", text, RULE))
        }
    }
}

impl TryFrom<String> for Arn {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> Self {
        arn.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl JsonSchema for Arn {
    fn schema_name() -> Cow<'static, str> {
        "Arn".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "Arn",
            "pattern": "^arn:aws[a-z-]*:[^:]+:[^:]*:([0-9]{12})?:[^*?]+$",
            "description": RULE,
        })
    }
}
