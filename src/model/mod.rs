//! What is true after validation: newtypes that cannot hold a bad value.
//! Nothing here reads a file or speaks to AWS.

mod address;
mod arn;
mod environment;
mod error;
mod name;
mod naming;
mod physical;
mod service;
mod tag;

pub use address::{Address, KindName, ResourceName};
pub use arn::Arn;
pub use environment::{Audit, Class, Environment, Keys, Network, Principals};
pub use error::Invalid;
pub use name::{
    AccountId, EnvironmentName, FrameworkId, Port, Region, RoleName, ServiceName, VersionName,
    VpcId,
};
pub use naming::{BOUNDARY, INLINE_POLICY, Naming};
pub use physical::{Home, Ids, PhysicalId};
pub use service::{
    Access, AccessGrant, AccessLevel, Call, Criticality, DataClass, Docs, Egress, Ingress,
    Listener, Peer, Protocol, Runtime, Service, State, Store, StoreKind, Workload,
};
pub use tag::{TagKey, Tags};
