//! Databases that services declare. Nobody here makes or changes one: what RDS shows of it is
//! asked for checks alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    model::{Environment, KindName, ServiceName, StoreKind},
    resource::{Ref, linked},
};

/// A database, instance or cluster, as RDS shows it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The KMS key that encrypts its storage; none where nothing does.
    pub kms_key: Option<Ref>,
    /// Whether it, or an instance of the cluster, has an address that the internet reaches.
    pub public: bool,
    /// Whether IAM can authenticate those who connect.
    pub iam_authentication: bool,
}

linked!(Database { kms_key });

impl Database {
    /// What the specification asks of a database of the service.
    pub fn wanted(service: &ServiceName) -> Self {
        Self {
            kms_key: Some(Ref::to(KindName::KmsKey, service.as_str())),
            public: false,
            iam_authentication: true,
        }
    }
}

/// The databases that living services declare, by name, as they should be.
pub fn wanted_databases(environment: &Environment) -> BTreeMap<String, Database> {
    let living = environment.services.values().filter(|one| one.is_alive());
    living
        .flat_map(|service| {
            let stores = service.stores.iter();
            let databases = stores.filter(|store| store.kind == StoreKind::Rds);
            databases.map(|store| (store.name.clone(), Database::wanted(&service.name)))
        })
        .collect()
}
