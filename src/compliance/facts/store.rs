//! Facts about the stores that a service owns, managed or verified: there, encrypted, closed.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    World,
    observed::{Observed, both, flatten, listing},
    principal,
    statement::allows,
};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{Service, Store, StoreKind},
    resource::{
        DynamodbTable, Kind, KmsKey, PublicBlock, Read, Ref, S3Bucket, Secret, SnsTopic, SqsQueue,
        Unread, UnreadReason, store,
    },
    snapshot::Database,
};

/// A store that a service owns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreFacts {
    /// What it is.
    pub kind: StoreKind,
    /// Whether Strongroom makes and manages it; otherwise it is verified.
    pub managed: bool,
    /// Whether the store is there.
    pub exists: Read<bool>,
    /// Whether the owner's own key, the declared one, encrypts it.
    pub encrypted_with_own_key: Read<bool>,
    /// Whether its policy lets anybody in, whatever the account; of a bucket also, whether public
    /// access is not blocked, and of a database, whether the internet reaches it.
    pub public: Read<bool>,
    /// Whether its policy lets in nobody but the roles of its owner and of declared readers; the
    /// account itself, whose roles have policies of their own, aside. A database has no policy: of
    /// one, whether IAM can authenticate those who connect.
    pub policy_closed: Read<bool>,
}

/// The facets of a kind of store that are judged.
struct Facets<K> {
    key: fn(&K) -> Read<Option<Ref>>,
    policy: fn(&K) -> &Read<PolicyDocument>,
    /// Whether something else than its policy lets anybody in.
    exposed: fn(&K) -> Read<bool>,
}

/// The condition keys that keep a statement for everybody within an account.
const CALLER_KEYS: [&str; 4] = [
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
];

/// The stores of a service, each by kind and name, as `dynamodb:table/sessions`.
pub(super) fn facts(world: &World<'_>, service: &Service) -> BTreeMap<String, StoreFacts> {
    let stores = service.stores.iter().filter(|_| service.is_alive());
    stores
        .map(|store| (store.target(), of(world, service, store)))
        .collect()
}

fn of(world: &World<'_>, service: &Service, store: &Store) -> StoreFacts {
    match store.kind {
        StoreKind::Dynamodb => seen::<DynamodbTable>(
            world,
            store,
            Facets {
                key: |table| table.kms_key.clone(),
                policy: |table| &table.policy,
                exposed: |_| false.into(),
            },
        ),
        StoreKind::Sqs => seen::<SqsQueue>(
            world,
            store,
            Facets {
                key: |queue| queue.kms_key.clone(),
                policy: |queue| &queue.policy,
                exposed: |_| false.into(),
            },
        ),
        StoreKind::Secretsmanager => seen::<Secret>(
            world,
            store,
            Facets {
                key: |secret| secret.kms_key.clone(),
                policy: |secret| &secret.policy,
                exposed: |_| false.into(),
            },
        ),
        StoreKind::Sns => seen::<SnsTopic>(
            world,
            store,
            Facets {
                key: |topic| topic.kms_key.clone(),
                policy: |topic| &topic.policy,
                exposed: |_| false.into(),
            },
        ),
        StoreKind::S3 => seen::<S3Bucket>(
            world,
            store,
            Facets {
                key: |bucket| bucket.encryption.as_ref().map(|set| set.key.clone()),
                policy: |bucket| &bucket.policy,
                exposed: |bucket| {
                    bucket
                        .public_block
                        .as_ref()
                        .map(|set| *set != PublicBlock::ALL)
                },
            },
        ),
        StoreKind::Rds => database(world, service, store),
    }
}

fn seen<K: Kind>(world: &World<'_>, store: &Store, facets: Facets<K>) -> StoreFacts {
    let live = Observed::<K>::of(world.snapshot, &store.name);
    let wanted = K::table(world.desired).get(&store.name);
    let wanted = Observed::declared(wanted);
    let policy = || live.facet(facets.policy);
    let key = |side: &Observed<'_, K>| flatten(side.plain(facets.key));
    let keys = both(key(&live), key(&wanted));
    let closed = both(policy(), wanted.facet(facets.policy));
    let opened = policy().map(|policy| allows(policy).any(|(_, statement)| open(statement)));
    StoreFacts {
        kind: store.kind,
        managed: store.manage,
        exists: live.exists(),
        encrypted_with_own_key: keys.map(|(live, wanted)| live == wanted && live.is_some()),
        public: either(opened, flatten(live.plain(facets.exposed))),
        policy_closed: closed.map(|(live, wanted)| store::open_statements(live, wanted).is_empty()),
    }
}

/// One that is known to be so decides, whatever the other is.
fn either(one: Read<bool>, other: Read<bool>) -> Read<bool> {
    match (&one, &other) {
        (Read::Known(true), _) | (_, Read::Known(true)) => true.into(),
        (Read::Unread(_), _) => one,
        _ => other,
    }
}

/// A database is verified alone, as RDS shows it. Whose key it has is known where keys are.
fn database(world: &World<'_>, service: &Service, store: &Store) -> StoreFacts {
    let all = world.snapshot.account_state.databases.as_ref();
    let found = match all.clone() {
        Read::Known(all) => all
            .get(&store.name)
            .ok_or_else(missing)
            .map_or_else(Read::Unread, Read::Known),
        Read::Unread(why) => Read::Unread(why),
    };
    let wanted = Database::wanted(&service.name);
    let keys = both(found.clone(), listing::<KmsKey>(world.snapshot));
    StoreFacts {
        kind: store.kind,
        managed: store.manage,
        exists: all.map(|all| all.contains_key(&store.name)),
        encrypted_with_own_key: keys.map(|(found, _)| found.kms_key == wanted.kms_key),
        public: found.clone().map(|found| found.public),
        policy_closed: found.map(|found| found.iam_authentication),
    }
}

fn missing() -> Unread {
    Unread {
        call: "rds:DescribeDBInstances".to_owned(),
        reason: UnreadReason::Failed,
        message: "it does not exist".to_owned(),
    }
}

fn open(statement: &Statement) -> bool {
    let who = principal::all(statement);
    who.iter().any(principal::is_anybody) && !statement.pins(&CALLER_KEYS)
}
