//! Observes what the account may have and has: Service Quotas where it answers, counts where a
//! listing shows everybody's. A constant number of calls, and pages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_ec2::types::{
    InternetGateway, NatGateway, NatGatewayState, SecurityGroup, Subnet, Vpc,
};
use aws_sdk_iam::types::SummaryKeyType;
use aws_sdk_kms::types::{AliasListEntry, KeyListEntry};
use futures::{StreamExt, join, stream};

use super::{Target, s3_bucket};
use crate::{
    account::aws::{
        client::Clients,
        error::{answer, malformed},
    },
    resource::{Read, Unread, UnreadReason},
    snapshot::{QuotaName, Quotas},
};

/// The call that shows a quota as it holds for the account.
const CALL: &str = "servicequotas:GetServiceQuota";
/// Service Quotas answers ten requests a second.
const AT_ONCE: usize = 4;
/// How the aliases of keys begin that AWS manages; those count against no quota.
const AWS_ALIASES: &str = "alias/aws/";

/// Numbers and quotas of IAM, as its summary shows them.
pub type Summary = Read<HashMap<SummaryKeyType, i32>>;

/// Everything that is asked for here, but IAM's.
pub async fn observe(clients: &Clients, target: &Target) -> Quotas {
    let asked: Vec<QuotaName> = QuotaName::ALL.into_iter().filter(is_asked).collect();
    let limits = stream::iter(asked)
        .map(|quota| async move { (quota, limit(&clients.quotas, quota).await) })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>();
    let (limits, counts, network) = join!(limits, counts(clients), network(clients, target));
    Quotas {
        limits: limits.into_iter().collect(),
        used: counts.into_iter().chain(network).collect(),
    }
}

/// IAM answers for itself: Service Quotas knows its quotas in one Region only.
fn is_asked(quota: &QuotaName) -> bool {
    quota.profile().service != "iam"
}

async fn limit(client: &aws_sdk_servicequotas::Client, quota: QuotaName) -> Read<u64> {
    let profile = quota.profile();
    let request = client.get_service_quota();
    let request = request
        .service_code(profile.service)
        .quota_code(profile.code);
    match answer(CALL, request.send().await) {
        Read::Unread(why) => Read::Unread(why),
        Read::Known(shown) => {
            let value = shown.quota().and_then(|quota| quota.value());
            value.and_then(whole).map_or_else(
                || Read::Unread(malformed(CALL, "the quota has no value")),
                Read::Known,
            )
        }
    }
}

/// A quota is a number of things, and sent as a fraction all the same.
fn whole(value: f64) -> Option<u64> {
    format!("{value:.0}").parse().ok()
}

/// IAM's own quotas and counts.
pub fn of_iam(summary: &Summary, quotas: &mut Quotas) {
    use SummaryKeyType as Key;
    let number = |key: Key| match summary {
        Read::Unread(why) => Read::Unread(why.clone()),
        Read::Known(map) => {
            let value = map.get(&key).and_then(|value| u64::try_from(*value).ok());
            value.map_or_else(|| Read::Unread(unsaid(&key)), Read::Known)
        }
    };
    for (quota, limit, used) in [
        (
            QuotaName::InstanceProfiles,
            Key::InstanceProfilesQuota,
            Key::InstanceProfiles,
        ),
        (QuotaName::Policies, Key::PoliciesQuota, Key::Policies),
        (QuotaName::Roles, Key::RolesQuota, Key::Roles),
    ] {
        quotas.limits.insert(quota, number(limit));
        quotas.used.insert(quota, number(used));
    }
}

fn unsaid(key: &SummaryKeyType) -> Unread {
    Unread {
        call: "iam:GetAccountSummary".to_owned(),
        reason: UnreadReason::Unsupported,
        message: format!("the answer has no {}", key.as_str()),
    }
}

async fn counts(clients: &Clients) -> Vec<(QuotaName, Read<u64>)> {
    let tables = clients.dynamodb.list_tables();
    let (buckets, keys, tables) = join!(
        s3_bucket::list(&clients.s3),
        keys(&clients.kms),
        tables.into_paginator().items().send().try_collect(),
    );
    let tables: Read<Vec<String>> = answer("dynamodb:ListTables", tables);
    vec![
        (QuotaName::Buckets, count(&buckets)),
        (QuotaName::Keys, keys),
        (QuotaName::Tables, count(&tables)),
    ]
}

