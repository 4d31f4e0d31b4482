//! Observes stores: those that living services declare, by name, and those that bear our tag
//! though nobody declares them. Of what is in a store nothing is ever read.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use futures::{StreamExt, join, stream};

use super::{
    IN_FLIGHT, Sum, Target, all_tags, documents,
    found::{Candidate, Found},
    tags::{self, TagsByArn, of_one},
};
use crate::{
    account::aws::client::Clients,
    iam::PolicyDocument,
    model::{Arn, Home, KindName, State, Store, Tags},
    resource::{DynamodbTable, Kind, Read, S3Bucket, Secret, SqsQueue},
    snapshot::PhysicalId,
};

/// The types of resource whose tags are asked for.
const TYPES: [&str; 4] = ["dynamodb:table", "s3", "secretsmanager:secret", "sqs"];

/// The stores of the environment.
pub async fn observe(clients: &Clients, target: &Target) -> Sum {
    let owned = tags::owned(&clients.tagging, &target.environment, &TYPES).await;
    let untagged = owned.as_ref().map(|_| ());
    let tags = all_tags(clients, owned, declared_arns(target)).await;
    let sought = Sought {
        target,
        tags: &tags,
        listed: &untagged,
    };
    let (buckets, tables, queues, secrets) = join!(
        super::store_bucket::observe(&clients.s3, &sought),
        super::dynamodb_table::observe(&clients.dynamodb, &sought),
        super::sqs_queue::observe(&clients.sqs, &sought),
        super::secret::observe(&clients.secrets, &sought),
    );
    let mut sum = Sum::default();
    sum.add::<S3Bucket>(buckets);
    sum.add::<DynamodbTable>(tables);
    sum.add::<SqsQueue>(queues);
    sum.add::<Secret>(secrets);
    sum
}

/// What is looked for, and what tags say.
pub struct Sought<'a> {
    pub target: &'a Target,
    tags: &'a Read<TagsByArn>,
    listed: &'a Read<()>,
}

/// One store as it was found.
pub struct Sight<K> {
    pub id: PhysicalId,
    pub resource: K,
    pub tags: Read<Tags>,
}

impl Sought<'_> {
    /// Looks at every store of a kind. `look` shows one by its name, or that it does not exist;
    /// a call that fails leaves its facets unread.
    pub async fn gather<K: Kind, F>(&self, look: impl Fn(String) -> F) -> Found<K>
    where
        F: Future<Output = Option<Sight<K>>>,
    {
        let managed = declared(self.target, K::NAME);
        let names = managed.keys().cloned().chain(self.tagged(K::NAME));
        let names: BTreeSet<String> = names.collect();
        let looks = names.into_iter().map(|name| {
            let ours = managed.get(&name).copied().unwrap_or(true);
            let look = look(name.clone());
            async move { Some(candidate(name, ours, look.await?)) }
        });
        let seen: Vec<_> = stream::iter(looks).buffered(IN_FLIGHT).collect().await;
        let mut found = Found::gather(seen.into_iter().flatten(), &self.target.environment);
        if let Some(why) = self.listed.unread() {
            found.listing = Read::Unread(why.clone());
        }
        found
    }

    /// The names of stores of a kind that bear our tag.
    fn tagged(&self, kind: KindName) -> impl Iterator<Item = String> {
        let tagged = self.tags.known().into_iter().flatten();
        tagged
            .filter(|(_, tags)| self.target.owns(tags))
            .filter_map(move |(arn, _)| named(arn.parse().ok()?, kind))
    }

    /// What the tagging API says of a resource.
    pub fn tags(&self, id: &PhysicalId) -> Read<Tags> {
        of_one(self.tags, id.arn.as_deref().unwrap_or_default())
    }

    /// The id of a store whose name says it.
    pub fn id<K: Kind>(&self, resource: &K) -> PhysicalId {
        resource.physical_id(&home(self.target), "")
    }
}

/// What somebody else manages is known by its name alone, whatever its tags say.
fn candidate<K: Kind>(name: String, ours: bool, sight: Sight<K>) -> Candidate<K> {
    let nobody = Read::Known(Tags::new());
    Candidate {
        named: Some(name),
        tags: if ours { sight.tags } else { nobody },
        id: sight.id,
        resource: sight.resource,
    }
}

/// A policy as a store answers it; without statements where it has none.
pub fn policy(call: &str, text: Option<&str>) -> Read<PolicyDocument> {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => documents::plain(call, text),
        None => PolicyDocument::default().into(),
    }
}

fn home(target: &Target) -> Home {
    Home {
        account: target.account.clone(),
        region: target.region.clone(),
    }
}

fn stores(target: &Target) -> impl Iterator<Item = &Store> {
    let services = target.declared.services.values();
    services
        .filter(|service| !matches!(service.state, State::Retired { .. }))
        .flat_map(|service| &service.stores)
}

/// The declared stores of a kind, and whether they are managed here.
fn declared(target: &Target, kind: KindName) -> BTreeMap<String, bool> {
    stores(target)
        .filter(|store| store.resource() == Some(kind))
        .map(|store| (store.name.clone(), store.manage))
        .collect()
}

/// The ARNs of declared stores, as far as names say them.
fn declared_arns(target: &Target) -> Vec<String> {
    let home = home(target);
    stores(target)
        .filter_map(|store| match store.resource()? {
            KindName::DynamodbTable => Some(home.arn("dynamodb", &format!("table/{}", store.name))),
            KindName::SqsQueue => Some(home.arn("sqs", &store.name)),
            _ => None,
        })
        .collect()
}

/// The name in an ARN of the kind.
fn named(arn: Arn, kind: KindName) -> Option<String> {
    let resource = arn.resource();
    let name = match (kind, arn.service()) {
        (KindName::DynamodbTable, "dynamodb") => resource.strip_prefix("table/")?,
        (KindName::S3Bucket, "s3") | (KindName::SqsQueue, "sqs") => resource,
        // Secrets Manager appends a hyphen and six characters.
        (KindName::Secret, "secretsmanager") => {
            let name = resource.strip_prefix("secret:")?;
            name.get(..name.len().checked_sub(7)?)?
        }
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_arn_names_a_store_of_its_kind_only() {
        let arn = |rest: &str| format!("arn:aws:{rest}").parse::<Arn>().unwrap();
        for (rest, kind, name) in [
            (
                "dynamodb:eu-west-1:111122223333:table/a.b",
                KindName::DynamodbTable,
                Some("a.b"),
            ),
            (
                "sqs:eu-west-1:111122223333:a.fifo",
                KindName::SqsQueue,
                Some("a.fifo"),
            ),
            ("s3:::a.b", KindName::S3Bucket, Some("a.b")),
            (
                "secretsmanager:eu-west-1:111122223333:secret:a/b-Ab12Cd",
                KindName::Secret,
                Some("a/b"),
            ),
            (
                "secretsmanager:eu-west-1:111122223333:secret:a",
                KindName::Secret,
                None,
            ),
            ("sqs:eu-west-1:111122223333:a", KindName::Secret, None),
        ] {
            assert_eq!(named(arn(rest), kind).as_deref(), name, "{rest}");
        }
    }
}
