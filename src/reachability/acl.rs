//! What a network ACL lets pass: entries are tried by number, and the first that matches decides.
//! What an entry means that cannot be read is kept apart from what is sure.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html>

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::{Doubt, Ports, range::Range};
use crate::resource::{AclAction, AclEntries, AclEntry, AclKey, Flow};

/// A network ACL, or nothing where it could not be read.
#[derive(Debug, Clone)]
pub(super) struct Acl {
    entries: Option<Vec<Entry>>,
    doubts: BTreeSet<Doubt>,
}

/// An entry for IPv4; one for IPv6 matches no address of a subnet.
#[derive(Debug, Clone)]
struct Entry {
    flow: Flow,
    allow: bool,
    range: Range,
    /// None where the protocol is not known.
    ports: Option<Ports>,
}

/// What passes.
#[derive(Debug, Clone, Default)]
pub(super) struct Passing {
    /// What passes for sure.
    pub(super) sure: Ports,
    /// That, and what may pass.
    pub(super) possible: Ports,
}

impl Acl {
    /// The network ACL of some entries; `name` is for people.
    pub(super) fn of(name: &str, entries: &AclEntries) -> Self {
        let read: Vec<(Entry, Option<Doubt>)> = entries
            .iter()
            .filter_map(|(key, entry)| read(name, *key, entry))
            .collect();
        let doubts = read.iter().filter_map(|(_, doubt)| doubt.clone()).collect();
        Self {
            entries: Some(read.into_iter().map(|(entry, _)| entry).collect()),
            doubts,
        }
    }

    /// One that could not be read: anything may pass.
    pub(super) fn unknown(doubt: Doubt) -> Self {
        Self {
            entries: None,
            doubts: [doubt].into(),
        }
    }

    /// Why something is not sure.
    pub(super) fn doubts(&self) -> &BTreeSet<Doubt> {
        &self.doubts
    }

    /// The ranges that decide differently.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range> {
        let entries = self.entries.iter().flatten();
        entries.map(|entry| entry.range)
    }

    /// What passes to or from addresses that no entry divides.
    pub(super) fn passing(&self, flow: Flow, piece: Range) -> Passing {
        let Some(entries) = &self.entries else {
            return Passing {
                sure: Ports::NONE,
                possible: Ports::all(),
            };
        };
        let matching: Vec<&Entry> = entries
            .iter()
            .filter(|entry| entry.flow == flow && entry.range.covers(piece))
            .collect();
        Passing {
            sure: tried(&matching, false),
            possible: tried(&matching, true),
        }
    }
}

/// Tries entries in order. One that is not understood opens all when asked for what is possible,
/// and closes all when asked for what is sure.
fn tried(entries: &[&Entry], possible: bool) -> Ports {
    let (mut undecided, mut open) = (Ports::all(), Ports::NONE);
    for entry in entries {
        let ports = match &entry.ports {
            Some(ports) => ports.clone(),
            None if entry.allow == possible => Ports::all(),
            None => continue,
        };
        if entry.allow {
            open = open.union(&undecided.intersection(&ports));
        }
        undecided = undecided.difference(&ports);
    }
    open
}

fn read(name: &str, key: AclKey, entry: &AclEntry) -> Option<(Entry, Option<Doubt>)> {
    let IpNet::V4(block) = entry.cidr else {
        return None;
    };
    let ports = Ports::of_rule(&entry.protocol, entry.ports);
    let doubt = ports.is_none().then(|| Doubt::Protocol {
        rule: format!("{name} {key}"),
        protocol: entry.protocol.clone(),
    });
    let entry = Entry {
        flow: key.flow,
        allow: entry.action == AclAction::Allow,
        range: Range::of(block),
        ports,
    };
    Some((entry, doubt))
}
