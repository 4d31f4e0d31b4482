//! Finds the VPC that the groups live in: the one that is named, or the one that is tagged.

use aws_sdk_ec2::{Client, types::Vpc};

use super::{Target, ec2::filter};
use crate::{
    account::aws::error::answer,
    model::{Address, KindName, TagKey},
    resource::{Read, Unread},
    snapshot::{Conflict, PhysicalId},
};

/// The call that shows VPCs.
const CALL: &str = "ec2:DescribeVpcs";

/// The VPC, as far as it is known.
#[derive(Debug)]
pub struct Found {
    /// Its id; none where there is none, or several.
    pub id: Read<Option<String>>,
    /// How many were found, or why nobody knows.
    pub listing: Read<u64>,
    /// Several that claim to be it.
    pub conflict: Option<Conflict>,
}

/// Looks for the VPC.
pub async fn observe(client: &Client, target: &Target) -> Found {
    let filter = match &target.vpc {
        Some(id) => filter("vpc-id", id.as_str()),
        None => filter(
            &format!("tag:{}", TagKey::ENVIRONMENT),
            target.environment.as_str(),
        ),
    };
    let pages = client.describe_vpcs().filters(filter).into_paginator();
    match answer(CALL, pages.items().send().try_collect().await) {
        Read::Known(found) => known(&found, target),
        Read::Unread(why) => unread(why, target),
    }
}

fn known(vpcs: &[Vpc], target: &Target) -> Found {
    let ids: Vec<String> = vpcs
        .iter()
        .filter_map(|vpc| vpc.vpc_id())
        .map(str::to_owned)
        .collect();
    Found {
        id: Read::Known(match ids.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }),
        listing: Read::Known(ids.len() as u64),
        conflict: (ids.len() > 1).then(|| Conflict {
            address: target.vpc_address(),
            reason: format!(
                "{} VPCs carry the environment's tag: name one in the specification",
                ids.len()
            ),
            ids,
        }),
    }
}

/// A VPC that the specification names is known even where it cannot be looked at.
fn unread(why: Unread, target: &Target) -> Found {
    Found {
        id: match &target.vpc {
            Some(id) => Read::Known(Some(id.to_string())),
            None => Read::Unread(why.clone()),
        },
        listing: Read::Unread(why),
        conflict: None,
    }
}

impl Target {
    /// The address of the VPC.
    pub fn vpc_address(&self) -> Address {
        Address::new(KindName::Vpc, self.naming.vpc())
    }
}

/// The physical id of a VPC.
pub fn physical(id: &str) -> PhysicalId {
    PhysicalId {
        id: id.to_owned(),
        arn: None,
        unique_id: None,
    }
}
