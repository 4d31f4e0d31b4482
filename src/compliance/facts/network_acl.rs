//! What network ACL entries amount to: the lowest number that matches decides.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>

use ipnet::IpNet;

use super::{
    PortSpan, Texts,
    security_group::{Spans, covers_world},
};
use crate::resource::{AclAction, AclEntries, AclEntry, AclKey, Flow};

/// TCP and UDP, as entries write them.
const PROTOCOLS: [&str; 2] = ["6", "17"];
/// All protocols.
const ALL: &str = "-1";
/// All ports.
const EVERY: PortSpan = PortSpan {
    first: 0,
    last: 65_535,
};

/// The entries of one map that the other does not have, each as
/// `ingress:100 allow 6 443-443 0.0.0.0/0`.
pub(super) fn absent(these: &AclEntries, from: &AclEntries) -> Texts {
    these
        .iter()
        .filter(|(key, entry)| from.get(key) != Some(entry))
        .map(|(key, entry)| told(key, entry))
        .collect()
}

fn told(key: &AclKey, entry: &AclEntry) -> String {
    let action = match entry.action {
        AclAction::Allow => "allow",
        AclAction::Deny => "deny",
    };
    let ports = entry.ports.map_or_else(
        || "all".to_owned(),
        |ports| format!("{}-{}", ports.first, ports.last),
    );
    format!("{key} {action} {} {ports} {}", entry.protocol, entry.cidr)
}

/// The ports that entries let in from the internet, over TCP or UDP, IPv4 or IPv6.
pub(super) fn world_open(entries: &AclEntries) -> Spans {
    let mut open = Spans::new();
    for protocol in PROTOCOLS {
        for six in [false, true] {
            let inwards = entries.iter().filter(|(key, _)| key.flow == Flow::Ingress);
            let matching = inwards.map(|(_, entry)| entry).filter(|entry| {
                let same = [ALL, protocol].contains(&entry.protocol.as_str());
                same && matches!(entry.cidr, IpNet::V6(_)) == six
            });
            open.extend(tried(matching));
        }
    }
    open
}

/// Tries entries in the order of their numbers. An entry for less than everybody decides for
/// those only: a deny closes what it covers wholly, an allow of most of the internet opens.
fn tried<'e>(entries: impl Iterator<Item = &'e AclEntry>) -> Vec<PortSpan> {
    let (mut undecided, mut open) = (vec![EVERY], Vec::new());
    for entry in entries {
        let ports = entry.ports.map_or(EVERY, |ports| PortSpan {
            first: ports.first.into(),
            last: ports.last.into(),
        });
        match entry.action {
            AclAction::Allow if covers_world(&entry.cidr) => {
                open.extend(undecided.iter().filter_map(|span| common(*span, ports)));
            }
            AclAction::Deny if entry.cidr.prefix_len() == 0 => {}
            AclAction::Allow | AclAction::Deny => continue,
        }
        undecided = undecided
            .into_iter()
            .flat_map(|span| rest(span, ports))
            .collect();
    }
    open
}

fn common(one: PortSpan, other: PortSpan) -> Option<PortSpan> {
    let (first, last) = (one.first.max(other.first), one.last.min(other.last));
    (first <= last).then_some(PortSpan { first, last })
}

/// What is left of a span on both sides of another.
fn rest(span: PortSpan, without: PortSpan) -> Vec<PortSpan> {
    let below = PortSpan {
        last: span.last.min(without.first - 1),
        ..span
    };
    let above = PortSpan {
        first: span.first.max(without.last + 1),
        ..span
    };
    let sides = [below, above].into_iter();
    sides.filter(|side| side.first <= side.last).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::resource::PortRange;

    fn entry(number: u16, action: AclAction, ports: (i32, i32), cidr: &str) -> (AclKey, AclEntry) {
        let key = AclKey {
            flow: Flow::Ingress,
            number,
        };
        let (first, last) = ports;
        let entry = AclEntry {
            action,
            protocol: "6".to_owned(),
            ports: Some(PortRange { first, last }),
            cidr: cidr.parse().unwrap(),
        };
        (key, entry)
    }

    fn open(entries: impl IntoIterator<Item = (AclKey, AclEntry)>) -> Vec<(i64, i64)> {
        let spans = world_open(&entries.into_iter().collect());
        spans
            .into_iter()
            .map(|span| (span.first, span.last))
            .collect()
    }

    #[test]
    fn the_lowest_number_decides() {
        use AclAction::{Allow, Deny};
        let everybody = "0.0.0.0/0";
        let allow = entry(200, Allow, (1024, 65_535), everybody);
        let deny = |number| entry(number, Deny, (3389, 3389), everybody);
        assert_eq!(open([allow.clone()]), [(1024, 65_535)]);
        assert_eq!(
            open([deny(100), allow.clone()]),
            [(1024, 3388), (3390, 65_535)]
        );
        assert_eq!(open([deny(300), allow.clone()]), [(1024, 65_535)]);
        let some = entry(100, Deny, (0, 65_535), "198.51.100.0/24");
        assert_eq!(open([some, allow]), [(1024, 65_535)]);
    }

    #[test]
    fn what_is_open_to_most_is_open() {
        use AclAction::Allow;
        assert_eq!(open([entry(100, Allow, (22, 22), "0.0.0.0/1")]), [(22, 22)]);
        assert_eq!(open([entry(100, Allow, (22, 22), "::/0")]), [(22, 22)]);
        assert!(open([entry(100, Allow, (22, 22), "10.0.0.0/8")]).is_empty());
        let mut all = entry(100, Allow, (0, 0), "0.0.0.0/0");
        all.1 = AclEntry {
            protocol: "-1".to_owned(),
            ports: None,
            ..all.1
        };
        assert_eq!(open([all]), [(0, 65_535)]);
    }
}
