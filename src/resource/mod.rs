//! One file a kind of resource: its state, its references and the calls that change it.
//! Pure: nothing here speaks to AWS.

mod api;
mod bucket_settings;
pub mod direction;
mod ec2;
pub mod field;
mod iam_policy;
mod iam_role;
mod keep;
mod kind;
mod kms_key;
mod log_group;
mod read;
mod reference;
mod registry;
mod s3_bucket;
mod security_group;
mod security_group_rule;
pub mod selector;
mod tagging;
mod trail;

pub use api::Api;
pub use bucket_settings::{
    AccessLog, BucketEncryption, LifecycleRule, ObjectOwnership, PublicBlock, Retention,
    SseAlgorithm, Versioning,
};
pub use direction::Direction;
pub use field::{FieldChange, FieldPath, Segment, Sides};
pub use iam_policy::{IamPolicy, IamPolicyCall};
pub use iam_role::{IamRole, IamRoleCall};
pub use kind::{Aspect, Kept, KeptReason, Kind, Tabled};
pub use kms_key::{Grant, KeyState, KmsKey, KmsKeyCall, Rotation, WINDOW_KEY};
pub use log_group::{LogGroup, LogGroupCall};
pub use read::{Read, UNREAD, Unread, UnreadReason};
pub(crate) use reference::linked;
pub use reference::{Linked, Ref};
pub use registry::{Call, KindProfile, Resources, Table, Visitor};
pub use s3_bucket::{S3Bucket, S3BucketCall};
pub use security_group::{SecurityGroup, SecurityGroupCall};
pub use security_group_rule::{Flow, PortRange, SecurityGroupRule, SecurityGroupRuleCall};
pub use selector::{EventSelector, FieldCondition};
pub use trail::{LogDelivery, Reach, Trail, TrailCall};
