//! Tags: how ownership is written on a resource.

use std::collections::BTreeMap;

/// Tags by key, as AWS holds them.
pub type Tags = BTreeMap<String, String>;

/// The tag keys that Strongroom writes and reads.
pub struct TagKey;

impl TagKey {
    /// The environment that owns the resource.
    pub const ENVIRONMENT: &'static str = "strongroom:environment";
    /// The service that owns the resource.
    pub const SERVICE: &'static str = "strongroom:service";
    /// The version of the service, where the resource belongs to one.
    pub const VERSION: &'static str = "strongroom:version";
    /// The team that answers for the service.
    pub const OWNER: &'static str = "strongroom:owner";
}
