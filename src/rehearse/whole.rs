//! Tampering with whole resources: one that is deleted, and one that nobody declared.

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use super::{
    plausible::STRANGER,
    tamper::changes,
    tampering::{Expected, Tampering, Verb},
};
use crate::{
    model::{Address, KindName, SubnetPlan, TagKey},
    resource::{Call, Kind, Resources, SecurityGroupRule, Visitor},
};

/// Fields in which a resource carries the name that it is found by.
pub const NAMES: [&str; 2] = ["alias", "name"];
/// The logical name of what nobody declared.
const UNDECLARED: &str = "undeclared";

/// The deletion of a resource, after whatever makes AWS refuse it is out of the way; none of a
/// setting, which nobody deletes.
pub fn missing<K: Kind>(resources: &Resources, name: &str, live: &K) -> Option<Tampering> {
    let address = Address::new(K::NAME, name);
    let mut calls = if K::HELD {
        release(resources, &address, &mut BTreeSet::new())
    } else {
        Vec::new()
    };
    let deleted = live.delete();
    if deleted.is_empty() {
        return None;
    }
    let after = deleted
        .iter()
        .try_fold(live.clone(), |state, call| K::apply(Some(state), call));
    let expected = match after {
        None => Expected::Missing,
        Some(after) => Expected::Changes(changes::<K>(&value(live)?, &value(&after)?)),
    };
    calls.extend(at(&address, deleted));
    Some(Tampering {
        address,
        shape: String::new(),
        verb: Verb::Missing,
        calls,
        undo: Vec::new(),
        expected,
    })
}

/// Another resource of the kind, as alike as its name permits; none where there can be one only.
pub fn extra<K: Kind>(resources: &Resources, name: &str, live: &K) -> Option<Tampering> {
    if K::SINGLE {
        return None;
    }
    let (name, copy) = copy(resources, name, live)?;
    let address = Address::new(K::NAME, name);
    if resources.contains(&address) {
        return None;
    }
    // What nobody can delete is told, and is no drift.
    if copy.delete().is_empty() {
        return None;
    }
    let create = copy.create();
    let created = K::apply(None, &create)?;
    let mut calls = K::settle(&created, &copy);
    calls.insert(0, create);
    Some(Tampering {
        calls: at(&address, calls),
        address,
        shape: String::new(),
        verb: Verb::Extra,
        undo: Vec::new(),
        expected: Expected::Extra,
    })
}

fn value<K: Kind>(resource: &K) -> Option<Value> {
    serde_json::to_value(resource).ok()
}

fn at<C: Into<Call>>(address: &Address, calls: Vec<C>) -> Vec<(Address, Call)> {
    calls
        .into_iter()
        .map(|call| (address.clone(), call.into()))
        .collect()
}

/// A rule is what it allows; everything else is found by its name.
fn copy<K: Kind>(resources: &Resources, name: &str, live: &K) -> Option<(String, K)> {
    let mut json = value(live)?;
    let mut copied = UNDECLARED.to_owned();
    if K::NAME == KindName::Subnet {
        *json.get_mut("cidr")? = json!(spare(resources)?);
    }
    if K::NAME == KindName::FlowLog {
        *json.get_mut("log_group")? = json!({"to": other_group(resources, &json)?});
    }
    if K::NAME == KindName::VpcEndpoint {
        // Names and routes can lead to one endpoint only.
        *json.get_mut("private_dns")? = json!(false);
        *json.get_mut("route_tables")? = json!([]);
    }
    if K::NAME == KindName::SecurityGroupRule {
        *json.get_mut("peer")? = json!(STRANGER);
        let rule: SecurityGroupRule = serde_json::from_value(json.clone()).ok()?;
        copied = rule.logical_name();
    } else {
        for field in NAMES {
            rename(&mut json, field, name);
        }
        // Alias and tag that name two services would be a conflict, and nothing would be done.
        rename(json.get_mut("tags")?, TagKey::SERVICE, name);
    }
    Some((copied, serde_json::from_value(json).ok()?))
}

/// Another log group: AWS refuses two flow logs of one VPC to the same.
fn other_group(resources: &Resources, log: &Value) -> Option<Address> {
    let groups = resources.log_group.keys();
    let mut groups = groups.map(|name| Address::new(KindName::LogGroup, name.as_str()));
    groups.find(|group| log.get("log_group") != Some(&json!({"to": group})))
}

/// A range of the VPC that no subnet takes: AWS refuses one that overlaps.
fn spare(resources: &Resources) -> Option<Ipv4Net> {
    let vpc = resources.vpc.values().next()?;
    SubnetPlan::of(vpc.cidr).ok()?.spare()
}

fn rename(json: &mut Value, field: &str, name: &str) {
    let Some(physical) = json.get_mut(field) else {
        return;
    };
    let text = physical.as_str().unwrap_or_default();
    // The name of a bucket ends with its account.
    let (inside, other) = (format!("-{name}-"), format!("-{UNDECLARED}-"));
    if let Some(prefix) = text.strip_suffix(name) {
        *physical = json!(format!("{prefix}{UNDECLARED}"));
    } else if text.contains(&inside) {
        *physical = json!(text.replacen(&inside, &other, 1));
    }
}

/// Takes away every use that makes AWS refuse a deletion, and before a user is deleted, whatever
/// uses that one. What is in `done` is released already.
fn release(
    resources: &Resources,
    target: &Address,
    done: &mut BTreeSet<Address>,
) -> Vec<(Address, Call)> {
    let mut release = Release {
        resources,
        target,
        done,
        calls: Vec::new(),
    };
    Resources::each_kind(&mut release);
    release.calls
}

struct Release<'a> {
    resources: &'a Resources,
    target: &'a Address,
    done: &'a mut BTreeSet<Address>,
    calls: Vec<(Address, Call)>,
}

impl Visitor for Release<'_> {
    fn visit<K: Kind>(&mut self) {
        for (name, user) in K::table(self.resources) {
            let address = Address::new(K::NAME, name.as_str());
            if !user.create_needs().contains(self.target) || self.done.contains(&address) {
                continue;
            }
            if let Some(free) = self.without(user) {
                self.calls.extend(at(&address, K::settle(user, &free)));
                continue;
            }
            self.done.insert(address.clone());
            if K::HELD {
                let before = release(self.resources, &address, self.done);
                self.calls.extend(before);
            }
            self.calls.extend(at(&address, user.delete()));
        }
    }
}

impl Release<'_> {
    /// The user without its reference; none where it cannot be without.
    fn without<K: Kind>(&self, user: &K) -> Option<K> {
        let mut json = value(user)?;
        let reference = json!({"to": self.target});
        for field in json.as_object_mut()?.values_mut() {
            match field {
                Value::Array(elements) => elements.retain(|element| *element != reference),
                field if *field == reference => *field = Value::Null,
                _ => {}
            }
        }
        let free: K = serde_json::from_value(json).ok()?;
        (!free.create_needs().contains(self.target)).then_some(free)
    }
}
