//! A network ACL: numbered entries that are tried in order, for the subnets that name it.
//! The entry that AWS puts last and nobody can change, "deny all", is left out everywhere.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Flow, Kind, Linked, PortRange, Read, Ref, Sides, ec2,
    linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, Invalid, KindName, PhysicalId, Tags};

/// A network ACL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkAcl {
    /// Value of the tag `Name`.
    pub name: String,
    /// The VPC.
    pub vpc: Ref,
    /// Its entries.
    pub entries: Read<AclEntries>,
    /// All other tags.
    pub tags: Read<Tags>,
}

linked!(NetworkAcl { vpc });

/// Entries by direction and number.
pub type AclEntries = BTreeMap<AclKey, AclEntry>;

/// Where an entry stands: `ingress:100`. AWS tries the lowest number first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AclKey {
    /// Into the subnet, or out of it.
    pub flow: Flow,
    /// The number, 1 to 32,766.
    pub number: u16,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclEntry {
    /// What becomes of the traffic that it matches.
    pub action: AclAction,
    /// IP protocol as network ACLs write it: a number, `-1` for all.
    pub protocol: String,
    /// First and last port; none where the protocol has none or all are meant. ICMP writes its
    /// type and code here, -1 for all.
    pub ports: Option<PortRange>,
    /// The other side, IPv4 or IPv6.
    pub cidr: IpNet,
}

/// What becomes of matching traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AclAction {
    /// It passes.
    Allow,
    /// It is dropped.
    Deny,
}

impl fmt::Display for AclKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.flow, self.number)
    }
}

impl FromStr for AclKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = text.split_once(':').and_then(|(flow, number)| {
            let flow = match flow {
                "ingress" => Flow::Ingress,
                "egress" => Flow::Egress,
                _ => return None,
            };
            let number = number.parse().ok()?;
            Some(Self { flow, number })
        });
        found.ok_or_else(|| Invalid::new("an entry", text, "ingress:100 or egress:100"))
    }
}

impl TryFrom<String> for AclKey {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<AclKey> for String {
    fn from(key: AclKey) -> Self {
        key.to_string()
    }
}

/// A change of one entry, of whichever network ACL.
#[derive(Debug, Clone, PartialEq)]
pub enum AclEntryCall {
    /// CreateNetworkAclEntry.
    Create(AclKey, AclEntry),
    /// ReplaceNetworkAclEntry.
    Replace(AclKey, AclEntry),
    /// DeleteNetworkAclEntry.
    Delete(AclKey),
}

impl AclEntryCall {
    /// What leads from some entries to others, in the order of their numbers.
    pub(super) fn between(from: &Read<AclEntries>, to: &Read<AclEntries>) -> Vec<Self> {
        let (Read::Known(from), Read::Known(to)) = (from, to) else {
            return Vec::new();
        };
        let gone = from.keys().filter(|key| !to.contains_key(key));
        let wanted = to
            .iter()
            .filter(|(key, entry)| from.get(key) != Some(entry));
        wanted
            .map(|(key, entry)| match from.contains_key(key) {
                true => Self::Replace(*key, entry.clone()),
                false => Self::Create(*key, entry.clone()),
            })
            .chain(gone.map(|key| Self::Delete(*key)))
            .collect()
    }

    /// The entries after the call.
    pub(super) fn apply(&self, entries: &mut Read<AclEntries>) {
        let Read::Known(entries) = entries else {
            return;
        };
        match self {
            Self::Create(key, entry) | Self::Replace(key, entry) => {
                entries.insert(*key, entry.clone());
            }
            Self::Delete(key) => {
                entries.remove(key);
            }
        }
    }

    pub(super) fn api(&self) -> Api {
        match self {
            Self::Create(..) => Api::ec2("CreateNetworkAclEntry", 5, 50),
            Self::Replace(..) => Api::ec2("ReplaceNetworkAclEntry", 5, 50),
            Self::Delete(_) => Api::ec2("DeleteNetworkAclEntry", 5, 50),
        }
    }

