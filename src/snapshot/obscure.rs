//! What could not be listed cannot be linked: a facet that names such a resource by its id may say
//! what was wanted or something else, so it is unread for the listing's reason. Nothing is guessed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    model::{KindName, Naming},
    resource::{Kind, Read, Resources, UNREAD, Unread, Visitor},
};

/// Hides every facet in which an unlinked id belongs, or may belong, to a kind that was not listed.
pub fn obscure(
    resources: &mut Resources,
    listings: &BTreeMap<KindName, Read<u64>>,
    naming: &Naming,
) {
    let blind: Vec<(KindName, &Unread)> = listings
        .iter()
        .filter_map(|(kind, listing)| Some((*kind, listing.unread()?)))
        .collect();
    if !blind.is_empty() {
        Resources::each_kind(&mut Obscure {
            resources,
            blind,
            path: naming.path(),
        });
    }
}

struct Obscure<'a> {
    resources: &'a mut Resources,
    blind: Vec<(KindName, &'a Unread)>,
    path: String,
}

impl Visitor for Obscure<'_> {
    fn visit<K: Kind>(&mut self) {
        let table = std::mem::take(K::table_mut(self.resources));
        let hidden = table
            .into_iter()
            .map(|(name, resource)| (name, self.hidden(resource)))
            .collect();
        *K::table_mut(self.resources) = hidden;
    }
}

impl Obscure<'_> {
    fn hidden<K: Kind>(&self, resource: K) -> K {
        let mut json = serde_json::to_value(&resource).unwrap_or_default();
        let mut changed = false;
        for facet in json
            .as_object_mut()
            .into_iter()
            .flat_map(|all| all.values_mut())
        {
            if let Some(why) = self.why(facet) {
                *facet = json!({ UNREAD: why });
                changed = true;
            }
        }
        match changed.then(|| serde_json::from_value(json)) {
            Some(Ok(hidden)) => hidden,
            _ => resource,
        }
    }

    /// The listing that would have told whose id the facet holds.
    fn why(&self, value: &Value) -> Option<&Unread> {
        match value {
            Value::String(text) => self.of(text),
            Value::Array(elements) => elements.iter().find_map(|element| self.why(element)),
            Value::Object(object) if object.contains_key(UNREAD) => None,
            Value::Object(object) => object.values().find_map(|entry| self.why(entry)),
            _ => None,
        }
    }

    fn of(&self, text: &str) -> Option<&Unread> {
        let mut blind = self.blind.iter();
        let (_, why) = blind.find(|(kind, _)| self.names(*kind, text))?;
        Some(why)
    }

    /// Roles and policies are known to be ours by their path; keys and groups may be.
    fn names(&self, kind: KindName, text: &str) -> bool {
        match kind {
            KindName::IamRole => text.contains(&format!(":role{}", self.path)),
            KindName::IamPolicy => text.contains(&format!(":policy{}", self.path)),
            KindName::KmsKey => text.contains(":kms:") && text.contains(":key/"),
            _ => Resources::profile(kind)
                .id_prefix
                .is_some_and(|prefix| text.starts_with(prefix)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::resource::{LogGroup, UnreadReason};

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

    fn group(key: &str) -> Resources {
        let group: LogGroup = serde_json::from_value(json!({
            "name": "/strongroom/bank/login",
            "class": "STANDARD",
            "kms_key": key,
            "retention_days": 400,
            "deletion_protected": false,
            "tags": {},
        }))
        .unwrap();
        let mut resources = Resources::default();
        resources.log_group.insert("login".to_owned(), group);
        resources
    }

    fn denied() -> Unread {
        Unread {
            call: "kms:ListAliases".to_owned(),
            reason: UnreadReason::Denied,
            message: "no".to_owned(),
        }
    }

    fn obscured(key: &str, keys: Read<u64>) -> Resources {
        let mut resources = group(key);
        let naming = Naming::of(&"bank".parse().unwrap());
        obscure(&mut resources, &[(KindName::KmsKey, keys)].into(), &naming);
        resources
    }

    #[test]
    fn an_id_of_what_was_not_listed_hides_its_facet_and_no_other() {
        let mut expected = group(KEY);
        let there = expected.log_group.get_mut("login").unwrap();
        there.kms_key = Read::Unread(denied());
        assert_eq!(obscured(KEY, Read::Unread(denied())), expected);
    }

    #[test]
    fn what_was_listed_is_left_as_it_is() {
        assert_eq!(obscured(KEY, Read::Known(0)), group(KEY));
        let other = obscured("no id", Read::Unread(denied()));
        assert_eq!(other, group("no id"));
    }
}
