//! Stores: each has one owner and a name that AWS accepts.

use std::collections::BTreeMap;

use super::Declared;
use crate::{
    model::{AUDIT, AUDIT_ACCESS, KindName, ServiceName, Store, StoreKind},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Kinds and logical names that the environment itself uses.
const RESERVED: [(Option<KindName>, &str); 3] = [
    (Some(KindName::S3Bucket), AUDIT),
    (Some(KindName::S3Bucket), AUDIT_ACCESS),
    (Some(KindName::SnsTopic), "alarms"),
];

/// Everything about stores.
pub(super) fn stores(declared: &Declared<'_>) -> Vec<Draft> {
    let owners = owners(declared);
    let mut problems = owned_twice(declared, &owners);
    problems.extend(names(declared));
    problems.extend(taken(declared));
    problems.extend(foreign(declared, &owners));
    problems
}

/// Kind and name: what else is said of a store does not make it another one.
type Identity<'s> = (StoreKind, &'s str);
type Owners<'s> = BTreeMap<Identity<'s>, (&'s Store, &'s ServiceName)>;

fn identity(store: &Store) -> Identity<'_> {
    (store.kind, &store.name)
}

/// The first owner of each store, by name of service.
fn owners<'s>(declared: &Declared<'s>) -> Owners<'s> {
    let mut owners = Owners::new();
    for service in declared.services.values() {
        for store in &service.stores {
            let owner = (store, &service.name);
            owners.entry(identity(store)).or_insert(owner);
        }
    }
    owners
}

fn each<'s>(
    declared: &Declared<'s>,
) -> impl Iterator<Item = (&'s ServiceName, &'s Store, YamlPath)> {
    let services = declared.services.values();
    services.flat_map(|service| {
        service.stores.iter().enumerate().map(|(index, store)| {
            let list = YamlPath::service(&service.name).key("stores");
            (&service.name, store, list.index(index).key("name"))
        })
    })
}

fn owned_twice(declared: &Declared<'_>, owners: &Owners<'_>) -> Vec<Draft> {
    each(declared)
        .filter_map(|(service, store, path)| {
            let (_, owner) = owners
                .get(&identity(store))
                .filter(|owner| owner.1 != service)?;
            let what = format!("`{}` belongs to `{owner}` already", store.name);
            Some(
                Draft::new(Code::StoreOwnedTwice, what)
                    .help("let one service own it, and the other call that service")
                    .path(path),
            )
        })
        .collect()
}

fn names(declared: &Declared<'_>) -> Vec<Draft> {
    each(declared)
        .filter_map(|(_, store, path)| {
            let (good, rule) = name_rule(store);
            (!good).then(|| {
                let what = format!(
                    "`{}` cannot be the name of {}",
                    store.name,
                    noun(store.kind)
                );
                Draft::new(Code::StoreName, what).help(rule).path(path)
            })
        })
        .collect()
}

/// What the environment itself has goes by these logical names.
fn taken(declared: &Declared<'_>) -> Vec<Draft> {
    each(declared)
        .filter(|(_, store, _)| {
            let kind = store.resource();
            RESERVED.contains(&(kind, store.name.as_str()))
        })
        .map(|(_, store, path)| {
            let what = format!("`{}` is a name of the environment's own", store.name);
            Draft::new(Code::StoreName, what)
                .help("give the store a name that says what is in it")
                .path(path)
        })
        .collect()
}

fn noun(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Dynamodb => "a DynamoDB table",
        StoreKind::S3 => "an S3 bucket",
        StoreKind::Sqs => "an SQS queue",
        StoreKind::Sns => "an SNS topic",
        StoreKind::Secretsmanager => "a secret",
        StoreKind::Rds => "an RDS database",
    }
}

/// Whether AWS takes the name, and its rule. Each from the API reference of the service.
fn name_rule(store: &Store) -> (bool, &'static str) {
    let name = store.name.as_str();
    let made_of = |extra: &str| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    let lower = !name.contains(|c: char| c.is_ascii_uppercase());
    let within = |least: usize, most: usize| (least..=most).contains(&name.len());
    let ends = !name.starts_with(['-', '.']) && !name.ends_with(['-', '.']);
    let fifo = |most| within(1, most) && made_of_fifo(name);
    match store.kind {
        StoreKind::Dynamodb => (
            within(3, 255) && made_of("_.-"),
            "3 to 255 letters, digits or any of _.-",
        ),
        StoreKind::S3 => (
            within(3, 63)
                && lower
                && made_of(".-")
                && ends
                && !name.contains("..")
                && unreserved(name),
            "3 to 63 lower-case letters, digits, hyphens or dots, beginning and ending with a letter or digit",
        ),
        StoreKind::Sqs => (
            fifo(80),
            "1 to 80 letters, digits, hyphens or underscores; .fifo may end it",
        ),
        StoreKind::Sns => (
            fifo(256),
            "1 to 256 letters, digits, hyphens or underscores; .fifo may end it",
        ),
        StoreKind::Secretsmanager => (
            within(1, 512) && made_of("/_+=.@-"),
            "1 to 512 letters, digits or any of /_+=.@-",
        ),
        StoreKind::Rds => (
            within(1, 63)
                && made_of("-")
                && lower
                && ends
                && !name.contains("--")
                && name.starts_with(|c: char| c.is_ascii_lowercase()),
            "1 to 63 lower-case letters, digits or single hyphens, beginning with a letter",
        ),
    }
}

/// Names that look like an address, and those that S3 keeps for itself.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn unreserved(name: &str) -> bool {
    const BEGINNINGS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
    const ENDINGS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    !BEGINNINGS.iter().any(|text| name.starts_with(text))
        && !ENDINGS.iter().any(|text| name.ends_with(text))
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

fn made_of_fifo(name: &str) -> bool {
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    !stem.is_empty()
        && stem
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Access to a store that another service owns: allowed, and worth knowing.
fn foreign(declared: &Declared<'_>, owners: &Owners<'_>) -> Vec<Draft> {
    let mut problems = Vec::new();
    for service in declared.services.values() {
        for (index, access) in service.access.iter().enumerate() {
            let found = owners.values().find(|(store, _)| store.holds(&access.to));
            if let Some((store, owner)) = found.filter(|(_, owner)| *owner != &service.name) {
                let list = YamlPath::service(&service.name).key("access");
                let what = format!("`{}` is a store of `{owner}`", store.name);
                problems.push(
                    Draft::new(Code::ForeignStore, what)
                        .help(format!("call `{owner}` instead, if it can answer"))
                        .path(list.index(index).key("to")),
                );
            }
        }
    }
    problems
}
