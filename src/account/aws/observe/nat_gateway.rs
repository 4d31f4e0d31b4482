//! Observes the NAT gateways of the VPC. One that is being deleted is gone: AWS shows it for
//! another hour.

use aws_sdk_ec2::{
    Client,
    types::{NatGateway as Seen, NatGatewayState},
};

use super::{
    Target, ec2,
    found::{Candidate, Found},
    network::{Shown, filter_of},
};
use crate::{
    account::aws::error::answer,
    resource::{NatGateway, Read, Ref},
    snapshot::PhysicalId,
};

/// The call that shows NAT gateways.
const CALL: &str = "ec2:DescribeNatGateways";

/// Lists those of some VPCs, those that AWS still shows though they are gone included.
pub(super) async fn list(client: &Client, vpcs: &Read<Vec<String>>) -> Read<Vec<Seen>> {
    let vpcs = match vpcs {
        Read::Known(vpcs) if vpcs.is_empty() => return Read::Known(Vec::new()),
        Read::Known(vpcs) => vpcs,
        Read::Unread(why) => return Read::Unread(why.clone()),
    };
    let request = client.describe_nat_gateways();
    let pages = request.filter(filter_of("vpc-id", vpcs)).into_paginator();
    answer(CALL, pages.items().send().try_collect().await)
}

/// One that failed goes by itself within the hour, and its name is free.
pub(super) fn is_gone(seen: &Seen) -> bool {
    matches!(
        seen.state(),
        Some(NatGatewayState::Deleted | NatGatewayState::Deleting | NatGatewayState::Failed)
    )
}

/// Those of the environment.
pub(super) fn observe(shown: &Shown, target: &Target) -> Found<NatGateway> {
    match &shown.nat_gateways {
        Read::Known(gateways) => {
            let living = gateways.iter().filter(|seen| !is_gone(seen));
            let candidates = living.filter_map(|seen| candidate(seen, target));
            Found::gather(candidates, &target.environment)
        }
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(seen: &Seen, target: &Target) -> Option<Candidate<NatGateway>> {
    let labels = ec2::labels(seen.tags());
    let mut addresses = seen.nat_gateway_addresses().iter();
    let address = addresses.find_map(|address| address.allocation_id());
    Some(Candidate {
        named: labels.logical(target, target.inside()),
        tags: Read::Known(labels.tags.clone()),
        id: PhysicalId::plain(seen.nat_gateway_id()?),
        resource: NatGateway {
            name: labels.name,
            subnet: Ref::literal(seen.subnet_id()?).into(),
            address: Ref::literal(address.unwrap_or_default()).into(),
            available: Read::Known(seen.state() == Some(&NatGatewayState::Available)),
            tags: Read::Known(labels.tags),
        },
    })
}
