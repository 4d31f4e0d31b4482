//! The names of files in a bundle: relative, plain, and never outside of its folder.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::model::Invalid;

/// The contents of a bundle by name, its manifest and its signature aside.
pub type Files = BTreeMap<FileName, Vec<u8>>;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// The name of the signature.
pub const ENVELOPE: &str = "manifest.dsse.json";
/// The name of the resolved environment.
pub const ENVIRONMENT: &str = "environment.json";
/// The name of the snapshot.
pub const SNAPSHOT: &str = "snapshot.json";
/// The name of the waivers and attestations.
pub const RECORDS: &str = "records.json";
/// The name of the bank's own checks and frameworks: path to text.
pub const POLICIES: &str = "policies.json";
/// The name of the tape.
pub const TAPE: &str = "tape.json.gz";
/// The name of the assessment.
pub const ASSESSMENT: &str = "assessment.json";

/// The name of the facts.
pub const FACTS: &str = "facts.json";
/// The name of the places: where each part of the specification was written.
pub const PLACES: &str = "places.json";
/// The name of what an earlier bundle said, where the report compares itself with one.
pub const SINCE: &str = "since.json";

/// The name of a file in a bundle, with `/` between folders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

const RULE: &str = "a relative path of letters, digits, '.', '_', '-' and '/' that stays inside";

impl FileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let part = |part: &str| part.bytes().all(plain) && !matches!(part, "" | "." | "..");
        let reserved = matches!(text, MANIFEST | ENVELOPE);
        match !reserved && text.len() <= 255 && text.split('/').all(part) {
            true => Ok(Self(text.to_owned())),
            false => Err(Invalid::new("the name of a file in a bundle", text, RULE)),
        }
    }
}

impl TryFrom<String> for FileName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl std::borrow::Borrow<str> for FileName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_and_are_not_the_manifest() {
        assert!("services/login.md".parse::<FileName>().is_ok());
        for name in [
            "", "/a", "a/", "a//b", "../a", "a/../b", "a\\b", "a b", MANIFEST, ENVELOPE,
        ] {
            assert!(name.parse::<FileName>().is_err(), "{name}");
        }
    }
}
