//! Ranges of IPv4 addresses. A range need not be a CIDR block: a subnet without the addresses that
//! AWS keeps is none.

use std::{fmt, net::Ipv4Addr};

use ipnet::Ipv4Net;

/// Addresses that AWS keeps at the beginning of each subnet; it keeps the last one too.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
const RESERVED: u32 = 4;

/// Addresses from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    first: u32,
    last: u32,
}

impl Range {
    /// Every address.
    pub(super) const ALL: Self = Self {
        first: 0,
        last: u32::MAX,
    };

    /// All addresses of a block.
    pub(super) fn of(block: Ipv4Net) -> Self {
        Self {
            first: block.network().into(),
            last: block.broadcast().into(),
        }
    }

    /// The addresses of a subnet that an interface may have.
    pub(super) fn usable(subnet: Ipv4Net) -> Option<Self> {
        let all = Self::of(subnet);
        let first = all.first.checked_add(RESERVED)?;
        let last = all.last.checked_sub(1)?;
        (first <= last).then_some(Self { first, last })
    }

    /// The addresses of both.
    pub(super) fn common(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// Whether every address of the other is one of these.
    pub(super) fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Two different addresses, one of each range; none where both are the same single address.
    pub(super) fn two(self, other: Self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        let one = self.first;
        let two = match other.first == one {
            false => other.first,
            true if other.last > other.first => other.first + 1,
            true if self.last > self.first => return Some(((one + 1).into(), one.into())),
            true => return None,
        };
        Some((one.into(), two.into()))
    }

    /// The range in pieces that each of some other ranges covers wholly or not at all.
    pub(super) fn cut(self, others: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut starts = vec![self.first];
        for other in others {
            let after = other.last.checked_add(1);
            starts.extend([Some(other.first), after].into_iter().flatten());
        }
        starts.retain(|start| self.first <= *start && *start <= self.last);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|next| next - 1);
        let ends: Vec<u32> = ends.chain([self.last]).collect();
        let pieces = starts.into_iter().zip(ends);
        pieces.map(|(first, last)| Self { first, last }).collect()
    }

    /// The pieces that none of some other ranges covers.
    pub(super) fn without(self, others: &[Self]) -> Vec<Self> {
        let pieces = self.cut(others.iter().copied()).into_iter();
        pieces
            .filter(|piece| !others.iter().any(|other| other.covers(*piece)))
            .collect()
    }

    /// Whether the address is one of these.
    #[cfg(test)]
    pub(super) fn contains(self, address: Ipv4Addr) -> bool {
        (self.first..=self.last).contains(&address.into())
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (Ipv4Addr::from(self.first), Ipv4Addr::from(self.last));
        match first == last {
            true => write!(f, "{first}"),
            false => write!(f, "{first}-{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn block(text: &str) -> Range {
        Range::of(text.parse().unwrap())
    }

    #[test]
    fn a_range_is_cut_where_others_begin_and_end() {
        let all = block("10.0.0.0/24");
        let pieces = all.cut([block("10.0.0.64/26"), block("10.0.0.0/16")]);
        let shown: Vec<String> = pieces.iter().map(Range::to_string).collect();
        assert_eq!(
            shown,
            [
                "10.0.0.0-10.0.0.63",
                "10.0.0.64-10.0.0.127",
                "10.0.0.128-10.0.0.255"
            ]
        );
        assert_eq!(all.without(&[block("10.0.0.0/8")]), []);
        assert_eq!(Range::ALL.without(&[all]).len(), 2);
    }

    #[test]
    fn an_interface_never_has_an_address_that_aws_keeps() {
        let usable = Range::usable("10.0.0.0/28".parse().unwrap()).unwrap();
        assert_eq!(usable.to_string(), "10.0.0.4-10.0.0.14");
        assert_eq!(Range::usable("10.0.0.0/31".parse().unwrap()), None);
    }

    #[test]
    fn nobody_talks_to_itself() {
        let one = block("10.0.0.4/32");
        assert_eq!(one.two(one), None);
        let two = block("10.0.0.4/31");
        let (a, b) = one.two(two).unwrap();
        assert_ne!(a, b);
        let (a, b) = two.two(one).unwrap();
        assert_ne!(a, b);
        assert!(two.contains(a) && one.contains(b));
    }
}
