//! Observes the Pod Identity associations of the clusters that the environment's services run in.
//! The listing shows no role, so each of ours is described.

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types::PodIdentityAssociationSummary as Summary};
use futures::{StreamExt, stream};

use super::{
    IN_FLIGHT, Target,
    found::{Candidate, Found},
    tags,
};
use crate::{
    account::aws::error::{answer, malformed, there},
    model::{Naming, Runtime, TagKey},
    resource::{Kind, PodIdentityAssociation, Read, Ref, Unread},
    snapshot::PhysicalId,
};

/// The call that shows one association.
const ONE: &str = "eks:DescribePodIdentityAssociation";

/// Lists the associations of every declared cluster in the declared namespaces.
pub async fn observe(client: &Client, target: &Target) -> Found<PodIdentityAssociation> {
    let mut shown = Vec::new();
    for cluster in clusters(target) {
        match list(client, cluster).await {
            Some(Read::Known(found)) => shown.extend(found),
            Some(Read::Unread(why)) => return Found::unread(why),
            None => {}
        }
    }
    let spaces = namespaces(target);
    let near = shown.into_iter().filter(|one| {
        one.namespace()
            .is_some_and(|namespace| spaces.contains(namespace))
    });
    let read = stream::iter(near).map(|one| candidate(client, one, target));
    let candidates: Vec<_> = read.buffer_unordered(IN_FLIGHT).collect().await;
    Found::gather(candidates.into_iter().flatten(), &target.environment)
}

fn pods(target: &Target) -> impl Iterator<Item = (&str, &str)> {
    let services = target.declared.services.values();
    services.filter_map(|service| match &service.runtime {
        Runtime::EksPodIdentity { cluster, workload } => {
            Some((cluster.as_str(), workload.namespace.as_str()))
        }
        _ => None,
    })
}

fn clusters(target: &Target) -> BTreeSet<&str> {
    pods(target).map(|(cluster, _)| cluster).collect()
}

fn namespaces(target: &Target) -> BTreeSet<&str> {
    pods(target).map(|(_, namespace)| namespace).collect()
}

/// The associations of a cluster; one that is still to be made has none.
async fn list(client: &Client, cluster: &str) -> Option<Read<Vec<Summary>>> {
    let pages = client
        .list_pod_identity_associations()
        .cluster_name(cluster)
        .max_results(100)
        .into_paginator()
        .items()
        .send();
    there(PodIdentityAssociation::LISTING, pages.try_collect().await)
}

async fn candidate(
    client: &Client,
    one: Summary,
    target: &Target,
) -> Option<Candidate<PodIdentityAssociation>> {
    let (cluster, id) = (one.cluster_name()?, one.association_id()?);
    let request = client.describe_pod_identity_association();
    let shown = request
        .cluster_name(cluster)
        .association_id(id)
        .send()
        .await;
    let shown = answer(ONE, shown.map(|shown| shown.association));
    let shown = match shown {
        Read::Known(Some(shown)) => Read::Known(shown),
        Read::Known(None) => Read::Unread(malformed(ONE, "no association")),
        Read::Unread(why) => Read::Unread(why),
    };
    let tags = shown.as_ref().map(|shown| {
        let pairs = shown.tags().into_iter().flatten();
        tags::tags(pairs.map(|(key, value)| (key.as_str(), value.as_str())))
    });
    let role = match &shown {
        Read::Known(shown) => role(shown.role_arn()),
        Read::Unread(why) => Read::Unread(why.clone()),
    };
    let resource = PodIdentityAssociation {
        cluster: cluster.to_owned(),
        namespace: one.namespace()?.to_owned(),
        service_account: one.service_account()?.to_owned(),
        role,
        tags: tags.clone(),
    };
    Some(Candidate {
        named: named(&resource, target),
        tags,
        id: PhysicalId::with_arn(id, one.association_arn()?),
        resource,
    })
}

fn role(arn: Option<&str>) -> Read<Ref> {
    let missing = || -> Unread { malformed(ONE, "the association names no role") };
    arn.map_or_else(
        || Read::Unread(missing()),
        |arn| Read::Known(Ref::literal(arn)),
    )
}

/// An association has no name: the service account that it is for tells the version. One that no
/// version declares is ours by its tag, under the name that its tags tell.
fn named(association: &PodIdentityAssociation, target: &Target) -> Option<String> {
    let services = target.declared.services.values();
    let declared = services
        .filter(|service| service.is_alive())
        .find_map(|service| {
            let Runtime::EksPodIdentity { cluster, workload } = &service.runtime else {
                return None;
            };
            let here =
                *cluster == association.cluster && workload.namespace == association.namespace;
            let mut versions = service.versions.iter();
            let version = versions.find(|version| {
                here && service.service_account(workload, version) == association.service_account
            })?;
            Some(Naming::version(&service.name, version))
        });
    declared.or_else(|| {
        let tags = association.tags.known().filter(|tags| target.owns(tags))?;
        let (service, version) = (tags.get(TagKey::SERVICE)?, tags.get(TagKey::VERSION)?);
        Some(format!("{service}-{version}"))
    })
}
