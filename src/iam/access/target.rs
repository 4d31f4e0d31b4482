//! What an access declaration points at: `service:resource-type/name`, or an ARN.
//! Parsed once; whether AWS has the service and resource type is the catalogue's to say.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::AccessError;
use crate::model::Arn;

const RULE: &str =
    "service:resource-type/name such as dynamodb:table/customers, or an ARN, without wildcards";
const LONGEST: usize = 2048;

/// One resource that a service asks access to; it displays as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccessTarget(Form);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    Named {
        service: String,
        kind: String,
        name: String,
    },
    Arn(Arn),
}

impl AccessTarget {
    pub(super) fn form(&self) -> &Form {
        &self.0
    }
}

impl FromStr for AccessTarget {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        parse(text)
            .map(Self)
            .ok_or_else(|| AccessError::NotATarget {
                target: text.chars().take(80).collect(),
                rule: RULE,
            })
    }
}

fn parse(text: &str) -> Option<Form> {
    if text.starts_with("arn:") {
        return text.parse().ok().map(Form::Arn);
    }
    let (service, rest) = text.split_once(':')?;
    let (kind, name) = rest.split_once('/')?;
    let word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let plain = |b: u8| b.is_ascii_graphic() && !b"*?$\"'<>\\{}".contains(&b);
    let valid = text.len() <= LONGEST
        && word(service)
        && word(kind)
        && !name.is_empty()
        && name.bytes().all(plain);
    valid.then(|| Form::Named {
        service: service.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
    })
}

impl fmt::Display for AccessTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Named {
                service,
                kind,
                name,
            } => write!(f, "{service}:{kind}/{name}"),
            Form::Arn(arn) => write!(f, "{arn}"),
        }
    }
}

impl TryFrom<String> for AccessTarget {
    type Error = AccessError;

    fn try_from(text: String) -> Result<Self, AccessError> {
        text.parse()
    }
}

impl From<AccessTarget> for String {
    fn from(target: AccessTarget) -> Self {
        target.to_string()
    }
}

impl JsonSchema for AccessTarget {
    fn schema_name() -> Cow<'static, str> {
        "AccessTarget".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r#"^[A-Za-z0-9-]+:[^*?$"'<>\\{}\s]+$"#,
            "maxLength": LONGEST,
            "description": RULE,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_target_displays_as_it_was_written() {
        for text in [
            "dynamodb:table/customers",
            "ssm:parameter/bank/login/key",
            "arn:aws:s3:::receipts",
        ] {
            assert_eq!(text.parse::<AccessTarget>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn wildcards_variables_blanks_and_missing_parts_are_refused() {
        for text in [
            "",
            "dynamodb",
            "dynamodb:table",
            "dynamodb:table/",
            "dynamodb:/customers",
            ":table/customers",
            "dynamodb:table/*",
            "dynamodb:ta*le/customers",
            "s3:bucket/a?c",
            "s3:bucket/${aws:username}",
            "s3:bucket/a b",
            "s3:bucket/a\nb",
            "s3:bucket/é",
            "arn:aws:s3:::*",
            "arn:aws:s3",
        ] {
            assert!(text.parse::<AccessTarget>().is_err(), "{text}");
        }
    }
}
