//! Observes keys: those that an alias of ours names, and those that only their tags give to us.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::{
    Client,
    types::{AliasListEntry, KeyMetadata},
};
use futures::{StreamExt, stream};

use super::{
    IN_FLIGHT, Target,
    found::{Candidate, Found},
    kms_sight::Sight,
    tags::{TagsByArn, of_one},
};
use crate::{
    account::aws::error::answer,
    model::{AUDIT, Address, KindName, TagKey, Tags},
    resource::{KeyState, KmsKey, Read},
    snapshot::{Conflict, Ids, PhysicalId},
};

/// The call that shows which key has which alias.
const ALIASES: &str = "kms:ListAliases";

/// Aliases of ours by key id.
pub type AliasesByKey = BTreeMap<String, BTreeSet<String>>;

/// Lists the aliases of the account and keeps ours.
pub async fn aliases(client: &Client, target: &Target) -> Read<AliasesByKey> {
    let pages = client.list_aliases().limit(100).into_paginator().items();
    answer(ALIASES, pages.send().try_collect().await).map(|all| ours(&all, target))
}

fn ours(all: &[AliasListEntry], target: &Target) -> AliasesByKey {
    let mut by_key = AliasesByKey::new();
    for alias in all {
        if let (Some(name), Some(key)) = (alias.alias_name(), alias.target_key_id())
            && target.naming.logical_of_alias(name).is_some()
        {
            by_key
                .entry(key.to_owned())
                .or_default()
                .insert(name.to_owned());
        }
    }
    by_key
}

/// The ids of the keys that may be ours.
pub fn candidates(
    aliases: &AliasesByKey,
    owned: &Read<TagsByArn>,
    target: &Target,
) -> BTreeSet<String> {
    let tagged = tagged_keys(owned, target).map(|(id, _)| id.to_owned());
    aliases.keys().cloned().chain(tagged).collect()
}

fn tagged_keys<'a>(
    owned: &'a Read<TagsByArn>,
    target: &Target,
) -> impl Iterator<Item = (&'a str, &'a Tags)> {
    let prefix = target.key_arn("");
    owned
        .known()
        .into_iter()
        .flatten()
        .filter_map(move |(arn, tags)| Some((arn.strip_prefix(&prefix)?, tags)))
}

/// The ids of tagged keys, so that what refers to them can be linked though the aliases, and
/// with them the keys, could not be listed.
pub fn ids_by_tag(owned: &Read<TagsByArn>, target: &Target) -> Ids {
    tagged_keys(owned, target)
        .map(|(id, tags)| {
            let address = Address::new(KindName::KmsKey, owner(tags));
            (address, physical(id, target))
        })
        .collect()
}

/// The service that the tags name; the key of the environment itself belongs to none.
fn owner(tags: &Tags) -> &str {
    tags.get(TagKey::SERVICE).map_or(AUDIT, String::as_str)
}

fn physical(id: &str, target: &Target) -> PhysicalId {
    PhysicalId {
        id: id.to_owned(),
        arn: Some(target.key_arn(id)),
        unique_id: None,
    }
}

/// The keys of the environment.
pub async fn observe(
    client: &Client,
    aliases: &AliasesByKey,
    keys: BTreeSet<String>,
    tags: &Read<TagsByArn>,
    target: &Target,
) -> Found<KmsKey> {
    let sights: Vec<(String, Sight)> = stream::iter(keys)
        .map(|id| async move {
            let sight = Sight::read(client, &id).await;
            (id, sight)
        })
        .buffered(IN_FLIGHT)
        .collect()
        .await;
    let (mut claimed, mut conflicts) = (Vec::new(), Vec::new());
    for (id, sight) in sights {
        let tags = of_one(tags, &target.key_arn(&id));
        let names = aliases.get(&id).cloned().unwrap_or_default();
        let at = sight.rank();
        match claimant(physical(&id, target), names, tags, sight, target) {
            Ok(candidate) => claimed.push((at, candidate)),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    let mut found = Found::gather(living(claimed), &target.environment);
    found.listing = found.listing.map(|count| count + conflicts.len() as u64);
    found.conflicts.extend(conflicts);
    found
}

/// A key with the one name that its aliases and its service tag agree on.
fn claimant(
    id: PhysicalId,
    aliases: BTreeSet<String>,
    tags: Read<Tags>,
    sight: Sight,
    target: &Target,
) -> Result<Candidate<KmsKey>, Conflict> {
    let logical = |alias: &String| target.naming.logical_of_alias(alias).map(str::to_owned);
    let mut names: BTreeSet<String> = aliases.iter().filter_map(logical).collect();
    let tagged = tags.known().filter(|tags| target.owns(tags));
    // A service's key that lost its tag is known by its alias.
    let tagged = tagged.filter(|tags| names.is_empty() || tags.contains_key(TagKey::SERVICE));
    names.extend(tagged.map(|tags| owner(tags).to_owned()));
    if let (Some(first), 2..) = (names.first(), names.len()) {
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        return Err(Conflict {
            address: Address::new(KindName::KmsKey, first),
            ids: vec![id.id],
            reason: format!(
                "its aliases and tags name different services: {}",
                all.join(", ")
            ),
        });
    }
    Ok(Candidate {
        named: names.into_iter().next(),
        resource: sight.key(aliases.into_iter().next(), tags.clone()),
        tags,
        id,
    })
}

/// A key that waits for its deletion gives way to a living one of the same name, and of several
/// that wait only the last created counts.
fn living(claimed: Vec<(Rank, Candidate<KmsKey>)>) -> Vec<Candidate<KmsKey>> {
    let mut best: BTreeMap<Option<String>, Rank> = BTreeMap::new();
    for (rank, candidate) in &claimed {
        let best = best.entry(candidate.named.clone()).or_insert(*rank);
        *best = (*best).max(*rank);
    }
    let stays = |(rank, candidate): &(Rank, Candidate<KmsKey>)| {
        rank.alive || candidate.named.is_none() || best.get(&candidate.named) == Some(rank)
    };
    claimed
        .into_iter()
        .filter(stays)
        .map(|(_, key)| key)
        .collect()
}

/// What decides between keys of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Whether it does not wait for its deletion; true where nobody knows.
    alive: bool,
    /// When it was created, in seconds.
    created: i64,
}

impl Rank {
    /// The rank of a key.
    pub fn of(metadata: Option<&KeyMetadata>, state: Option<&KeyState>) -> Self {
        Self {
            alive: state != Some(&KeyState::PendingDeletion),
            created: metadata
                .and_then(|metadata| metadata.creation_date())
                .map_or(0, |date| date.secs()),
        }
    }
}
