//! What is true after validation: newtypes that cannot hold a bad value.
//! Nothing here reads a file or speaks to AWS.

mod address;
mod arn;
pub mod endpoint;
mod environment;
mod error;
mod linked_role;
mod name;
mod naming;
mod physical;
mod place;
mod service;
mod store;
mod subnets;
mod tag;
mod watch;

pub use address::{Address, KindName, ResourceName};
pub use arn::Arn;
pub use environment::{
    AUDIT, AUDIT_ACCESS, Alarms, Audit, Class, DataEvents, Endpoints, Environment, Keys, Lock,
    LockMode, Network, Principals,
};
pub use error::Invalid;
pub use linked_role::LinkedRole;
pub use name::{
    AccountId, EnvironmentName, FrameworkId, MailAddress, Port, Region, RoleName, ServiceName,
    VersionName, VpcId, Zone,
};
pub use naming::{BOUNDARY, INLINE_POLICY, INTERNET_GATEWAY, Naming, PRIVATE, PUBLIC};
pub use physical::{Home, Ids, PhysicalId};
pub use place::{Place, Places};
pub use service::{
    Access, AccessGrant, AccessLevel, Call, Criticality, DataClass, Docs, Egress, Ingress,
    Listener, Peer, Protocol, Runtime, Service, State, Workload,
};
pub use store::{KeyType, Store, StoreKind, TableKey};
pub use subnets::{PlanError, SubnetPlan, usable};
pub use tag::{TagKey, Tags};
pub use watch::{Concern, WATCHES, Watch};
