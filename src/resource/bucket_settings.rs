//! The settings of an S3 bucket, each as one call shows and sets it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ref, linked};
use crate::model::LockMode;

/// Whether old versions of objects are kept.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// Never was on.
    Off,
    /// Is on.
    Enabled,
    /// Was on; what it kept is still there.
    Suspended,
}

/// The retention that each new object gets.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Who can undo it; none where objects get no retention.
    pub mode: Option<LockMode>,
    /// How long, in days; 0 where objects get none. A year counts 365 days, as S3 counts it.
    pub days: u32,
}

/// How new objects are encrypted unless their writer says otherwise.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryption {
    /// With whose keys.
    pub algorithm: SseAlgorithm,
    /// The key; none where S3 or AWS manages it.
    pub key: Option<Ref>,
    /// Whether S3 derives a key for the bucket: fewer calls of KMS, and fewer traces there.
    pub bucket_key: bool,
}

/// The algorithms of server-side encryption, by the names that S3 gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SseAlgorithm {
    /// S3's own keys.
    #[serde(rename = "AES256")]
    S3,
    /// A key in KMS.
    #[serde(rename = "aws:kms")]
    Kms,
    /// A key in KMS, in two layers.
    #[serde(rename = "aws:kms:dsse")]
    KmsTwice,
}

/// The four settings of S3 Block Public Access.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicBlock {
    /// New public ACLs are refused.
    pub acls_refused: bool,
    /// Public ACLs that are there are ignored.
    pub acls_ignored: bool,
    /// Public policies are refused.
    pub policies_refused: bool,
    /// A public policy lets in the bucket's own account and AWS services only.
    pub policies_restricted: bool,
}

/// Who owns objects, and whether ACLs count.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectOwnership {
    /// The bucket's owner; ACLs do not count.
    BucketOwnerEnforced,
    /// The bucket's owner, where the writer agrees.
    BucketOwnerPreferred,
    /// Whoever wrote it.
    ObjectWriter,
}

/// What becomes of objects as they age.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleRule {
    /// Whether it is applied.
    pub enabled: bool,
    /// The prefix of the objects that it is about; empty for all.
    pub prefix: String,
    /// Days after which objects go to a storage class, as `GLACIER`.
    pub transitions: BTreeMap<String, u32>,
    /// Days after which objects expire; none for never.
    pub expire_days: Option<u32>,
    /// Days after which a version that is no longer current is deleted; none for never.
    pub old_versions_days: Option<u32>,
    /// Whether delete markers go once no version is behind them.
    pub expire_markers: bool,
    /// Days after which an unfinished upload is thrown away; none for never.
    pub unfinished_uploads_days: Option<u32>,
    /// What else AWS shows of it and no specification asks for, as `filter.tag`.
    pub further: BTreeSet<String>,
}

/// Where accesses are logged.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessLog {
    /// The bucket that gets the logs; none where nothing is logged.
    pub target: Option<Ref>,
    /// What the names of the logs begin with.
    pub prefix: String,
}

linked!(BucketEncryption { key });
linked!(AccessLog { target });

impl Retention {
    /// No retention.
    pub const NONE: Self = Self {
        mode: None,
        days: 0,
    };

    /// As S3 shows it: without a mode there is no period.
    pub(super) fn shown(self) -> Self {
        match self.mode {
            Some(_) => self,
            None => Self::NONE,
        }
    }
}

impl BucketEncryption {
    /// What S3 does where nobody says anything.
    pub const DEFAULT: Self = Self {
        algorithm: SseAlgorithm::S3,
        key: None,
        bucket_key: false,
    };

    /// As S3 shows it: its own algorithm has no key of ours.
    pub(super) fn shown(self) -> Self {
        match self.algorithm {
            SseAlgorithm::S3 => Self { key: None, ..self },
            _ => self,
        }
    }
}

impl PublicBlock {
    /// All four.
    pub const ALL: Self = Self::of(true);
    /// None of the four.
    pub const NOTHING: Self = Self::of(false);

    const fn of(on: bool) -> Self {
        Self {
            acls_refused: on,
            acls_ignored: on,
            policies_refused: on,
            policies_restricted: on,
        }
    }
}

impl AccessLog {
    /// Nothing is logged.
    pub const OFF: Self = Self {
        target: None,
        prefix: String::new(),
    };

    /// As S3 shows it: without a target there is no prefix.
    pub(super) fn shown(self) -> Self {
        match self.target {
            Some(_) => self,
            None => Self::OFF,
        }
    }
}

impl SseAlgorithm {
    /// The name that S3 gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S3 => "AES256",
            Self::Kms => "aws:kms",
            Self::KmsTwice => "aws:kms:dsse",
        }
    }
}

impl ObjectOwnership {
    /// The name that S3 gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }
}
