//! Physical names, derived from logical ones and back. Deterministic: there is no state file.

use super::{AccountId, EnvironmentName, ServiceName, VersionName, Zone};

/// The names of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    environment: EnvironmentName,
}

impl Naming {
    /// The names of `environment`.
    pub fn of(environment: &EnvironmentName) -> Self {
        Self {
            environment: environment.clone(),
        }
    }

    /// `<environment>-<logical>`: roles, policies, security groups.
    pub fn prefixed(&self, logical: &str) -> String {
        format!("{}-{logical}", self.environment)
    }

    /// The logical name behind a prefixed one.
    pub fn logical<'a>(&self, physical: &'a str) -> Option<&'a str> {
        physical
            .strip_prefix(self.environment.as_str())?
            .strip_prefix('-')
            .filter(|name| !name.is_empty())
    }

    /// `/strongroom/<environment>/`: the path of roles and policies.
    pub fn path(&self) -> String {
        format!("/strongroom/{}/", self.environment)
    }

    /// `alias/strongroom/<environment>/<service>`.
    pub fn alias(&self, service: &str) -> String {
        format!("alias{}{service}", self.path())
    }

    /// The logical name behind an alias.
    pub fn logical_of_alias<'a>(&self, alias: &'a str) -> Option<&'a str> {
        self.below_path(alias.strip_prefix("alias")?)
    }

    /// `/strongroom/<environment>/<service>`.
    pub fn log_group(&self, service: &str) -> String {
        format!("{}{service}", self.path())
    }

    /// The logical name behind a log group's name.
    pub fn logical_of_log_group<'a>(&self, name: &'a str) -> Option<&'a str> {
        self.below_path(name)
    }

    /// `strongroom-<environment>-<logical>-<account>`: the environment's own buckets, whose names
    /// must be unique in the whole partition.
    pub fn bucket(&self, logical: &str, account: &AccountId) -> String {
        format!("strongroom-{}-{logical}-{account}", self.environment)
    }

    /// The logical name behind the name of a bucket of the environment's own.
    pub fn logical_of_bucket<'a>(&self, name: &'a str, account: &AccountId) -> Option<&'a str> {
        name.strip_prefix("strongroom-")?
            .strip_prefix(self.environment.as_str())?
            .strip_prefix('-')?
            .strip_suffix(account.as_str())?
            .strip_suffix('-')
            .filter(|logical| !logical.is_empty())
    }

    fn below_path<'a>(&self, text: &'a str) -> Option<&'a str> {
        text.strip_prefix(self.path().as_str())
            .filter(|name| !name.is_empty())
    }

    /// The logical name of a version's workload role and security group.
    pub fn version(service: &ServiceName, version: &VersionName) -> String {
        format!("{service}-{version}")
    }

    /// The logical name of a version's ECS execution role.
    pub fn execution(service: &ServiceName, version: &VersionName) -> String {
        format!("{service}-{version}-x")
    }

    /// The logical name of the VPC.
    pub fn vpc(&self) -> String {
        self.environment.to_string()
    }
}

impl Zone {
    /// The logical name of the zone's private subnet and of its route table.
    pub fn private(&self) -> String {
        format!("{PRIVATE}-{self}")
    }

    /// The logical name of the zone's public subnet.
    pub fn public(&self) -> String {
        format!("{PUBLIC}-{self}")
    }

    /// The logical name of the address of the zone's NAT gateway.
    pub fn nat_address(&self) -> String {
        format!("nat-{self}")
    }
}

/// The tier of the services: the logical name of its network ACL.
pub const PRIVATE: &str = "private";
/// The tier of the NAT gateways: the logical name of its network ACL and route table.
pub const PUBLIC: &str = "public";
/// The logical name of the internet gateway.
pub const INTERNET_GATEWAY: &str = "main";
/// The logical name of the permissions boundary.
pub const BOUNDARY: &str = "boundary";
/// The name of the one inline policy of a role.
pub const INLINE_POLICY: &str = "access";
