//! What resources cost by the month, from a dated price file. An estimate: list prices, and what
//! depends on use is told as a rate, never guessed.

mod money;
mod prices;

use std::collections::BTreeMap;

use serde::Serialize;

pub use money::{Money, NotMoney};
pub use prices::{PriceError, Prices, Rates};

use crate::{
    model::Region,
    resource::{EndpointType, KeyState, Read, Resources},
};

/// Hours of a month, as AWS's calculator counts them.
const HOURS: i64 = 730;

/// What no price file can tell beforehand.
pub const NOT_ESTIMATED: [&str; 5] = [
    "what stores hold and how they are used",
    "key material that rotation adds",
    "traffic between zones and to the internet",
    "findings, archives and further copies of trails",
    "taxes, discounts and free tiers",
];

/// What a change of the resources costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// The day of the prices.
    pub date: jiff::civil::Date,
    /// The Region of the prices.
    pub region: Region,
    /// What is paid by the month whatever happens, by what it is for.
    pub fixed: BTreeMap<&'static str, Line>,
    /// What use costs on top, by what is used.
    pub usage: BTreeMap<&'static str, Money>,
}

/// One kind of thing that is paid for by the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How many there are.
    pub before: i64,
    /// How many there will be.
    pub after: i64,
    /// What one costs in a month.
    pub each: Money,
}

impl Line {
    /// How many more there will be.
    pub fn more(&self) -> i64 {
        self.after.saturating_sub(self.before)
    }

    /// What the difference costs in a month.
    pub fn difference(&self) -> Money {
        self.each.times(self.more())
    }
}

impl Estimate {
    /// What leads from one set of resources to another costs.
    ///
    /// # Errors
    /// Prices that say nothing of the Region.
    pub fn between(
        before: &Resources,
        after: &Resources,
        region: &Region,
        prices: &Prices,
    ) -> Result<Self, NoPrices> {
        let rates = prices.regions.get(region).ok_or_else(|| NoPrices {
            date: prices.date,
            region: region.clone(),
        })?;
        let (was, will_be) = (counts(before), counts(after));
        let fixed = rates.fixed().into_iter().filter_map(|(what, each)| {
            let count = |side: &BTreeMap<_, _>| side.get(what).copied().unwrap_or_default();
            let (before, after) = (count(&was), count(&will_be));
            let line = Line {
                before,
                after,
                each,
            };
            (before != 0 || after != 0).then_some((what, line))
        });
        Ok(Self {
            date: prices.date,
            region: region.clone(),
            fixed: fixed.collect(),
            usage: rates.usage(&used(after)),
        })
    }

    /// What is added by the month.
    pub fn adds(&self) -> Money {
        let more = self.fixed.values().filter(|line| line.more() > 0);
        more.map(Line::difference).sum()
    }

    /// What is no longer paid by the month.
    pub fn removes(&self) -> Money {
        let fewer = self.fixed.values().filter(|line| line.more() < 0);
        fewer.map(|line| line.each.times(-line.more())).sum()
    }

    /// All that will be paid by the month whatever happens.
    pub fn monthly(&self) -> Money {
        let lines = self.fixed.values();
        lines.map(|line| line.each.times(line.after)).sum()
    }
}

/// A Region that the price file does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the prices of {date} have none of {region}; give a file that has, with --prices")]
pub struct NoPrices {
    /// The day of the prices.
    pub date: jiff::civil::Date,
    /// The Region.
    pub region: Region,
}

/// How many there are of everything that is paid for by the month. What waits for its deletion
/// costs nothing.
fn counts(resources: &Resources) -> BTreeMap<&'static str, i64> {
    let keys = resources.kms_key.values();
    let kept = keys.filter(|key| key.state != Read::Known(KeyState::PendingDeletion));
    let secrets = resources.secret.values();
    let secrets = secrets.filter(|secret| secret.pending_deletion != Read::Known(true));
    let endpoints = resources.vpc_endpoint.values();
    let interfaces = endpoints.filter(|one| one.endpoint_type == EndpointType::Interface);
    let interfaces = interfaces.map(|one| one.subnets.known().map_or(0, |subnets| subnets.len()));
    BTreeMap::from([
        (KEYS, number(kept.count())),
        (ENDPOINTS, number(interfaces.sum())),
        (NAT_GATEWAYS, number(resources.nat_gateway.len())),
        (ADDRESSES, number(resources.elastic_ip.len())),
        (SECRETS, number(secrets.count())),
        (ALARMS, number(resources.metric_alarm.len())),
    ])
}

