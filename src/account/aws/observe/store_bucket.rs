//! Observes the buckets that services own: declared ones by their names, whatever their tags, and
//! those that bear our tag though nobody declares them. What is in them is never read.

use aws_sdk_s3::{Client, types::Bucket as Listed};

use super::{
    bucket_sight,
    found::Found,
    s3_bucket,
    store::{Sight, Sought},
};
use crate::resource::{Read, S3Bucket};

/// The buckets of the environment's services.
pub async fn observe(client: &Client, sought: &Sought<'_>) -> Found<S3Bucket> {
    let listed = match s3_bucket::list(client).await {
        Read::Known(listed) => listed,
        Read::Unread(why) => return Found::unread(why),
    };
    let listed = &listed;
    let look = |name: String| async move {
        let named = |bucket: &&Listed| bucket.name() == Some(name.as_str());
        match listed.iter().find(named) {
            Some(bucket) if !is_own(&name, sought) => {
                Some(look(client, sought, bucket, &name).await)
            }
            _ => None,
        }
    };
    sought.gather(look).await
}

/// Whether it is named as a bucket of the environment itself: those are looked at elsewhere.
fn is_own(name: &str, sought: &Sought<'_>) -> bool {
    let target = sought.target;
    let logical = target.naming.logical_of_bucket(name, &target.account);
    logical.is_some()
}

/// Somebody else may have named the key by its id or an alias.
async fn look(
    client: &Client,
    sought: &Sought<'_>,
    listed: &Listed,
    name: &str,
) -> Sight<S3Bucket> {
    let target = sought.target;
    let sight = bucket_sight::Sight::read(client, listed, &target.account, &target.region).await;
    let mut bucket = sight.bucket(name);
    bucket.encryption = bucket.encryption.map(|mut encryption| {
        let key = encryption.key.take();
        encryption.key = key.map(|key| target.key(&key.to_string()));
        encryption
    });
    Sight {
        id: sought.id(&bucket),
        tags: bucket.tags.clone(),
        resource: bucket,
    }
}
