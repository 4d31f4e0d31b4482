//! The values of typed conditions: decimal numbers, moments, addresses, bytes.
//! A value that is not of its type is a doubt, never a guess.

use std::{cmp::Ordering, net::IpAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use ipnet::IpNet;

use super::{Doubt, Truth};

/// How two ordered values are compared; the policy's value stands on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Equals.
    Equal,
    /// NotEquals.
    NotEqual,
    /// LessThan.
    Less,
    /// LessThanEquals.
    LessOrEqual,
    /// GreaterThan.
    Greater,
    /// GreaterThanEquals.
    GreaterOrEqual,
}

impl Relation {
    /// Whether the order of the two satisfies it; of NotEquals, its opposite.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal | Self::NotEqual => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A value as a policy or a request writes it.
pub trait Operand: Sized {
    /// Reads it.
    fn read(text: &str) -> Option<Self>;
}

/// A policy's value, or the doubt in its place.
#[derive(Debug, Clone)]
pub struct Operands<T>(Vec<Option<T>>);

impl<T: Operand> Operands<T> {
    /// Reads the values of a policy.
    pub fn read(texts: &[String]) -> Self {
        Self(texts.iter().map(|text| T::read(text)).collect())
    }

    /// Whether the request's value stands to any of them as asked.
    pub fn any(&self, text: &str, fits: impl Fn(&T, &T) -> bool) -> Truth {
        let Some(value) = T::read(text) else {
            return Truth::Unclear(Doubt::Value);
        };
        Truth::any(self.0.iter().map(|operand| match operand {
            Some(operand) => fits(&value, operand).into(),
            None => Truth::Unclear(Doubt::Value),
        }))
    }
}

/// A decimal number of any length, compared exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// Without leading zeros.
    whole: String,
    /// Without trailing zeros.
    fraction: String,
}

impl Operand for Decimal {
    fn read(text: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self {
            negative: negative && !is_zero,
            whole,
            fraction,
        })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            let whole = a.whole.len().cmp(&b.whole.len());
            whole
                .then_with(|| a.whole.cmp(&b.whole))
                .then_with(|| a.fraction.cmp(&b.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A moment: ISO 8601, or seconds since 1970.
/// <https://www.w3.org/TR/NOTE-datetime>
impl Operand for jiff::Timestamp {
    fn read(text: &str) -> Option<Self> {
        // Four digits may be a year or seconds.
        if text.len() != 4 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Self::from_second(text.parse().ok()?).ok();
        }
        if let Ok(moment) = text.parse() {
            return Some(moment);
        }
        let day = match text.len() {
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        let midnight = format!("{day}T00:00:00Z");
        let is_day = day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        is_day.then(|| midnight.parse().ok()).flatten()
    }
}

/// A range of addresses; a single address is a range of one.
impl Operand for IpNet {
    fn read(text: &str) -> Option<Self> {
        let range = text.parse().ok();
        range.or_else(|| text.parse().ok().map(|address: IpAddr| address.into()))
    }
}

/// Bytes, in base64.
impl Operand for Vec<u8> {
    fn read(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()
    }
}

/// `true` or `false`, in any case.
impl Operand for bool {
    fn read(text: &str) -> Option<Self> {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        is("true").then_some(true).or(is("false").then_some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(Decimal::read(a)?.cmp(&Decimal::read(b)?))
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(order("9", "10"), Some(Ordering::Less));
        assert_eq!(order("10.50", "010.5"), Some(Ordering::Equal));
        assert_eq!(order("-1.5", "-1.25"), Some(Ordering::Less));
        assert_eq!(order("-0", "0"), Some(Ordering::Equal));
        let (big, bigger) = ("9007199254740992", "9007199254740993");
        assert_eq!(order(big, bigger), Some(Ordering::Less));
        for bad in ["", ".", "-", "1e3", "1,5", "0x1", " 1"] {
            assert!(Decimal::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn moments_have_several_spellings() {
        let moment = |text: &str| jiff::Timestamp::read(text).map(|t| t.as_second());
        for text in [
            "2020-01-01T00:00:00Z",
            "2020-01-01",
            "2020-01",
            "1577836800",
            "2020-01-01T01:00:00+01:00",
        ] {
            assert_eq!(moment(text), Some(1_577_836_800), "{text}");
        }
        for bad in ["2020", "", "yesterday", "2020-13-01", "2020-01-01T00:00:00"] {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }
}