    pub(super) fn removes(&self) -> bool {
        matches!(self, Self::Delete(_))
    }
}

/// A call on a network ACL.
#[derive(Debug, Clone, PartialEq)]
pub enum NetworkAclCall {
    /// CreateNetworkAcl with tags.
    Create(Box<NetworkAcl>),
    /// A change of an entry.
    Entry(AclEntryCall),
    /// CreateTags.
    Tag(Tags),
    /// DeleteTags.
    Untag(BTreeSet<String>),
    /// DeleteNetworkAcl.
    Delete,
}

impl Kind for NetworkAcl {
    const NAME: KindName = KindName::NetworkAcl;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "vpc"];
    const LISTING: &'static str = "ec2:DescribeNetworkAcls";
    const LOSS: Option<&'static str> = Some("deleted: its subnets fall back to the default one");
    const NAMED: bool = false;
    const HELD: bool = true;
    const ID_PREFIX: Option<&'static str> = Some("acl-");
    type Call = NetworkAclCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, _: &Home, token: &str) -> PhysicalId {
        PhysicalId::plain(ec2::id("acl-", token))
    }

    fn create(&self) -> NetworkAclCall {
        NetworkAclCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<NetworkAclCall> {
        let entries = AclEntryCall::between(&from.entries, &to.entries);
        let tags = TagChange::between(&from.tags, &to.tags);
        entries
            .into_iter()
            .map(NetworkAclCall::Entry)
            .chain(tags.calls(NetworkAclCall::Tag, NetworkAclCall::Untag))
            .collect()
    }

    fn delete(&self) -> Vec<NetworkAclCall> {
        vec![NetworkAclCall::Delete]
    }

    fn apply(state: Option<Self>, call: &NetworkAclCall) -> Option<Self> {
        if let NetworkAclCall::Create(acl) = call {
            return Some(Self {
                entries: AclEntries::new().into(),
                ..(**acl).clone()
            });
        }
        let mut acl = state?;
        match call {
            NetworkAclCall::Create(_) | NetworkAclCall::Delete => return None,
            NetworkAclCall::Entry(change) => change.apply(&mut acl.entries),
            NetworkAclCall::Tag(tags) => tagging::set(&mut acl.tags, tags),
            NetworkAclCall::Untag(keys) => tagging::remove(&mut acl.tags, keys),
        }
        Some(acl)
    }

    fn api(call: &NetworkAclCall) -> Api {
        match call {
            NetworkAclCall::Create(_) => Api::ec2("CreateNetworkAcl", 5, 50),
            NetworkAclCall::Entry(change) => change.api(),
            NetworkAclCall::Tag(_) => Api::ec2("CreateTags", 10, 100),
            NetworkAclCall::Untag(_) => Api::ec2("DeleteTags", 10, 100),
            NetworkAclCall::Delete => Api::ec2("DeleteNetworkAcl", 5, 50),
        }
    }

    fn removes(call: &NetworkAclCall) -> bool {
        match call {
            NetworkAclCall::Entry(change) => change.removes(),
            _ => matches!(call, NetworkAclCall::Delete),
        }
    }

    fn named(call: &NetworkAclCall) -> BTreeSet<Address> {
        match call {
            NetworkAclCall::Create(acl) => acl.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "entries" => of_entry(change, sides),
            _ => Direction::Neutral,
        }
    }
}

/// What a change below a map of entries does; the map is the resource's own field.
pub(super) fn of_entry(change: &FieldChange, sides: Sides<'_>) -> Direction {
    let entry = |side| change.path.lookup(side, 2);
    let denies = [sides.after, sides.before]
        .into_iter()
        .find_map(|side| entry(side)?.get("action")?.as_str())
        == Some("deny");
    if entry(sides.before).is_none() || entry(sides.after).is_none() {
        let appears = entry(sides.after).is_some();
        return Direction::access(appears != denies);
    }
    if change.path.key_at(2) == Some("action") {
        return Direction::access(change.after == Some("allow".into()));
    }
    Direction::access(matches_more(change) != denies)
}

