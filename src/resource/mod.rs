//! One file a kind of resource: its state, its references and the calls that change it.
//! Pure: nothing here speaks to AWS.

mod access_analyzer;
mod account_public_access_block;
mod api;
mod config_recorder;
pub mod direction;
mod ebs_encryption;
mod ec2;
pub mod field;
mod guardduty_detector;
mod iam_policy;
mod iam_role;
mod keep;
mod kind;
mod kms_key;
mod log_group;
mod metric_alarm;
mod metric_filter;
mod password_policy;
mod read;
mod reference;
mod registry;
mod security_group;
mod security_group_rule;
mod sns_topic;
mod tagging;

pub use access_analyzer::{AccessAnalyzer, AccessAnalyzerCall};
pub use account_public_access_block::{
    AccountPublicAccessBlock, AccountPublicAccessBlockCall, PublicAccess,
};
pub use api::Api;
pub use config_recorder::{ConfigRecorder, ConfigRecorderCall, DeliveryChannel, Recording};
pub use direction::Direction;
pub use ebs_encryption::{EbsEncryption, EbsEncryptionCall};
pub use field::{FieldChange, FieldPath, Segment, Sides};
pub use guardduty_detector::{
    FEATURES as GUARDDUTY_FEATURES, GuarddutyDetector, GuarddutyDetectorCall,
};
pub use iam_policy::{IamPolicy, IamPolicyCall};
pub use iam_role::{IamRole, IamRoleCall};
pub use kind::{Aspect, Kept, KeptReason, Kind, Tabled};
pub use kms_key::{Grant, KeyState, KmsKey, KmsKeyCall, Rotation, WINDOW_KEY};
pub use log_group::{LogGroup, LogGroupCall};
pub use metric_alarm::{AlarmDefinition, MetricAlarm, MetricAlarmCall, MissingData};
pub use metric_filter::{FilterDefinition, MetricFilter, MetricFilterCall};
pub use password_policy::{PasswordPolicy, PasswordPolicyCall, PasswordRules};
pub use read::{Read, UNREAD, Unread, UnreadReason};
pub(crate) use reference::linked;
pub use reference::{Linked, Ref};
pub use registry::{Call, KindProfile, Resources, Table, Visitor};
pub use security_group::{SecurityGroup, SecurityGroupCall};
pub use security_group_rule::{Flow, PortRange, SecurityGroupRule, SecurityGroupRuleCall};
pub use sns_topic::{SnsTopic, SnsTopicCall};
