//! Security-group rules by the group that they belong to, live and desired.

use std::collections::BTreeMap;

use super::observed::listing;
use crate::{
    model::KindName,
    resource::{Read, Ref, Resources, SecurityGroupRule},
    snapshot::Snapshot,
};

/// The rules of one group by content name.
pub(super) type Rules<'a> = BTreeMap<&'a str, &'a SecurityGroupRule>;

/// Every group's rules; live ones are unread together, because one call lists them all.
pub(super) struct RuleIndex<'a> {
    live: Read<BTreeMap<&'a str, Rules<'a>>>,
    wanted: BTreeMap<&'a str, Rules<'a>>,
}

impl<'a> RuleIndex<'a> {
    pub(super) fn new(desired: &'a Resources, snapshot: &'a Snapshot) -> Self {
        Self {
            live: listing::<SecurityGroupRule>(snapshot).map(|_| by_group(&snapshot.resources)),
            wanted: by_group(desired),
        }
    }

    /// The live rules of a group.
    pub(super) fn live(&self, group: &str) -> Read<Rules<'a>> {
        let rules = self.live.as_ref();
        rules.map(|groups| groups.get(group).cloned().unwrap_or_default())
    }

    /// The declared rules of a group.
    pub(super) fn wanted(&self, group: &str) -> Rules<'a> {
        self.wanted.get(group).cloned().unwrap_or_default()
    }
}

fn by_group(resources: &Resources) -> BTreeMap<&str, Rules<'_>> {
    let mut groups: BTreeMap<&str, Rules<'_>> = BTreeMap::new();
    for (name, rule) in &resources.security_group_rule {
        if let Ref::To(address) = &rule.group
            && address.kind == KindName::SecurityGroup
        {
            groups.entry(&address.name).or_default().insert(name, rule);
        }
    }
    groups
}
