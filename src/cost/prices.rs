//! The price file: list prices by Region, with the day on which they were noted.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Money;
use crate::model::Region;

/// The prices that ship.
const VENDORED: &str = include_str!("../../policies/prices/aws.yaml");
/// The format of a price file.
const SCHEMA: &str = "strongroom/prices/v1";

/// Prices by Region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    schema: String,
    /// The day on which they were noted.
    pub date: jiff::civil::Date,
    /// The currency; dollars are the only one that AWS lists everywhere.
    pub currency: Currency,
    /// Where each price is published.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
    /// The prices of each Region.
    pub regions: BTreeMap<Region, Rates>,
}

/// A currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Currency {
    /// US dollars.
    #[serde(rename = "USD")]
    Usd,
}

/// The prices of one Region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// A KMS key for a month.
    pub key_month: Money,
    /// Ten thousand requests to KMS.
    pub key_requests_10k: Money,
    /// An interface endpoint in one zone for an hour.
    pub interface_endpoint_hour: Money,
    /// A gigabyte through an interface endpoint.
    pub interface_endpoint_gb: Money,
    /// A NAT gateway for an hour.
    pub nat_gateway_hour: Money,
    /// A gigabyte through a NAT gateway.
    pub nat_gateway_gb: Money,
    /// A public IPv4 address for an hour.
    pub public_ipv4_hour: Money,
    /// A secret for a month.
    pub secret_month: Money,
    /// An alarm for a month.
    pub alarm_month: Money,
    /// A gigabyte of logs taken in by CloudWatch.
    pub log_gb: Money,
    /// A gigabyte of logs kept by CloudWatch for a month.
    pub log_archive_gb_month: Money,
    /// A gigabyte in the audit bucket for a month.
    pub audit_bucket_gb_month: Money,
    /// A hundred thousand data events of a trail.
    pub trail_data_events_100k: Money,
    /// A configuration item of AWS Config.
    pub config_item: Money,
}

/// A file that holds no prices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// It cannot be understood.
    #[error("these are no prices: {0}")]
    Malformed(String),
    /// It is of another format.
    #[error("the prices are written as {0}, and this version reads {SCHEMA}")]
    Schema(String),
}

impl Prices {
    /// The prices that ship.
    ///
    /// # Errors
    /// Never, unless the file that ships is broken.
    pub fn vendored() -> Result<Self, PriceError> {
        Self::read(VENDORED)
    }

    /// Reads a price file.
    ///
    /// # Errors
    /// A file that is none.
    pub fn read(text: &str) -> Result<Self, PriceError> {
        let prices: Self =
            serde_yaml::from_str(text).map_err(|error| PriceError::Malformed(error.to_string()))?;
        if prices.schema == SCHEMA {
            Ok(prices)
        } else {
            Err(PriceError::Schema(prices.schema))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_ships_can_be_read_and_every_price_has_its_source() {
        let prices = Prices::vendored().unwrap();
        assert!(prices.regions.len() >= 3);
        assert_eq!(prices.sources.len(), 14);
    }

    #[test]
    fn a_file_of_another_format_is_refused() {
        let other = VENDORED.replace("prices/v1", "prices/v9");
        let refused = Prices::read(&other);
        assert!(matches!(refused, Err(PriceError::Schema(_))), "{refused:?}");
        assert!(matches!(
            Prices::read("a: b"),
            Err(PriceError::Malformed(_))
        ));
    }
}
