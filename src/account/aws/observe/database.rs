//! Observes the databases that services declare, by their names: instances and clusters.
//! Two bulk calls, and none where no database is declared.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_rds::{
    Client,
    types::{DbCluster, DbInstance},
};
use futures::join;

use super::Target;
use crate::{
    account::aws::error::answer,
    resource::{Read, Ref},
    snapshot::{Database, wanted_databases},
};

const INSTANCES: &str = "rds:DescribeDBInstances";
const CLUSTERS: &str = "rds:DescribeDBClusters";

/// The declared databases that are there, by name.
pub async fn observe(client: &Client, target: &Target) -> Read<BTreeMap<String, Database>> {
    let declared: BTreeSet<String> = wanted_databases(&target.declared).into_keys().collect();
    if declared.is_empty() {
        return BTreeMap::new().into();
    }
    let instances = client.describe_db_instances().into_paginator().items();
    let clusters = client.describe_db_clusters().into_paginator().items();
    let (instances, clusters) = join!(
        instances.send().try_collect(),
        clusters.send().try_collect(),
    );
    let (instances, clusters): (Read<Vec<DbInstance>>, Read<Vec<DbCluster>>) =
        (answer(INSTANCES, instances), answer(CLUSTERS, clusters));
    match (instances, clusters) {
        (Read::Known(instances), Read::Known(clusters)) => {
            let mut all = databases(&instances, &clusters, target);
            all.retain(|name, _| declared.contains(name));
            all.into()
        }
        (Read::Unread(why), _) | (_, Read::Unread(why)) => Read::Unread(why),
    }
}

/// A cluster is as reachable as its instances are: only some clusters say so of themselves.
fn databases(
    instances: &[DbInstance],
    clusters: &[DbCluster],
    target: &Target,
) -> BTreeMap<String, Database> {
    let mut all: BTreeMap<String, Database> = instances
        .iter()
        .filter_map(|one| {
            Some((
                one.db_instance_identifier()?.to_owned(),
                instance(one, target),
            ))
        })
        .collect();
    let public: BTreeSet<&str> = instances
        .iter()
        .filter(|one| one.publicly_accessible() == Some(true))
        .filter_map(DbInstance::db_cluster_identifier)
        .collect();
    for one in clusters {
        let Some(name) = one.db_cluster_identifier() else {
            continue;
        };
        let open = one.publicly_accessible() == Some(true) || public.contains(name);
        let database = Database {
            kms_key: key(one.storage_encrypted(), one.kms_key_id(), target),
            public: open,
            iam_authentication: one.iam_database_authentication_enabled() == Some(true),
        };
        all.insert(name.to_owned(), database);
    }
    all
}

fn instance(one: &DbInstance, target: &Target) -> Database {
    Database {
        kms_key: key(one.storage_encrypted(), one.kms_key_id(), target),
        public: one.publicly_accessible() == Some(true),
        iam_authentication: one.iam_database_authentication_enabled() == Some(true),
    }
}

fn key(encrypted: Option<bool>, id: Option<&str>, target: &Target) -> Option<Ref> {
    let encrypted = encrypted == Some(true);
    id.filter(|_| encrypted).map(|id| target.key(id))
}
