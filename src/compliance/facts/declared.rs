//! The policies of a role beside the declared ones, statement by statement.

use std::collections::BTreeMap;

use super::{
    Texts,
    observed::{Observed, both, flatten},
};
use crate::{
    iam::Statement,
    resource::{IamRole, Read},
};

/// Live and wanted policies: a name for each attachment and statement, and what it says.
pub(super) struct Comparison {
    live: Contents,
    wanted: Contents,
}

/// An attachment says nothing beyond its name.
type Contents = BTreeMap<String, Option<Statement>>;

impl Comparison {
    pub(super) fn of(role: &Observed<'_, IamRole>, kept: &Read<IamRole>) -> Read<Self> {
        let live = flatten(role.plain(contents));
        let wanted = flatten(kept.as_ref().map(contents));
        both(live, wanted).map(|(live, wanted)| Self { live, wanted })
    }

    pub(super) fn undeclared(&self) -> Texts {
        absent(&self.live, &self.wanted)
    }

    pub(super) fn missing(&self) -> Texts {
        absent(&self.wanted, &self.live)
    }

    pub(super) fn changed(&self) -> Texts {
        let differs = |(name, says): &(&String, &Option<Statement>)| {
            self.wanted.get(*name).is_some_and(|wanted| wanted != *says)
        };
        self.live
            .iter()
            .filter(differs)
            .map(|(name, _)| name.clone())
            .collect()
    }
}

fn absent(these: &Contents, from: &Contents) -> Texts {
    let names = these.keys().filter(|name| !from.contains_key(*name));
    names.cloned().collect()
}

fn contents(role: &IamRole) -> Read<Contents> {
    both(role.inline.as_ref(), role.managed.as_ref()).map(|(inline, managed)| {
        let statements = inline.iter().flat_map(|(policy, document)| {
            let said = document.statements.iter();
            said.map(move |(sid, s)| (format!("inline {policy}: {sid}"), Some(s.clone())))
        });
        let attached = managed
            .iter()
            .map(|policy| (format!("attached {policy}"), None));
        statements.chain(attached).collect()
    })
}
