//! Amounts of US dollars, exact to the millionth: sums of prices never drift.

use std::{fmt, iter::Sum, str::FromStr};

use serde::{Deserialize, Serialize};

/// An amount in millionths of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

/// A text that is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no price: write dollars with at most six decimals, such as \"0.045\"")]
pub struct NotMoney(String);

/// Millionths of a dollar.
const UNIT: i64 = 1_000_000;

impl Money {
    /// So many times the amount.
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let refuse = || NotMoney(text.to_owned());
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || part.len() > 6 || !digits(whole) || !digits(part)
        {
            return Err(refuse());
        }
        let whole: i64 = whole.parse().map_err(|_| refuse())?;
        let part: i64 = format!("{part:0<6}").parse().map_err(|_| refuse())?;
        Ok(Self(whole * UNIT + part))
    }
}

impl TryFrom<String> for Money {
    type Error = NotMoney;

    fn try_from(text: String) -> Result<Self, NotMoney> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

impl fmt::Display for Money {
    /// With cents, and as many further decimals as it has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        let (whole, part) = (amount / UNIT.unsigned_abs(), amount % UNIT.unsigned_abs());
        let decimals = format!("{part:06}");
        let (cents, rest) = decimals.split_at(2);
        f.pad(&format!(
            "{sign}{whole}.{cents}{}",
            rest.trim_end_matches('0')
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn amounts_are_read_and_written_exactly() {
        for (text, told) in [
            ("1", "1.00"),
            ("0.045", "0.045"),
            ("12.5", "12.50"),
            ("0.000001", "0.000001"),
        ] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), told);
        }
        let loss = "0.40".parse::<Money>().unwrap().times(-3);
        assert_eq!(loss.to_string(), "-1.20");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            ".5",
            "1e3",
            "-1",
            "1,5",
            "1.0000001",
            "99999999999",
            "0x1",
        ] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }
}
