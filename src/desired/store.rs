//! The stores that services own: managed where the specification says so, verified everywhere
//! else. Either way it is written down here what they must be.

use std::collections::BTreeMap;

use super::{Compiler, audit::markers, store_policy::Guarded};
use crate::{
    iam::PolicyDocument,
    model::{Class, KindName, Service, Store, StoreKind},
    resource::{
        Billing, BucketEncryption, DynamodbTable, Kind, LifecycleRule, Read, Ref, S3Bucket, Secret,
        SnsTopic, SqsQueue, SseAlgorithm,
    },
};

/// How long what was overwritten or deleted can be brought back, in days: as long as a table's
/// point-in-time recovery reaches.
const OLD_VERSIONS_DAYS: u32 = 35;

impl Compiler<'_> {
    pub(super) fn stores(&mut self, service: &Service) {
        for store in &service.stores {
            match store.kind {
                StoreKind::Dynamodb => self.declare(service, store, Self::dynamodb_table),
                StoreKind::Sqs => self.declare(service, store, Self::queue),
                StoreKind::Secretsmanager => self.declare(service, store, Self::secret),
                StoreKind::Sns => self.declare(service, store, Self::store_topic),
                StoreKind::S3 => self.declare(service, store, Self::store_bucket),
                // Databases are neither made nor read: the service has its key all the same.
                StoreKind::Rds => {}
            }
        }
    }

    /// Logical name and physical name are the same: a store is known by the name that its
    /// service writes in its code.
    fn declare<K: Kind>(
        &mut self,
        service: &Service,
        store: &Store,
        compile: impl Fn(&Self, &Service, &Store) -> K,
    ) {
        let resource = compile(self, service, store);
        let (name, owner) = (store.name.clone(), Some(&service.name));
        match store.manage {
            true => self.add(name, resource, owner),
            false => self.verify(name, resource, owner),
        }
    }

    fn dynamodb_table(&self, service: &Service, store: &Store) -> DynamodbTable {
        DynamodbTable {
            name: store.name.clone(),
            key: store.key.clone().into(),
            billing: Billing::PayPerRequest.into(),
            kms_key: own_key(service),
            recovery: true.into(),
            deletion_protected: (self.environment.class == Class::Production).into(),
            policy: self.guard(service, store, self.table_guard(store)),
            tags: self.tags(Some(service)).into(),
        }
    }

    fn queue(&self, service: &Service, store: &Store) -> SqsQueue {
        SqsQueue {
            name: store.name.clone(),
            kms_key: own_key(service),
            policy: self.guard(service, store, self.queue_guard(store)),
            tags: self.tags(Some(service)).into(),
        }
    }

    /// Who listens to a store is its service's own business.
    fn store_topic(&self, service: &Service, store: &Store) -> SnsTopic {
        SnsTopic {
            name: store.name.clone(),
            kms_key: own_key(service),
            policy: self.guard(service, store, self.topic_guard(store)),
            subscriptions: None.into(),
            tags: self.tags(Some(service)).into(),
        }
    }

    fn secret(&self, service: &Service, store: &Store) -> Secret {
        Secret {
            name: store.name.clone(),
            kms_key: own_key(service),
            pending_deletion: false.into(),
            policy: self.guard(service, store, self.secret_guard()),
            tags: self.tags(Some(service)).into(),
        }
    }

    /// S3 derives keys by bucket: one KMS request an object would cost more than the objects.
    fn store_bucket(&self, service: &Service, store: &Store) -> S3Bucket {
        let (id, markers) = markers();
        let rule = LifecycleRule {
            old_versions_days: Some(OLD_VERSIONS_DAYS),
            ..markers
        };
        S3Bucket {
            encryption: BucketEncryption {
                algorithm: SseAlgorithm::Kms,
                key: Some(Ref::to(KindName::KmsKey, service.name.as_str())),
                bucket_key: true,
            }
            .into(),
            lifecycle: BTreeMap::from([(id, rule)]).into(),
            policy: self.guard(service, store, self.bucket_guard(store)),
            ..self.closed_bucket(store.name.clone(), self.tags(Some(service)))
        }
    }

    fn guard(&self, service: &Service, store: &Store, guarded: Guarded) -> Read<PolicyDocument> {
        let users = self.store_users(service, store);
        self.closed_policy(&guarded, users).into()
    }
}

/// The key of the service, and no other.
fn own_key(service: &Service) -> Read<Option<Ref>> {
    Some(Ref::to(KindName::KmsKey, service.name.as_str())).into()
}
