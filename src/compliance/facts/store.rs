//! Facts about the stores that a service owns, managed or verified: there, encrypted, closed.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    World,
    observed::{Observed, both},
    principal,
    statement::allows,
};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{Service, Store, StoreKind},
    resource::{
        DynamodbTable, Kind, Read, Ref, Secret, SnsTopic, SqsQueue, Unread, UnreadReason, store,
    },
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
    /// Whether its policy lets anybody in, whatever the account.
    pub public: Read<bool>,
    /// Whether its policy lets in nobody but the roles of its owner and of declared readers; the
    /// account itself, whose roles have policies of their own, aside.
    pub policy_closed: Read<bool>,
}

/// The facets of a kind of store that are judged.
struct Facets<K> {
    key: fn(&K) -> &Read<Option<Ref>>,
    policy: fn(&K) -> &Read<PolicyDocument>,
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
        .map(|store| (store.target(), of(world, store)))
        .collect()
}

fn of(world: &World<'_>, store: &Store) -> StoreFacts {
    let seen = match store.kind {
        StoreKind::Dynamodb => seen::<DynamodbTable>(
            world,
            store,
            Facets {
                key: |table| &table.kms_key,
                policy: |table| &table.policy,
            },
        ),
        StoreKind::Sqs => seen::<SqsQueue>(
            world,
            store,
            Facets {
                key: |queue| &queue.kms_key,
                policy: |queue| &queue.policy,
            },
        ),
        StoreKind::Secretsmanager => seen::<Secret>(
            world,
            store,
            Facets {
                key: |secret| &secret.kms_key,
                policy: |secret| &secret.policy,
            },
        ),
        StoreKind::Sns => seen::<SnsTopic>(
            world,
            store,
            Facets {
                key: |topic| &topic.kms_key,
                policy: |topic| &topic.policy,
            },
        ),
        StoreKind::S3 | StoreKind::Rds => None,
    };
    seen.unwrap_or_else(|| unread(store))
}

fn seen<K: Kind>(world: &World<'_>, store: &Store, facets: Facets<K>) -> Option<StoreFacts> {
    let wanted = K::table(world.desired).get(&store.name)?;
    let live = Observed::<K>::of(world.snapshot, &store.name);
    let policy = || live.facet(facets.policy);
    let key = both(live.facet(facets.key), (facets.key)(wanted).as_ref());
    let closed = both(policy(), (facets.policy)(wanted).as_ref());
    Some(StoreFacts {
        kind: store.kind,
        managed: store.manage,
        exists: live.exists(),
        encrypted_with_own_key: key.map(|(live, wanted)| live == wanted && live.is_some()),
        public: policy().map(|policy| allows(policy).any(|(_, statement)| open(statement))),
        policy_closed: closed.map(|(live, wanted)| store::open_statements(live, wanted).is_empty()),
    })
}

fn open(statement: &Statement) -> bool {
    let who = principal::all(statement);
    who.iter().any(principal::is_anybody) && !statement.pins(&CALLER_KEYS)
}

/// A kind of store that nobody asks AWS about.
fn unread(store: &Store) -> StoreFacts {
    let call = match store.kind {
        StoreKind::Dynamodb => "dynamodb:DescribeTable",
        StoreKind::S3 => "s3:GetBucketEncryption",
        StoreKind::Sqs => "sqs:GetQueueAttributes",
        StoreKind::Sns => "sns:GetTopicAttributes",
        StoreKind::Secretsmanager => "secretsmanager:DescribeSecret",
        StoreKind::Rds => "rds:DescribeDBInstances",
    };
    let why = Unread {
        call: call.to_owned(),
        reason: UnreadReason::Unsupported,
        message: "stores of this kind are not read by this version".to_owned(),
    };
    let not_read = || Read::Unread(why.clone());
    StoreFacts {
        kind: store.kind,
        managed: store.manage,
        exists: not_read(),
        encrypted_with_own_key: not_read(),
        public: not_read(),
        policy_closed: not_read(),
    }
}
