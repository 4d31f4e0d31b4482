//! Managed stores: whether Strongroom can make them, and with what it needs to know.

use super::Declared;
use crate::{
    model::{KeyType, Store, StoreKind, TableKey},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Everything about stores that are made here.
pub(super) fn managed(declared: &Declared<'_>) -> Vec<Draft> {
    let services = declared.services.values();
    let stores = services.flat_map(|service| {
        let list = YamlPath::service(&service.name).key("stores");
        let place = move |index| list.clone().index(index);
        let stores = service.stores.iter().enumerate();
        stores.map(move |(index, store)| (store, place(index)))
    });
    stores
        .flat_map(|(store, place)| {
            let unmade = unmade(store).map(|draft| draft.path(place.clone().key("manage")));
            unmade.into_iter().chain(key(store, place))
        })
        .collect()
}

fn unmade(store: &Store) -> Option<Draft> {
    (store.manage && store.kind == StoreKind::Rds).then(|| {
        Draft::new(
            Code::StoreNotManaged,
            format!("`{}` cannot be made here: it is a database", store.name),
        )
        .help("remove `manage`; whoever makes the database encrypts it with the service's key")
    })
}

fn key(store: &Store, place: YamlPath) -> Option<Draft> {
    let wrong = |what: String, help: &str| Draft::new(Code::TableKey, what).help(help);
    let name = &store.name;
    match (
        &store.key,
        store.kind == StoreKind::Dynamodb && store.manage,
    ) {
        (None, true) => {
            let what = format!("the table `{name}` is managed and has no key");
            let help = "add `key: {partition: …}`, with `sort` where items are sorted";
            Some(wrong(what, help).path(place.key("name")))
        }
        (Some(_), false) => {
            let what = format!("`{name}` is no managed table, and a key says nothing about it");
            Some(wrong(what, "remove `key`, or add `manage: true`").path(place.key("key")))
        }
        (Some(key), true) => attributes(key, &place.key("key")),
        (None, false) => None,
    }
}

fn attributes(key: &TableKey, place: &YamlPath) -> Option<Draft> {
    let wrong = |what, help, field| {
        let draft = Draft::new(Code::TableKey, what).help(help);
        Some(draft.path(place.clone().key(field)))
    };
    match &key.sort {
        Some(sort) if *sort == key.partition => wrong(
            "one attribute cannot be partition and sort key",
            "sort by another attribute, or by none",
            "sort",
        ),
        None if key.sort_type != KeyType::default() => wrong(
            "a sort key that does not exist has a type",
            "add `sort`, or remove `sort_type`",
            "sort_type",
        ),
        _ => None,
    }
}
