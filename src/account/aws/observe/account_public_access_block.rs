//! Observes S3 Block Public Access of the account.

use aws_sdk_s3control::{Client, types::PublicAccessBlockConfiguration};

use super::{
    Target,
    account_wide::{once, setting, untagged},
    found::Found,
};
use crate::{
    account::aws::error::Refusal,
    resource::{AccountPublicAccessBlock, PublicAccess, Read},
};

/// The permission behind the call.
const CALL: &str = "s3:GetAccountPublicAccessBlock";
/// What S3 answers where nothing is blocked.
const NOTHING: &str = "NoSuchPublicAccessBlockConfiguration";

/// The account's block.
pub async fn observe(client: &Client, target: &Target) -> Found<AccountPublicAccessBlock> {
    let request = client.get_public_access_block();
    let request = request.account_id(target.account.as_str());
    let shown = request.send().await.map_err(Refusal::from);
    let seen = match shown {
        Ok(shown) => Read::Known(shown.public_access_block_configuration().map(blocked)),
        Err(refusal) if refusal.code() == NOTHING => Read::Known(None),
        Err(refusal) => Read::Unread(refusal.unread(CALL)),
    };
    let seen = seen.map(|found| {
        found.map(|blocked| {
            let block = AccountPublicAccessBlock {
                blocked: blocked.into(),
            };
            setting(block, target)
        })
    });
    once(seen, &untagged(), target)
}

fn blocked(shown: &PublicAccessBlockConfiguration) -> PublicAccess {
    PublicAccess {
        block_public_acls: shown.block_public_acls().unwrap_or_default(),
        ignore_public_acls: shown.ignore_public_acls().unwrap_or_default(),
        block_public_policy: shown.block_public_policy().unwrap_or_default(),
        restrict_public_buckets: shown.restrict_public_buckets().unwrap_or_default(),
    }
}
