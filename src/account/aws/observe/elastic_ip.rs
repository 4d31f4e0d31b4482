//! Observes the Elastic IP addresses of the Region that are ours.

use aws_sdk_ec2::{Client, types::Address as Seen};

use super::{
    Target, ec2,
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::answer,
    resource::{ElasticIp, Read},
    snapshot::PhysicalId,
};

/// The call that shows addresses; it has no pages.
const CALL: &str = "ec2:DescribeAddresses";

/// Lists those of the Region.
pub(super) async fn list(client: &Client) -> Read<Vec<Seen>> {
    let shown = answer(CALL, client.describe_addresses().send().await);
    shown.map(|shown| shown.addresses.unwrap_or_default())
}

/// Those of the environment.
pub(super) fn observe(shown: &Read<Vec<Seen>>, target: &Target) -> Found<ElasticIp> {
    match shown {
        Read::Known(addresses) => {
            let candidates = addresses.iter().filter_map(|seen| candidate(seen, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, target: &Target) -> Option<Candidate<ElasticIp>> {
    let labels = ec2::labels(seen.tags());
    // The names that we give are enough, so that a tag that is gone is repaired.
    let mut zones = target.declared.network.zones.iter();
    let named = zones.any(|zone| labels.name == target.naming.prefixed(&zone.nat_address()));
    Some(Candidate {
        named: labels.logical(target, target.inside() && named),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(seen.allocation_id()?),
        resource: ElasticIp {
            name: labels.name,
            tags: Read::Known(labels.tags),
        },
    })
}
