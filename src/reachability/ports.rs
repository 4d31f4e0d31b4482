//! Exact sets of protocols and ports, as intervals. A point is a protocol and a port; ICMP has its
//! type and code there, and a protocol without ports takes the whole range.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::resource::PortRange;

/// Internet Control Message Protocol.
pub const ICMP: u8 = 1;
/// Transmission Control Protocol.
pub const TCP: u8 = 6;
/// User Datagram Protocol.
pub const UDP: u8 = 17;
/// The same as [`ICMP`] for IPv6.
const ICMP_V6: u8 = 58;
/// The last point of all: protocol 255, port 65,535.
const LAST: u32 = 0x00FF_FFFF;
/// What ICMP writes where every type or every code is meant.
const ANY: i32 = -1;

/// A protocol and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Point {
    /// IP protocol number.
    pub protocol: u8,
    /// Destination port; type and code of ICMP as the high and the low byte.
    pub port: u16,
}

impl Point {
    fn index(self) -> u32 {
        u32::from(self.protocol) << 16 | u32::from(self.port)
    }

    fn at(index: u32) -> Self {
        let [_, protocol, high, low] = index.to_be_bytes();
        Self {
            protocol,
            port: u16::from_be_bytes([high, low]),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [kind, code] = self.port.to_be_bytes();
        match self.protocol {
            ICMP | ICMP_V6 => write!(f, "{} type {kind} code {code}", protocol(self.protocol)),
            TCP | UDP => write!(f, "{} {}", protocol(self.protocol), self.port),
            other => write!(f, "{}", protocol(other)),
        }
    }
}

/// A set of points: sorted, disjoint, never adjacent intervals.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ports(Vec<(u32, u32)>);

/// Part of a set: one protocol with a range of ports, or several whole protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// First and last protocol.
    pub protocols: (u8, u8),
    /// First and last port.
    pub ports: (u16, u16),
}

impl Ports {
    /// Nothing.
    pub const NONE: Self = Self(Vec::new());

    /// Every protocol and every port.
    pub fn all() -> Self {
        Self(vec![(0, LAST)])
    }

    /// One protocol, from the first port to the last.
    pub fn span(protocol: u8, first: u16, last: u16) -> Self {
        let [first, last] = [first, last].map(|port| Point { protocol, port }.index());
        Self::NONE.with(first, last)
    }

    /// What a rule or an entry of AWS matches; none where its protocol or its ports mean nothing.
    /// `-1` means every protocol, whatever the ports.
    pub fn of_rule(name: &str, ports: Option<PortRange>) -> Option<Self> {
        let number = match name {
            "-1" | "all" => return Some(Self::all()),
            "tcp" => TCP,
            "udp" => UDP,
            "icmp" => ICMP,
            "icmpv6" => ICMP_V6,
            other => other.parse().ok()?,
        };
        match (number, ports) {
            (ICMP | ICMP_V6, Some(range)) => messages(number, range),
            (TCP | UDP, Some(range)) => {
                let (first, last) = (range.first.try_into().ok()?, range.last.try_into().ok()?);
                Some(Self::span(number, first, last))
            }
            _ => Some(Self::span(number, 0, u16::MAX)),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the point is in it.
    pub fn contains(&self, point: Point) -> bool {
        let index = point.index();
        let after = self.0.partition_point(|(first, _)| *first <= index);
        let before = after.checked_sub(1).and_then(|at| self.0.get(at));
        before.is_some_and(|(_, last)| index <= *last)
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut all = Self::NONE;
        loop {
            let next = match (one.peek(), two.peek()) {
                (Some(a), Some(b)) if a <= b => one.next(),
                (Some(_), None) => one.next(),
                (_, Some(_)) => two.next(),
                (None, None) => return all,
            };
            if let Some((first, last)) = next {
                all = all.with(*first, *last);
            }
        }
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some((a, b)), Some((c, d))) = (one.peek(), two.peek()) {
            let (first, last) = (*a.max(c), *b.min(d));
            if first <= last {
                common.push((first, last));
            }
            if b < d {
                one.next();
            } else {
                two.next();
            }
        }
        Self(common)
    }

    /// What is in this one alone.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// Whether everything of the other is in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.difference(self).is_empty()
    }

    /// One point to show: of TCP if there is one, else of UDP, else the lowest.
    pub fn example(&self) -> Option<Point> {
        let of = |protocol| self.intersection(&Self::span(protocol, 0, u16::MAX));
        let preferred = [TCP, UDP].map(of);
        let sets = preferred.iter().chain([self]);
        let mut firsts = sets.filter_map(|set| set.0.first());
        firsts.next().map(|(first, _)| Point::at(*first))
    }

    /// Its parts, in the order of protocols and ports.
    pub fn spans(&self) -> Vec<Span> {
        self.0
            .iter()
            .flat_map(|(first, last)| spans(*first, *last))
            .collect()
    }

    fn complement(&self) -> Self {
        let mut rest = Vec::new();
        let mut next = 0;
        for (first, last) in &self.0 {
            if let Some(before) = first.checked_sub(1).filter(|before| *before >= next) {
                rest.push((next, before));
            }
            next = last + 1;
        }
        if next <= LAST {
            rest.push((next, LAST));
        }
        Self(rest)
    }

    /// The set with an interval that begins no earlier than its last one.
    fn with(mut self, first: u32, last: u32) -> Self {
        match self.0.last_mut() {
            Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
            _ if first <= last => self.0.push((first, last)),
            _ => {}
        }
        self
    }
}