/// What of the resources is paid for by use.
fn used(resources: &Resources) -> Vec<&'static str> {
    let endpoints = resources.vpc_endpoint.values();
    let interfaces = endpoints.filter(|one| one.endpoint_type == EndpointType::Interface);
    [
        (KEY_REQUESTS, resources.kms_key.len()),
        (ENDPOINT_DATA, interfaces.count()),
        (NAT_DATA, resources.nat_gateway.len()),
        (LOG_DATA, resources.log_group.len()),
        (DATA_EVENTS, resources.trail.len()),
        (AUDIT_DATA, resources.s3_bucket.len()),
        (CONFIG_ITEMS, resources.config_recorder.len()),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(what, _)| what)
    .collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

const KEYS: &str = "KMS keys";
const ENDPOINTS: &str = "interface endpoints, by zone";
const NAT_GATEWAYS: &str = "NAT gateways";
const ADDRESSES: &str = "public IPv4 addresses";
const SECRETS: &str = "secrets";
const ALARMS: &str = "alarms";
const KEY_REQUESTS: &str = "10,000 KMS requests";
const ENDPOINT_DATA: &str = "GB through an interface endpoint";
const NAT_DATA: &str = "GB through a NAT gateway";
const LOG_DATA: &str = "GB of logs taken in";
const DATA_EVENTS: &str = "100,000 data events of the trail";
const AUDIT_DATA: &str = "GB of audit logs kept for a month";
const CONFIG_ITEMS: &str = "change that Config records";

impl Rates {
    fn fixed(&self) -> [(&'static str, Money); 6] {
        [
            (KEYS, self.key_month),
            (ENDPOINTS, self.interface_endpoint_hour.times(HOURS)),
            (NAT_GATEWAYS, self.nat_gateway_hour.times(HOURS)),
            (ADDRESSES, self.public_ipv4_hour.times(HOURS)),
            (SECRETS, self.secret_month),
            (ALARMS, self.alarm_month),
        ]
    }

    fn usage(&self, used: &[&'static str]) -> BTreeMap<&'static str, Money> {
        [
            (KEY_REQUESTS, self.key_requests_10k),
            (ENDPOINT_DATA, self.interface_endpoint_gb),
            (NAT_DATA, self.nat_gateway_gb),
            (LOG_DATA, self.log_gb),
            (DATA_EVENTS, self.trail_data_events_100k),
            (AUDIT_DATA, self.audit_bucket_gb_month),
            (CONFIG_ITEMS, self.config_item),
        ]
        .into_iter()
        .filter(|(what, _)| used.contains(what))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{
        model::{Class, Environment},
        spec,
    };

    fn bank() -> (Environment, Resources) {
        let path = std::path::Path::new("environments/digital-bank");
        let environment = spec::load(path).unwrap().environment;
        assert_eq!(environment.class, Class::Production);
        let catalogue = crate::iam::catalogue::Catalogue::vendored().unwrap();
        let desired = crate::desired::compile(&environment, catalogue).unwrap();
        (environment, desired.resources)
    }

    #[test]
    fn what_is_added_costs_what_removing_it_saves() {
        let (environment, resources) = bank();
        let prices = Prices::vendored().unwrap();
        let nothing = Resources::default();
        let between =
            |before, after| Estimate::between(before, after, &environment.region, &prices).unwrap();
        let (built, gone) = (between(&nothing, &resources), between(&resources, &nothing));
        assert_eq!(built.adds(), built.monthly());
        assert_eq!(gone.removes(), built.adds());
        assert_eq!(gone.monthly(), Money::default());
        let same = between(&resources, &resources);
        assert_eq!((same.adds(), same.removes()), Default::default());
        assert_eq!(same.monthly(), built.monthly());
        let keys = built.fixed[KEYS];
        assert_eq!(
            keys.difference(),
            "1".parse::<Money>().unwrap().times(keys.after)
        );
        assert!(built.usage.contains_key(LOG_DATA));
    }

    #[test]
    fn a_region_without_prices_is_told() {
        let region: Region = "ap-southeast-4".parse().unwrap();
        let nothing = Resources::default();
        let prices = Prices::vendored().unwrap();
        let refused = Estimate::between(&nothing, &nothing, &region, &prices).unwrap_err();
        assert!(refused.to_string().contains("ap-southeast-4"));
    }
}
