//! What is compiled survives the way through AWS: shown as ids, and linked again, it is the same.

use std::collections::BTreeSet;

use serde_json::Value;
use strongroom::{
    model::KindName,
    resource::{Linked, Ref, Resources},
    snapshot::{Ids, link},
};

use super::bank::{Bank, compiled, environment};

/// Every reference as AWS shows it: an ARN, or an id where there is no ARN.
fn shown(mut resources: Resources, ids: &Ids) -> Resources {
    resources.each_ref(&mut |reference| {
        // A log group is shown by its name, and known by it.
        if let Ref::To(address) = reference
            && address.kind != KindName::LogGroup
        {
            let physical = &ids[address];
            let shown = physical.arn.as_ref().unwrap_or(&physical.id);
            *reference = Ref::literal(shown.clone());
        }
    });
    resources
}

/// Every leaf by its path, so that a difference is read at a glance.
fn leaves(resources: &Resources) -> BTreeSet<String> {
    fn walk(path: String, value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) if !map.is_empty() => map
                .iter()
                .for_each(|(key, value)| walk(format!("{path}.{key}"), value, found)),
            Value::Array(list) if !list.is_empty() => list
                .iter()
                .for_each(|value| walk(format!("{path}[]"), value, found)),
            leaf => drop(found.insert(format!("{path} = {leaf}"))),
        }
    }
    let mut found = BTreeSet::new();
    walk(
        String::new(),
        &serde_json::to_value(resources).unwrap(),
        &mut found,
    );
    found
}

#[test]
fn linking_gives_back_what_was_compiled() {
    for name in ["sandbox.yaml", "digital-bank", "digital-bank-staging"] {
        let environment = environment(name);
        let bank = Bank::of(environment.clone(), compiled(&environment)).applied();
        let live = bank.observed();
        let shown = shown(live.resources.clone(), &live.ids);
        assert_ne!(shown, live.resources, "{name}: something is referred to");
        let (linked, ids) = link(shown, live.ids.clone());
        let (linked, wanted) = (leaves(&linked), leaves(&bank.desired.resources));
        let differing: Vec<_> = linked.symmetric_difference(&wanted).collect();
        assert!(differing.is_empty(), "{name}: {differing:#?}");
        assert_eq!(ids, live.ids, "{name}");
    }
}