/// Keys of customers, those that wait for their deletion included.
async fn keys(client: &aws_sdk_kms::Client) -> Read<u64> {
    let keys = client.list_keys().into_paginator().items().send();
    let aliases = client.list_aliases().into_paginator().items().send();
    let (keys, aliases) = join!(keys.try_collect(), aliases.try_collect(),);
    let keys: Read<Vec<KeyListEntry>> = answer("kms:ListKeys", keys);
    let aliases: Read<Vec<AliasListEntry>> = answer("kms:ListAliases", aliases);
    match (keys, aliases) {
        (Read::Known(keys), Read::Known(aliases)) => {
            let managed = aliases.iter().filter(|alias| {
                let name = alias.alias_name().unwrap_or_default();
                name.starts_with(AWS_ALIASES)
            });
            let managed: BTreeSet<&str> =
                managed.filter_map(|alias| alias.target_key_id()).collect();
            let own = keys.iter().filter_map(|key| key.key_id());
            Read::Known(number(own.filter(|id| !managed.contains(id)).count()))
        }
        (Read::Unread(why), _) | (_, Read::Unread(why)) => Read::Unread(why),
    }
}

async fn network(clients: &Clients, target: &Target) -> Vec<(QuotaName, Read<u64>)> {
    let ec2 = &clients.ec2;
    let groups = ec2.describe_security_groups().max_results(1000);
    let (addresses, groups, gateways, vpcs, nat) = join!(
        ec2.describe_addresses().send(),
        groups.into_paginator().items().send().try_collect(),
        ec2.describe_internet_gateways()
            .into_paginator()
            .items()
            .send()
            .try_collect(),
        ec2.describe_vpcs()
            .into_paginator()
            .items()
            .send()
            .try_collect(),
        nat_gateways(ec2, target),
    );
    let addresses = answer("ec2:DescribeAddresses", addresses);
    let groups: Read<Vec<SecurityGroup>> = answer("ec2:DescribeSecurityGroups", groups);
    let gateways: Read<Vec<InternetGateway>> = answer("ec2:DescribeInternetGateways", gateways);
    let vpcs: Read<Vec<Vpc>> = answer("ec2:DescribeVpcs", vpcs);
    vec![
        (
            QuotaName::Addresses,
            addresses.map(|shown| number(shown.addresses().len())),
        ),
        (QuotaName::Groups, count(&groups)),
        (QuotaName::InternetGateways, count(&gateways)),
        (QuotaName::NatGateways, nat),
        (QuotaName::Vpcs, count(&vpcs)),
    ]
}

/// Those of the fullest of the declared zones; nothing is asked where none is wanted.
async fn nat_gateways(client: &aws_sdk_ec2::Client, target: &Target) -> Read<u64> {
    let services = target.declared.services.values();
    if services
        .flat_map(|service| &service.egress)
        .next()
        .is_none()
    {
        return Read::Known(0);
    }
    let gateways = client.describe_nat_gateways().into_paginator().items();
    let subnets = client.describe_subnets().into_paginator().items();
    let (gateways, subnets) = join!(gateways.send().try_collect(), subnets.send().try_collect(),);
    let gateways: Read<Vec<NatGateway>> = answer("ec2:DescribeNatGateways", gateways);
    let subnets: Read<Vec<Subnet>> = answer("ec2:DescribeSubnets", subnets);
    match (gateways, subnets) {
        (Read::Known(gateways), Read::Known(subnets)) => Read::Known(fullest(&gateways, &subnets)),
        (Read::Unread(why), _) | (_, Read::Unread(why)) => Read::Unread(why),
    }
}

fn fullest(gateways: &[NatGateway], subnets: &[Subnet]) -> u64 {
    let zones = subnets
        .iter()
        .filter_map(|subnet| Some((subnet.subnet_id()?, subnet.availability_zone()?)));
    let zones: BTreeMap<&str, &str> = zones.collect();
    let there = [
        Some(&NatGatewayState::Available),
        Some(&NatGatewayState::Pending),
    ];
    let mut by_zone: BTreeMap<&str, u64> = BTreeMap::new();
    for gateway in gateways.iter().filter(|one| there.contains(&one.state())) {
        let zone = gateway.subnet_id().and_then(|id| zones.get(id));
        if let Some(zone) = zone {
            *by_zone.entry(zone).or_default() += 1;
        }
    }
    by_zone.into_values().max().unwrap_or_default()
}

fn count<T>(listed: &Read<Vec<T>>) -> Read<u64> {
    listed.as_ref().map(|listed| number(listed.len()))
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
