//! Ids and tokens of OSCAL documents: derived from what they name, so that the same evidence gives
//! the same bytes. Nothing random is here.

use std::collections::BTreeMap;

use crate::{
    evidence::{Digest, unhex},
    model::FrameworkId,
    report::assessment::Source,
};

/// What ids of one report are derived from.
pub(super) struct Ids {
    /// The environment: its things keep their ids from report to report.
    place: String,
    /// The evidence: what was seen in it has ids of its own.
    moment: String,
}

impl Ids {
    /// Ids of a report on this evidence.
    pub fn of(source: &Source<'_>, evidence: &BTreeMap<&str, Digest>) -> Self {
        let snapshot = source.snapshot;
        let (account, region) = (&snapshot.account, &snapshot.region);
        let evidence: Vec<String> = evidence
            .iter()
            .map(|(name, digest)| format!("{digest}  {name}\n"))
            .collect();
        let place = format!("{account}\n{region}\n{}", snapshot.environment);
        Self {
            moment: format!("{place}\n{}", Digest::of(evidence.concat().as_bytes())),
            place,
        }
    }

    /// The id of a thing that is the same in every report: a resource, a person, an open item.
    pub fn lasting(&self, kind: &str, parts: &[&str]) -> String {
        uuid(&format!("{}\n{kind}\n{}", self.place, parts.join("\n")))
    }

    /// The id of what this report says.
    pub fn of_report(&self, kind: &str, parts: &[&str]) -> String {
        uuid(&format!("{}\n{kind}\n{}", self.moment, parts.join("\n")))
    }
}

/// A UUID from a name: as version 5 is made, with SHA-256 in the place of SHA-1. OSCAL knows
/// versions 4 and 5 only.
/// <https://www.rfc-editor.org/rfc/rfc9562#section-5.5>
fn uuid(name: &str) -> String {
    let digest = Digest::of(format!("strongroom\n{name}").as_bytes());
    let bytes = unhex(digest.as_str()).unwrap_or_default();
    let variant = bytes.get(8).map_or(0x80, |byte| byte & 0x3f | 0x80);
    let part = |from: usize, to: usize| digest.as_str().get(from..to).unwrap_or_default();
    format!(
        "{}-{}-5{}-{variant:02x}{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(18, 20),
        part(20, 32)
    )
}

/// A requirement as a token, which has neither `@` nor spaces: `pci-dss-4.0.1_10.5.1`.
pub(super) fn control(framework: &FrameworkId, requirement: &str) -> String {
    token(&format!("{framework}_{requirement}"))
}

/// Text as a token: a letter or `_`, then letters, digits, `.`, `-` and `_`. What else there is
/// becomes `-`, and `_` comes before what begins otherwise.
pub(super) fn token(text: &str) -> String {
    let plain = |c: char| match c {
        '.' | '_' => c,
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    let token: String = text.chars().map(plain).collect();
    match token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        true => token,
        false => format!("_{token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gives_the_same_uuid_of_version_5() {
        let one = uuid("a");
        assert_eq!(one, uuid("a"));
        assert_ne!(one, uuid("b"));
        assert_eq!(one.len(), 36);
        assert_eq!(one.get(14..15), Some("5"), "{one}");
        assert!(one.get(19..20).is_some_and(|c| "89ab".contains(c)), "{one}");
    }

    #[test]
    fn tokens_begin_with_a_letter() {
        assert_eq!(token("pci-dss@4.0.1_10.5.1"), "pci-dss-4.0.1_10.5.1");
        assert_eq!(token("10 (a)"), "_10--a-");
    }
}
