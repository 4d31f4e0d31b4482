//! Observes the encryption of new EBS volumes.

use aws_sdk_ec2::Client;
use futures::join;

use super::{
    Target,
    account_wide::{once, setting, untagged},
    found::Found,
};
use crate::{
    account::aws::error::{answer, malformed},
    resource::{EbsEncryption, Read, Ref},
};

/// The call that shows whether volumes are encrypted.
const ENABLED: &str = "ec2:GetEbsEncryptionByDefault";
/// The call that shows with which key.
const KEY: &str = "ec2:GetEbsDefaultKmsKeyId";
/// The key that AWS manages.
const MANAGED: &str = "alias/aws/ebs";

/// The Region's setting; there always is one.
pub async fn observe(client: &Client, target: &Target) -> Found<EbsEncryption> {
    let (enabled, key) = join!(
        client.get_ebs_encryption_by_default().send(),
        client.get_ebs_default_kms_key_id().send()
    );
    let key = match answer(KEY, key) {
        Read::Known(shown) => match shown.kms_key_id() {
            Some(key) if key.ends_with(MANAGED) => None.into(),
            Some(key) => Some(Ref::literal(key)).into(),
            None => Read::Unread(malformed(KEY, "the answer names no key")),
        },
        Read::Unread(why) => Read::Unread(why),
    };
    let seen = answer(ENABLED, enabled).map(|shown| {
        let enabled = shown.ebs_encryption_by_default().unwrap_or_default();
        let found = EbsEncryption {
            enabled: enabled.into(),
            key,
        };
        Some(setting(found, target))
    });
    once(seen, &untagged(), target)
}
