//! What the audit log is made of: buckets and trails, and in an archive account its key too.

use aws_sdk_s3::Client;
use futures::join;

use super::{Sum, Target, found_keys, s3_bucket, tags, trail};
use crate::{
    account::aws::{Aws, client::Clients},
    model::{AUDIT, AccountId, Address, KindName},
    resource::{KmsKey, S3Bucket},
};

use super::found::Found;

/// Looks for buckets and trails in the environment's own account.
pub async fn observe(clients: &Clients, target: &Target) -> Sum {
    let (buckets, trails) = join!(
        own_buckets(&clients.s3, &target.account, target),
        trail::observe(&clients.cloudtrail, target),
    );
    let mut sum = trails;
    sum.add::<S3Bucket>(buckets);
    sum
}

async fn own_buckets(client: &Client, account: &AccountId, target: &Target) -> Found<S3Bucket> {
    let listed = s3_bucket::list(client).await;
    let logical = |name: &str| s3_bucket::own(name, account, target);
    s3_bucket::observe(client, &listed, account, logical, target).await
}

/// Looks for the buckets and the key that live in the archive account.
pub async fn archived(aws: &Aws, target: &Target) -> Sum {
    let mut sum = Sum::default();
    let account = target.declared.audit.archive_account.clone();
    let (Some(clients), Some(account)) = (&aws.archive, account) else {
        return sum;
    };
    let there = Target {
        account: account.clone(),
        ..target.clone()
    };
    let (buckets, keys) = join!(
        own_buckets(&clients.s3, &account, &there),
        audit_key(clients, &there),
    );
    sum.add::<S3Bucket>(buckets);
    sum.add::<KmsKey>(keys);
    sum
}

/// Of the keys in the archive account only this one is ours to speak of.
async fn audit_key(clients: &Clients, target: &Target) -> Found<KmsKey> {
    let owned = tags::owned(&clients.tagging, &target.environment, &["kms:key"]).await;
    let (mut keys, _) = found_keys(clients, target, owned, Vec::new()).await;
    keys.table.retain(|name, _| name == AUDIT);
    let audit = Address::new(KindName::KmsKey, AUDIT);
    keys.ids.retain(|address, _| *address == audit);
    keys
}
