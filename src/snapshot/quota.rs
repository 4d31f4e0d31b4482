//! Quotas of an account: how many of a thing it may have, as AWS says it, and how many there are.
//! What a plan makes of them is for the plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::resource::Read;

/// What one account may have, and has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quotas {
    /// How many there may be, as the account shows it.
    pub limits: BTreeMap<QuotaName, Read<u64>>,
    /// How many there are, whoever made them.
    pub used: BTreeMap<QuotaName, Read<u64>>,
}

/// A quota that a plan can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaName {
    /// Entries of a network ACL in one direction.
    AclEntries,
    /// Elastic IP addresses in a Region.
    Addresses,
    /// Buckets of an account.
    Buckets,
    /// Gateway endpoints in a Region.
    GatewayEndpoints,
    /// Rules of a security group in one direction.
    GroupRules,
    /// Security groups in a Region.
    Groups,
    /// Instance profiles of an account.
    InstanceProfiles,
    /// Interface endpoints of a VPC.
    InterfaceEndpoints,
    /// Internet gateways in a Region.
    InternetGateways,
    /// KMS keys in a Region.
    Keys,
    /// NAT gateways in an availability zone.
    NatGateways,
    /// OIDC providers of an account.
    OidcProviders,
    /// Customer managed policies of an account.
    Policies,
    /// Roles of an account.
    Roles,
    /// Routes of a route table.
    Routes,
    /// Tables in a Region.
    Tables,
    /// VPCs in a Region.
    Vpcs,
}

/// What AWS calls a quota, and what it is where nobody had it raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaProfile {
    /// Service code, as Service Quotas knows it.
    pub service: &'static str,
    /// Quota code, as `L-F678F1CE`.
    pub code: &'static str,
    /// The documented default.
    pub default: u64,
    /// What is counted, for people.
    pub what: &'static str,
}

impl QuotaName {
    /// All of them, in order.
    pub const ALL: [Self; 17] = [
        Self::AclEntries,
        Self::Addresses,
        Self::Buckets,
        Self::GatewayEndpoints,
        Self::GroupRules,
        Self::Groups,
        Self::InstanceProfiles,
        Self::InterfaceEndpoints,
        Self::InternetGateways,
        Self::Keys,
        Self::NatGateways,
        Self::OidcProviders,
        Self::Policies,
        Self::Roles,
        Self::Routes,
        Self::Tables,
        Self::Vpcs,
    ];

    /// What AWS calls it.
    /// <https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html>
    pub fn profile(self) -> QuotaProfile {
        let (service, code, default, what) = match self {
            Self::AclEntries => ("vpc", "L-2AEEBF1A", 20, "entries of a network ACL"),
            Self::Addresses => ("ec2", "L-0263D0A3", 5, "Elastic IP addresses in the Region"),
            Self::Buckets => ("s3", "L-DC2B2D3D", 10_000, "buckets in the account"),
            Self::GatewayEndpoints => ("vpc", "L-1B52E74A", 20, "gateway endpoints in the Region"),
            Self::GroupRules => ("vpc", "L-0EA8095F", 60, "rules of a security group"),
            Self::Groups => ("vpc", "L-E79EC296", 2_500, "security groups in the Region"),
            Self::InstanceProfiles => (
                "iam",
                "L-6E65F664",
                1_000,
                "instance profiles in the account",
            ),
            Self::InterfaceEndpoints => ("vpc", "L-29B6F2EB", 50, "interface endpoints of the VPC"),
            Self::InternetGateways => ("vpc", "L-A4707A72", 5, "internet gateways in the Region"),
            Self::Keys => ("kms", "L-C2F1777E", 100_000, "KMS keys in the Region"),
            Self::NatGateways => ("vpc", "L-FE5A380F", 5, "NAT gateways in a zone"),
            Self::OidcProviders => ("iam", "L-858F3967", 100, "OIDC providers in the account"),
            Self::Policies => (
                "iam",
                "L-E95E4862",
                1_500,
                "customer managed policies in the account",
            ),
            Self::Roles => ("iam", "L-FE177D64", 1_000, "roles in the account"),
            Self::Routes => ("vpc", "L-93826ACB", 50, "routes of a route table"),
            Self::Tables => ("dynamodb", "L-F98FE922", 2_500, "tables in the Region"),
            Self::Vpcs => ("vpc", "L-F678F1CE", 5, "VPCs in the Region"),
        };
        QuotaProfile {
            service,
            code,
            default,
            what,
        }
    }
}

impl Quotas {
    /// As much of everything as anybody wants: an account that nobody pays for.
    pub fn boundless() -> Self {
        let limits = QuotaName::ALL.map(|quota| (quota, Read::Known(u64::MAX)));
        Self {
            limits: limits.into(),
            used: BTreeMap::new(),
        }
    }

    /// How many there may be: what the account says, else the documented default; and whether the
    /// account said it.
    pub fn limit(&self, quota: QuotaName) -> (u64, bool) {
        match self.limits.get(&quota).and_then(Read::known) {
            Some(limit) => (*limit, true),
            None => (quota.profile().default, false),
        }
    }

    /// How many there are, if the account said it.
    pub fn used(&self, quota: QuotaName) -> Option<u64> {
        self.used.get(&quota).and_then(Read::known).copied()
    }
}
