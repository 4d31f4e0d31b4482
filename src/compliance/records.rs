//! What people put beside a specification: waivers, attestations, and the files behind them.
//! Files are hashed where they are read; here they are values.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{attestation::Attestation, waiver::Waiver};

/// A record this near to its end is shown as such, in days.
const NEAR: i32 = 30;

/// The records of one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// What may fail for a while, in the order of the file.
    pub waivers: Vec<Waiver>,
    /// What people say, in the order of the file.
    pub attestations: Vec<Attestation>,
    /// SHA-256 of each file of evidence, as it was found; none where it was not.
    pub found: BTreeMap<String, Option<String>>,
}

/// A file that stands behind a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// Its path, seen from the folder of this file; never outside of it.
    #[schemars(length(max = 400), extend("pattern" = "\\S", "format" = "RelativePath"))]
    pub file: String,
    /// Its SHA-256, 64 lower-case hexadecimal digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$", "format" = "Sha256"))]
    pub sha256: String,
}

/// Where a record stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It holds.
    Valid,
    /// It holds, for thirty days at most.
    Expiring,
    /// Its first day is still to come.
    NotYet,
    /// Its last day is over.
    Expired,
}

impl Standing {
    /// Where a record stands that holds from one day to another, both included.
    pub fn on(day: Date, first: Date, last: Date) -> Self {
        let left = day.until(last).map_or(0, |span| span.get_days());
        match (day < first, day > last) {
            (true, _) => Self::NotYet,
            (_, true) => Self::Expired,
            _ if left < NEAR => Self::Expiring,
            _ => Self::Valid,
        }
    }

    /// Whether it holds.
    pub fn holds(self) -> bool {
        matches!(self, Self::Valid | Self::Expiring)
    }

    /// The word for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::NotYet => "not yet valid",
            Self::Expired => "expired",
        }
    }
}

impl Records {
    /// What is wrong with the files behind a statement; nothing if each is as it was.
    pub fn doubts(&self, evidence: &[EvidenceFile]) -> Vec<String> {
        let doubt = |one: &EvidenceFile| match self.found.get(&one.file).and_then(Option::as_ref) {
            Some(found) if *found == one.sha256 => None,
            Some(_) => Some(format!("{} has changed since it was hashed", one.file)),
            None => Some(format!("{} is not there", one.file)),
        };
        evidence.iter().filter_map(doubt).collect()
    }
}

/// The day of a moment, UTC: records speak of days.
pub fn day(moment: jiff::Timestamp) -> Date {
    moment.to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_day_is_included_and_the_end_is_announced() {
        let on = |day| Standing::on(day, date(2026, 1, 10), date(2026, 12, 31));
        assert_eq!(on(date(2026, 1, 9)), Standing::NotYet);
        assert_eq!(on(date(2026, 1, 10)), Standing::Valid);
        assert_eq!(on(date(2026, 12, 2)), Standing::Expiring);
        assert_eq!(on(date(2026, 12, 31)), Standing::Expiring);
        assert_eq!(on(date(2027, 1, 1)), Standing::Expired);
    }

    #[test]
    fn evidence_that_changed_or_went_is_in_doubt() {
        let file = |name: &str| EvidenceFile {
            file: name.to_owned(),
            sha256: "aa".to_owned(),
        };
        let found = [("same", Some("aa")), ("other", Some("bb")), ("gone", None)];
        let records = Records {
            found: found
                .map(|(name, hash)| (name.to_owned(), hash.map(str::to_owned)))
                .into(),
            ..Records::default()
        };
        let doubts = records.doubts(&[file("same"), file("other"), file("gone"), file("unknown")]);
        assert_eq!(
            doubts,
            [
                "other has changed since it was hashed",
                "gone is not there",
                "unknown is not there"
            ]
        );
    }
}
