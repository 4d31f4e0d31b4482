//! Observes the internet gateways: one that is attached to nothing lies in no VPC.

use aws_sdk_ec2::{Client, types::InternetGateway as Seen};

use super::{
    Target, ec2,
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::answer,
    model::INTERNET_GATEWAY,
    resource::{InternetGateway, Read, Ref},
    snapshot::PhysicalId,
};

/// The call that shows internet gateways.
const CALL: &str = "ec2:DescribeInternetGateways";

/// Lists those of the Region.
pub(super) async fn list(client: &Client) -> Read<Vec<Seen>> {
    let pages = client.describe_internet_gateways().into_paginator();
    answer(CALL, pages.items().send().try_collect().await)
}

/// Those of the environment.
pub(super) fn observe(
    shown: &Read<Vec<Seen>>,
    vpcs: &Read<Vec<String>>,
    target: &Target,
) -> Found<InternetGateway> {
    let vpcs = vpcs.known().map(Vec::as_slice).unwrap_or_default();
    match shown {
        Read::Known(gateways) => {
            let candidates = gateways
                .iter()
                .filter_map(|seen| candidate(seen, vpcs, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, vpcs: &[String], target: &Target) -> Option<Candidate<InternetGateway>> {
    let labels = ec2::labels(seen.tags());
    let attached = attached(seen);
    let inside = attached.is_some_and(|vpc| vpcs.iter().any(|known| known == vpc));
    // The one name that we give is enough, so that a tag that is gone is repaired.
    let named = labels.name == target.naming.prefixed(INTERNET_GATEWAY);
    Some(Candidate {
        named: labels.logical(target, target.inside() && (inside || named)),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(seen.internet_gateway_id()?),
        resource: InternetGateway {
            name: labels.name,
            vpc: attached.map(Ref::literal).into(),
            tags: Read::Known(labels.tags),
        },
    })
}

/// The VPC that a gateway is attached to.
pub(super) fn attached(seen: &Seen) -> Option<&str> {
    seen.attachments().iter().find_map(|at| at.vpc_id())
}
