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
        let mut found: Vec<Excess> = self
            .of_account()
            .into_iter()
            .chain(self.rules())
            .chain(self.entries())
            .chain(self.routes())
            .collect();
        found.sort();
        found
    }

    /// Quotas on all of a kind, whoever made them.
    fn of_account(&self) -> Vec<Excess> {
        let seen = self.seen();
        let found = SHARED.iter().filter_map(|quota| {
            let more = growth(*quota, self.steps, self.after);
            let used = self.snapshot.account_state.quotas.used(*quota);
            let seen = seen.get(quota).copied().unwrap_or_default();
            let there = used.unwrap_or_default().max(seen);
            self.excess(*quota, None, there, there.saturating_add(more))
        });
        found.collect()
    }

    /// What the snapshot shows of them: at least so many are there.
    fn seen(&self) -> BTreeMap<QuotaName, u64> {
        let mut seen: BTreeMap<QuotaName, u64> = BTreeMap::new();
        for address in self.snapshot.resources.addresses() {
            for quota in SHARED {
                if counts(quota, &address, &self.snapshot.resources) {
                    *seen.entry(quota).or_default() += 1;
                }
            }
        }
        for endpoint in self.snapshot.foreign.vpc_endpoint.values() {
            *seen.entry(of_endpoint(endpoint.endpoint_type)).or_default() += 1;
        }
        // Those of the environment lie in different zones.
        seen.remove(&QuotaName::NatGateways);
        seen
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

/// Quotas on all of a kind in an account, a Region, a zone or the VPC.
const SHARED: [QuotaName; 14] = [
    QuotaName::Addresses,
    QuotaName::Buckets,
    QuotaName::GatewayEndpoints,
    QuotaName::Groups,
    QuotaName::InstanceProfiles,
    QuotaName::InterfaceEndpoints,
    QuotaName::InternetGateways,
    QuotaName::Keys,
    QuotaName::NatGateways,
    QuotaName::OidcProviders,
    QuotaName::Policies,
    QuotaName::Roles,
    QuotaName::Tables,
    QuotaName::Vpcs,
];

/// Whether a resource counts against a quota. A VPC brings its default group along.
fn counts(quota: QuotaName, address: &Address, resources: &Resources) -> bool {
    use KindName as Kind;
    match (quota, address.kind) {
        (QuotaName::Addresses, Kind::ElasticIp)
        | (QuotaName::Buckets, Kind::S3Bucket)
        | (QuotaName::Groups, Kind::SecurityGroup | Kind::Vpc)
        | (QuotaName::InstanceProfiles, Kind::InstanceProfile)
        | (QuotaName::InternetGateways, Kind::InternetGateway)
        | (QuotaName::Keys, Kind::KmsKey)
        | (QuotaName::NatGateways, Kind::NatGateway)
        | (QuotaName::OidcProviders, Kind::OidcProvider)
        | (QuotaName::Policies, Kind::IamPolicy)
        | (QuotaName::Roles, Kind::IamRole)
        | (QuotaName::Tables, Kind::DynamodbTable)
        | (QuotaName::Vpcs, Kind::Vpc) => true,
        (QuotaName::GatewayEndpoints | QuotaName::InterfaceEndpoints, Kind::VpcEndpoint) => {
            let endpoint = resources.vpc_endpoint.get(&address.name);
            endpoint.is_some_and(|one| of_endpoint(one.endpoint_type) == quota)
        }
        _ => false,
    }
}

fn of_endpoint(endpoint: EndpointType) -> QuotaName {
    match endpoint {
        EndpointType::Gateway => QuotaName::GatewayEndpoints,
        EndpointType::Interface => QuotaName::InterfaceEndpoints,
    }
}

/// How many more there will be; of NAT gateways in a zone, which has one at most of ours.
fn growth(quota: QuotaName, steps: &BTreeMap<Address, Step>, after: &Resources) -> u64 {
    let created = steps
        .iter()
        .filter(|(_, step)| step.action == Action::Create);
    let counted = created.filter(|(address, _)| counts(quota, address, after));
    match (quota, number(counted.count())) {
        (QuotaName::NatGateways, more) => more.min(1),
        (_, more) => more,
    }
}

/// What of an excess is left where only some of the steps are done.
pub(super) fn within(
    mut excess: Excess,
    steps: &BTreeMap<Address, Step>,
    after: &Resources,
) -> Option<Excess> {
    match &excess.address {
        Some(address) => touched(address, steps, after).then_some(excess),
        None => {
            let more = growth(excess.quota, steps, after);
            excess.needed = excess.there.saturating_add(more);
            (more > 0 && excess.needed > excess.limit).then_some(excess)
        }
    }
}

/// Whether a step is about a resource, or about a rule of it.
fn touched(address: &Address, steps: &BTreeMap<Address, Step>, after: &Resources) -> bool {
    let rules = steps
        .keys()
        .filter(|step| step.kind == KindName::SecurityGroupRule);
    let mut rules = rules.filter_map(|step| after.security_group_rule.get(&step.name));
    steps.contains_key(address) || rules.any(|rule| rule.group.address() == Some(address))
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
