//! Tampering with whole resources: one that is deleted, and one that nobody declared.

use serde_json::{Value, json};

use super::{
    tamper::changes,
    tampering::{Expected, Tampering, Verb},
};
use crate::{
    model::{Address, KindName, TagKey},
    resource::{Call, Kind, Resources, SecurityGroupRule, Visitor},
};

/// Fields in which a resource carries the name that it is found by.
pub const NAMES: [&str; 2] = ["alias", "name"];
/// The logical name of what nobody declared.
const UNDECLARED: &str = "undeclared";
/// A network of somebody else.
/// <https://www.rfc-editor.org/rfc/rfc5737>
const STRANGER: &str = "198.51.100.0/24";

/// The deletion of a resource, after whatever makes AWS refuse it is out of the way.
pub fn missing<K: Kind>(resources: &Resources, name: &str, live: &K) -> Option<Tampering> {
    let address = Address::new(K::NAME, name);
    let mut release = Release {
        resources,
        target: &address,
        calls: Vec::new(),
    };
    if K::HELD {
        Resources::each_kind(&mut release);
    }
    let mut calls = release.calls;
    let deleted = live.delete();
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

/// Another resource of the kind, as alike as its name permits.
pub fn extra<K: Kind>(resources: &Resources, name: &str, live: &K) -> Option<Tampering> {
    let (name, copy) = copy(name, live)?;
    let address = Address::new(K::NAME, name);
    if resources.contains(&address) {
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
fn copy<K: Kind>(name: &str, live: &K) -> Option<(String, K)> {
    let mut json = value(live)?;
    let mut copied = UNDECLARED.to_owned();
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

fn rename(json: &mut Value, field: &str, name: &str) {
    if let Some(physical) = json.get_mut(field)
        && let Some(prefix) = physical.as_str().and_then(|text| text.strip_suffix(name))
    {
        *physical = json!(format!("{prefix}{UNDECLARED}"));
    }
}

/// Takes away every use that makes AWS refuse a deletion.
struct Release<'a> {
    resources: &'a Resources,
    target: &'a Address,
    calls: Vec<(Address, Call)>,
}

impl Visitor for Release<'_> {
    fn visit<K: Kind>(&mut self) {
        for (name, user) in K::table(self.resources) {
            if user.create_needs().contains(self.target) {
                let address = Address::new(K::NAME, name.as_str());
                let calls = match self.without(user) {
                    Some(free) => K::settle(user, &free),
                    None => user.delete(),
                };
                self.calls.extend(at(&address, calls));
            }
        }
    }
}

impl Release<'_> {
    /// The user without its reference; none where it cannot be without.
    fn without<K: Kind>(&self, user: &K) -> Option<K> {
        let mut json = value(user)?;
        let reference = json!({"to": self.target});
        for field in json.as_object_mut()?.values_mut() {
            if *field == reference {
                *field = Value::Null;
            }
        }
        serde_json::from_value(json).ok()
    }
}
