//! Sends the calls of the encryption of new EBS volumes.

use super::{Order, Sent};
use crate::{resource::EbsEncryptionCall, snapshot::PhysicalId};

pub(super) async fn send(order: &Order<'_>, call: &EbsEncryptionCall) -> Sent {
    let ec2 = &order.clients.ec2;
    match call {
        EbsEncryptionCall::Create => {
            ec2.enable_ebs_encryption_by_default().send().await?;
            let region = ec2.config().region().map(ToString::to_string);
            return Ok(Some(PhysicalId::plain(region.unwrap_or_default())));
        }
        EbsEncryptionCall::Enable => {
            ec2.enable_ebs_encryption_by_default().send().await?;
        }
        EbsEncryptionCall::Disable => {
            ec2.disable_ebs_encryption_by_default().send().await?;
        }
        EbsEncryptionCall::PutKey(key) => {
            let request = ec2.modify_ebs_default_kms_key_id();
            request.kms_key_id(order.arn(key)?).send().await?;
        }
        EbsEncryptionCall::ResetKey => {
            ec2.reset_ebs_default_kms_key_id().send().await?;
        }
    }
    Ok(None)
}
