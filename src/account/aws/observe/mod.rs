//! Observing: the bulk recipe, in as few calls as AWS allows. Reads only.
//! What a call does not show is unread; no other facet suffers.

mod access_analyzer;
mod account_public_access_block;
mod account_wide;
mod audit;
mod bucket_lifecycle;
mod bucket_sight;
mod config_recorder;
mod credential_report;
mod database;
mod documents;
mod dynamodb_table;
mod ebs_encryption;
pub(super) mod ec2;
mod elastic_ip;
mod flow_log;
mod found;
mod gateways;
mod guardduty_detector;
mod iam;
mod iam_policy;
mod iam_role;
mod instance_profile;
mod internet_gateway;
mod kms_key;
mod kms_sight;
mod log_group;
mod metric_alarm;
mod metric_filter;
mod nat_gateway;
mod network;
mod network_acl;
mod oidc_provider;
mod password_policy;
mod pod_identity_association;
mod prefix_list;
mod quotas;
pub(super) mod route_table;
mod rule_description;
mod s3_bucket;
mod secret;
mod security_group;
pub(super) mod security_group_rule;
mod service_linked_role;
mod sns_topic;
mod sqs_queue;
mod store;
mod store_bucket;
mod subnet;
mod tags;
mod trail;
mod trail_selectors;
mod vpc;
mod vpc_endpoint;

pub(super) use log_group::arn as log_group_arn;

use std::collections::BTreeMap;

use futures::join;

use self::{found::Found, tags::TagsByArn};
use super::{Aws, client::Clients, error::Refusal};
use crate::{
    account::{ObserveError, Scope},
    model::{
        AccountId, Environment, EnvironmentName, KindName, Naming, Region, TagKey, Tags, VpcId,
    },
    resource::{IamPolicy, IamRole, Kind, KmsKey, LogGroup, Read, Ref, Resources},
    snapshot::{self, Conflict, Coverage, Ids, Operated, Origin, Snapshot},
};

/// Resources that are read one by one, at once.
const IN_FLIGHT: usize = 16;

/// The types of resource whose tags are asked for with keys and logs.
const KEYS_AND_LOGS: [&str; 2] = ["kms:key", "logs:log-group"];

/// The call that tells who asks.
const IDENTITY: &str = "sts:GetCallerIdentity";

/// What is looked for.
#[derive(Clone)]
struct Target {
    environment: EnvironmentName,
    account: AccountId,
    region: Region,
    vpc: Option<VpcId>,
    naming: Naming,
    /// The whole specification, for what bears other names than ours.
    declared: Environment,
}

impl Target {
    fn of(environment: &Environment) -> Self {
        Self {
            environment: environment.name.clone(),
            account: environment.account.clone(),
            region: environment.region.clone(),
            vpc: environment.network.vpc.clone(),
            naming: Naming::of(&environment.name),
            declared: environment.clone(),
        }
    }

    /// The logical name of a role or policy under our path.
    fn logical(&self, name: &str) -> String {
        self.naming.logical(name).unwrap_or(name).to_owned()
    }

    /// A key as a resource names it: by ARN, id or alias.
    fn key(&self, text: &str) -> Ref {
        let alias = text.find("alias/").and_then(|start| text.get(start..));
        let own = alias.and_then(|alias| self.naming.logical_of_alias(alias));
        match own {
            Some(name) => Ref::to(KindName::KmsKey, name),
            None if alias.is_some() || text.contains(':') => Ref::literal(text),
            None => Ref::Literal(self.key_arn(text)),
        }
    }

    fn key_arn(&self, id: &str) -> String {
        let (partition, region) = (self.region.partition(), &self.region);
        format!("arn:{partition}:kms:{region}:{}:key/{id}", self.account)
    }

    /// Whether what lies in the VPC is ours by its name alone: so it is in a VPC of our own, and
    /// never in one that somebody else made.
    fn inside(&self) -> bool {
        self.vpc.is_none()
    }

    fn owns(&self, tags: &Tags) -> bool {
        tags.get(TagKey::ENVIRONMENT)
            .is_some_and(|owner| owner == self.environment.as_str())
    }
}