/// ICMP: the type is where other protocols have the first port, the code where they have the last.
fn messages(protocol: u8, range: PortRange) -> Option<Ports> {
    let PortRange { first, last } = range;
    if first == ANY {
        return Some(Ports::span(protocol, 0, u16::MAX));
    }
    let kind = u8::try_from(first).ok()?;
    let (from, to) = match last {
        ANY => (0, u8::MAX),
        code => {
            let code = u8::try_from(code).ok()?;
            (code, code)
        }
    };
    let at = |code| u16::from_be_bytes([kind, code]);
    Some(Ports::span(protocol, at(from), at(to)))
}

fn spans(first: u32, last: u32) -> Vec<Span> {
    let (from, to) = (Point::at(first), Point::at(last));
    let part = |one: u8, other: u8, ports| Span {
        protocols: (one, other),
        ports,
    };
    if from.protocol == to.protocol {
        return vec![part(from.protocol, to.protocol, (from.port, to.port))];
    }
    let head = (from.port > 0).then(|| part(from.protocol, from.protocol, (from.port, u16::MAX)));
    let tail = (to.port < u16::MAX).then(|| part(to.protocol, to.protocol, (0, to.port)));
    let begin = u16::from(from.protocol) + u16::from(head.is_some());
    let end = u16::from(to.protocol).checked_sub(u16::from(tail.is_some()));
    let whole = end.filter(|end| begin <= *end).and_then(|end| {
        let (begin, end) = (u8::try_from(begin).ok()?, u8::try_from(end).ok()?);
        Some(part(begin, end, (0, u16::MAX)))
    });
    [head, whole, tail].into_iter().flatten().collect()
}

fn protocol(number: u8) -> String {
    match number {
        ICMP => "icmp".to_owned(),
        TCP => "tcp".to_owned(),
        UDP => "udp".to_owned(),
        ICMP_V6 => "icmpv6".to_owned(),
        other => format!("protocol {other}"),
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.protocols;
        match (low == high, self.ports) {
            (false, _) => write!(f, "protocols {low}-{high}"),
            (true, (0, u16::MAX)) => write!(f, "all {}", protocol(low)),
            (true, (first, last)) if first == last => {
                let (protocol, port) = (low, first);
                write!(f, "{}", Point { protocol, port })
            }
            (true, (first, last)) if matches!(low, ICMP | ICMP_V6) => {
                let [first, last] = [first, last].map(|port| port.to_be_bytes());
                write!(
                    f,
                    "{} type {} code {} to type {} code {}",
                    protocol(low),
                    first[0],
                    first[1],
                    last[0],
                    last[1]
                )
            }
            (true, (first, last)) => write!(f, "{} {first}-{last}", protocol(low)),
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::all() {
            return f.write_str("all traffic");
        }
        if self.is_empty() {
            return f.write_str("nothing");
        }
        let spans: Vec<String> = self.spans().iter().map(Span::to_string).collect();
        f.write_str(&spans.join(", "))
    }
}

impl Serialize for Ports {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let spans = self.spans();
        let mut list = serializer.serialize_seq(Some(spans.len()))?;
        for span in &spans {
            list.serialize_element(span)?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn range(first: i32, last: i32) -> Option<PortRange> {
        Some(PortRange { first, last })
    }

    fn tcp(port: u16) -> Point {
        Point {
            protocol: TCP,
            port,
        }
    }

    #[test]
    fn rules_mean_what_aws_says() {
        let of = |name, ports| Ports::of_rule(name, ports).unwrap().to_string();
        assert_eq!(of("-1", range(443, 443)), "all traffic");
        assert_eq!(of("tcp", range(443, 443)), "tcp 443");
        assert_eq!(of("17", range(0, 1023)), "udp 0-1023");
        assert_eq!(of("6", None), "all tcp");
        assert_eq!(
            of("icmp", range(8, -1)),
            "icmp type 8 code 0 to type 8 code 255"
        );
        assert_eq!(of("icmp", range(8, 0)), "icmp type 8 code 0");
        assert_eq!(of("icmp", range(-1, -1)), "all icmp");
        assert_eq!(of("50", range(1, 2)), "all protocol 50");
        assert_eq!(Ports::of_rule("carrier-pigeon", None), None);
        assert_eq!(Ports::of_rule("tcp", range(0, 70_000)), None);
    }

    #[test]
    fn spans_end_where_protocols_do() {
        let most = Ports::all().difference(&Ports::span(TCP, 22, 22));
        assert_eq!(
            most.to_string(),
            "protocols 0-5, tcp 0-21, tcp 23-65535, protocols 7-255"
        );
        assert_eq!(most.example(), Some(tcp(0)));
        assert_eq!(
            Ports::span(ICMP, 0, 0).example().unwrap().to_string(),
            "icmp type 0 code 0"
        );
        assert_eq!(Ports::NONE.to_string(), "nothing");
    }

    fn set() -> impl Strategy<Value = Ports> {
        let part = (0_u8..4, 0_u16..40, 0_u16..12);
        proptest::collection::vec(part, 0..6).prop_map(|parts| {
            parts
                .into_iter()
                .fold(Ports::NONE, |all, (protocol, first, more)| {
                    all.union(&Ports::span(protocol, first, first + more))
                })
        })
    }

    proptest! {
        #[test]
        fn sets_are_sets(one in set(), other in set(), protocol in 0_u8..4, port in 0_u16..60) {
            let point = Point { protocol, port };
            let (a, b) = (one.contains(point), other.contains(point));
            prop_assert_eq!(one.union(&other).contains(point), a || b);
            prop_assert_eq!(one.intersection(&other).contains(point), a && b);
            prop_assert_eq!(one.difference(&other).contains(point), a && !b);
            prop_assert!(one.union(&other).covers(&one));
            prop_assert_eq!(one.union(&other), other.union(&one));
            prop_assert_eq!(one.difference(&other).union(&one.intersection(&other)), one);
        }
    }
}
