//! Observing: the bulk recipe, in as few calls as AWS allows. Reads only.
//! What a call does not show is unread; no other facet suffers.

mod documents;
pub(super) mod ec2;
mod found;
mod iam;
mod iam_policy;
mod iam_role;
mod kms_key;
mod kms_sight;
mod log_group;
mod rule_description;
mod security_group;
pub(super) mod security_group_rule;
mod tags;
mod vpc;

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
    resource::{
        IamPolicy, IamRole, Kind, KmsKey, LogGroup, Read, Resources, SecurityGroup,
        SecurityGroupRule,
    },
    snapshot::{self, Conflict, Coverage, Ids, Origin, Snapshot},
};

/// Resources that are read one by one, at once.
const IN_FLIGHT: usize = 16;

/// The call that tells who asks.
const IDENTITY: &str = "sts:GetCallerIdentity";

/// What is looked for.
struct Target {
    environment: EnvironmentName,
    account: AccountId,
    region: Region,
    vpc: Option<VpcId>,
    naming: Naming,
    /// The whole specification, for what bears other names than ours.
    #[expect(dead_code, reason = "no kind yet bears a name that is not ours")]
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

    fn key_arn(&self, id: &str) -> String {
        let (partition, region) = (self.region.partition(), &self.region);
        format!("arn:{partition}:kms:{region}:{}:key/{id}", self.account)
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
        self.ids.extend(other.ids);
        self.listings.extend(other.listings);
        self.conflicts.extend(other.conflicts);
    }
}

/// Observes an environment.
pub(super) async fn observe(aws: &Aws, scope: &Scope) -> Result<Snapshot, ObserveError> {
    aws.wire.rewind();
    let caller = caller(&aws.clients, &scope.environment.account).await?;
    let target = Target::of(&scope.environment);
    let (identities, keys_and_logs, network) = join!(
        identities(&aws.clients, &target),
        keys_and_logs(&aws.clients, &target),
        network(&aws.clients, &target),
    );
    let mut sum = Sum::default();
    [identities, keys_and_logs, network]
        .into_iter()
        .for_each(|part| sum.merge(part));
    sum.conflicts.sort();
    let foreign = snapshot::link_to(sum.foreign, &sum.ids);
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

async fn identities(clients: &Clients, target: &Target) -> Sum {
    let path = target.naming.path();
    let (details, roles) = join!(iam::details(&clients.iam), iam::roles(&clients.iam, &path));
    let policies = iam_policy::observe(&clients.iam, &details, target).await;
    let mut sum = Sum::default();
    sum.add::<IamPolicy>(policies);
    sum.add::<IamRole>(iam_role::observe(&details, &roles, target));
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
    let (aliases, groups, owned) = join!(
        kms_key::aliases(&clients.kms, target),
        log_group::list(&clients.logs, target),
        tags::owned(&clients.tagging, &target.environment),
    );
    let arns = groups.known().into_iter().flatten();
    let arns: Vec<String> = arns.filter_map(log_group::arn).collect();
    let aliases = match aliases {
        Read::Known(aliases) => aliases,
        Read::Unread(why) => {
            let tags = all_tags(clients, owned, arns).await;
            let mut keys = Found::unread(why);
            keys.ids = kms_key::ids_by_tag(&tags, target);
            return (keys, log_group::observe(&groups, &tags, target));
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
    (keys, log_group::observe(&groups, &tags, target))
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

async fn network(clients: &Clients, target: &Target) -> Sum {
    let vpc = vpc::observe(&clients.ec2, target).await;
    let shown = security_group::list(&clients.ec2, &vpc.id).await;
    let mut groups: Found<SecurityGroup> = security_group::observe(&shown, target);
    let rules = security_group_rule::list(&clients.ec2, &groups.ids).await;
    security_group::add_default_egress(&mut groups, &rules);
    let rules: Found<SecurityGroupRule> = security_group_rule::observe(&rules, &shown);
    let mut sum = Sum::default();
    sum.listings.insert(KindName::Vpc, vpc.listing);
    sum.conflicts.extend(vpc.conflict);
    if let Read::Known(Some(id)) = vpc.id {
        sum.ids.insert(target.vpc_address(), vpc::physical(&id));
    }
    sum.add(groups);
    sum.add(rules);
    sum
}
