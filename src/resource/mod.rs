//! One file a kind of resource: its state, its references and the calls that change it.
//! Pure: nothing here speaks to AWS.

mod access_analyzer;
mod account_public_access_block;
mod api;
mod bucket_settings;
mod config_recorder;
pub mod direction;
mod dynamodb_table;
mod ebs_encryption;
mod ec2;
mod elastic_ip;
pub mod field;
mod flow_log;
mod guardduty_detector;
mod iam_policy;
mod iam_role;
mod instance_profile;
mod internet_gateway;
mod keep;
mod kind;
mod kms_key;
mod log_group;
mod metric_alarm;
mod metric_filter;
mod nat_gateway;
mod network_acl;
mod oidc_provider;
mod password_policy;
mod pod_identity_association;
mod read;
mod reference;
mod registry;
mod reserved;
mod route_table;
mod s3_bucket;
mod secret;
mod security_group;
mod security_group_rule;
pub mod selector;
mod service_linked_role;
mod sns_topic;
mod sqs_queue;
pub mod store;
mod subnet;
mod tagging;
mod trail;
mod vpc;
mod vpc_endpoint;

pub use access_analyzer::{AccessAnalyzer, AccessAnalyzerCall};
pub use account_public_access_block::{
    AccountPublicAccessBlock, AccountPublicAccessBlockCall, PublicAccess,
};
pub use api::{Api, Rate};
pub use bucket_settings::{
    AccessLog, BucketEncryption, LifecycleRule, ObjectOwnership, PublicBlock, Retention,
    SseAlgorithm, Versioning,
};
pub use config_recorder::{ConfigRecorder, ConfigRecorderCall, DeliveryChannel, Recording};
pub use direction::Direction;
pub use dynamodb_table::{Billing, DynamodbTable, DynamodbTableCall};
pub use ebs_encryption::{EbsEncryption, EbsEncryptionCall};
pub use elastic_ip::{ElasticIp, ElasticIpCall};
pub use field::{FieldChange, FieldPath, Segment, Sides};
pub use flow_log::{FlowLog, FlowLogCall, TrafficType};
pub use guardduty_detector::{
    FEATURES as GUARDDUTY_FEATURES, GuarddutyDetector, GuarddutyDetectorCall,
};
pub use iam_policy::{IamPolicy, IamPolicyCall};
pub use iam_role::{IamRole, IamRoleCall};
pub use instance_profile::{InstanceProfile, InstanceProfileCall};
pub use internet_gateway::{InternetGateway, InternetGatewayCall};
pub use kind::{Aspect, Kept, KeptReason, Kind, Tabled};
pub use kms_key::{Grant, KeyState, KmsKey, KmsKeyCall, Rotation, WINDOW_KEY};
pub use log_group::{LogGroup, LogGroupCall};
pub use metric_alarm::{AlarmDefinition, MetricAlarm, MetricAlarmCall, MissingData};
pub use metric_filter::{FilterDefinition, MetricFilter, MetricFilterCall};
pub use nat_gateway::{NatGateway, NatGatewayCall};
pub use network_acl::{
    AclAction, AclEntries, AclEntry, AclEntryCall, AclKey, NetworkAcl, NetworkAclCall,
};
pub use oidc_provider::{OidcProvider, OidcProviderCall};
pub use password_policy::{PasswordPolicy, PasswordPolicyCall, PasswordRules};
pub use pod_identity_association::{PodIdentityAssociation, PodIdentityAssociationCall};
pub use read::{Read, UNREAD, Unread, UnreadReason};
pub(crate) use reference::linked;
pub use reference::{Linked, Ref};
pub use registry::{Call, KindProfile, Resources, Table, Visitor};
pub use reserved::{Hands, reserved};
pub use route_table::{RouteCall, RouteTable, RouteTableCall, Routes};
pub use s3_bucket::{S3Bucket, S3BucketCall};
pub use secret::{Secret, SecretCall};
pub use security_group::{SecurityGroup, SecurityGroupCall};
pub use security_group_rule::{Flow, PortRange, SecurityGroupRule, SecurityGroupRuleCall};
pub use selector::{EventSelector, FieldCondition};
pub use service_linked_role::{ServiceLinkedRole, ServiceLinkedRoleCall};
pub use sns_topic::{SnsTopic, SnsTopicCall};
pub use sqs_queue::{SqsQueue, SqsQueueCall};
pub use subnet::{Subnet, SubnetCall};
pub use trail::{LogDelivery, Reach, Trail, TrailCall};
pub use vpc::{Attachment, DefaultRule, Vpc, VpcCall, initial_entries};
pub use vpc_endpoint::{
    EndpointChange, EndpointState, EndpointType, SetChange, VpcEndpoint, VpcEndpointCall,
};