/// Everything that was found, kind by kind.
#[derive(Default)]
struct Sum {
    resources: Resources,
    /// What others own and checks ask about.
    foreign: Resources,
    operated: Operated,
    ids: Ids,
    listings: BTreeMap<KindName, Read<u64>>,
    conflicts: Vec<Conflict>,
}

impl Sum {
    fn add<K: Kind>(&mut self, found: Found<K>) {
        *K::table_mut(&mut self.resources) = found.table;
        self.ids.extend(found.ids);
        self.listings.insert(K::NAME, found.listing);
        self.conflicts.extend(found.conflicts);
    }

    /// Adds what was found of other kinds.
    fn merge(&mut self, other: Self) {
        self.resources.extend(other.resources);
        self.foreign.extend(other.foreign);
        self.operated.extend(other.operated);
        self.ids.extend(other.ids);
        for (kind, listing) in other.listings {
            let both = match self.listings.remove(&kind) {
                Some(known) => both_listed(known, listing),
                None => listing,
            };
            self.listings.insert(kind, both);
        }
        self.conflicts.extend(other.conflicts);
    }
}

/// A kind that lives in two accounts is listed where both answered.
fn both_listed(one: Read<u64>, other: Read<u64>) -> Read<u64> {
    match (one, other) {
        (Read::Known(one), Read::Known(other)) => Read::Known(one + other),
        (Read::Unread(why), _) | (_, Read::Unread(why)) => Read::Unread(why),
    }
}

/// Observes an environment.
pub(super) async fn observe(aws: &Aws, scope: &Scope) -> Result<Snapshot, ObserveError> {
    aws.wire.rewind();
    let caller = caller(&aws.clients, &scope.environment.account).await?;
    archive_caller(aws, &scope.environment).await?;
    let target = Target::of(&scope.environment);
    // Each on the heap: together they are more than the stack of a thread holds.
    let (identities, runtimes, keys_and_logs, network, stores, account_wide, audit, archived) = join!(
        Box::pin(identities(&aws.clients, &target)),
        Box::pin(runtimes(&aws.clients, &target)),
        Box::pin(keys_and_logs(&aws.clients, &target)),
        Box::pin(network::network(&aws.clients, &target)),
        Box::pin(store::observe(&aws.clients, &target)),
        Box::pin(account_wide::observe(&aws.clients, &target)),
        Box::pin(audit::observe(&aws.clients, &target)),
        Box::pin(audit::archived(aws, &target)),
    );
    let (account_wide, mut account_state) = account_wide;
    let mut sum = Sum::default();
    [
        identities,
        runtimes,
        keys_and_logs,
        network,
        stores,
        account_wide,
        audit,
        archived,
    ]
    .into_iter()
    .for_each(|part| sum.merge(part));
    sum.conflicts.sort();
    let foreign = snapshot::link_to(sum.foreign, &sum.ids);
    snapshot::link_each(&mut account_state.databases, &sum.ids);
    let (mut resources, ids) = snapshot::link(sum.resources, sum.ids);
    snapshot::obscure(&mut resources, &sum.listings, &target.naming);
    Ok(Snapshot {
        schema: snapshot::SCHEMA.to_owned(),
        origin: Origin::Live {
            endpoint: aws.wire.endpoint(),
        },
        environment: target.environment,
        account: target.account,
        region: target.region,
        caller,
        taken_at: scope.now,
        coverage: Coverage {
            listings: sum.listings,
            calls: aws.wire.calls(),
            inventory: BTreeMap::new(),
        },
        ids,
        resources,
        foreign,
        account_state,
        operated: sum.operated,
        conflicts: sum.conflicts,
    })
}

/// Who asks; nothing else is read before the account is known to be the right one.
async fn caller(clients: &Clients, expected: &AccountId) -> Result<String, ObserveError> {
    let identity = clients.sts.get_caller_identity().send().await;
    let identity = identity.map_err(|error| ObserveError::Unreachable {
        call: IDENTITY.to_owned(),
        message: Refusal::from(error).unread(IDENTITY).message,
    })?;
    let actual = identity.account().unwrap_or_default();
    if actual != expected.as_str() {
        return Err(ObserveError::WrongAccount {
            expected: expected.clone(),
            actual: actual.to_owned(),
        });
    }
    Ok(identity.arn().unwrap_or_default().to_owned())
}

