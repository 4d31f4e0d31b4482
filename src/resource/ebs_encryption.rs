//! Whether new EBS volumes of a Region are encrypted, and with which key: a setting.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked};
use crate::model::{Address, Home, KindName, PhysicalId};

/// Encryption of new EBS volumes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EbsEncryption {
    /// Whether new volumes are encrypted.
    pub enabled: Read<bool>,
    /// The key of volumes that name none; none for the one that AWS manages, `alias/aws/ebs`.
    pub key: Read<Option<Ref>>,
}

linked!(EbsEncryption { key });

/// A call on the encryption of new EBS volumes.
#[derive(Debug, Clone, PartialEq)]
pub enum EbsEncryptionCall {
    /// EnableEbsEncryptionByDefault where nobody has set anything.
    Create,
    /// EnableEbsEncryptionByDefault.
    Enable,
    /// DisableEbsEncryptionByDefault.
    Disable,
    /// ModifyEbsDefaultKmsKeyId.
    PutKey(Ref),
    /// ResetEbsDefaultKmsKeyId: the key that AWS manages.
    ResetKey,
}

impl Kind for EbsEncryption {
    const NAME: KindName = KindName::EbsEncryption;
    const ASPECT: Aspect = Aspect::Encryption;
    const IMMUTABLE: &'static [&'static str] = &[];
    const LISTING: &'static str = "ec2:GetEbsEncryptionByDefault";
    const LOSS: Option<&'static str> = None;
    const NAMED: bool = true;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = EbsEncryptionCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        BTreeSet::new()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        PhysicalId::plain(home.region.to_string())
    }

    fn create(&self) -> EbsEncryptionCall {
        EbsEncryptionCall::Create
    }

    fn settle(from: &Self, to: &Self) -> Vec<EbsEncryptionCall> {
        let enabled = from.enabled.changed(&to.enabled).map(|on| match on {
            true => EbsEncryptionCall::Enable,
            false => EbsEncryptionCall::Disable,
        });
        let key = from.key.changed(&to.key).map(|key| match key {
            Some(key) => EbsEncryptionCall::PutKey(key.clone()),
            None => EbsEncryptionCall::ResetKey,
        });
        enabled.into_iter().chain(key).collect()
    }

    /// Volumes do not become readable because an environment goes.
    fn delete(&self) -> Vec<EbsEncryptionCall> {
        Vec::new()
    }

    fn apply(state: Option<Self>, call: &EbsEncryptionCall) -> Option<Self> {
        if matches!(call, EbsEncryptionCall::Create) {
            return Some(Self {
                enabled: true.into(),
                key: None.into(),
            });
        }
        let mut setting = state?;
        match call {
            EbsEncryptionCall::Create | EbsEncryptionCall::Enable => setting.enabled.set(true),
            EbsEncryptionCall::Disable => setting.enabled.set(false),
            EbsEncryptionCall::PutKey(key) => setting.key.set(Some(key.clone())),
            EbsEncryptionCall::ResetKey => setting.key.set(None),
        }
        Some(setting)
    }

    fn api(call: &EbsEncryptionCall) -> Api {
        let operation = match call {
            EbsEncryptionCall::Create | EbsEncryptionCall::Enable => "EnableEbsEncryptionByDefault",
            EbsEncryptionCall::Disable => "DisableEbsEncryptionByDefault",
            EbsEncryptionCall::PutKey(_) => "ModifyEbsDefaultKmsKeyId",
            EbsEncryptionCall::ResetKey => "ResetEbsDefaultKmsKeyId",
        };
        Api::ec2(operation, 5, 50)
    }

    fn removes(_: &EbsEncryptionCall) -> bool {
        false
    }

    fn named(call: &EbsEncryptionCall) -> BTreeSet<Address> {
        match call {
            EbsEncryptionCall::PutKey(key) => key.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            "enabled" => Direction::encryption(change.after == Some(true.into())),
            // Whoever owns another key can take every new volume away.
            _ => Direction::encryption(change.after.is_none()),
        }
    }
}
