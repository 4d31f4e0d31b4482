//! One file a kind of resource: its state, its references and the calls that change it.
//! Pure: nothing here speaks to AWS.

mod api;
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
mod security_group;
mod security_group_rule;
mod tagging;

pub use api::Api;
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
pub use security_group::{SecurityGroup, SecurityGroupCall};
pub use security_group_rule::{Flow, PortRange, SecurityGroupRule, SecurityGroupRuleCall};
