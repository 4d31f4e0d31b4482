//! Quotas that a plan would exceed: with what is there, what it adds, and what is allowed.
//! Nothing is subtracted for what it deletes, for that goes last.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, Step};
use crate::{
    model::{Address, KindName},
    resource::{EndpointType, Flow, Resources},
    snapshot::{QuotaName, Snapshot},
};

/// What AWS counts of a route table and a network ACL and the specification does not declare: the
/// route inside the VPC, and the last entry.
const BUILT_IN: u64 = 1;

/// A quota that a plan would exceed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Excess {
    /// The quota.
    pub quota: QuotaName,
    /// Its code, to have it raised.
    pub code: &'static str,
    /// The one resource that it is about; none where it is about the account or Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// How many there are now; at least so many, where not all could be counted.
    pub there: u64,
    /// How many there would be.
    pub needed: u64,
    /// How many there may be.
    pub limit: u64,
    /// Whether the account said so; otherwise it is the documented default.
    pub read: bool,
}

/// What a plan needs of the account.
pub(super) struct Demand<'a> {
    pub steps: &'a BTreeMap<Address, Step>,
    pub before: &'a Resources,
    pub after: &'a Resources,
    pub snapshot: &'a Snapshot,
}

impl Demand<'_> {
    /// Everything that the plan would exceed, sorted.
    pub(super) fn exceeded(&self) -> Vec<Excess> {
        let counted = COUNTED.iter();
        let mut found: Vec<Excess> = counted
            .filter_map(|(quota, kind)| self.of_account(*quota, *kind))
            .chain(self.endpoints())
            .chain(self.nat_gateways())
            .chain(self.rules())
            .chain(self.entries())
            .chain(self.routes())
            .collect();
        found.sort();
        found
    }

    /// A quota on all resources of a kind, whoever made them.
    fn of_account(&self, quota: QuotaName, kind: KindName) -> Option<Excess> {
        // A VPC brings its default group along.
        let brings = |of| quota == QuotaName::Groups && of == KindName::Vpc;
        let more = self.created(|address| address.kind == kind || brings(address.kind));
        let ours = self.snapshot.resources.addresses();
        let ours = ours.iter().filter(|address| address.kind == kind).count();
        let there = self.there(quota, number(ours));
        self.excess(quota, None, there, there.saturating_add(more))
            .filter(|_| more > 0)
    }

    /// Gateways count by Region, interfaces by VPC; others may have put some there too.
    fn endpoints(&self) -> Vec<Excess> {
        let by_type = [
            (QuotaName::GatewayEndpoints, EndpointType::Gateway),
            (QuotaName::InterfaceEndpoints, EndpointType::Interface),
        ];
        let of = |resources: &Resources, wanted: EndpointType| {
            let endpoints = resources.vpc_endpoint.values();
            number(endpoints.filter(|one| one.endpoint_type == wanted).count())
        };
        let found = by_type.into_iter().filter_map(|(quota, endpoint)| {
            let seen =
                of(&self.snapshot.resources, endpoint) + of(&self.snapshot.foreign, endpoint);
            let there = self.there(quota, seen);
            let more = self.created(|address| {
                let wanted = self.after.vpc_endpoint.get(&address.name);
                address.kind == KindName::VpcEndpoint
                    && wanted.is_some_and(|one| one.endpoint_type == endpoint)
            });
            self.excess(quota, None, there, there.saturating_add(more))
                .filter(|_| more > 0)
        });
        found.collect()
    }

    /// One a zone at most is ever created.
    fn nat_gateways(&self) -> Option<Excess> {
        let more = self.created(|address| address.kind == KindName::NatGateway);
        let there = self.there(QuotaName::NatGateways, 0);
        self.excess(QuotaName::NatGateways, None, there, there + 1)
            .filter(|_| more > 0)
    }

    /// The rules of each group that gets one.
    fn rules(&self) -> Vec<Excess> {
        let mut rules: BTreeMap<(&Address, Flow), (u64, u64)> = BTreeMap::new();
        for rule in self.snapshot.resources.security_group_rule.values() {
            if let Some(group) = rule.group.address() {
                rules.entry((group, rule.flow)).or_default().0 += 1;
            }
        }
        for (name, rule) in &self.after.security_group_rule {
            let new = !self.before.security_group_rule.contains_key(name);
            if let Some(group) = rule.group.address().filter(|_| new) {
                rules.entry((group, rule.flow)).or_default().1 += 1;
            }
        }
        let grown = rules.into_iter().filter(|(_, (_, more))| *more > 0);
        grown
            .filter_map(|((group, _), (there, more))| {
                let address = Some(group.clone());
                self.excess(QuotaName::GroupRules, address, there, there + more)
            })
            .collect()
    }

    fn entries(&self) -> Vec<Excess> {
        let of = |resources: &Resources, name: &str, flow: Flow| {
            let acl = resources.network_acl.get(name);
            let entries = acl
                .and_then(|acl| acl.entries.known())
                .into_iter()
                .flatten();
            number(entries.filter(|(key, _)| key.flow == flow).count()) + BUILT_IN
        };
        let acls = self.after.network_acl.keys();
        let both = acls.flat_map(|name| [(name, Flow::Ingress), (name, Flow::Egress)]);
        both.filter_map(|(name, flow)| {
            let (there, needed) = (of(self.before, name, flow), of(self.after, name, flow));
            let address = Address::new(KindName::NetworkAcl, name.as_str());
            self.excess(QuotaName::AclEntries, Some(address), there, needed)
        })
        .collect()
    }

    fn routes(&self) -> Vec<Excess> {
        let of = |resources: &Resources, name: &str| {
            let table = resources.route_table.get(name);
            let routes = table.and_then(|table| table.routes.known());
            number(routes.map_or(0, |routes| routes.len())) + BUILT_IN
        };
        let tables = self.after.route_table.keys();
        tables
            .filter_map(|name| {
                let (there, needed) = (of(self.before, name), of(self.after, name));
                let address = Address::new(KindName::RouteTable, name.as_str());
                self.excess(QuotaName::Routes, Some(address), there, needed)
            })
            .collect()
    }

    /// How many resources the plan creates.
    fn created(&self, wanted: impl Fn(&Address) -> bool) -> u64 {
        let created = self
            .steps
            .iter()
            .filter(|(address, step)| step.action == Action::Create && wanted(address));
        number(created.count())
    }

    /// What the account counts, and at least what was seen.
    fn there(&self, quota: QuotaName, seen: u64) -> u64 {
        let used = self.snapshot.account_state.quotas.used(quota);
        used.unwrap_or_default().max(seen)
    }

    /// What does not grow is not refused, whatever AWS thinks of it.
    fn excess(
        &self,
        quota: QuotaName,
        address: Option<Address>,
        there: u64,
        needed: u64,
    ) -> Option<Excess> {
        let (limit, read) = self.snapshot.account_state.quotas.limit(quota);
        (needed > limit && needed > there).then(|| Excess {
            quota,
            code: quota.profile().code,
            address,
            there,
            needed,
            limit,
            read,
        })
    }
}

/// Quotas on all resources of a kind.
const COUNTED: [(QuotaName, KindName); 11] = [
    (QuotaName::Addresses, KindName::ElasticIp),
    (QuotaName::Buckets, KindName::S3Bucket),
    (QuotaName::Groups, KindName::SecurityGroup),
    (QuotaName::InstanceProfiles, KindName::InstanceProfile),
    (QuotaName::InternetGateways, KindName::InternetGateway),
    (QuotaName::Keys, KindName::KmsKey),
    (QuotaName::OidcProviders, KindName::OidcProvider),
    (QuotaName::Policies, KindName::IamPolicy),
    (QuotaName::Roles, KindName::IamRole),
    (QuotaName::Tables, KindName::DynamodbTable),
    (QuotaName::Vpcs, KindName::Vpc),
];

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