/// The second credentials, where the specification needs them, belong to the archive account.
async fn archive_caller(aws: &Aws, environment: &Environment) -> Result<(), ObserveError> {
    let Some(account) = &environment.audit.archive_account else {
        return Ok(());
    };
    let clients = aws.archive.as_ref();
    let clients = clients.ok_or_else(|| ObserveError::NoArchive(account.clone()))?;
    caller(clients, account).await.map(|_| ())
}

async fn identities(clients: &Clients, target: &Target) -> Sum {
    let path = target.naming.path();
    let (details, roles) = join!(iam::details(&clients.iam), iam::roles(&clients.iam, &path));
    let policies = iam_policy::observe(&clients.iam, &details, target).await;
    let mut sum = Sum::default();
    sum.add::<IamPolicy>(policies);
    sum.add::<IamRole>(iam_role::observe(&details, &roles, target));
    sum.add(service_linked_role::observe(&details, &target.declared));
    sum
}

/// How roles reach what runs.
async fn runtimes(clients: &Clients, target: &Target) -> Sum {
    let (profiles, providers, associations) = join!(
        instance_profile::observe(&clients.iam, target),
        oidc_provider::observe(&clients.iam, target),
        pod_identity_association::observe(&clients.eks, target),
    );
    let mut sum = Sum::default();
    sum.add(profiles);
    sum.add(providers);
    sum.add(associations);
    sum
}

async fn keys_and_logs(clients: &Clients, target: &Target) -> Sum {
    let (keys, groups) = found_keys_and_logs(clients, target).await;
    let mut sum = Sum::default();
    sum.add::<KmsKey>(keys);
    sum.add::<LogGroup>(groups);
    sum
}

async fn found_keys_and_logs(
    clients: &Clients,
    target: &Target,
) -> (Found<KmsKey>, Found<LogGroup>) {
    let (groups, owned) = join!(
        log_group::list(&clients.logs, target),
        tags::owned(&clients.tagging, &target.environment, &KEYS_AND_LOGS),
    );
    let arns = groups.known().into_iter().flatten();
    let arns: Vec<String> = arns.filter_map(log_group::arn).collect();
    let (keys, tags) = found_keys(clients, target, owned, arns).await;
    (keys, log_group::observe(&groups, &tags, target))
}

/// The keys, and the tags of keys and of all else that is asked for.
async fn found_keys(
    clients: &Clients,
    target: &Target,
    owned: Read<TagsByArn>,
    arns: Vec<String>,
) -> (Found<KmsKey>, Read<TagsByArn>) {
    let aliases = match kms_key::aliases(&clients.kms, target).await {
        Read::Known(aliases) => aliases,
        Read::Unread(why) => {
            let tags = all_tags(clients, owned, arns).await;
            let mut keys = Found::unread(why);
            keys.ids = kms_key::ids_by_tag(&tags, target);
            return (keys, tags);
        }
    };
    let ids = kms_key::candidates(&aliases, &owned, target);
    let untagged = owned.unread().cloned();
    let key_arns = ids.iter().map(|id| target.key_arn(id));
    let tags = all_tags(clients, owned, arns.into_iter().chain(key_arns).collect()).await;
    let mut keys = kms_key::observe(&clients.kms, &aliases, ids, &tags, target).await;
    // A key without its alias is found by its tags alone: it may be there.
    if let Some(why) = untagged {
        keys.listing = Read::Unread(why);
    }
    (keys, tags)
}

/// The tags of all that was listed: most came with the environment's tag, the rest is asked for.
async fn all_tags(clients: &Clients, owned: Read<TagsByArn>, arns: Vec<String>) -> Read<TagsByArn> {
    let Read::Known(mut all) = owned else {
        return owned;
    };
    let rest: Vec<String> = arns
        .into_iter()
        .filter(|arn| !all.contains_key(arn))
        .collect();
    match tags::of(&clients.tagging, rest).await {
        Read::Known(more) => {
            all.extend(more);
            Read::Known(all)
        }
        unread => unread,
    }
}
