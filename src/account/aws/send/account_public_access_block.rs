//! Sends the calls of the account's S3 Block Public Access.

use aws_sdk_s3control::types::PublicAccessBlockConfiguration;

use super::{Order, Sent};
use crate::{
    account::aws::error::Refusal,
    resource::{AccountPublicAccessBlockCall, PublicAccess},
    snapshot::PhysicalId,
};

pub(super) async fn send(order: &Order<'_>, call: &AccountPublicAccessBlockCall) -> Sent {
    match call {
        AccountPublicAccessBlockCall::Create(blocked) => {
            let caller = order.clients.sts.get_caller_identity().send().await?;
            let account = caller.account();
            let account = account.ok_or_else(|| Refusal::own("the answer names no account"))?;
            put(order, account, blocked).await?;
            Ok(Some(PhysicalId::plain(account)))
        }
        AccountPublicAccessBlockCall::Put(blocked) => {
            put(order, order.own_id()?, blocked).await?;
            Ok(None)
        }
    }
}

async fn put(order: &Order<'_>, account: &str, blocked: &PublicAccess) -> Result<(), Refusal> {
    let configuration = PublicAccessBlockConfiguration::builder()
        .block_public_acls(blocked.block_public_acls)
        .ignore_public_acls(blocked.ignore_public_acls)
        .block_public_policy(blocked.block_public_policy)
        .restrict_public_buckets(blocked.restrict_public_buckets)
        .build();
    let request = order.clients.s3control.put_public_access_block();
    let request = request.account_id(account);
    let request = request.public_access_block_configuration(configuration);
    request.send().await?;
    Ok(())
}
