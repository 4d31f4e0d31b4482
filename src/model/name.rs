//! Names and numbers that AWS or the house restricts, each parsed once.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Invalid;

/// Declares a validated string: noun, rule for people, pattern for the JSON Schema, predicate.
macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $rule:literal, $pattern:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The pattern that the published JSON Schema shows.
            pub const PATTERN: &'static str = $pattern;

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Invalid::new($what, text, $rule))
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "format": stringify!($type),
                    "description": $rule,
                })
            }
        }
    };
}

name!(
    /// The name of a service, unique in its environment.
    ServiceName,
    "a service name",
    "lower-case letters, digits and single hyphens, starting with a letter, at most 32",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    |text| kebab(text, 32)
);
name!(
    /// The name of an environment; it prefixes every physical name.
    EnvironmentName,
    "an environment name",
    "lower-case letters, digits and single hyphens, starting with a letter, at most 32",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    |text| kebab(text, 32)
);
name!(
    /// The name of one of the versions of a service that run side by side.
    VersionName,
    "a version name",
    "lower-case letters, digits and single hyphens, starting with a letter, at most 16",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    |text| kebab(text, 16)
);
name!(
    /// An AWS account id.
    AccountId,
    "an AWS account id",
    "exactly twelve digits, in quotes",
    "^[0-9]{12}$",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
);
name!(
    /// An AWS Region code.
    Region,
    "an AWS Region",
    "a Region code such as eu-west-1",
    "^[a-z]{2}(-[a-z]+)+-[0-9]$",
    region
);
name!(
    /// The id of a VPC that exists already.
    VpcId,
    "a VPC id",
    "vpc- followed by 8 to 17 hexadecimal digits",
    "^vpc-[0-9a-f]{8,17}$",
    |text| text
        .strip_prefix("vpc-")
        .is_some_and(|hex| (8..=17).contains(&hex.len()) && hex.bytes().all(lower_hex))
);
name!(
    /// An availability zone of the environment's Region, by its letter.
    Zone,
    "a zone",
    "the letter of an availability zone, such as a",
    "^[a-z]$",
    |text| text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase())
);
name!(
    /// The name of an IAM role.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    RoleName,
    "an IAM role name",
    "1 to 64 letters, digits or any of +=,.@-_",
    "^[A-Za-z0-9_+=,.@-]{1,64}$",
    |text| (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
);
name!(
    /// A framework with its version, as `pci-dss@4.0.1`.
    FrameworkId,
    "a framework",
    "an id and a version joined by @, such as pci-dss@4.0.1",
    "^[a-z0-9-]+@[A-Za-z0-9./-]+$",
    |text| text.split_once('@').is_some_and(|(id, version)| {
        !id.is_empty()
            && !version.is_empty()
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && version.bytes().all(|b| b.is_ascii_alphanumeric() || b"./-".contains(&b))
    })
);
name!(
    /// A mail address that alarms go to.
    MailAddress,
    "a mail address",
    "a mail address such as security@bank.example",
    "^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$",
    mail
);

fn mail(text: &str) -> bool {
    let of = |more: &'static [u8]| move |b: u8| b.is_ascii_alphanumeric() || more.contains(&b);
    text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.bytes().all(of(b"._%+-"))
                && domain.contains('.')
                && domain
                    .split('.')
                    .all(|part| !part.is_empty() && part.bytes().all(of(b"-")))
        })
}

fn kebab(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    let words = parts.get(1..parts.len() - 1).unwrap_or_default();
    first.len() == 2
        && !words.is_empty()
        && last.len() == 1
        && last.bytes().all(|b| b.is_ascii_digit())
        && std::iter::once(first)
            .chain(words)
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
}

fn lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

impl Region {
    /// The partition that the Region belongs to.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    pub fn partition(&self) -> &'static str {
        match self.0.get(..3) {
            Some("cn-") => "aws-cn",
            _ if self.0.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The DNS suffix of service principals in the Region's partition.
    pub fn dns_suffix(&self) -> &'static str {
        match self.partition() {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        }
    }
}

/// A TCP or UDP port, 1 to 65,535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Port(u16);

impl JsonSchema for Port {
    fn schema_name() -> Cow<'static, str> {
        "Port".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": u16::MAX })
    }
}

impl Port {
    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Port {
    type Error = Invalid;

    fn try_from(number: u16) -> Result<Self, Invalid> {
        if number == 0 {
            return Err(Invalid::new("a port", "0", "a number from 1 to 65535"));
        }
        Ok(Self(number))
    }
}

impl From<Port> for u16 {
    fn from(port: Port) -> Self {
        port.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kebab_names_are_strict() {
        for good in ["login", "forgot-password", "a1-b2"] {
            assert!(good.parse::<ServiceName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "Login",
            "-a",
            "a-",
            "a--b",
            "1a",
            "a_b",
            "a b",
            &"a".repeat(33),
        ] {
            assert!(bad.parse::<ServiceName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn mail_addresses_have_a_domain() {
        for good in ["security@bank.example", "soc+night@ops.bank.example"] {
            assert!(good.parse::<MailAddress>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "security",
            "@bank.example",
            "a@bank",
            "a@b@c.d",
            "a b@c.d",
            "a@b..c",
        ] {
            assert!(bad.parse::<MailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn regions_know_their_partition() {
        let partition = |text: &str| text.parse::<Region>().map(|region| region.partition());
        assert_eq!(partition("eu-west-1"), Ok("aws"));
        assert_eq!(partition("us-gov-east-1"), Ok("aws-us-gov"));
        assert_eq!(partition("cn-north-1"), Ok("aws-cn"));
        assert!(partition("moon").is_err());
    }
}
