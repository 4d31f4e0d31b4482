//! Evidence over a period, from a chain of bundles: when each control held, when it failed and
//! was mended, what changed, and the days on which nobody looked. Between two looks nothing is
//! known, and nothing is said.

mod history;
mod sample;

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::Serialize;

pub use history::{Failure, History, Interval};
pub use sample::{Sample, SampleError};

use super::{Digest, differences};
use crate::model::{AccountId, EnvironmentName, Invalid, Region};

/// Name and version of the format.
pub const SCHEMA: &str = "strongroom/period/v1";

/// Changed places that are named of one bundle; the number of all is told.
const NAMED: usize = 50;

/// A period of days in UTC, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// What a chain shows of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodReport {
    /// Name and version of this format.
    pub schema: &'static str,
    /// The environment.
    pub environment: EnvironmentName,
    /// Its account.
    pub account: AccountId,
    /// Its Region.
    pub region: Region,
    /// The period that was asked for.
    pub period: Period,
    /// The last day that can have evidence: that of the report, if it is in the period.
    pub through: Date,
    /// The bundles, oldest first.
    pub bundles: Vec<Looked>,
    /// Days of the period that are over and have no evidence.
    pub days_without: Vec<Date>,
    /// The checks, by id.
    pub checks: Vec<History>,
    /// The requirements, by framework and id.
    pub requirements: Vec<History>,
    /// What changed from each bundle to the next.
    pub changes: Vec<Change>,
}

/// One look at the account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Looked {
    /// The digest of the bundle.
    pub digest: Digest,
    /// When.
    pub taken_at: jiff::Timestamp,
    /// Where it comes from, in words.
    pub origin: String,
    /// Whether a live account answered and its tape is there.
    pub live: bool,
    /// Digest of the resolved specification.
    pub specification: Digest,
    /// Its commit.
    pub commit: Option<String>,
}

/// What changed from one look to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// When it was seen first.
    pub seen_at: jiff::Timestamp,
    /// Whether the specification is another.
    pub specification: bool,
    /// How many places of the account's resources are others.
    pub places: usize,
    /// The first of them, by path.
    pub named: Vec<String>,
}

impl FromStr for Period {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rule = "two days with .. between them, as 2026-07-01..2026-12-31";
        let days = text.split_once("..").and_then(|(from, to)| {
            let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
            (from <= to).then_some(Self { from, to })
        });
        days.ok_or_else(|| Invalid::new("a period", text, rule))
    }
}

impl Period {
    /// Whether a moment is in it.
    pub fn holds(&self, moment: jiff::Timestamp) -> bool {
        (self.from..=self.to).contains(&day(moment))
    }
}

/// The day of a moment, in UTC.
pub fn day(moment: jiff::Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

impl PeriodReport {
    /// What the bundles of one environment show of a period, as of the day `today`. None where no
    /// bundle is in it.
    pub fn of(period: Period, samples: &[Sample], today: Date) -> Option<Self> {
        let mut samples: Vec<&Sample> = samples
            .iter()
            .filter(|sample| period.holds(sample.manifest.taken_at))
            .collect();
        samples.sort_by_key(|sample| sample.manifest.taken_at);
        let last = &samples.last()?.manifest;
        let through = period.to.min(today);
        Some(Self {
            schema: SCHEMA,
            environment: last.environment.clone(),
            account: last.account.clone(),
            region: last.region.clone(),
            period,
            through,
            bundles: samples.iter().map(|sample| looked(sample)).collect(),
            days_without: days_without(period.from, through, &samples),
            checks: history::of(&samples, |sample| &sample.checks),
            requirements: history::of(&samples, |sample| &sample.requirements),
            changes: samples.windows(2).filter_map(change).collect(),
        })
    }

    /// Days of the period that are over.
    pub fn days(&self) -> usize {
        days(self.period.from, self.through).count()
    }

    /// Days without evidence that are no weekend, for those that look on working days only.
    pub fn working_days_without(&self) -> usize {
        let weekend = |day: &&Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.days_without.iter().filter(|day| !weekend(day)).count()
    }

    /// Whether every look was at a live account.
    pub fn is_live(&self) -> bool {
        self.bundles.iter().all(|bundle| bundle.live)
    }
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).take_while(move |day| *day <= to)
}

fn days_without(from: Date, to: Date, samples: &[&Sample]) -> Vec<Date> {
    let with: BTreeSet<Date> = samples.iter().map(|s| day(s.manifest.taken_at)).collect();
    days(from, to).filter(|day| !with.contains(day)).collect()
}

fn looked(sample: &Sample) -> Looked {
    let manifest = &sample.manifest;
    Looked {
        digest: sample.digest.clone(),
        taken_at: manifest.taken_at,
        origin: manifest.origin.words(),
        live: manifest.is_live(),
        specification: manifest.specification.digest.clone(),
        commit: manifest.specification.commit.clone(),
    }
}

fn change(pair: &[&Sample]) -> Option<Change> {
    let [before, after] = pair else { return None };
    let (old, new) = (before.resources.to_string(), after.resources.to_string());
    let places = differences(old.as_bytes(), new.as_bytes(), usize::MAX);
    let specification = before.manifest.specification.digest != after.manifest.specification.digest;
    (specification || !places.is_empty()).then(|| Change {
        seen_at: after.manifest.taken_at,
        specification,
        places: places.len(),
        named: places
            .into_iter()
            .take(NAMED)
            .map(|one| one.place)
            .collect(),
    })
}

/// Outcomes by id, with the title.
pub type Outcomes = BTreeMap<String, (String, crate::compliance::verdict::Outcome)>;