/// Whether an entry matches more after a change of one of its fields. What can be told neither
/// way counts as more.
fn matches_more(change: &FieldChange) -> bool {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let number = |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_i64);
    let range = |value: Option<&serde_json::Value>| value?.as_str()?.parse::<IpNet>().ok();
    match change.path.segments().last() {
        _ if change.path.key_at(2) == Some("ports") && after.is_none() => true,
        _ if change.path.key_at(2) == Some("ports") && before.is_none() => false,
        Some(super::Segment::Key(key)) if &**key == "first" => number(after) < number(before),
        Some(super::Segment::Key(key)) if &**key == "last" => number(after) > number(before),
        Some(super::Segment::Key(key)) if &**key == "cidr" => match (range(before), range(after)) {
            (Some(before), Some(after)) => !before.contains(&after),
            _ => true,
        },
        _ => before != Some(&"-1".into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use super::*;
    use crate::resource::field::differences;

    fn acl(entries: Value) -> Value {
        json!({"name": "bank-private", "vpc": {"to": "vpc/bank"}, "entries": entries, "tags": {}})
    }

    fn told(before: Value, after: Value) -> Vec<Direction> {
        let (before, after) = (acl(before), acl(after));
        let sides = Sides {
            before: &before,
            after: &after,
        };
        let changes = differences(&before, &after);
        changes
            .iter()
            .map(|change| NetworkAcl::direction(change, sides))
            .collect()
    }

    fn entry(action: &str, first: i32, last: i32, cidr: &str) -> Value {
        let ports = json!({"first": first, "last": last});
        json!({"ingress:100": {"action": action, "protocol": "6", "ports": ports, "cidr": cidr}})
    }

    #[test]
    fn an_entry_that_comes_or_goes_does_what_it_says() {
        use Direction::{AccessNarrowed, AccessWidened};
        for (action, appears, vanishes) in [
            ("allow", AccessWidened, AccessNarrowed),
            ("deny", AccessNarrowed, AccessWidened),
        ] {
            let there = entry(action, 22, 22, "0.0.0.0/0");
            let came = told(json!({}), there.clone());
            assert!(came.iter().all(|told| *told == appears), "{action}");
            let went = told(there, json!({}));
            assert!(went.iter().all(|told| *told == vanishes), "{action}");
        }
    }

    #[test]
    fn a_changed_entry_matches_more_or_less() {
        use Direction::{AccessNarrowed, AccessWidened};
        let wide = |action| entry(action, 20, 30, "10.0.0.0/8");
        for (other, more) in [
            (entry("allow", 10, 30, "10.0.0.0/8"), AccessWidened),
            (entry("allow", 25, 30, "10.0.0.0/8"), AccessNarrowed),
            (entry("allow", 20, 40, "10.0.0.0/8"), AccessWidened),
            (entry("allow", 20, 30, "0.0.0.0/0"), AccessWidened),
            (entry("allow", 20, 30, "10.1.0.0/16"), AccessNarrowed),
            (entry("allow", 20, 30, "192.0.2.0/24"), AccessWidened),
            (entry("deny", 20, 30, "10.0.0.0/8"), AccessNarrowed),
        ] {
            assert_eq!(told(wide("allow"), other.clone()), [more], "{other}");
        }
        let narrower = entry("deny", 25, 30, "10.0.0.0/8");
        assert_eq!(told(wide("deny"), narrower), [AccessWidened]);
    }

    #[test]
    fn keys_are_strict() {
        let key: AclKey = "egress:210".parse().unwrap();
        assert_eq!(key.to_string(), "egress:210");
        for bad in ["", "100", "up:100", "egress:x", "egress:70000"] {
            assert!(bad.parse::<AclKey>().is_err(), "{bad}");
        }
    }
}
