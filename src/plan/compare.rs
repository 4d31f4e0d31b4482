//! The one comparator: wanted against live, kind by kind. Serves `plan`, `drift` and the checks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Gap, Notice, Plan, Verified, quota::Demand, step};
use crate::{
    desired::Desired,
    model::{Address, ServiceName, TagKey},
    resource::{Kind, Read, Resources, Unread, Visitor, field::unread_fields},
    snapshot::Snapshot,
};

/// Compares what is wanted with what is there.
pub fn compare(desired: &Desired, snapshot: &Snapshot) -> Plan {
    let mut comparison = Comparison {
        desired,
        snapshot,
        before: Resources::default(),
        after: Resources::default(),
        owners: BTreeMap::new(),
        kept: Vec::new(),
        unread: Vec::new(),
        retained: BTreeSet::new(),
        is: Resources::default(),
        should_be: Resources::default(),
    };
    Resources::each_kind(&mut comparison);
    comparison.finish()
}

struct Comparison<'a> {
    desired: &'a Desired,
    snapshot: &'a Snapshot,
    before: Resources,
    after: Resources,
    owners: BTreeMap<Address, ServiceName>,
    kept: Vec<Notice>,
    unread: Vec<Gap>,
    retained: BTreeSet<Address>,
    /// What somebody else manages, where it differs.
    is: Resources,
    should_be: Resources,
}

impl Visitor for Comparison<'_> {
    fn visit<K: Kind>(&mut self) {
        let wanted = K::table(&self.desired.resources);
        let live = K::table(&self.snapshot.resources);
        let listing = self.snapshot.coverage.listings.get(&K::NAME);
        let blind = listing.and_then(Read::unread);
        let names: BTreeSet<&String> = wanted.keys().chain(live.keys()).collect();
        for name in names {
            let address = Address::new(K::NAME, name.as_str());
            match (wanted.get(name), live.get(name)) {
                (Some(wanted), Some(live)) => self.both(address, wanted, live),
                (Some(wanted), None) => self.missing(address, wanted, blind),
                (None, Some(live)) => self.extra(address, live),
                (None, None) => {}
            }
        }
    }
}

impl Comparison<'_> {
    fn both<K: Kind>(&mut self, address: Address, wanted: &K, live: &K) {
        if wanted == live {
            return;
        }
        self.gaps(&address, live);
        if self.desired.verified.contains(&address) {
            let wanted = wanted.clone().verify(live);
            return self.differs(address, Some(live.clone()), Some(wanted));
        }
        let mut parts = Vec::new();
        let wanted = wanted.clone().keep(live, &mut |part| parts.push(part));
        self.kept.extend(parts.into_iter().map(|part| Notice {
            address: address.clone(),
            path: part.path,
            reason: part.reason,
        }));
        self.touch(address, Some(live.clone()), Some(wanted));
    }

    /// What could not be listed may be there: it is a gap, not something to create.
    fn missing<K: Kind>(&mut self, address: Address, wanted: &K, blind: Option<&Unread>) {
        match blind {
            None if self.desired.verified.contains(&address) => {
                self.differs(address, None, Some(wanted.clone()));
            }
            None => self.touch(address, None, Some(wanted.clone())),
            Some(why) => self.unread.push(Gap {
                address,
                path: String::new(),
                why: why.clone(),
            }),
        }
    }

    /// Closed world: what no specification declares is to go, unless it is going already.
    fn extra<K: Kind>(&mut self, address: Address, live: &K) {
        if self.desired.verified.contains(&address) {
            return;
        }
        if live.delete().is_empty() {
            self.retained.insert(address);
        } else {
            self.touch(address, Some(live.clone()), None);
        }
    }

    /// What somebody else manages is told, and left alone.
    fn differs<K: Kind>(&mut self, address: Address, live: Option<K>, wanted: Option<K>) {
        let Address { name, .. } = address;
        K::table_mut(&mut self.is).extend(live.map(|live| (name.clone(), live)));
        K::table_mut(&mut self.should_be).extend(wanted.map(|wanted| (name, wanted)));
    }

    fn touch<K: Kind>(&mut self, address: Address, before: Option<K>, after: Option<K>) {
        let owner = self.owner(&address, before.as_ref());
        self.owners
            .extend(owner.map(|owner| (address.clone(), owner)));
        let Address { name, .. } = address;
        if let Some(before) = before {
            K::table_mut(&mut self.before).insert(name.clone(), before);
        }
        if let Some(after) = after {
            K::table_mut(&mut self.after).insert(name, after);
        }
    }

    /// The declared owner; of what nobody declared the one that its own tag names, or the owner
    /// of the group that a rule belongs to.
    fn owner<K: Kind>(&self, address: &Address, live: Option<&K>) -> Option<ServiceName> {
        let owners = &self.desired.owners;
        let found = || {
            let value = step::json(live?);
            let tag = value.get("tags").and_then(|tags| tags.get(TagKey::SERVICE));
            match tag.and_then(Value::as_str) {
                Some(tag) => tag.parse().ok(),
                None => owners.get(&group(&value)?).cloned(),
            }
        };
        owners.get(address).cloned().or_else(found)
    }

    fn gaps<K: Kind>(&mut self, address: &Address, live: &K) {
        let value = step::json(live);
        let found = unread_fields(&value).into_iter().filter_map(|(path, why)| {
            Some(Gap {
                address: address.clone(),
                path: path.to_string(),
                why: serde_json::from_value(why.clone()).ok()?,
            })
        });
        self.unread.extend(found);
    }

    /// What nobody here makes and something to be created needs.
    fn missing_needs(&self) -> BTreeSet<Address> {
        let created = self.after.addresses();
        let needs = created
            .iter()
            .flat_map(|address| self.after.create_needs(address));
        let ours = |address: &Address| {
            self.desired.resources.contains(address) && !self.desired.verified.contains(address)
        };
        needs
            .filter(|needed| !ours(needed) && !self.snapshot.ids.contains_key(needed))
            .collect()
    }

    /// What cannot be deleted keeps what it needs: objects that nobody can delete would be lost
    /// with the key that was.
    fn retain_needs(&mut self) {
        let retained = self.retained.iter();
        let needed: BTreeSet<Address> = retained
            .flat_map(|address| self.snapshot.resources.retains(address))
            .filter(|needed| self.before.contains(needed) && !self.after.contains(needed))
            .collect();
        for address in needed {
            self.before.remove(&address);
            self.retained.insert(address);
        }
    }

    fn finish(mut self) -> Plan {
        self.retain_needs();
        self.kept.sort();
        self.unread.sort();
        let steps = step::between(&self.before, &self.after, &self.owners);
        let demand = Demand {
            steps: &steps,
            before: &self.before,
            after: &self.after,
            snapshot: self.snapshot,
        };
        Plan {
            exceeded: demand.exceeded(),
            missing: self.missing_needs(),
            verified: Verified::between(&self.is, &self.should_be, &self.desired.owners),
            steps,
            before: self.before,
            after: self.after,
            kept: self.kept,
            unread: self.unread,
            conflicts: self.snapshot.conflicts.clone(),
            retained: self.retained,
            foreign: BTreeSet::new(),
        }
    }
}

/// The group of a rule.
fn group(rule: &Value) -> Option<Address> {
    rule.get("group")?.get("to")?.as_str()?.parse().ok()
}
