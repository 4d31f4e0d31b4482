//! What tagging calls do, the same for every kind.

use std::collections::BTreeSet;

use super::Read;
use crate::model::Tags;

/// Tags to set and keys to remove, either possibly empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagChange {
    /// Tags to set.
    pub set: Tags,
    /// Keys to remove.
    pub remove: BTreeSet<String>,
}

impl TagChange {
    /// What leads from one reading to the other; nothing where either is unread.
    pub fn between(from: &Read<Tags>, to: &Read<Tags>) -> Self {
        let (Read::Known(from), Read::Known(to)) = (from, to) else {
            return Self::default();
        };
        Self {
            set: to
                .iter()
                .filter(|(key, value)| from.get(*key) != Some(value))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            remove: from
                .keys()
                .filter(|key| !to.contains_key(*key))
                .cloned()
                .collect(),
        }
    }

    /// The calls that carry it out: one to set, one to remove, each only where needed.
    pub fn calls<C>(
        self,
        set: impl FnOnce(Tags) -> C,
        remove: impl FnOnce(BTreeSet<String>) -> C,
    ) -> Vec<C> {
        let set = (!self.set.is_empty()).then(|| set(self.set));
        let remove = (!self.remove.is_empty()).then(|| remove(self.remove));
        set.into_iter().chain(remove).collect()
    }
}

/// The tags after setting some.
pub fn set(tags: &mut Read<Tags>, new: &Tags) {
    if let Read::Known(known) = tags {
        known.extend(new.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
}

/// The tags after removing some.
pub fn remove(tags: &mut Read<Tags>, keys: &BTreeSet<String>) {
    if let Read::Known(known) = tags {
        known.retain(|key, _| !keys.contains(key));
    }
}
